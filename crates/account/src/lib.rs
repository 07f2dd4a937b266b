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
pub use kept::{Keeping, Kept};
pub use owner::{Account, Standing};
pub use service::{HOSTED, Known, Service};
