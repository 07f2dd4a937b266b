//! Import, export, verification and restoring, on real files.
#![allow(missing_docs, clippy::cast_possible_truncation)]

mod export;
mod fixtures;
mod full_disk;
mod hostile;
mod import;
mod restore;
