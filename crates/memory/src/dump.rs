//! A crash leaves no picture of the memory behind.

/// Forbids core dumps for this process and all that it starts, for good.
///
/// The limit is one byte and not none: a kernel that pipes dumps to a collector starts the collector whatever the limit
/// is, except for one byte. A file of one byte is not written either. Source: `do_coredump` in Linux's `fs/coredump.c`,
/// core(5).
#[cfg(unix)]
pub fn leave_no_dump() {
    use rustix::process::{Resource, Rlimit, setrlimit};
    let least = u64::from(cfg!(target_os = "linux"));
    // Where an older limit is lower still, that one stays.
    if setrlimit(Resource::Core, Rlimit { current: Some(least), maximum: Some(least) }).is_err() {
        let _ = setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) });
    }
}

/// Windows writes no dumps of programs unless its administrator told it to.
#[cfg(not(unix))]
pub fn leave_no_dump() {}
