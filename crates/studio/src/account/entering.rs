//! Into the account: a code by mail, a password, a session.

use std::cell::Cell;
use std::sync::Arc;
use std::time::{Duration, Instant};

use account::AccountError;
use serde::Deserialize;
use wire::messages::{Locale, NewAccount};
use wire::{DeviceLabel, Email, MailCode, Password, Purpose};
use zeroize::Zeroizing;

use super::codes;
use super::steps::{Checked, CodeFor, ProofFor, Sent};
use crate::online::{Online, Place};
use crate::state::lock;
use crate::{AccountState, Code, Failure, Language, Studio};

/// A code that is asked for.
#[derive(Clone, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
pub struct WithCode {
    /// What for.
    pub purpose: CodeFor,
    /// Where it is sent.
    pub email: String,
}

/// Somebody signs in.
#[derive(Clone, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    /// The account's address.
    pub email: String,
    /// As typed.
    pub password: String,
    /// The session outlives the program.
    pub keep: bool,
}

impl Studio {
    /// Has a code sent by mail.
    ///
    /// # Errors
    /// [`Code::EmailMalformed`], [`Code::AgeNeeded`], [`Code::TooYoung`], [`Code::TooManyRequests`] and those of the
    /// network. That there is (or is not) such an account is no error: nobody is told.
    pub fn ask_code(&self, request: &WithCode) -> Result<AccountState, Failure> {
        // An account that a child has after all can be deleted by mail.
        if request.purpose != CodeFor::DeleteAccount {
            self.old_enough()?;
        }
        let online = self.online()?;
        if request.purpose == CodeFor::Register && lock(&online.steps).reached.is_none() {
            return Err(Code::AgeNeeded.into());
        }
        let email = Email::new(&request.email).map_err(|_| Code::EmailMalformed)?;
        let (purpose, locale) = (request.purpose, self.mail_language());
        let to = email.clone();
        let asked = self.ask(&online, async move |account| {
            // Before an account is made, the person sees which notice goes with it.
            let notice = match purpose {
                CodeFor::Register => Some(account.service().await?.notice_version),
                _ => None,
            };
            Ok((account.ask_code(purpose.into(), &to, locale).await?, notice))
        })?;
        let (challenge, notice) = asked.map_err(|error| codes::of(error, Code::StepOver))?;
        let until = Instant::now() + Duration::from_secs(challenge.expires_in.into());
        let mut steps = lock(&online.steps);
        (steps.checked, steps.notice) = (None, notice);
        steps.sent = Some(Sent { purpose, email, challenge: challenge.challenge_id, until });
        drop(steps);
        self.account()
    }

    /// Gives the code that came.
    ///
    /// # Errors
    /// [`Code::CodeMalformed`], [`Code::CodeWrong`], [`Code::StepOver`] where no code is on its way.
    pub fn give_code(&self, code: &str) -> Result<AccountState, Failure> {
        let online = self.online()?;
        let sent = lock(&online.steps).sent.clone().ok_or(Code::StepOver)?;
        if sent.purpose != CodeFor::DeleteAccount {
            self.old_enough()?;
        }
        let code = MailCode::new(code).map_err(|_| Code::CodeMalformed)?;
        let challenge = sent.challenge;
        let given = self.ask(&online, async move |account| account.give_code(&challenge, &code).await)?;
        let ticket = given.map_err(|error| codes::of(error, Code::CodeWrong))?;
        let mut steps = lock(&online.steps);
        steps.sent = None;
        steps.checked = Some(Checked { purpose: sent.purpose, email: sent.email, ticket });
        drop(steps);
        self.account()
    }

    /// Goes back to the beginning: no code is on its way, nothing is proved.
    ///
    /// # Errors
    /// [`Code::Locked`].
    pub fn drop_steps(&self) -> Result<AccountState, Failure> {
        let online = self.online()?;
        let mut steps = lock(&online.steps);
        steps.used();
        (steps.sent, steps.receipt) = (None, None);
        drop(steps);
        self.account()
    }

    /// Sets the password, of a new account or in the place of the one before, and signs in with it. Where only that fails the
    /// password is set and nobody is signed in.
    ///
    /// # Errors
    /// [`Code::PasswordWeak`], [`Code::StepOver`] where nothing allows it (any more).
    pub fn set_password(&self, password: String, keep: bool) -> Result<AccountState, Failure> {
        self.old_enough()?;
        let typed = Zeroizing::new(password);
        if !crypto::passphrase_strength(&typed).acceptable {
            return Err(Code::PasswordWeak.into());
        }
        let online = self.online()?;
        let (checked, proof, reached, shown) = {
            let steps = lock(&online.steps);
            let by_mail = steps.checked(&[CodeFor::Register, CodeFor::ResetPassword]);
            (by_mail, steps.proof(ProofFor::ChangePassword), steps.reached, steps.notice.clone())
        };
        let (email, ticket, is_new) = match (checked, proof) {
            (Some(checked), _) => (checked.email, checked.ticket, checked.purpose == CodeFor::Register),
            (None, Some(ticket)) => (self.own_address(&online)?, ticket, false),
            (None, None) => return Err(Code::StepOver.into()),
        };
        let age = wire::messages::Age::try_from(reached.unwrap_or_default()).ok();
        let (locale, secret) = (self.mail_language(), of_typed(&typed)?);
        let (sent, lost) = (ticket.hash(), Cell::new(false));
        let set = self.ask(&online, async |account| {
            let new = age.zip(shown).filter(|_| is_new);
            let new = new.map(|(age_min_attested, notice_version)| NewAccount {
                age_min_attested,
                notice_version,
                locale,
            });
            match account.set_password(&ticket, &secret, new.clone()).await {
                Err(AccountError::Unanswered) => {
                    lost.set(true);
                    // If it did not arrive it does now; if it did, the ticket is used.
                    account.set_password(&ticket, &secret, new).await.map_err(|error| match error {
                        AccountError::Offline => AccountError::Unanswered,
                        error => error,
                    })
                }
                set => set,
            }
        })?;
        let lost = {
            let mut steps = lock(&online.steps);
            if lost.get() {
                steps.perhaps_set = Some(sent);
            }
            steps.perhaps_set == Some(sent) && set == Err(AccountError::Refused)
        };
        let enter = || self.enter(&online, email.clone(), of_typed(&typed)?, keep);
        let outcome = match set {
            // The screen shows whether somebody is signed in.
            Ok(()) => enter().or(Ok(())),
            // Whoever gets in with it has set it; whoever is not let in has not.
            Err(_) if lost => enter().map_err(|entering| match entering.code {
                Code::AccountRefused => Code::StepOver.into(),
                _ => entering,
            }),
            Err(error) => Err(codes::of(error, Code::StepOver)),
        };
        if outcome.as_ref().map_or_else(|failure| failure.code == Code::StepOver, |()| true) {
            lock(&online.steps).used();
        }
        outcome?;
        self.account()
    }

    /// Signs in.
    ///
    /// # Errors
    /// [`Code::AccountRefused`] for a wrong password or an address without an account: nobody is told which.
    pub fn sign_in(&self, request: SignIn) -> Result<AccountState, Failure> {
        self.old_enough()?;
        let typed = Zeroizing::new(request.password);
        let email = Email::new(&request.email).map_err(|_| Code::EmailMalformed)?;
        let online = self.online()?;
        self.enter(&online, email, of_typed(&typed)?, request.keep)?;
        self.account()
    }

    fn enter(
        &self,
        online: &Arc<Online>,
        email: Email,
        password: Password,
        keep: bool,
    ) -> Result<(), Failure> {
        let in_keychain = keep && self.inner.keychain.backend().is_some();
        let place = match (keep, in_keychain) {
            (false, _) => None,
            (true, true) => Some(Place::Keychain),
            (true, false) => Some(Place::Vault),
        };
        let label = self.device_label();
        let keeping = self.keeping(&self.vault()?, place);
        let entered =
            self.ask(online, async move |account| account.sign_in(&email, &password, label, keeping).await)?;
        let is_kept = entered.map_err(|error| codes::of(error, Code::AccountRefused))?;
        self.note_kept(place.filter(|_| is_kept))
    }

    /// Signs out: here at once, and at the service if it can be reached.
    ///
    /// # Errors
    /// [`Code::SignedOutHereAlone`] when it could not be reached, or when the vault can't be written.
    pub fn sign_out(&self) -> Result<AccountState, Failure> {
        let online = self.online()?;
        let told = self.ask(&online, async |account| account.sign_out().await)?;
        self.note_kept(None)?;
        let now = self.drop_steps()?;
        match told {
            // A session that had ended there already is what was wanted.
            Ok(()) | Err(AccountError::Refused | AccountError::SignedOut) => Ok(now),
            Err(_) => Err(Code::SignedOutHereAlone.into()),
        }
    }

    /// Proves the password once more, for one act.
    ///
    /// # Errors
    /// [`Code::PasswordWrong`], [`Code::SignedOut`].
    pub fn prove_password(&self, purpose: ProofFor, password: String) -> Result<AccountState, Failure> {
        let password = of_typed(&Zeroizing::new(password))?;
        let online = self.online()?;
        let email = self.own_address(&online)?;
        let purpose_there = Purpose::from(purpose);
        let asked = self
            .ask(&online, async move |account| account.ticket_for(purpose_there, &email, &password).await)?;
        let ticket = asked.map_err(|error| codes::of(error, Code::PasswordWrong))?;
        lock(&online.steps).proved = Some((purpose, ticket));
        self.account()
    }

    /// The address of whoever is signed in, as the service has it now.
    fn own_address(&self, online: &Arc<Online>) -> Result<Email, Failure> {
        let view = self.ask(online, async |account| account.view().await)?;
        Ok(view.map_err(|error| codes::of(error, Code::SignedOut))?.email)
    }

    /// What this device is called until the person names it. Never the computer's own name.
    fn device_label(&self) -> Option<DeviceLabel> {
        let system = match () {
            () if cfg!(windows) => "Windows",
            () if cfg!(target_os = "macos") => "Mac",
            () => "Linux",
        };
        DeviceLabel::new(&match self.settings().language {
            Language::Ja => format!("{system} デスクトップ"),
            Language::En => format!("{system} desktop"),
        })
        .ok()
    }

    pub(super) fn mail_language(&self) -> Locale {
        match self.settings().language {
            Language::Ja => Locale::Ja,
            Language::En => Locale::En,
        }
    }
}

fn of_typed(typed: &str) -> Result<Password, Failure> {
    Password::new(typed).map_err(|_| Code::TooLong.into())
}
