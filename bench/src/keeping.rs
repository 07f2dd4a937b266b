//! 100,000 items: opening, locking, new keys, and a backup beside copying the files and hashing them.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Result, ensure};
use model::SystemClock;
use vault::{Query, Vault};

use crate::catalogue::{MANY, Made};
use crate::harness::{Contender, ROUNDS, Series, cost, program, settle, take_turns};
use crate::report::{Report, Target};

/// Renewals that count.
const RENEWALS: usize = 5;

/// Runs it.
pub fn measure() -> Result<Report> {
    let dir = tempfile::tempdir()?;
    let made = Made::new(dir.path(), "many", MANY)?;
    settle()?;
    let mut report = Report::new("keeping");
    report.note("opening: a key that needs no slow derivation, files in the system's cache, the same process each time");
    report.note(
        "locking: after looking, searching and moving an item; with everything durable and the keys gone",
    );
    open_and_lock(&made, &mut report)?;
    renew(&made, &mut report)?;
    backup(&made, dir.path(), &mut report)?;
    Ok(report)
}

fn open_and_lock(made: &Made, report: &mut Report) -> Result<()> {
    let (mut opens, mut locks) = (Series::new("open"), Series::new("lock"));
    for round in 0..=ROUNDS {
        let (vault, opened) = cost(|| made.open())?;
        let listing = vault.query(&Query { text: "paper".to_owned(), ..Query::default() })?;
        let ids = vault.ids(&listing.cells.iter().take(1).map(|cell| cell.seq).collect::<Vec<_>>())?;
        ensure!(vault.discard(&ids, testkit::vaults::NOW)? + vault.restore(&ids)? == 2, "nothing was moved");
        let ((), locked) = cost(|| {
            drop(vault);
            Ok(())
        })?;
        if round > 0 {
            opens.push(opened);
            locks.push(locked);
        }
    }
    report.row("unlock without the derivation, 100,000 items", opens.wall(), "ms", Target::Most(60.0));
    report.row("lock, 100,000 items", locks.wall(), "ms", Target::Most(200.0));
    report.keep(vec![opens, locks]);
    Ok(())
}

fn renew(made: &Made, report: &mut Report) -> Result<()> {
    let vault = made.open()?;
    let mut series = Series::new("catalogue under a new key");
    for _ in 0..RENEWALS {
        settle()?;
        let mut told: Vec<f64> = Vec::new();
        let tell = &mut |part| {
            told.push(part);
            true
        };
        let (finished, taken) = cost(|| Ok(vault.renew_catalogue(tell)?))?;
        ensure!(finished, "the renewal did not come to its end");
        ensure!(told.len() > 2 && told.is_sorted(), "the renewal told no progress: {told:?}");
        series.push(taken);
    }
    ensure!(vault.page(0, 10)?.len() == 10, "items are gone");
    report.row("new key for the catalogue, 100,000 items", series.wall() / 1e3, "s", Target::Most(10.0));
    report.row("the catalogue's file", megabytes(&vault.folder().catalogue())?, "MB", Target::None);
    report.keep(vec![series]);
    Ok(())
}

fn megabytes(path: &Path) -> Result<f64> {
    Ok(fs::metadata(path)?.len() as f64 / 1e6)
}

fn backup(made: &Made, dir: &Path, report: &mut Report) -> Result<()> {
    let vault = made.open()?;
    let (ours, theirs) = (dir.join("vault.backup"), dir.join("copied"));
    let series = take_turns(
        RENEWALS,
        &mut [
            Contender::new("backup, verified", || ours_once(&vault, &ours)),
            Contender::new("cp and sha256sum", || theirs_once(&vault, &theirs)),
        ],
    )?;
    if let [ours, theirs] = series.as_slice() {
        report.row(
            "backup: speed beside cp and sha256sum, wall",
            theirs.wall() / ours.wall(),
            "×",
            Target::Least(0.7),
        );
    }
    report.keep(series);
    Ok(())
}

fn ours_once(vault: &Vault, target: &Path) -> Result<crate::harness::Cost> {
    settle()?;
    let written = cost(|| {
        Ok(transfer::backup(vault, target, transfer::Existing::Replace, &SystemClock, &mut |_| true)?)
    });
    written.map(|(_, cost)| cost)
}

fn theirs_once(vault: &Vault, target: &Path) -> Result<crate::harness::Cost> {
    settle()?;
    let copied = program(Command::new("cp").arg("-rT").arg(vault.folder().root()).arg(target))?;
    let files = ["catalogue.db", "images.db", "vault.keys"].map(|name| target.join(name));
    Ok(copied.and(program(Command::new("sha256sum").args(files))?))
}
