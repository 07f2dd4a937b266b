//! `items.csv`: RFC 4180, for spreadsheets. The lossless form is `items.jsonl`.

use crate::archive::ArchiveItem;
use crate::error::TransferError;

const HEADINGS: [&str; 23] = [
    "id",
    "file",
    "file_name",
    "created_at",
    "added_at",
    "discarded_at",
    "title",
    "rating",
    "favourite",
    "tags",
    "generator",
    "model",
    "prompt",
    "negative_prompt",
    "seed",
    "steps",
    "cfg",
    "sampler",
    "scheduler",
    "width",
    "height",
    "bytes",
    "sha256",
];

/// The first line; UTF-8 with a byte order mark, without which Excel reads Japanese wrongly.
pub fn head() -> Vec<u8> {
    let mut head = vec![0xef, 0xbb, 0xbf];
    head.extend_from_slice(HEADINGS.join(",").as_bytes());
    head.extend_from_slice(b"\r\n");
    head
}

/// The lines of some items.
///
/// # Errors
/// Writing into memory does not fail; the type says otherwise.
pub fn lines(items: &[ArchiveItem]) -> Result<Vec<u8>, TransferError> {
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    for item in items {
        writer
            .write_record(cells(item).map(|cell| harmless(&cell)))
            .map_err(|_| TransferError::ArchiveDamaged)?;
    }
    writer.into_inner().map_err(|_| TransferError::ArchiveDamaged)
}

fn cells(item: &ArchiveItem) -> [String; HEADINGS.len()] {
    let recipe = &item.recipe;
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let number = |number: Option<String>| number.unwrap_or_default();
    [
        item.id.to_string(),
        text(&item.file),
        item.file_name.clone(),
        item.created_at.clone(),
        item.added_at.clone(),
        text(&item.discarded_at),
        item.title.clone(),
        item.rating.to_string(),
        u8::from(item.favourite).to_string(),
        item.tags.join("; "),
        text(&recipe.generator),
        text(&recipe.model),
        text(&recipe.prompt),
        text(&recipe.negative_prompt),
        text(&recipe.seed),
        number(recipe.steps.map(|n| n.to_string())),
        number(recipe.cfg.map(|n| n.to_string())),
        text(&recipe.sampler),
        text(&recipe.scheduler),
        item.width.to_string(),
        item.height.to_string(),
        item.bytes.to_string(),
        item.sha256.clone(),
    ]
}

/// A cell that a spreadsheet would run as a formula gets an apostrophe before it (OWASP ASVS 5.0, 1.2.10), the
/// full-width forms included, which Japanese versions take for the same. NUL ends a cell for some readers.
fn harmless(cell: &str) -> String {
    let cell = cell.replace('\0', "\u{fffd}");
    let formula =
        cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '\u{fffd}', '＝', '＋', '－', '＠']);
    if formula { format!("'{cell}") } else { cell }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_formula_becomes_text() {
        for cell in ["=cmd|' /C calc'!A0", "+1", "-prompt", "@sum", "\tx", "\rx", "\0=x", "＝1"] {
            assert!(harmless(cell).starts_with('\''), "{cell:?}");
        }
        assert_eq!(harmless("夜の海"), "夜の海");
    }

    proptest::proptest! {
        #[test]
        fn no_cell_begins_like_a_formula(cell in "[=+@\\-\t\r\n\0a夜 ＝]{0,6}") {
            proptest::prop_assert!(!harmless(&cell).starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '\0']));
        }
    }
}
