//! Into the account: a code by mail, a password, a session.

use std::time::{Duration, Instant};

use account::AccountError;
use serde::Deserialize;
use wire::messages::{Locale, NewAccount};
use wire::{DeviceLabel, Email, MailCode, Password, Purpose};
use zeroize::Zeroizing;

use super::codes;
use super::steps::{Checked, CodeFor, ProofFor, Sent};
use crate::online::Place;
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
        self.old_enough()?;
        let online = self.online()?;
        if request.purpose == CodeFor::Register && lock(&online.steps).reached.is_none() {
            return Err(Code::AgeNeeded.into());
        }
        let email = Email::new(&request.email).map_err(|_| Code::EmailMalformed)?;
        let (purpose, locale) = (request.purpose, self.mail_language());
        let to = email.clone();
        let asked = self.ask(async move |account| account.ask_code(purpose.into(), &to, locale).await)?;
        let challenge = asked.map_err(|error| codes::of(error, Code::StepOver))?;
        let until = Instant::now() + Duration::from_secs(challenge.expires_in.into());
        let mut steps = lock(&online.steps);
        steps.checked = None;
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
        let code = MailCode::new(code).map_err(|_| Code::CodeMalformed)?;
        let challenge = sent.challenge;
        let given = self.ask(async move |account| account.give_code(&challenge, &code).await)?;
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
        (steps.sent, steps.checked, steps.proved, steps.receipt) = (None, None, None, None);
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
        let (checked, proof, reached) = {
            let steps = lock(&online.steps);
            let by_mail =
                |checked: &&Checked| matches!(checked.purpose, CodeFor::Register | CodeFor::ResetPassword);
            let by_proof = steps.proved.clone().filter(|(purpose, _)| *purpose == ProofFor::ChangePassword);
            (steps.checked.as_ref().filter(by_mail).cloned(), by_proof, steps.reached)
        };
        let (email, ticket, is_new) = match (checked, proof) {
            (Some(checked), _) => (checked.email, checked.ticket, checked.purpose == CodeFor::Register),
            (None, Some((_, ticket))) => (self.own_address()?, ticket, false),
            (None, None) => return Err(Code::StepOver.into()),
        };
        let age = wire::messages::Age::try_from(reached.unwrap_or_default()).ok();
        let (locale, secret) = (self.mail_language(), of_typed(&typed)?);
        let set = self.ask(async move |account| {
            let new = match age.filter(|_| is_new) {
                Some(age_min_attested) => {
                    let notice_version = account.service().await?.notice_version;
                    Some(NewAccount { age_min_attested, notice_version, locale })
                }
                None => None,
            };
            account.set_password(&ticket, &secret, new).await
        })?;
        if matches!(set, Ok(()) | Err(AccountError::Refused)) {
            let mut steps = lock(&online.steps);
            (steps.checked, steps.proved) = (None, None);
        }
        set.map_err(|error| codes::of(error, Code::StepOver))?;
        // The password is set whatever comes of this; the screen shows whether somebody is signed in.
        let _ = self.enter(email, of_typed(&typed)?, keep);
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
        self.enter(email, of_typed(&typed)?, request.keep)?;
        self.account()
    }

    fn enter(&self, email: Email, password: Password, keep: bool) -> Result<(), Failure> {
        let in_keychain = keep && self.inner.keychain.backend().is_some();
        let place = match (keep, in_keychain) {
            (false, _) => None,
            (true, true) => Some(Place::Keychain),
            (true, false) => Some(Place::Vault),
        };
        let label = self.device_label();
        let keeping = self.keeping(&self.vault()?, place);
        let entered =
            self.ask(async move |account| account.sign_in(&email, &password, label, keeping).await)?;
        let is_kept = entered.map_err(|error| codes::of(error, Code::AccountRefused))?;
        self.note_kept(place.filter(|_| is_kept))
    }

    /// Signs out: here at once, and at the service if it can be reached.
    ///
    /// # Errors
    /// When the vault can't be written.
    pub fn sign_out(&self) -> Result<AccountState, Failure> {
        // Whether the service hears of it or not, nobody is signed in here any more.
        let _ = self.ask(async |account| account.sign_out().await)?;
        self.note_kept(None)?;
        self.drop_steps()
    }

    /// Proves the password once more, for one act.
    ///
    /// # Errors
    /// [`Code::AccountRefused`], [`Code::SignedOut`].
    pub fn prove_password(&self, purpose: ProofFor, password: String) -> Result<AccountState, Failure> {
        let password = of_typed(&Zeroizing::new(password))?;
        let online = self.online()?;
        let email = self.own_address()?;
        let purpose_there = Purpose::from(purpose);
        let asked =
            self.ask(async move |account| account.ticket_for(purpose_there, &email, &password).await)?;
        let ticket = asked.map_err(|error| codes::of(error, Code::AccountRefused))?;
        lock(&online.steps).proved = Some((purpose, ticket));
        self.account()
    }

    /// The address of whoever is signed in, as the service has it now.
    fn own_address(&self) -> Result<Email, Failure> {
        let view = self.ask(async |account| account.view().await)?;
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
