//! What the service holds: looked at, changed, taken along, deleted; and the devices that are signed in.

use egress::Method;
use ring::signature::{ED25519, UnparsedPublicKey};
use wire::messages::{
    AccountView, EmailChange, EmailUndo, Message, ProfileChange, Receipt, SessionLabel, SessionView,
};
use wire::{DeviceLabel, Email, Id, Ticket};

use super::Account;
use crate::error::AccountError;
use crate::talk::May;

impl Account {
    /// What the service holds of the person.
    ///
    /// # Errors
    /// [`AccountError::SignedOut`], [`AccountError::Offline`].
    pub async fn view(&self) -> Result<AccountView, AccountError> {
        self.with_access(async |access| self.get("/v1/account", May::Session(access)).await).await
    }

    /// Changes parts of it.
    ///
    /// # Errors
    /// As [`Account::view`].
    pub async fn change_profile(&self, change: &ProfileChange) -> Result<AccountView, AccountError> {
        let path = (Method::Patch, "/v1/account/profile");
        self.with_access(async |access| self.talk.ask(path, May::Session(access), Some(change)).await).await
    }

    /// The devices that are signed in.
    ///
    /// # Errors
    /// As [`Account::view`].
    pub async fn devices(&self) -> Result<Vec<SessionView>, AccountError> {
        self.with_access(async |access| self.talk.list("/v1/sessions", May::Session(access)).await).await
    }

    /// Names a device.
    ///
    /// # Errors
    /// As [`Account::view`].
    pub async fn name_device(&self, device: &Id, label: DeviceLabel) -> Result<(), AccountError> {
        let (path, message) = (format!("/v1/sessions/{device}"), SessionLabel { device_label: label });
        let path = (Method::Patch, path.as_str());
        self.with_access(async |access| self.talk.tell(path, May::Session(access), Some(&message)).await)
            .await
    }

    /// Signs another device out.
    ///
    /// # Errors
    /// As [`Account::view`].
    pub async fn end_device(&self, device: &Id) -> Result<(), AccountError> {
        let path = format!("/v1/sessions/{device}");
        let path = (Method::Delete, path.as_str());
        let ended = self
            .with_access(async |access| self.talk.tell(path, May::Session(access), None::<&()>).await)
            .await;
        match ended {
            // One that is gone is what was wanted.
            Err(AccountError::Gone) => Ok(()),
            ended => ended,
        }
    }

    /// Signs all other devices out.
    ///
    /// # Errors
    /// As [`Account::view`].
    pub async fn end_other_devices(&self) -> Result<(), AccountError> {
        let path = (Method::Delete, "/v1/sessions");
        self.with_access(async |access| self.talk.tell(path, May::Session(access), None::<&()>).await).await
    }

    /// Signs this computer out: here at once, and at the service if it can be reached.
    ///
    /// # Errors
    /// What kept the service from hearing of it; here nobody is signed in any more in any case.
    pub async fn sign_out(&self) -> Result<(), AccountError> {
        let ended = self.session.lock().await.take();
        self.keeping().forget();
        let Some(session) = ended else { return Ok(()) };
        let session = if session.is_fresh() { session } else { self.renewed(&session).await? };
        let path = format!("/v1/sessions/{}", session.id);
        let path = (Method::Delete, path.as_str());
        self.talk.tell(path, May::Session(&session.access), None::<&()>).await
    }

    /// Moves the account to an address whose code was right.
    ///
    /// # Errors
    /// [`AccountError::Refused`] for a ticket that is used or old, or an address that is somebody's meanwhile.
    pub async fn change_email(
        &self,
        proof: &Ticket,
        email: &Email,
        address: &Ticket,
    ) -> Result<(), AccountError> {
        let message = EmailChange { ticket: proof.clone(), address_ticket: address.clone() };
        let path = (Method::Post, "/v1/account/email");
        match self.talk.tell(path, May::Anybody, Some(&message)).await {
            // The answer was lost, now or the last time: the record tells whether it is done.
            Err(error @ (AccountError::Unanswered | AccountError::Refused)) => match self.view().await {
                Ok(view) if view.email == *email => Ok(()),
                _ => Err(error),
            },
            told => told,
        }
    }

    /// Takes such a move back, with the line of the mail.
    ///
    /// # Errors
    /// As [`Account::change_email`].
    pub async fn undo_email(&self, ticket: &Ticket) -> Result<(), AccountError> {
        let message = EmailUndo { ticket: ticket.clone() };
        self.talk.tell((Method::Post, "/v1/account/email/undo"), May::Anybody, Some(&message)).await
    }

    /// Every row that the service has about the account: JSON.
    ///
    /// # Errors
    /// [`AccountError::Refused`] for a ticket that is used or old.
    pub async fn export(&self, ticket: &Ticket) -> Result<Vec<u8>, AccountError> {
        self.talk.export(ticket).await
    }

    /// Deletes the account that the ticket is for and gives its receipt. Nothing on this computer is touched but the
    /// session, if it was of that account.
    ///
    /// # Errors
    /// As [`Account::export`]. Whose answer is lost gets the same receipt with the same ticket.
    pub async fn delete(&self, ticket: &Ticket) -> Result<Deleted, AccountError> {
        let key = self.service().await?.receipt_key;
        let ask = async || -> Result<Receipt, AccountError> {
            self.talk.ask((Method::Delete, "/v1/account"), May::Ticket(ticket), None::<&()>).await
        };
        let receipt = match ask().await {
            Err(AccountError::Unanswered) => ask().await.map_err(|error| match error {
                // Nobody knows what became of the first.
                AccountError::Offline => AccountError::Unanswered,
                error => error,
            })?,
            answer => answer?,
        };
        // The service alone knows whose session this is; one that it does not know any more is forgotten with this.
        let _ = self.view().await;
        let signed = Receipt::signed(&receipt.receipt_id, &receipt.deleted_day, &receipt.retained);
        let verifying = UnparsedPublicKey::new(&ED25519, key.as_bytes());
        let genuine = verifying.verify(&signed, receipt.signature.as_bytes()).is_ok();
        Ok(Deleted { receipt, key, genuine })
    }
}

/// The account is gone.
#[derive(Debug, Clone)]
pub struct Deleted {
    /// What the service says about it.
    pub receipt: Receipt,
    /// What the service's receipts are verified with, as it said before.
    pub key: Message<32>,
    /// It is signed by that key.
    pub genuine: bool,
}
