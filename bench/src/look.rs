//! The part that runs in a process of its own: it opens a vault that is there, looks and searches, and tells what
//! that took. So its memory is that of a program that only looks, and its first page comes from a fresh process.
//!
//! The vault's recovery key comes over standard input; the answer is JSON on standard output.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::Instant;

use anyhow::{Context, Result, bail, ensure};
use crypto::{RecoveryKey, SlotSecret};
use model::{ItemId, SystemClock};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use studio::{Config, Language, NoHost, PictureKind, Studio};
use vault::{Folder, Query, Vault};

use crate::harness::{Contender, Cost, ROUNDS, Series, cost, has_program, quantile, run_program, take_turns};
use crate::plain::{Kind, Plain};
use crate::typed;

/// The argument that makes this program do it.
pub const COMMAND: &str = "look";
/// Items of a page, thumbnails of a screen.
pub const PAGE: usize = 60;
/// Times that everything is typed.
const TYPINGS: usize = 5;

/// What a process found.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Findings {
    /// Items found without a search.
    pub items: usize,
    /// Milliseconds from the key to the open vault.
    pub open_ms: f64,
    /// Milliseconds from the key to the first page.
    pub page_ms: f64,
    /// Resident memory at the end, in MB; `None` where the system does not tell.
    pub memory_mb: Option<f64>,
    /// The most that was resident at any time.
    pub peak_mb: Option<f64>,
    /// Comparisons.
    pub series: Vec<Series>,
    /// Each keystroke on each typing, in milliseconds: median, then every single time.
    pub keystrokes: Vec<(String, f64)>,
    /// As above, unsummarised.
    pub every_keystroke: Vec<f64>,
}

struct Place {
    folder: PathBuf,
    plain: PathBuf,
    prompts: PathBuf,
    code: String,
}

/// Runs one of the ways of looking.
pub fn run(arguments: &[String]) -> Result<()> {
    let [way, folder, plain, prompts] = arguments else { bail!("look WAY VAULT PLAIN PROMPTS") };
    let mut code = String::new();
    std::io::stdin().read_to_string(&mut code)?;
    let (folder, plain, prompts) = (folder.into(), plain.into(), prompts.into());
    let place = Place { folder, plain, prompts, code: code.trim().to_owned() };
    let mut findings = match way.as_str() {
        "vault" => by_vault(&place),
        "window" => by_window(&place),
        "session" => session(&place),
        _ => bail!("there is no such way of looking"),
    }?;
    if findings.memory_mb.is_none() {
        findings.memory_mb = memory("VmRSS");
    }
    findings.peak_mb = memory("VmHWM");
    println!("{}", serde_json::to_string(&findings)?);
    Ok(())
}

/// From the key to the first page, below the window: open, the whole order, the first items. Then the thumbnails.
fn by_vault(place: &Place) -> Result<Findings> {
    let folder = Folder::new(&place.folder);
    let key = RecoveryKey::parse(&place.code, &Vault::inspect(&folder)?.id)?;
    let start = Instant::now();
    let vault = Vault::open(&folder, &SlotSecret::Recovery(key))?;
    let open_ms = millis(start);
    let listing = vault.query(&Query::default())?;
    let seqs: Vec<u32> = listing.cells.iter().take(PAGE).map(|cell| cell.seq).collect();
    let items = vault.items(&seqs)?;
    let page_ms = millis(start);
    ensure!(items.len() == PAGE, "the first page is not full");
    let ids: Vec<ItemId> = items.iter().map(|stored| stored.item.id).collect();
    let plain = Plain::open(&place.plain, Kind::Truncate)?;
    let series = take_turns(
        ROUNDS,
        &mut [
            Contender::new("60 thumbnails: vault", || {
                screen(&ids, |id| vault.thumbnail(id)?.map(|(bytes, _)| bytes).context("no thumbnail"))
            }),
            Contender::new("60 thumbnails: plain SQLite", || {
                screen(&ids, |id| plain.thumbnail(id.as_bytes()))
            }),
        ],
    )?;
    Ok(Findings { items: listing.cells.len(), open_ms, page_ms, series, ..Findings::default() })
}

fn screen<T>(of: &[T], thumbnail: impl Fn(&T) -> Result<Vec<u8>>) -> Result<Cost> {
    let (bytes, cost) = cost(|| of.iter().map(|one| Ok(thumbnail(one)?.len())).sum::<Result<usize>>())?;
    ensure!(bytes > of.len() * 1024, "these are no thumbnails");
    Ok(cost)
}

/// From the key to the first page as the window asks for it, through the command table, thumbnails included.
fn by_window(place: &Place) -> Result<Findings> {
    let studio = studio(place);
    let start = Instant::now();
    let items = unlock(&studio, place)?;
    let open_ms = millis(start);
    let seqs = first_page(&studio)?;
    api::call_for_text(&studio, "gallery_cells", json!({ "seqs": seqs })).map_err(refused)?;
    screen(&seqs, |seq| picture(&studio, *seq))?;
    Ok(Findings { items, open_ms, page_ms: millis(start), ..Findings::default() })
}

/// Unlocks and lists everything; gives the number of items.
fn unlock(studio: &Studio, place: &Place) -> Result<usize> {
    let with = json!({ "with": { "by": "recovery", "code": place.code } });
    api::call(studio, "vault_unlock", with).map_err(refused)?;
    let listing = api::call(studio, "gallery_query", json!({})).map_err(refused)?;
    Ok(usize::try_from(listing.get("total").and_then(Value::as_u64).unwrap_or(0))?)
}

fn first_page(studio: &Studio) -> Result<Vec<u32>> {
    let listing = studio.query(&Query::default()).map_err(refused)?;
    Ok(listing.cells.iter().take(PAGE).map(|cell| cell.seq).collect())
}

fn picture(studio: &Studio, seq: u32) -> Result<Vec<u8>> {
    Ok(studio.picture(seq, PictureKind::Thumbnail).map_err(refused)?.bytes)
}

/// A person who looks and searches for a while.
fn session(place: &Place) -> Result<Findings> {
    let studio = studio(place);
    let items = unlock(&studio, place)?;
    let seqs = first_page(&studio)?;
    let shown = studio.items(&seqs).map_err(refused)?;
    let pairs: Vec<(u32, ItemId)> = shown.iter().map(|stored| (stored.seq, stored.item.id)).collect();
    let plain = Plain::open(&place.plain, Kind::Truncate)?;
    let series = take_turns(
        ROUNDS,
        &mut [
            Contender::new("60 thumbnails as the window asks: vault", || {
                screen(&pairs, |(seq, _)| picture(&studio, *seq))
            }),
            Contender::new("60 thumbnails as the window asks: plain SQLite", || {
                screen(&pairs, |(_, id)| plain.thumbnail(id.as_bytes()))
            }),
        ],
    )?;
    drop(plain);
    let mut findings = Findings { items, series, ..Findings::default() };
    type_all(&studio, &place.prompts, &mut findings)?;
    Ok(findings)
}

/// Types everything several times; `rg` gets every state of the field right after the vault.
fn type_all(studio: &Studio, prompts: &Path, findings: &mut Findings) -> Result<()> {
    let states = typed::keystrokes();
    let with_rg = has_program("rg");
    let mut ours = vec![Series::default(); states.len()];
    let mut theirs = ours.clone();
    for typing in 0..=TYPINGS {
        for ((text, ours), theirs) in states.iter().zip(&mut ours).zip(&mut theirs) {
            let ask =
                || api::call_for_text(studio, "gallery_query", json!({ "text": text })).map_err(refused);
            let (found, one) = cost(ask)?;
            ensure!(found.starts_with("{\"total\":"), "no answer");
            let other = if with_rg { Some(ripgrep(text, prompts)?) } else { None };
            if typing > 0 {
                ours.push(one);
                other.into_iter().for_each(|cost| theirs.push(cost));
                findings.every_keystroke.push(one.wall.as_secs_f64() * 1e3);
            }
        }
    }
    findings.keystrokes = states.iter().cloned().zip(ours.iter().map(Series::wall)).collect();
    findings.series.push(medians("a keystroke: vault (median of each)", &ours));
    if with_rg {
        findings.series.push(medians("a keystroke: rg over the prompts as text (median of each)", &theirs));
    }
    Ok(())
}

fn ripgrep(text: &str, prompts: &Path) -> Result<Cost> {
    // Exit code 1: nothing found.
    run_program(Command::new("rg").args(["-c", "-i", "-F", "--", text]).arg(prompts), &[0, 1])
}

fn medians(name: &str, each: &[Series]) -> Series {
    let of = |values: fn(&Series) -> &Vec<f64>| each.iter().map(|one| quantile(values(one), 0.5)).collect();
    Series { name: name.to_owned(), wall: of(|one| &one.wall), cpu: of(|one| &one.cpu) }
}

fn studio(place: &Place) -> Studio {
    let beside = place.folder.with_extension("settings");
    let config = Config {
        data: beside.clone(),
        vault: Some(place.folder.clone()),
        settings: beside,
        home: None,
        language: Language::En,
        pictures: "vault://localhost/".to_owned(),
        passphrase: None,
        minute: std::time::Duration::from_secs(60),
        renews: false,
    };
    Studio::new(config, Arc::new(NoHost), Arc::new(SystemClock), |_| {})
}

fn refused(failure: studio::Failure) -> anyhow::Error {
    anyhow::anyhow!("refused: {failure:?}")
}

fn millis(since: Instant) -> f64 {
    since.elapsed().as_secs_f64() * 1e3
}

/// A line of this process's status, in MB.
fn memory(name: &str) -> Option<f64> {
    let text = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = text.lines().find(|line| line.starts_with(name))?;
    let kib: f64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kib * 1024.0 / 1e6)
}
