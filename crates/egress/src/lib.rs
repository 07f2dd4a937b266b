//! The only door to the network: asks whether a request may go, writes down that it goes, and then sends it.
//!
//! **Invariant:** no byte leaves before its line in the ledger is durable. A request goes to the origin that it was made
//! for and to no other: no redirect is followed, no cookie kept, no name may lead to another kind of place than was said.

mod gateway;
mod ledger;
mod names;
mod origin;
mod reach;
mod request;
mod route;

pub use gateway::{EgressError, Gateway};
pub use ledger::{Entry, Intent, Ledger, LedgerError, Outcome};
pub use origin::{Origin, OriginError};
pub use reach::Reach;
pub use request::{Answer, Method, Request, Secret};
pub use route::Route;
