//! Disks that fail, for tests only.
//!
//! On Linux this crate is also a shared library that is loaded before a program's libc. It stands between the program
//! and every call that changes files below one folder, and makes one of them fail, or writes down all of them. From
//! what was written down [`disk::Disk`] tells what a power cut would have left.
//!
//! Nothing below the folder is really synced meanwhile: that is what makes hundreds of runs affordable.
//!
//! **Invariant:** without its environment variables the library only passes calls on.

pub mod dice;
pub mod disk;
#[cfg(all(target_os = "linux", target_pointer_width = "64"))]
mod interpose;
pub mod log;
#[cfg(all(target_os = "linux", target_pointer_width = "64"))]
mod place;
pub mod plan;
pub mod trial;

pub use dice::Dice;
pub use disk::Disk;
pub use log::{Record, records};
pub use plan::{Act, Errno, arm, can_be_armed};
