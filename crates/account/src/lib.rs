//! The account from its owner's side: sign up, sign in, change, leave. The credential, and nothing else, is in step with
//! the service.
//!
//! **Invariant:** nothing of a vault comes in here: this room does not know one. The password leaves the computer in no form,
//! and is kept nowhere.

mod error;
mod kept;
mod owner;
mod service;
mod session;
mod talk;

pub use error::AccountError;
pub use kept::{Keeping, NotKept, Shelf};
pub use owner::{Account, Deleted, Standing};
pub use service::{HOSTED, HOSTED_KEY, Known, Service};
