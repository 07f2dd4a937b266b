//! The account service: sign up, sign in, change, leave. It never sees a password, and never hears of a picture that
//! somebody keeps.
//!
//! **Invariant:** no table, log, metric or file of it holds a prompt, a picture, a password, or an address in the clear.

pub mod accounts;
pub mod http;
pub mod images;
pub mod keys;
pub mod mail;
pub mod store;
