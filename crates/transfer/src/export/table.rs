//! `items.csv`: RFC 4180, for spreadsheets. The lossless form is `items.jsonl`.

use crate::archive::ArchiveItem;
use crate::error::TransferError;

const HEADINGS: [&str; 21] = [
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
];

/// The table being written.
#[derive(Default)]
pub struct Table {
    writer: Option<csv::Writer<Vec<u8>>>,
}

impl Table {
    /// An empty table; UTF-8 with a byte order mark, without which Excel reads Japanese wrongly.
    pub fn new() -> Self {
        let mut writer =
            csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(vec![0xef, 0xbb, 0xbf]);
        // Writing into memory does not fail.
        let _ = writer.write_record(HEADINGS);
        Self { writer: Some(writer) }
    }

    /// Adds a row.
    pub fn push(&mut self, item: &ArchiveItem) -> Result<(), TransferError> {
        let recipe = &item.recipe;
        let number = |n: Option<String>| n.unwrap_or_default();
        let text = |t: &Option<String>| t.clone().unwrap_or_default();
        let cells: [String; HEADINGS.len()] = [
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
        ];
        let Some(writer) = &mut self.writer else { return Ok(()) };
        writer.write_record(cells.map(|cell| harmless(&cell))).map_err(|_| TransferError::ArchiveDamaged)
    }

    /// The table's bytes.
    pub fn into_bytes(self) -> Result<Vec<u8>, TransferError> {
        let writer = self.writer.unwrap_or_else(|| csv::Writer::from_writer(Vec::new()));
        writer.into_inner().map_err(|_| TransferError::ArchiveDamaged)
    }
}

/// A cell that a spreadsheet would run as a formula gets an apostrophe before it (OWASP ASVS 5.0, 1.2.10).
fn harmless(cell: &str) -> String {
    let formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\0', '＝', '＋', '－', '＠']);
    if formula { format!("'{cell}") } else { cell.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_formula_becomes_text() {
        for cell in ["=cmd|' /C calc'!A0", "+1", "-prompt", "@sum", "\tx"] {
            assert!(harmless(cell).starts_with('\''), "{cell:?}");
        }
        assert_eq!(harmless("夜の海"), "夜の海");
    }
}
