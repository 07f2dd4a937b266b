//! The library really stands between a program and its disk.
#![cfg(all(target_os = "linux", target_pointer_width = "64"))]
#![allow(missing_docs, clippy::unwrap_used, clippy::indexing_slicing)]

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

use faults::{Act, Errno, Record, arm, records};

/// Three writes to a file, one elsewhere, a sync, and the end of the file.
const SCRIPT: &str =
    "dd if=/dev/zero of=in/a bs=512 count=3 conv=fsync 2>/dev/null && echo x > out && rm in/a";

struct Place(PathBuf);

impl Place {
    fn new(name: &str) -> Self {
        let root = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
        let _ = fs::remove_dir_all(&root);
        fs::create_dir_all(root.join("in")).unwrap();
        Self(root)
    }

    fn run(&self, act: Act) -> (Output, Vec<u8>) {
        let mut command = Command::new("sh");
        command.args(["-c", SCRIPT]).current_dir(&self.0);
        let report = self.0.join("report");
        let _ = fs::remove_file(&report);
        arm(&mut command, &self.0.join("in"), act, &report);
        let output = command.output().unwrap();
        (output, fs::read(report).unwrap_or_default())
    }
}

#[test]
fn every_change_below_the_folder_is_written_down_and_none_elsewhere() {
    assert!(faults::can_be_armed());
    let place = Place::new("log");
    let (output, log) = place.run(Act::Log);
    assert!(output.status.success());
    let records = records(&log);
    let Record::Create(file, name) = &records[0] else { panic!("{records:?}") };
    let zeros = |place| Record::Write(*file, place, vec![0; 512]);
    let expected = [
        Record::Create(*file, name.clone()),
        zeros(0),
        zeros(512),
        zeros(1024),
        Record::Sync(*file),
        Record::Unlink("a".to_owned()),
    ];
    assert_eq!((name.as_str(), &records[..]), ("a", &expected[..]));
}

#[test]
fn the_call_that_is_named_fails_and_without_that_none_does() {
    let place = Place::new("fail");
    for (n, call) in [(1, "open"), (2, "write"), (4, "write"), (5, "fsync")] {
        for act in [Act::Once(n, Errno::Io), Act::From(n, Errno::DiskFull)] {
            let (output, report) = place.run(act);
            assert!(!output.status.success(), "{act:?}");
            assert_eq!(String::from_utf8_lossy(&report), format!("{n} {call} a\n"), "{act:?}");
            let _ = fs::remove_file(place.0.join("in/a"));
        }
    }
    let (output, report) = place.run(Act::From(7, Errno::Io));
    assert!(output.status.success() && report.is_empty());
    assert_eq!(fs::read(place.0.join("out")).unwrap(), b"x\n");
}

#[test]
fn a_slow_disk_lets_everything_through_after_a_while() {
    let place = Place::new("slow");
    let begun = std::time::Instant::now();
    let (output, report) = place.run(Act::Slow(30));
    // An open, three writes, a sync and a removal.
    assert!(output.status.success() && report.is_empty());
    assert!(begun.elapsed() >= std::time::Duration::from_millis(6 * 30));
    assert_eq!(fs::read(place.0.join("out")).unwrap(), b"x\n");
}

#[test]
fn a_short_write_is_gone_on_with_by_a_careful_program() {
    let place = Place::new("short");
    let (output, report) = place.run(Act::Short(3));
    assert!(output.status.success());
    assert_eq!(report, b"3 write a\n");
}
