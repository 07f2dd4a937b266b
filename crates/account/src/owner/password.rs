//! The password: set, proved, and never sent.

use std::sync::PoisonError;

use egress::Method;
use wire::client::{Registering, SigningIn};
use wire::messages::{
    Challenge, ChallengeRequest, CodeRequest, Granted, Locale, LoginAnswer, LoginFinish, LoginStart,
    MailPurpose, Message, NewAccount, Platform, RegistrationAnswer, RegistrationFinish, RegistrationStart,
    SealedAnswer, TicketAnswer,
};
use wire::{DeviceLabel, Email, Id, MailCode, Password, Purpose, Stretching, Ticket};

use super::Account;
use crate::error::AccountError;
use crate::kept::Keeping;
use crate::session::Session;
use crate::talk::May;

impl Account {
    /// Asks for a code by mail.
    ///
    /// # Errors
    /// [`AccountError::TooMany`], [`AccountError::Offline`].
    pub async fn ask_code(
        &self,
        purpose: MailPurpose,
        email: &Email,
        locale: Locale,
    ) -> Result<Challenge, AccountError> {
        let request = ChallengeRequest { purpose, email: email.clone(), locale };
        self.post("/v1/email-challenges", May::Anybody, &request).await
    }

    /// Exchanges a code for a ticket.
    ///
    /// # Errors
    /// [`AccountError::Refused`] for a code that is wrong or old.
    pub async fn give_code(&self, challenge: &Id, code: &MailCode) -> Result<Ticket, AccountError> {
        let path = format!("/v1/email-challenges/{challenge}/verify");
        let answer: TicketAnswer =
            self.post(&path, May::Anybody, &CodeRequest { code: code.clone() }).await?;
        Ok(answer.ticket)
    }

    /// Sets a password with a ticket: of a new account with `new`, in place of an old one without. Takes a second or so.
    ///
    /// # Errors
    /// [`AccountError::Refused`] when the ticket is used or old.
    pub async fn set_password(
        &self,
        ticket: &Ticket,
        password: &Password,
        new: Option<NewAccount>,
    ) -> Result<(), AccountError> {
        let (client, request) = Registering::start(password)?;
        let start = RegistrationStart { ticket: ticket.clone(), request: Message::new(&request)? };
        let answer: RegistrationAnswer =
            self.post("/v1/opaque/registration/start", May::Anybody, &start).await?;
        let stretching = Stretching::asked(answer.suite, answer.ksf_id)?;
        let (upload, server) = client.finish(password, answer.response.as_bytes(), stretching)?;
        // Before the record goes: who is not known gets nothing to guess at.
        self.meet(server)?;
        let finish = RegistrationFinish { ticket: ticket.clone(), upload: Message::new(&upload)?, new };
        let path = (Method::Post, "/v1/opaque/registration/finish");
        self.talk.tell(path, May::Anybody, Some(&finish)).await
    }

    /// Signs in, and tells whether the session outlives the program, as `keeping` has it.
    ///
    /// # Errors
    /// [`AccountError::Refused`] for a wrong password or an address without an account.
    pub async fn sign_in(
        &self,
        email: &Email,
        password: &Password,
        label: Option<DeviceLabel>,
        keeping: Keeping,
    ) -> Result<bool, AccountError> {
        let Granted::Session(tokens) = self.prove(email, password, Purpose::Login, label).await? else {
            return Err(AccountError::BadAnswer);
        };
        if let Some(device) = &tokens.device {
            *self.device.lock().unwrap_or_else(PoisonError::into_inner) = Some(device.clone());
        }
        // One computer is one device: the session before is ended, if the service can still be told.
        let _ = self.sign_out().await;
        let mut session = self.session.lock().await;
        // Who is asked not to keep it does not keep the one before either: that went with the sign-out.
        *self.keeping() = keeping;
        Ok(self.keep(session.insert(Session::of(tokens))).is_ok())
    }

    /// Proves the password for one act, and gives the ticket for it.
    ///
    /// # Errors
    /// As [`Account::sign_in`].
    pub async fn ticket_for(
        &self,
        purpose: Purpose,
        email: &Email,
        password: &Password,
    ) -> Result<Ticket, AccountError> {
        match self.prove(email, password, purpose, None).await? {
            Granted::Ticket { ticket, .. } => Ok(ticket),
            Granted::Session(_) => Err(AccountError::BadAnswer),
        }
    }

    async fn prove(
        &self,
        email: &Email,
        password: &Password,
        purpose: Purpose,
        device_label: Option<DeviceLabel>,
    ) -> Result<Granted, AccountError> {
        let (client, ke1) = SigningIn::start(password)?;
        let device = self.device.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let start = LoginStart { email: email.clone(), ke1: Message::new(&ke1)?, purpose, device };
        let answer: LoginAnswer = self.post("/v1/opaque/login/start", May::Anybody, &start).await?;
        let stretching = Stretching::asked(answer.suite, answer.ksf_id)?;
        let signed = client.finish(password, answer.ke2.as_bytes(), stretching, purpose)?;
        self.meet(signed.server)?;
        let login = purpose == Purpose::Login;
        let finish = LoginFinish {
            login_id: answer.login_id,
            ke3: Message::new(&signed.ke3)?,
            device_label,
            platform: login.then(platform),
        };
        let sealed: SealedAnswer = self.post("/v1/opaque/login/finish", May::Anybody, &finish).await?;
        let plain = wire::open(&signed.key, purpose, sealed.sealed.into_bytes())?;
        serde_json::from_slice(&plain).map_err(|_| AccountError::BadAnswer)
    }
}

fn platform() -> Platform {
    match () {
        () if cfg!(windows) => Platform::Windows,
        () if cfg!(target_os = "macos") => Platform::Macos,
        () => Platform::Linux,
    }
}
