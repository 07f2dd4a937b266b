//! 100,000 items: the first page, a keystroke, a screenful, memory, and the cost of erasing one.

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context, Error, Result, ensure};
use crypto::{RecoveryKey, SlotOptions, SlotSecret};
use model::ItemId;
use testkit::prompts::{self, PromptRow};
use testkit::vaults::{NOW, of_row, shared_thumbnail};
use vault::{Folder, NewSlot, Rendition, Vault};

use crate::harness::{Contender, ROUNDS, Series, cost, quantile, settle, take_turns};
use crate::look::{self, Findings};
use crate::plain::{Kind, Plain, Row};
use crate::report::{Report, Target};
use crate::{pictures, typed};

pub const MANY: usize = 100_000;
const FEW: usize = 1_000;
/// The newest have thumbnails as large as real ones; the rest one of a few KB.
const WITH_THUMBNAIL: usize = 600;
/// Items committed in one step.
const BATCH: usize = 5_000;
/// Turns of deleting that count: the disk's own delays vary.
const DELETIONS: usize = 21;
/// Memory in MB.
const MEMORY: f64 = 200.0;

/// Runs it.
pub fn measure() -> Result<Report> {
    let dir = tempfile::tempdir()?;
    let mut report = Report::new("catalogue");
    let start = Instant::now();
    let many = Made::new(dir.path(), "many", MANY)?;
    let took = start.elapsed().as_secs_f64();
    let few = Made::new(dir.path(), "few", FEW)?;
    settle()?;
    report.note(format!(
        "{MANY} items with prompts in Japanese and English, half and half; made in {took:.0} s"
    ));
    report.note("first page: a fresh process each time, files in the system's cache, a recovery key (no slow derivation)");
    report.note(format!("typed, one character at a time: {}", typed::words()));
    report.note(
        "a keystroke: the command gallery_query from request to answer, with the whole listing, as JSON text",
    );
    report.note("rg -c -i -F over one prompt a line, a process each; the vault searches all fields");
    report.row("items made and indexed per second", MANY as f64 / took, "/s", Target::None);
    first_page(&many, &mut report)?;
    session(&many, &mut report)?;
    delete_one(&few, &many, &mut report)?;
    Ok(report)
}

/// A catalogue and its baseline.
pub struct Made {
    folder: PathBuf,
    plain: PathBuf,
    prompts: PathBuf,
    code: String,
}

impl Made {
    /// Makes both.
    pub fn new(dir: &Path, name: &str, n: usize) -> Result<Self> {
        let at = |ending: &str| dir.join(name).with_extension(ending);
        let (folder, id, key) = (dir.join(name), crypto::new_vault_id(), RecoveryKey::random());
        let code = key.to_text(&id).to_string();
        let slot = NewSlot { secret: SlotSecret::Recovery(key), options: SlotOptions::default() };
        let (vault, _) = Vault::create(&Folder::new(&folder), id, &[slot], NOW)?;
        let made = Self { folder, plain: at("plain.db"), prompts: at("txt"), code };
        made.fill(&vault, n)?;
        // As an import does at its end.
        vault.settle(&mut || true)?;
        Ok(made)
    }

    fn fill(&self, vault: &Vault, n: usize) -> Result<()> {
        let thumbnails = Thumbnails::make()?;
        let mut plain = Plain::open(&self.plain, Kind::Truncate)?;
        let mut text = String::new();
        let rows: Vec<PromptRow> = prompts::rows(n, 1).collect();
        for (first, batch) in (0..).step_by(BATCH).zip(rows.chunks(BATCH)) {
            let prepare = |(at, row)| of_row(row, thumbnails.of(at));
            let after = u32::try_from(first)?;
            let added = vault.add((first..).zip(batch).map(prepare).collect())?;
            ensure!(added.len() == batch.len(), "a row was not taken");
            let ids: Vec<[u8; 16]> =
                vault.page(after, BATCH as u32)?.iter().map(|stored| *stored.item.id.as_bytes()).collect();
            let beside = ids.iter().zip(batch).zip(first..).map(|((id, row), at)| Row {
                id: *id,
                file_name: &row.file_name,
                prompt: &row.prompt,
                original: row.file_name.as_bytes(),
                thumbnail: &thumbnails.of(at).bytes,
            });
            plain.insert(&beside.collect::<Vec<Row<'_>>>())?;
            batch.iter().try_for_each(|row| writeln!(text, "{}", row.prompt))?;
        }
        // As an import does when it has taken many.
        vault.settle(&mut || true)?;
        Ok(fs::write(&self.prompts, text)?)
    }

    /// Opens the vault.
    pub fn open(&self) -> Result<Vault> {
        let folder = Folder::new(&self.folder);
        let key = RecoveryKey::parse(&self.code, &Vault::inspect(&folder)?.id)?;
        Ok(Vault::open(&folder, &SlotSecret::Recovery(key))?)
    }

    /// Looks in a process of its own.
    fn look(&self, way: &str) -> Result<Findings> {
        let mut child = Command::new(std::env::current_exe()?)
            .args([look::COMMAND, way])
            .args([&self.folder, &self.plain, &self.prompts])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        child.stdin.take().context("no way to tell the key")?.write_all(self.code.as_bytes())?;
        let output = child.wait_with_output()?;
        ensure!(output.status.success(), "looking failed");
        let findings: Findings = serde_json::from_slice(&output.stdout)?;
        ensure!(findings.items == MANY, "items are missing");
        Ok(findings)
    }
}

struct Thumbnails {
    real: Vec<Rendition>,
    small: Rendition,
}

impl Thumbnails {
    fn make() -> Result<Self> {
        let shrink = |picture: pictures::Picture| {
            let decoded = imaging::decode(&picture.bytes, &imaging::Limits::default())?;
            let small = imaging::thumbnail(&decoded, 512)?;
            Ok(Rendition { bytes: small.bytes, mime: small.mime })
        };
        let real = pictures::make(14)?.into_iter().map(shrink).collect::<Result<_>>()?;
        Ok(Self { real, small: shared_thumbnail() })
    }

    fn of(&self, at: usize) -> &Rendition {
        let real = self.real.get(at % self.real.len().max(1));
        real.filter(|_| at < WITH_THUMBNAIL).unwrap_or(&self.small)
    }
}

fn first_page(made: &Made, report: &mut Report) -> Result<()> {
    for (way, page, open, target) in [
        ("vault", "key to first page, in the vault", "key to open vault", Target::Most(150.0)),
        (
            "window",
            "key to first page, by commands, with 60 thumbnails",
            "key to listing, by commands",
            Target::None,
        ),
    ] {
        let (mut pages, mut opens) = (Series::new(page), Series::new(open));
        let mut thumbnails = None;
        for round in 0..=ROUNDS {
            let findings = made.look(way)?;
            if round > 0 {
                pages.wall.push(findings.page_ms);
                opens.wall.push(findings.open_ms);
                thumbnails = Some(findings.series);
            }
        }
        report.row(page, pages.wall(), "ms", target);
        report.keep(vec![opens, pages]);
        let series = thumbnails.unwrap_or_default();
        screenful("60 thumbnails by item id, beside plain SQLite", series, Target::None, report);
    }
    Ok(())
}

fn screenful(what: &str, series: Vec<Series>, target: Target, report: &mut Report) {
    if let [ours, plain, ..] = series.as_slice() {
        report.row(format!("{what}, wall"), ours.wall() / plain.wall(), "×", target);
        report.row(format!("{what}, CPU"), ours.cpu() / plain.cpu(), "×", Target::None);
    }
    report.keep(series);
}

fn session(made: &Made, report: &mut Report) -> Result<()> {
    let mut findings = made.look("session")?;
    let keystrokes = findings.series.split_off(2.min(findings.series.len()));
    screenful(
        "60 thumbnails as the window asks, beside plain SQLite",
        std::mem::take(&mut findings.series),
        Target::Most(2.0),
        report,
    );
    if let [ours, rest @ ..] = keystrokes.as_slice() {
        report.row("keystroke: 95 % of medians", quantile(&ours.wall, 0.95), "ms", Target::Most(16.0));
        let every = quantile(&findings.every_keystroke, 0.95);
        report.row("keystroke: 95 % of all single ones", every, "ms", Target::Most(16.0));
        report.row("keystroke: median", ours.wall(), "ms", Target::None);
        for rg in rest {
            report.row("keystroke: beside rg, wall", ours.wall() / rg.wall(), "×", Target::Most(0.2));
            report.row("keystroke: beside rg, CPU", ours.cpu() / rg.cpu(), "×", Target::None);
        }
        if rest.is_empty() {
            report.note("SKIPPED: rg (Debian's ripgrep) is not here");
        }
    }
    let mut slowest = findings.keystrokes;
    slowest.sort_by(|a, b| b.1.total_cmp(&a.1));
    let slowest: Vec<String> =
        slowest.iter().take(8).map(|(text, ms)| format!("{text} {ms:.1} ms")).collect();
    report.note(format!("slowest: {}", slowest.join(" · ")));
    report.keep(keystrokes);
    if let (Some(memory), Some(peak)) = (findings.memory_mb, findings.peak_mb) {
        report.row("memory of the process after looking and searching", memory, "MB", Target::Most(MEMORY));
        report.row("the most it had at any time", peak, "MB", Target::None);
    }
    Ok(())
}

/// One item into the trash, then for good with key, row, index and sealed bytes; they lie far apart, so that no two
/// share a page.
fn delete_one(few: &Made, many: &Made, report: &mut Report) -> Result<()> {
    let (few, many) = (few.open()?, many.open()?);
    let discard = |vault: &Vault, id: ItemId| Ok(vault.discard(&[id], NOW)?);
    compare("discard one", [&few, &many], discard, report)?;
    let erase = |vault: &Vault, id: ItemId| Ok(vault.erase(&[id])?);
    compare("erase one", [&few, &many], erase, report)
}

fn compare(
    what: &str,
    [few, many]: [&Vault; 2],
    delete: impl Fn(&Vault, ItemId) -> Result<usize>,
    report: &mut Report,
) -> Result<()> {
    let delete = |vault: &Vault, id: Option<ItemId>| {
        settle()?;
        let (n, cost) = cost(|| delete(vault, id.context("none left")?))?;
        ensure!(n == 1, "nothing was deleted");
        Ok(cost)
    };
    let (mut of_few, mut of_many) = (victims(few, FEW)?.into_iter(), victims(many, MANY)?.into_iter());
    let mut series = take_turns(
        DELETIONS,
        &mut [
            Contender::new("of 1,000", || delete(few, of_few.next())),
            Contender::new("of 100,000", || delete(many, of_many.next())),
        ],
    )?;
    if let [few, many] = series.as_slice() {
        let ratio = many.wall() / few.wall();
        report.row(format!("{what}: of 100,000 beside of 1,000, wall"), ratio, "×", Target::Most(1.5));
        let ratio = many.cpu() / few.cpu();
        report.row(format!("{what}: of 100,000 beside of 1,000, CPU"), ratio, "×", Target::None);
        // What the person waits for; the rest is done behind them.
        report.row(format!("{what} of 100,000"), many.wall(), "ms", Target::Most(1000.0));
    }
    for one in &mut series {
        one.name = format!("{what} {}", one.name);
    }
    report.keep(series);
    Ok(())
}

/// As many items as are deleted, evenly from all that are left.
fn victims(vault: &Vault, n: usize) -> Result<Vec<ItemId>> {
    let step = n / (DELETIONS + 2);
    let each =
        (1..=DELETIONS + 1).map(|place| vault.page(u32::try_from(place * step)?, 1).map_err(Error::from));
    each.map(|page| Ok(page?.first().context("no item to delete")?.item.id)).collect()
}
