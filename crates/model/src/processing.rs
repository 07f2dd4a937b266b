//! What is done with data, each thing once: the privacy centre is drawn from this table, requests belong to a row of it, and what
//! is not in it is not done.

use serde::{Deserialize, Serialize};

use crate::{Basis, Purpose};

/// Something that is done with data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum Processing {
    /// The account is made, used, changed and deleted.
    Account,
    /// Sign-ins and changes are written down at the service, and tries are counted.
    Security,
    /// Answers and their time are counted at the service, with nothing about whose they are.
    Stability,
    /// Pictures that the person saves or imports are kept.
    Gallery,
}

/// Who gets it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum Recipient {
    /// Nobody: it stays on this computer.
    Nobody,
    /// The account service.
    AccountService,
}

/// How long it is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case", tag = "until", content = "days")]
pub enum Kept {
    /// Until the account is deleted.
    AccountDeleted,
    /// Until the person erases it.
    Erased,
    /// For so many days.
    Days(u16),
    /// Nothing of anybody is kept.
    Nothing,
}

impl Processing {
    /// Everything that is done.
    pub const ALL: [Self; 4] = [Self::Account, Self::Security, Self::Stability, Self::Gallery];

    /// What is done with what a request of this purpose carries.
    #[must_use]
    pub fn of(purpose: Purpose) -> Self {
        match purpose {
            Purpose::Account => Self::Account,
        }
    }

    /// What allows it.
    #[must_use]
    pub fn basis(self) -> Basis {
        match self {
            Self::Account => Basis::Contract,
            Self::Security | Self::Stability => Basis::LegitimateInterest,
            Self::Gallery => Basis::Consent,
        }
    }

    /// Who gets it.
    #[must_use]
    pub fn recipient(self) -> Recipient {
        match self {
            Self::Account | Self::Security | Self::Stability => Recipient::AccountService,
            Self::Gallery => Recipient::Nobody,
        }
    }

    /// How long it is kept.
    #[must_use]
    pub fn kept(self) -> Kept {
        match self {
            Self::Account => Kept::AccountDeleted,
            Self::Security => Kept::Days(30),
            Self::Stability => Kept::Nothing,
            Self::Gallery => Kept::Erased,
        }
    }

    /// Clauses of the notice that tell of it.
    #[must_use]
    pub fn clauses(self) -> &'static [u8] {
        match self {
            Self::Account | Self::Gallery => &[1, 3, 6],
            Self::Security => &[1, 3, 6, 7],
            Self::Stability => &[2, 3],
        }
    }

    /// The person may object to it (GDPR Art. 21).
    #[must_use]
    pub fn is_open_to_objection(self) -> bool {
        self.basis() == Basis::LegitimateInterest
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_request_belongs_to_something_that_leaves_this_computer() {
        for purpose in Purpose::ALL {
            let processing = Processing::of(purpose);
            assert!(Processing::ALL.contains(&processing));
            assert_ne!(processing.recipient(), Recipient::Nobody, "{purpose:?}");
            assert_eq!(purpose.basis(), processing.basis());
        }
    }

    #[test]
    fn what_is_done_without_being_asked_for_may_be_objected_to() {
        for processing in Processing::ALL {
            assert_eq!(processing.is_open_to_objection(), processing.basis() == Basis::LegitimateInterest);
            assert!(!processing.clauses().is_empty());
        }
    }
}
