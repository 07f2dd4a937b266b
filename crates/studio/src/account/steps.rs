//! What is under way between two screens: codes, tickets, proofs. In memory alone, and gone with a lock.

use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};
use wire::messages::MailPurpose;
use wire::{Email, Id, NoticeVersion, Purpose, Ticket, TokenHash};

use super::age::Age;

/// What a code by mail is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum CodeFor {
    /// To make an account.
    Register,
    /// To replace a password that is lost.
    ResetPassword,
    /// To show that the new address is one's own.
    ChangeEmail,
    /// To delete an account whose password is lost.
    DeleteAccount,
}

impl From<CodeFor> for MailPurpose {
    fn from(purpose: CodeFor) -> Self {
        match purpose {
            CodeFor::Register => Self::Register,
            CodeFor::ResetPassword => Self::ResetPassword,
            CodeFor::ChangeEmail => Self::ChangeEmail,
            CodeFor::DeleteAccount => Self::DeleteAccount,
        }
    }
}

/// What the password is proved for, besides signing in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum ProofFor {
    /// To replace the password.
    ChangePassword,
    /// To replace the address.
    ChangeEmail,
    /// To delete the account.
    DeleteAccount,
    /// To take along every row that the service has.
    Export,
}

impl From<ProofFor> for Purpose {
    fn from(purpose: ProofFor) -> Self {
        match purpose {
            ProofFor::ChangePassword => Self::ChangePassword,
            ProofFor::ChangeEmail => Self::ChangeEmail,
            ProofFor::DeleteAccount => Self::DeleteAccount,
            ProofFor::Export => Self::Export,
        }
    }
}

/// A code that is on its way.
#[derive(Clone)]
pub(crate) struct Sent {
    pub purpose: CodeFor,
    pub email: Email,
    pub challenge: Id,
    pub until: Instant,
}

/// A code that was right.
#[derive(Clone)]
pub(crate) struct Checked {
    pub purpose: CodeFor,
    pub email: Email,
    pub ticket: Ticket,
}

/// A service may want more; the next try will tell. Seconds.
const LONGEST_WAIT: u32 = 86_400;

/// What is under way.
#[derive(Default)]
pub(crate) struct Steps {
    /// The age that was reached, as the service is told it.
    pub reached: Option<u8>,
    /// The notice that the service named, and the person was shown.
    pub notice: Option<NoticeVersion>,
    pub sent: Option<Sent>,
    pub checked: Option<Checked>,
    pub proved: Option<(ProofFor, Ticket)>,
    /// The receipt of a deleted account, until it is saved.
    pub receipt: Option<Vec<u8>>,
    /// A new password was sent with this ticket, and no answer came.
    pub perhaps_set: Option<TokenHash>,
    waits: Option<Instant>,
}

impl Steps {
    /// Nothing is asked of the service before so many seconds are over.
    pub(crate) fn wait(&mut self, seconds: u32) {
        self.waits = Some(Instant::now() + Duration::from_secs(seconds.min(LONGEST_WAIT).into()));
    }

    /// Milliseconds of that which are left.
    pub(crate) fn wait_ms(&self) -> u32 {
        let left = self.waits.map(|until| until.saturating_duration_since(Instant::now()));
        left.map_or(0, |left| u32::try_from(left.as_millis()).unwrap_or(u32::MAX))
    }

    /// The ticket of a password that was proved for this.
    pub(crate) fn proof(&self, purpose: ProofFor) -> Option<Ticket> {
        self.proved.as_ref().filter(|(proved, _)| *proved == purpose).map(|(_, ticket)| ticket.clone())
    }

    /// A code that was right for one of these.
    pub(crate) fn checked(&self, purposes: &[CodeFor]) -> Option<Checked> {
        self.checked.clone().filter(|checked| purposes.contains(&checked.purpose))
    }

    /// What they allowed is done, or will not be: tickets are worth nothing any more.
    pub(crate) fn used(&mut self) {
        (self.checked, self.proved, self.perhaps_set) = (None, None, None);
    }

    /// What is told of the age: a number is kept only of those who are old enough.
    pub(crate) fn age(&self, too_young: bool) -> Age {
        match self.reached {
            _ if too_young => Age::TooYoung,
            Some(_) => Age::OldEnough,
            None => Age::Unknown,
        }
    }
}
