//! Import of files and folders.

use std::fs;
use std::path::PathBuf;

use model::{Clock, Format};
use transfer::{ImportReport, LeftWhy, Refusal, Refused};
use vault::Vault;

use crate::fixtures::{Home, assert_whole, contents, picture, picture_with, prompt, stop_at};

#[test]
fn a_folder_comes_in_bit_for_bit_with_its_prompts() {
    let home = Home::new();
    home.write("in/b.png", &picture(1));
    home.write("in/deep/er/a.png", &picture(2));
    home.write("in/notes.txt", b"not a picture");
    let vault = home.vault("vault");
    let plan = transfer::plan(&vault, &[home.path("in")], &mut |_| true).unwrap();
    assert_eq!((plan.files, plan.new, plan.duplicates, plan.refused, plan.skipped), (2, 2, 0, 0, 1));
    assert_eq!(plan.bytes, (picture(1).len() + picture(2).len()) as u64);
    let report = home.import(&vault, &[home.path("in")]);
    assert_eq!((report.added.len(), report.without_prompt), (2, 0));
    for ((item, raw, original, thumbnail), n) in contents(&vault).into_iter().zip([1, 2]) {
        assert_eq!(original, picture(n));
        assert!(item.recipe.prompt.unwrap().starts_with(&prompt(n)));
        assert!(!raw.is_empty() && thumbnail.is_some());
        assert_eq!((item.format, item.width, item.bytes), (Format::Png, 16, original.len() as u64));
    }
    assert_whole(&vault);
}

fn taken(vault: &Vault) -> Vec<(String, Vec<u8>, i64, Vec<u8>)> {
    let items = contents(vault).into_iter();
    items.map(|(i, _, bytes, _)| (i.file_name, i.sha256.0.to_vec(), i.created_at.millis(), bytes)).collect()
}

#[test]
fn a_picture_in_the_trash_comes_out_when_it_is_brought_in_once_more() {
    let home = Home::new();
    let folder = home.path("in");
    for n in 0..3 {
        home.write(&format!("in/{n}.png"), &picture(n));
    }
    let vault = home.vault("vault");
    let first = home.import(&vault, std::slice::from_ref(&folder));
    vault.discard(&first.added[..2], home.clock.now()).unwrap();
    home.write("in/new.png", &picture(9));
    let plan = transfer::plan(&vault, std::slice::from_ref(&folder), &mut |_| true).unwrap();
    assert_eq!((plan.new, plan.restored, plan.duplicates), (1, 2, 1));
    let again = home.import(&vault, &[folder]);
    assert_eq!((again.added.len(), again.restored, again.duplicates), (1, 2, 1));
    assert_eq!(vault.query(&vault::Query::default()).unwrap().trash, 0);
}

#[test]
fn the_result_does_not_depend_on_the_order_of_paths_or_threads() {
    let home = Home::new();
    for n in 0..60 {
        // Every third picture is there twice under different names.
        home.write(&format!("in/{}/{n:02}.png", n % 3), &picture(n / 3 * 3 % 41));
    }
    let folders = ["0", "1", "2"].map(|name| home.path("in").join(name));
    let mut reversed = folders.to_vec();
    reversed.reverse();
    reversed.push(home.path("in/1/01.png"));
    let (a, b) = (home.vault("a"), home.vault("b"));
    let first = home.import(&a, &folders);
    let second = home.import(&b, &reversed);
    assert_eq!(taken(&a), taken(&b));
    assert_eq!((first.added.len(), first.duplicates), (second.added.len(), second.duplicates));
    assert_eq!(first.added.len() + first.duplicates, 60);
    let added: Vec<i64> = contents(&a).into_iter().map(|(item, ..)| item.added_at.millis()).collect();
    assert!(added.windows(2).all(|pair| pair[0] == pair[1]));
}

#[test]
fn duplicates_are_named_and_kept_once() {
    let home = Home::new();
    for name in ["in/a.png", "in/b.png", "other/c.png"] {
        home.write(name, &picture(1));
    }
    home.write("in/d.png", &picture(2));
    let vault = home.vault("vault");
    let plan = transfer::plan(&vault, &[home.path("in")], &mut |_| true).unwrap();
    assert_eq!((plan.new, plan.duplicates), (2, 1));
    let report = home.import(&vault, &[home.path("in")]);
    assert_eq!((report.added.len(), report.duplicates), (2, 1));
    let plan = transfer::plan(&vault, &[home.path("other")], &mut |_| true).unwrap();
    assert_eq!((plan.new, plan.duplicates), (0, 1));
    let report = home.import(&vault, &[home.path("other"), home.path("in")]);
    assert_eq!((report.added.len(), report.duplicates), (0, 4));
    let here = ["in/a.png", "in/b.png", "in/d.png", "other/c.png"]
        .map(|name| (home.path(name), LeftWhy::AlreadyHere));
    assert_eq!(left(report), here);
    assert_eq!(contents(&vault).len(), 2);
}

fn left(report: ImportReport) -> Vec<(PathBuf, LeftWhy)> {
    report.left.into_iter().map(|file| (file.path, file.why)).collect()
}

#[test]
fn every_file_of_a_folder_is_taken_or_named_with_the_reason() {
    let home = Home::new();
    home.write("in/a.png", &picture(1));
    home.write("in/deep/twin.png", &picture(1));
    home.write("in/notes.txt", b"not a picture");
    home.write("in/deep/.hidden", b"");
    home.write("in/empty.png", b"");
    let vault = home.vault("vault");
    let trashed = home.import(&vault, &[home.path("in/deep/twin.png")]);
    vault.discard(&trashed.added, home.clock.now()).unwrap();
    let report = home.import(&vault, &[home.path("in")]);
    assert_eq!((report.added.len(), report.duplicates, report.restored, report.skipped), (0, 1, 1, 2));
    assert_eq!(report.refused, [Refused { path: home.path("in/empty.png"), reason: Refusal::Empty }]);
    let expected = [
        ("in/a.png", LeftWhy::AlreadyHere),
        ("in/deep/twin.png", LeftWhy::AlreadyHere),
        ("in/deep/.hidden", LeftWhy::OtherKind),
        ("in/notes.txt", LeftWhy::OtherKind),
    ];
    assert_eq!(left(report), expected.map(|(name, why)| (home.path(name), why)));
}

/// Bytes that can't be taken, and the reason.
fn bad_files() -> Vec<(&'static str, Vec<u8>, Refusal)> {
    let whole = picture(7);
    let mut huge = whole.clone();
    // IHDR: 60,000 × 60,000 pixels, with a checksum that fits.
    huge[16..24].copy_from_slice(&[0, 0, 0xea, 0x60, 0, 0, 0xea, 0x60]);
    let checksum = crc32(&huge[12..29]);
    huge[29..33].copy_from_slice(&checksum.to_be_bytes());
    vec![
        ("empty.png", Vec::new(), Refusal::Empty),
        ("text.png", b"just text".to_vec(), Refusal::Unsupported),
        ("drawing.jpg", b"<svg xmlns='http://www.w3.org/2000/svg'/>".to_vec(), Refusal::Unsupported),
        ("cut.png", whole[..whole.len() * 2 / 3].to_vec(), Refusal::Damaged),
        ("start.png", whole[..8].to_vec(), Refusal::Damaged),
        ("jpeg.jpg", b"\xff\xd8\xff\xe0nothing".to_vec(), Refusal::Damaged),
        ("huge.png", huge, Refusal::TooLarge),
    ]
}

/// CRC-32 as PNG has it (ISO 3309), bit by bit.
fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(
            crc ^ u32::from(*byte),
            |crc, _| if crc & 1 == 1 { crc >> 1 ^ 0xedb8_8320 } else { crc >> 1 },
        )
    })
}

#[test]
fn each_bad_file_is_named_with_its_reason_and_leaves_nothing() {
    let home = Home::new();
    for (name, bytes, _) in bad_files() {
        home.write(&format!("in/{name}"), &bytes);
    }
    home.write("in/good.png", &picture(1));
    let vault = home.vault("vault");
    let report = home.import(&vault, &[home.path("in"), home.path("gone.png")]);
    let mut expected: Vec<(PathBuf, Refusal)> =
        bad_files().into_iter().map(|(name, _, reason)| (home.path("in").join(name), reason)).collect();
    expected.push((home.path("gone.png"), Refusal::Vanished));
    expected.sort_by(|a, b| a.0.cmp(&b.0));
    let refused: Vec<_> = report.refused.into_iter().map(|refused| (refused.path, refused.reason)).collect();
    assert_eq!(refused, expected);
    assert_eq!(report.added.len(), 1);
    assert_eq!(contents(&vault).len(), 1);
    assert_whole(&vault);
}

#[test]
fn what_a_file_is_called_does_not_matter() {
    let home = Home::new();
    home.write("in/picture.jpg", &picture(1));
    home.write("in/picture without an ending", &picture(3));
    home.write("in/picture.png.download", &picture(4));
    home.write("in/animation.gif", b"GIF89a");
    home.write("in/workflow.json", b"{}");
    let picked = home.write("picture.dat", &picture(2));
    let vault = home.vault("vault");
    let plan = transfer::plan(&vault, &[home.path("in"), picked.clone()], &mut |_| true).unwrap();
    assert_eq!((plan.new, plan.refused, plan.skipped), (4, 1, 1));
    let report = home.import(&vault, &[home.path("in"), picked]);
    assert_eq!((report.added.len(), report.skipped), (4, 1));
    let refused: Vec<_> = report.refused.iter().map(|file| (file.path.clone(), file.reason)).collect();
    assert_eq!(refused, [(home.path("in/animation.gif"), Refusal::Unsupported)]);
    assert!(contents(&vault).iter().all(|(item, ..)| item.format == Format::Png));
}

#[test]
fn a_giant_file_is_refused_before_it_is_read() {
    let home = Home::new();
    let path = home.write("in/giant.png", &picture(1));
    let file = fs::OpenOptions::new().write(true).open(&path).unwrap();
    file.set_len((1 << 30) + 1).unwrap();
    let report = home.import(&home.vault("vault"), &[home.path("in")]);
    assert_eq!(report.refused[0].reason, Refusal::TooLarge);
}

#[test]
fn a_file_that_changes_after_the_plan_is_taken_as_it_is_then() {
    let home = Home::new();
    let path = home.write("in/a.png", &picture(1));
    let vault = home.vault("vault");
    transfer::plan(&vault, &[home.path("in")], &mut |_| true).unwrap();
    fs::write(&path, picture(2)).unwrap();
    home.import(&vault, &[home.path("in")]);
    assert_eq!(contents(&vault)[0].2, picture(2));
}

#[test]
fn stopping_anywhere_keeps_whole_items_and_a_second_run_completes_them() {
    let home = Home::new();
    for n in 0..70 {
        home.write(&format!("in/{n:02}.png"), &picture(n));
    }
    // The walk asks 70 times, then each file once.
    for n in [0, 1, 69, 70, 71, 101, 102, 103, 133, 134, 139, 140] {
        let vault = home.vault(&format!("vault-{n}"));
        let mut told = 0;
        let paths = [home.path("in")];
        let mut added = |ids: &[model::ItemId]| told += ids.len();
        let report = transfer::import(&vault, &paths, &home.clock, &mut stop_at(n), &mut added).unwrap();
        assert_eq!((report.added.len(), report.cancelled), (told, told < 70), "stopped at {n}");
        assert_eq!(contents(&vault).len(), told);
        assert_whole(&vault);
        // Once the walk has found them, those that stayed outside are named.
        let outside: Vec<_> = (told as u32..70).filter(|_| n >= 70).collect();
        let outside =
            outside.into_iter().map(|n| (home.path(&format!("in/{n:02}.png")), LeftWhy::NotReached));
        assert_eq!(report.not_reached, outside.len());
        assert_eq!(left(report), outside.collect::<Vec<_>>());
        let again: ImportReport = home.import(&vault, &paths);
        assert_eq!((again.added.len(), again.duplicates), (70 - told, told));
    }
}

#[test]
fn a_drive_that_vanishes_loses_nothing_and_every_file_is_accounted_for() {
    let home = Home::new();
    for n in 0..200 {
        home.write(&format!("in/{n:03}.png"), &picture(n));
    }
    let vault = home.vault("vault");
    let folder = home.path("in");
    let mut watch = |progress: transfer::Progress| {
        if progress.done == 1 {
            fs::rename(&folder, home.path("unplugged")).unwrap();
        }
        true
    };
    let paths = [home.path("in")];
    let report = transfer::import(&vault, &paths, &home.clock, &mut watch, &mut |_| {}).unwrap();
    assert_eq!(report.added.len() + report.refused.len(), 200);
    assert!(!report.added.is_empty() && report.refused.len() > 100, "{}", report.refused.len());
    assert!(report.refused.iter().all(|refused| refused.reason == Refusal::Vanished));
    assert_eq!(contents(&vault).len(), report.added.len());
    assert_whole(&vault);
}

#[test]
fn a_prompt_with_everything_in_it_comes_in_as_it_is() {
    let home = Home::new();
    let prompt = "<script>alert('x')</script> =cmd|' /C calc'!A0 \u{202e}gnp.exe 🦊 \"quoted\" \\ %s";
    home.write("in/a.png", &picture_with(1, prompt));
    let vault = home.vault("vault");
    home.import(&vault, &[home.path("in")]);
    assert!(contents(&vault)[0].0.recipe.prompt.as_deref().unwrap().starts_with(prompt));
}

#[cfg(unix)]
mod unix {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    use std::os::unix::fs::symlink;
    use std::process::Command;

    use super::*;

    #[test]
    fn links_in_circles_end_and_each_picture_comes_once() {
        let home = Home::new();
        home.write("in/a.png", &picture(1));
        home.write("in/sub/b.png", &picture(2));
        symlink(home.path("in"), home.path("in/sub/up")).unwrap();
        symlink("self", home.path("in/self")).unwrap();
        symlink("ring.png", home.path("in/ring.png")).unwrap();
        symlink("nowhere", home.path("in/dangling.png")).unwrap();
        let vault = home.vault("vault");
        let report = home.import(&vault, &[home.path("in")]);
        assert_eq!((report.added.len(), report.duplicates), (2, 0));
        let reasons: Vec<Refusal> = report.refused.iter().map(|refused| refused.reason).collect();
        // Also the one that does not end like a picture: a folder of pictures may be behind it.
        assert_eq!(reasons, [Refusal::Vanished, Refusal::Unreadable, Refusal::Unreadable]);
    }

    #[test]
    fn a_name_that_is_not_unicode_is_taken() {
        let home = Home::new();
        fs::create_dir(home.path("in")).unwrap();
        let name = OsStr::from_bytes(b"\x8aC\x82\xcc\xff.png");
        fs::write(home.path("in").join(name), picture(1)).unwrap();
        let vault = home.vault("vault");
        assert_eq!(home.import(&vault, &[home.path("in")]).added.len(), 1);
        assert!(contents(&vault)[0].0.file_name.ends_with(".png"));
    }

    #[test]
    fn a_pipe_is_refused_without_waiting_for_it() {
        let home = Home::new();
        let pipe = home.path("pipe.png");
        assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        let report = home.import(&home.vault("vault"), &[pipe, PathBuf::from("/dev/zero")]);
        assert!(report.refused.iter().all(|refused| refused.reason == Refusal::Unsupported));
        assert_eq!(report.refused.len(), 2);
    }

    #[test]
    fn a_very_deep_folder_ends_with_a_reason_and_not_with_the_program() {
        let home = Home::new();
        let deep = "d/".repeat(1900);
        home.write("in/a.png", &picture(1));
        let made = Command::new("mkdir").arg("-p").arg(home.path("in").join(&deep)).status().unwrap();
        let report = home.import(&home.vault("vault"), &[home.path("in")]);
        assert_eq!(report.added.len(), 1);
        assert!(report.refused.is_empty() || made.success());
    }
}

#[test]
fn pictures_too_large_to_be_decoded_beside_others_come_in_all_the_same() {
    let home = Home::new();
    for (name, rows) in [("a.png", 4001_u32), ("b.png", 4002), ("c.png", 4003)] {
        let mut bytes = Vec::new();
        let mut encoder = png::Encoder::new(&mut bytes, 6000, rows);
        encoder.set_color(png::ColorType::Grayscale);
        encoder.set_compression(png::Compression::Fastest);
        let mut writer = encoder.write_header().unwrap();
        writer.write_image_data(&vec![90; 6000 * rows as usize]).unwrap();
        writer.finish().unwrap();
        home.write(&format!("in/{name}"), &bytes);
    }
    let vault = home.vault("vault");
    let report = home.import(&vault, &[home.path("in")]);
    assert_eq!((report.added.len(), report.refused.len()), (3, 0));
    assert!(contents(&vault).iter().all(|(_, _, _, thumbnail)| thumbnail.is_some()));
}
