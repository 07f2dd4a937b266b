//! Paintings, prompts, bad files, vaults, clock.

use std::collections::HashSet;

use model::{Clock, Timestamp};
use testkit::art::{Motif, paint};
use testkit::clock::FakeClock;
use testkit::hostile::{self, Verdict};
use testkit::prompts;
use testkit::vaults::TempVault;

#[test]
fn paintings_are_the_same_for_the_same_seed_and_differ_for_others() {
    for motif in Motif::ALL {
        let one = paint(motif, 3, 60, 40);
        assert_eq!(one.rgb.len(), 60 * 40 * 3);
        assert_eq!(one, paint(motif, 3, 60, 40), "{motif:?}");
        assert_ne!(one, paint(motif, 4, 60, 40), "{motif:?}");
        let shades: HashSet<&[u8]> = one.rgb.chunks(3).collect();
        assert!(shades.len() > 100, "{motif:?} is not flat: {}", shades.len());
    }
}

#[test]
fn paintings_of_any_shape_can_be_made() {
    for motif in Motif::ALL {
        for (width, height) in [(1, 1), (1, 300), (300, 1), (7, 5)] {
            assert_eq!(paint(motif, 1, width, height).rgb.len(), (width * height * 3) as usize, "{motif:?}");
        }
    }
}

#[test]
fn a_hundred_thousand_prompts_are_distinct_and_in_both_languages() {
    let rows: Vec<_> = prompts::rows(100_000, 1).collect();
    assert_eq!(rows.iter().map(|row| row.prompt.as_str()).collect::<HashSet<_>>().len(), rows.len());
    assert_eq!(rows.iter().map(|row| row.file_name.as_str()).collect::<HashSet<_>>().len(), rows.len());
    let japanese = rows
        .iter()
        .filter(|row| row.prompt.contains(|c: char| ('\u{3040}'..='\u{30ff}').contains(&c)))
        .count();
    assert!((30_000..70_000).contains(&japanese), "{japanese}");
    assert!(rows.windows(2).all(|pair| pair[0].created_ms >= pair[1].created_ms));
    assert!(prompts::rows(50, 9).eq(prompts::rows(50, 9)));
}

#[test]
fn bad_files_are_as_bad_as_they_say() {
    for file in hostile::all().into_iter().chain(hostile::not_utf8()) {
        let decoded = imaging::decode(&file.bytes, &imaging::Limits::default());
        assert_eq!(decoded.is_ok(), file.verdict == Verdict::Taken, "{file:?}: {:?}", decoded.err());
        let reading = metadata::read(&file.bytes, None);
        let animated = file.name.to_string_lossy().starts_with("animated");
        assert_eq!(reading.animated, animated, "{file:?}");
    }
}

#[test]
fn bad_files_are_written_with_links_that_lead_nowhere() {
    let dir = tempfile::tempdir().unwrap();
    let paths = hostile::write_to(dir.path()).unwrap();
    assert!(paths.len() > 20 && paths.iter().all(|path| path.is_file()));
    #[cfg(unix)]
    assert!(dir.path().join("loop/loop").is_dir() && std::fs::metadata(dir.path().join("self.png")).is_err());
}

#[test]
fn a_vault_of_samples_and_rows_opens_again() {
    let mut temporary = TempVault::new();
    let samples = testkit::samples::all(&testkit::samples::Options { edge: 32 });
    let count = samples.len();
    assert_eq!(testkit::vaults::fill_with_samples(temporary.get(), samples).unwrap(), count);
    assert_eq!(testkit::vaults::fill_with_rows(temporary.get(), prompts::rows(600, 2)).unwrap(), 600);
    temporary.lock();
    let vault = temporary.unlock();
    assert_eq!(vault.query(&vault::Query::default()).unwrap().cells.len(), count + 600);
    assert!(vault.check(&mut |_| true).unwrap().is_whole());
}

#[test]
fn the_clock_moves_only_when_told() {
    let clock = FakeClock::default();
    let (other, before) = (clock.clone(), clock.now());
    clock.advance_ms(1500);
    assert_eq!(other.now().millis(), before.millis() + 1500);
    other.set(Timestamp::from_millis(7));
    assert_eq!(clock.now(), Timestamp::from_millis(7));
}
