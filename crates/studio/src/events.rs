//! What the application tells without being asked.

use serde::Serialize;

use crate::{Job, Offer, Settings, Status};

/// What a command reads or changes: the window reloads what a change touches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum Topic {
    /// Whether the vault is open, and its ways in.
    Status,
    /// Items, their number and order.
    Items,
    /// The choices of the window.
    Settings,
    /// Jobs.
    Jobs,
    /// The list of vaults and their labels.
    Vaults,
    /// How the account stands.
    Account,
    /// What has left this computer.
    Ledger,
}

/// Something happened.
#[derive(Debug, Clone, PartialEq, Serialize, ts_rs::TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Event {
    /// The vault was opened, locked or given another way in.
    Status {
        /// As it is now.
        status: Status,
    },
    /// Data changed.
    Changed {
        /// What is to be read again.
        topics: Vec<Topic>,
    },
    /// A job began, went on or ended.
    Job {
        /// As it is now.
        job: Job,
    },
    /// The person dropped files on the window.
    Offered {
        /// What was dropped.
        offer: Offer,
    },
    /// The person changed a setting elsewhere.
    Settings {
        /// As they are now.
        settings: Settings,
    },
}
