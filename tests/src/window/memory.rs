//! What lies in the memory of a process, as the kernel reads it: the view of somebody who took the computer while it
//! was on.

use std::fs::{self, File};
use std::os::unix::fs::FileExt as _;

use memchr::memmem;

/// Size of a page on every computer that these tests run on.
const PAGE: usize = 4096;

/// Pages that are read in one go.
const STRIDE: usize = 4096;

/// Something to look for.
pub struct Secret {
    name: String,
    bytes: Vec<u8>,
}

impl Secret {
    /// A text, as Rust and C keep it and as a page's engine does.
    pub fn text(name: &str, text: &str) -> Vec<Self> {
        let wide = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        vec![
            Self { name: format!("{name}, UTF-8"), bytes: text.as_bytes().to_vec() },
            Self { name: format!("{name}, UTF-16"), bytes: wide },
        ]
    }

    /// A key: its bytes, and their digits in both cases.
    pub fn key(name: &str, key: &[u8]) -> Vec<Self> {
        let digits: String = key.iter().map(|byte| format!("{byte:02x}")).collect();
        vec![
            Self { name: format!("{name}, digits"), bytes: digits.to_uppercase().into_bytes() },
            Self { name: format!("{name}, digits"), bytes: digits.into_bytes() },
            Self { name: name.to_owned(), bytes: key.to_vec() },
        ]
    }
}

/// The places where a secret was found: its name, and what the memory is mapped from. A process that is gone has none.
///
/// # Panics
/// If the process may not be looked into.
pub fn find(pid: u32, secrets: &[Secret]) -> Vec<(String, String)> {
    let Some(maps) = fs::read_to_string(format!("/proc/{pid}/maps")).ok().filter(|maps| !maps.is_empty())
    else {
        return Vec::new();
    };
    let open = |what: &str| match File::open(format!("/proc/{pid}/{what}")) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
        opened => Some(opened.expect("it may be looked into")),
    };
    let (Some(memory), Some(pages)) = (open("mem"), open("pagemap")) else { return Vec::new() };
    let mut found = Vec::new();
    for line in maps.lines() {
        let mut parts = line.split_whitespace();
        let (Some(range), Some(rights)) = (parts.next(), parts.next()) else { continue };
        let name = parts.nth(3).unwrap_or("anonymous");
        let ends = range.split_once('-').unwrap();
        let [from, to] = [ends.0, ends.1].map(|end| usize::from_str_radix(end, 16).unwrap());
        if !rights.starts_with('r') || name.starts_with("[v") {
            continue;
        }
        for start in (from..to).step_by(STRIDE * PAGE) {
            let end = to.min(start + STRIDE * PAGE);
            for bytes in present(&memory, &pages, start, end) {
                for secret in secrets {
                    let hits = memmem::find_iter(&bytes, &secret.bytes);
                    found.extend(hits.map(|_| (secret.name.clone(), name.to_owned())));
                }
            }
        }
    }
    found
}

/// What lies between two addresses, without the pages that were never written to: engines reserve far more than there is.
fn present(memory: &File, pages: &File, start: usize, end: usize) -> Vec<Vec<u8>> {
    let mut entries = vec![0; (end - start) / PAGE * 8];
    if pages.read_exact_at(&mut entries, (start / PAGE * 8) as u64).is_err() {
        return Vec::new();
    }
    // The two highest bits: in memory, or swapped out.
    let there: Vec<bool> = entries.chunks_exact(8).map(|entry| entry[7] & 0b1100_0000 != 0).collect();
    let mut runs = Vec::new();
    let mut at = start;
    for run in there.chunk_by(|a, b| a == b) {
        let length = run.len() * PAGE;
        if run[0] {
            let mut bytes = vec![0; length];
            // It may have been given back meanwhile.
            if memory.read_exact_at(&mut bytes, at as u64).is_ok() {
                runs.push(bytes);
            }
        }
        at += length;
    }
    runs
}
