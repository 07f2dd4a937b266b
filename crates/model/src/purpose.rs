//! Why the network is used. A request whose purpose is not here can't be sent.

use serde::{Deserialize, Serialize};

use crate::Processing;

/// A reason to send something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// To make, use, change or delete the account, when the person does so.
    Account,
}

impl Purpose {
    /// Every purpose.
    pub const ALL: [Self; 1] = [Self::Account];

    /// Its name in tables.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Account => "account",
        }
    }

    /// The purpose of a name in a table.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|purpose| purpose.name() == name)
    }

    /// What allows it.
    #[must_use]
    pub fn basis(self) -> Basis {
        Processing::of(self).basis()
    }
}

/// What allows a use of data (GDPR Art. 6).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// The person asked for a service that needs it.
    Contract,
    /// An interest that outweighs; the person may object.
    LegitimateInterest,
    /// The person said yes, and may take it back.
    Consent,
}
