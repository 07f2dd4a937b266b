//! Export of a whole vault, beside `zip -0` of the same files and their `sha256sum`.

use std::fs;
use std::process::Command;

use anyhow::{Result, ensure};
use model::SystemClock;
use testkit::vaults::create_in;
use transfer::{Existing, Selection};
use vault::Folder;

use crate::harness::{Contender, ROUNDS, cost, has_program, program, settle, take_turns};
use crate::importing::import;
use crate::pictures;
use crate::report::{Report, Target};

const FILES: usize = 96;

/// Runs it.
pub fn measure() -> Result<Report> {
    let dir = tempfile::tempdir()?;
    let mut report = Report::new("exporting");
    let pictures = pictures::make(FILES)?;
    let folder = dir.path().join("files");
    let files = pictures::write(&pictures, &folder)?;
    let total = pictures::mean_bytes(&pictures) * FILES as f64 / 1e6;
    drop(pictures);
    let vault = create_in(&Folder::new(&dir.path().join("vault")))?;
    ensure!(import(&vault, &folder)? == FILES, "a picture was not taken");
    report.note(format!("{FILES} PNG files, {total:.0} MB together, in the system's cache"));
    report.note(
        "export: opened, digested, zipped, with pages and tables for every item, and durable on the disk",
    );
    report.note("peer: zip -0, then sha256sum, one after the other; not made durable");
    report.note("peer, durable: the same, then sync of the archive");
    let (target, peer) = (dir.path().join("export.zip"), dir.path().join("peer.zip"));
    let mut contenders = vec![Contender::new("export of everything", || {
        settle()?;
        let (done, cost) = cost(|| {
            let mut watch = |_| true;
            Ok(transfer::export(
                &vault,
                &Selection::Everything,
                &target,
                Existing::Refuse,
                &SystemClock,
                &mut watch,
            )?)
        })?;
        ensure!(done.items == FILES && done.damaged == 0, "a picture is not in the archive");
        fs::remove_file(&target)?;
        Ok(cost)
    })];
    let turn = |durable: bool| {
        let (files, peer) = (&files, &peer);
        move || {
            settle()?;
            let mut spent = program(Command::new("zip").args(["-0", "-q", "-j"]).arg(peer).args(files))?;
            spent = spent.and(program(Command::new("sha256sum").args(files))?);
            if durable {
                spent = spent.and(program(Command::new("sync").arg(peer))?);
            }
            fs::remove_file(peer)?;
            Ok(spent)
        }
    };
    if has_program("zip") && has_program("sha256sum") {
        contenders.push(Contender::new("zip -0 and sha256sum", turn(false)));
        contenders.push(Contender::new("zip -0, sha256sum and sync", turn(true)));
    } else {
        report.note("SKIPPED: zip or sha256sum is not here");
    }
    let series = take_turns(ROUNDS, &mut contenders)?;
    drop(contenders);
    if let [export, peer, durable] = series.as_slice() {
        report.row(
            "export: speed beside zip -0 and sha256sum, wall",
            peer.wall() / export.wall(),
            "×",
            Target::Least(0.8),
        );
        report.row(
            "export: speed beside the durable peer, wall",
            durable.wall() / export.wall(),
            "×",
            Target::None,
        );
        report.row(
            "export: speed beside zip -0 and sha256sum, CPU",
            peer.cpu() / export.cpu(),
            "×",
            Target::None,
        );
        report.row("export: MB per second", total / export.wall() * 1e3, "MB/s", Target::None);
    }
    report.keep(series);
    Ok(report)
}
