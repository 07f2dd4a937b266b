//! The process as the kernel sees it.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, missing_docs)]
#![allow(clippy::print_stdout, reason = "a test says where it can show nothing")]

use std::fs::{self, File};
use std::os::unix::fs::FileExt as _;
use std::os::unix::process::ExitStatusExt as _;
use std::process::Command;

use memory::{Guarded, WipingAllocator, harden};

#[global_allocator]
static ALLOCATOR: WipingAllocator = WipingAllocator::new();

/// Flags of the mapping that an address lies in, out of `/proc/self/smaps`.
fn flags_at(address: usize) -> String {
    let maps = fs::read_to_string("/proc/self/smaps").unwrap();
    let mut inside = false;
    for line in maps.lines() {
        let range = line.split(' ').next().and_then(|range| range.split_once('-'));
        let range = range.and_then(|(from, to)| {
            Some(usize::from_str_radix(from, 16).ok()?..usize::from_str_radix(to, 16).ok()?)
        });
        if let Some(range) = range {
            inside = range.contains(&address);
        } else if inside && let Some(flags) = line.strip_prefix("VmFlags:") {
            return flags.to_owned();
        }
    }
    panic!("no such mapping");
}

#[test]
fn keys_lie_in_pages_that_are_locked_and_left_out_of_dumps() {
    let key = Guarded::<32>::zero();
    let flags = flags_at(key.bytes().as_ptr().addr());
    assert!(flags.split(' ').any(|flag| flag == "dd"), "in dumps: {flags}");
    assert!(flags.split(' ').any(|flag| flag == "lo"), "can be swapped out: {flags}");
    // The heap is neither, or the flags would say nothing.
    let other = Box::new([0_u8; 32]);
    let flags = flags_at(other.as_ptr().addr());
    assert!(!flags.split(' ').any(|flag| flag == "dd" || flag == "lo"), "{flags}");
}

/// What lies at an address now, as the kernel reads it; nothing where the memory went back to the system.
fn peek(address: usize, length: usize) -> Vec<u8> {
    let mut bytes = vec![0; length];
    let read = File::open("/proc/self/mem").unwrap().read_exact_at(&mut bytes, address as u64);
    if read.is_ok() { bytes } else { Vec::new() }
}

#[test]
fn what_is_freed_is_wiped_also_when_a_text_grows() {
    let mark = |length: usize| "lantern ".repeat(length / 8).into_bytes();
    for length in [64, 4096, 100_000] {
        let text = mark(length);
        let address = text.as_ptr().addr();
        assert_eq!(peek(address, length), text);
        drop(text);
        assert_eq!(count(&peek(address, length)), 0, "{length} bytes freed");
        let mut text = mark(length);
        let address = text.as_ptr().addr();
        text.reserve_exact(length * 4);
        if text.as_ptr().addr() != address {
            assert_eq!(count(&peek(address, length)), 0, "{length} bytes moved");
        }
    }
}

fn count(bytes: &[u8]) -> usize {
    bytes.windows(7).filter(|window| window == b"lantern").count()
}

const CRASHES: &str = "ZIMAGE_TEST_CRASHES";

/// The body of the process that crashes; `None` in the test itself.
fn crash_if_told() {
    if let Some(how) = std::env::var_os(CRASHES) {
        if how == "hardened" {
            harden();
        }
        std::process::abort();
    }
}

#[test]
fn a_crash_leaves_no_dump() {
    crash_if_told();
    let crash = |how: &str| {
        let place = tempfile::tempdir().unwrap();
        let mut program = Command::new("sh");
        // As someone may have set it up who looks into crashes.
        program
            .args(["-c", "ulimit -S -c unlimited; exec \"$0\" --exact a_crash_leaves_no_dump --nocapture"]);
        program.arg(std::env::current_exe().unwrap());
        let ended = program.env(CRASHES, how).current_dir(&place).output().unwrap().status;
        assert_eq!(ended.signal(), Some(6), "it did not crash");
        (ended.core_dumped(), fs::read_dir(&place).unwrap().count())
    };
    assert_eq!(crash("hardened"), (false, 0));
    let (dumped, _) = crash("as it was");
    if !dumped {
        // What the first half shows is then due to the system already.
        println!("this computer writes no dumps anyway");
    }
}
