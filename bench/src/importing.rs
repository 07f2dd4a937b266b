//! Import of a folder from end to end, beside the bare decoding of the same files and beside a quick program that
//! makes thumbnails.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Result, ensure};
use model::SystemClock;
use testkit::vaults::create_in;
use vault::{Folder, Vault};

use crate::harness::{Contender, Cost, ROUNDS, cost, has_program, program, settle, take_turns};
use crate::pictures::{self, Picture};
use crate::report::{Report, Target};

const FILES: usize = 48;

/// Runs it.
pub fn measure() -> Result<Report> {
    let dir = tempfile::tempdir()?;
    let mut report = Report::new("importing");
    let pictures = pictures::make(FILES)?;
    let mean = pictures::mean_bytes(&pictures) / 1e6;
    let files = pictures::write(&pictures, &dir.path().join("files"))?;
    report.note(format!(
        "{FILES} PNG files of 1024 × 1024 pixels, {mean:.2} MB on average, with generators' metadata"
    ));
    report.note("import: from the files to a durable vault (synchronous = FULL), all cores; files in the system's cache");
    report.note("bare decoding: the same bytes from memory, one thread, the png crate with its own settings");
    report.note(
        "vipsthumbnail: 512 pixels, JPEG of quality 80, then cp of the originals; neither is made durable",
    );
    let mut contenders = vec![
        Contender::new("import of all", || import_all(dir.path())),
        Contender::new("bare PNG decoding of all", || decode_all(&pictures)),
    ];
    if has_program("vipsthumbnail") {
        contenders.push(Contender::new("vipsthumbnail and cp of all", || vips(dir.path(), &files)));
    } else {
        report.note("SKIPPED: vipsthumbnail (Debian's libvips-tools) is not here");
    }
    let series = take_turns(ROUNDS, &mut contenders)?;
    if let [import, decode, vips @ ..] = series.as_slice() {
        let each = |ms: f64| ms / FILES as f64;
        report.row("import: CPU per picture", each(import.cpu()), "ms", Target::None);
        report.row("import: pictures per second", 1e3 / each(import.wall()), "/s", Target::None);
        report.row("import: CPU beside bare decoding", import.cpu() / decode.cpu(), "×", Target::Most(2.0));
        for vips in vips {
            let what = "import: pictures/s beside vipsthumbnail and cp";
            report.row(what, vips.wall() / import.wall(), "×", Target::Least(2.0));
        }
    }
    drop(contenders);
    report.keep(series);
    Ok(report)
}

/// Takes the files of a folder into a vault; all must be new.
pub fn import(vault: &Vault, folder: &Path) -> Result<usize> {
    let report = transfer::import(vault, &[folder.to_owned()], &SystemClock, &mut |_| true, &mut |_| {})?;
    ensure!(report.refused.is_empty() && report.without_prompt == 0, "a picture was not taken whole");
    Ok(report.added.len())
}

fn import_all(dir: &Path) -> Result<Cost> {
    let place = dir.join("vault");
    let vault = create_in(&Folder::new(&place))?;
    settle()?;
    let (added, cost) = cost(|| import(&vault, &dir.join("files")))?;
    ensure!(added == FILES, "a picture was not taken");
    drop(vault);
    fs::remove_dir_all(place)?;
    Ok(cost)
}

fn decode_all(pictures: &[Picture]) -> Result<Cost> {
    let decode = |picture: &Picture| {
        let mut reader = png::Decoder::new(std::io::Cursor::new(&picture.bytes)).read_info()?;
        let mut pixels = vec![0; reader.output_buffer_size().unwrap_or_default()];
        reader.next_frame(&mut pixels)?;
        Ok::<_, png::DecodingError>(std::hint::black_box(pixels).len())
    };
    let (bytes, cost) = cost(|| Ok(pictures.iter().map(decode).sum::<Result<usize, _>>()?))?;
    let each = pictures::EDGE as usize * pictures::EDGE as usize * 3;
    ensure!(bytes == pictures.len() * each, "a picture has other pixels");
    Ok(cost)
}

fn vips(dir: &Path, files: &[PathBuf]) -> Result<Cost> {
    let place = dir.join("peer");
    fs::create_dir_all(place.join("originals"))?;
    settle()?;
    let form = format!("{}/%s.jpg[Q=80]", place.display());
    let thumbnails = program(Command::new("vipsthumbnail").args(["--size", "512", "-o", &form]).args(files))?;
    let copies = program(Command::new("cp").args(files).arg(place.join("originals")))?;
    ensure!(fs::read_dir(&place)?.count() == files.len() + 1, "vipsthumbnail did not make all thumbnails");
    fs::remove_dir_all(place)?;
    Ok(thumbnails.and(copies))
}
