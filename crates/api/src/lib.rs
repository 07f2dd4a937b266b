//! The command table: the only surface that the window, the browser tests and the journeys see.
//!
//! One table ([`COMMANDS`]) declares every command with its request, its answer, what it reads and changes, and
//! whether it needs an open vault. [`call`] runs a command; [`bindings`] writes the table's TypeScript.
//!
//! **Invariant:** requests are parsed strictly: an unknown field is an error.

pub mod bindings;
mod commands;
mod requests;
mod table;
mod typed;
pub mod views;

pub use commands::{COMMANDS, call, call_for_text};
pub use studio::{Code, Event, Failure, Topic};
pub use table::{Command, Needs};
pub use typed::{
    ANYWHERE, Asked, Typed, WHILE_TYPING, WithoutSecret, may_be_mistyped, names_its_parts, without_secret,
};
