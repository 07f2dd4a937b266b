//! What commands answer with: made for the window, apart from what is stored.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use model::{ItemId, Origin, Provenance, RawBlock, Recipe, Timestamp};
use serde::Serialize;
use studio::{Detail, JobId, RecoverySheet, Sort};
use ts_rs::TS;
use vault::{Listing, Stored};

/// A whole result in order. For 100,000 items it is half a megabyte, so the numbers are packed.
#[derive(Debug, Clone, Serialize, TS)]
pub struct ListingView {
    /// Number of hits.
    pub total: usize,
    /// Items outside the trash.
    pub library: usize,
    /// Items with the heart.
    pub favourites: usize,
    /// Items in the trash.
    pub trash: usize,
    /// Every hit's number: base64 of u32, little-endian.
    pub seqs: String,
    /// Every hit's width by height as one byte: 2^((byte − 128) / 32). Base64.
    pub aspects: String,
    /// Months in order, when the order is one of time; otherwise empty.
    pub sections: Vec<Section>,
    /// Words of the search as they are to be marked in a text.
    pub terms: Vec<String>,
    /// Fields that the search does not know and took as part of a word: `after`.
    pub unknown_fields: Vec<String>,
}

/// A month of a result, by the computer's time zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
pub struct Section {
    /// Year.
    pub year: i16,
    /// Month, 1 to 12.
    pub month: i8,
    /// Place of its first hit in the result.
    pub start: usize,
    /// Number of hits.
    pub count: usize,
}

impl ListingView {
    pub(crate) fn new(listing: &Listing, sort: Sort, text: &str) -> Self {
        let seqs: Vec<u8> = listing.cells.iter().flat_map(|cell| cell.seq.to_le_bytes()).collect();
        let aspects: Vec<u8> = listing.cells.iter().map(|cell| cell.aspect).collect();
        let by_time = matches!(sort, Sort::Newest | Sort::Oldest);
        Self {
            total: listing.cells.len(),
            library: listing.library,
            favourites: listing.favourites,
            trash: listing.trash,
            seqs: STANDARD.encode(seqs),
            aspects: STANDARD.encode(aspects),
            sections: if by_time { sections(listing) } else { Vec::new() },
            terms: vault::highlight_terms(text),
            unknown_fields: vault::unknown_fields(text),
        }
    }
}

/// The time zone is asked once a month of the result, not once an item: dates are slow beside comparing numbers.
fn sections(listing: &Listing) -> Vec<Section> {
    let zone = jiff::tz::TimeZone::system();
    let mut sections: Vec<Section> = Vec::new();
    let mut span = 0_i64..0_i64;
    for (place, cell) in listing.cells.iter().enumerate() {
        let millis = cell.created_at.millis();
        if !span.contains(&millis) {
            let (year, month, month_span) = month_of(millis, &zone);
            span = month_span;
            sections.push(Section { year, month, start: place, count: 0 });
        }
        if let Some(last) = sections.last_mut() {
            last.count += 1;
        }
    }
    sections
}

/// The month of an instant and its first and last milliseconds.
fn month_of(millis: i64, zone: &jiff::tz::TimeZone) -> (i16, i8, std::ops::Range<i64>) {
    let instant = jiff::Timestamp::from_millisecond(millis).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    let date = instant.to_zoned(zone.clone()).date();
    let edge =
        |date: jiff::civil::Date| date.to_zoned(zone.clone()).map(|z| z.timestamp().as_millisecond()).ok();
    let first = edge(date.first_of_month());
    let next = date.last_of_month().tomorrow().ok().and_then(edge);
    // At the ends of the calendar the month is this one instant.
    let span = match (first, next) {
        (Some(first), Some(next)) if (first..next).contains(&millis) => first..next,
        _ => millis..millis.saturating_add(1),
    };
    (date.year(), date.month(), span)
}

/// An item as the grid shows it.
#[derive(Debug, Clone, Serialize, TS)]
pub struct CellView {
    /// Its number.
    pub seq: u32,
    /// Its file's name.
    pub file_name: String,
    /// The person's title.
    pub title: String,
    /// The beginning of the prompt.
    pub prompt: String,
    /// Pixels.
    pub width: u32,
    /// Pixels.
    pub height: u32,
    /// When it was made.
    pub created_at: Timestamp,
    /// With the heart.
    pub favourite: bool,
    /// 0 to 5.
    pub rating: u8,
    /// More than one frame.
    pub animated: bool,
    /// In the trash.
    pub discarded: bool,
}

/// As much of a prompt as two lines of a cell can show.
const PROMPT_START: usize = 160;

impl From<Stored> for CellView {
    fn from(stored: Stored) -> Self {
        let item = stored.item;
        Self {
            seq: stored.seq,
            prompt: item.recipe.prompt.unwrap_or_default().chars().take(PROMPT_START).collect(),
            file_name: item.file_name,
            title: item.title,
            width: item.width,
            height: item.height,
            created_at: item.created_at,
            favourite: item.favourite,
            rating: item.rating,
            animated: item.animated,
            discarded: item.discarded_at.is_some(),
        }
    }
}

/// An item as the inspector shows it.
#[derive(Debug, Clone, Serialize, TS)]
pub struct ItemView {
    /// Its number.
    pub seq: u32,
    /// Its id.
    pub id: ItemId,
    /// Its file's name.
    pub file_name: String,
    /// `png`, `jpeg`, `webp`, `avif`.
    pub format: model::Format,
    /// Length of the original.
    #[ts(type = "number")]
    pub bytes: u64,
    /// Pixels.
    pub width: u32,
    /// Pixels.
    pub height: u32,
    /// More than one frame.
    pub animated: bool,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it came in.
    pub added_at: Timestamp,
    /// When it went to the trash.
    pub discarded_at: Option<Timestamp>,
    /// How it came in.
    pub origin: Origin,
    /// The person's title.
    pub title: String,
    /// 0 to 5.
    pub rating: u8,
    /// With the heart.
    pub favourite: bool,
    /// Sorted.
    pub tags: Vec<String>,
    /// How it was made.
    pub recipe: Recipe,
    /// What it declares.
    pub provenance: Provenance,
    /// Metadata as it stood in the file.
    pub raw: Vec<RawView>,
    /// Numbers of others with the same prompt.
    pub same_prompt: Vec<u32>,
}

/// A raw block of metadata.
#[derive(Debug, Clone, Serialize, TS)]
pub struct RawView {
    /// Where it stood.
    pub place: String,
    /// Its keyword there.
    pub key: String,
    /// Length in bytes.
    pub bytes: usize,
    /// The beginning as text.
    pub text: String,
}

/// As much of a raw block as is shown; the export has it whole.
const RAW_START: usize = 64 * 1024;

impl From<RawBlock> for RawView {
    fn from(block: RawBlock) -> Self {
        let bytes = block.bytes.len();
        let text = metadata::block_text(&block).chars().take(RAW_START).collect();
        Self { place: block.place, key: block.key, bytes, text }
    }
}

impl From<Detail> for ItemView {
    fn from(detail: Detail) -> Self {
        let item = detail.stored.item;
        Self {
            seq: detail.stored.seq,
            id: item.id,
            file_name: item.file_name,
            format: item.format,
            bytes: item.bytes,
            width: item.width,
            height: item.height,
            animated: item.animated,
            created_at: item.created_at,
            added_at: item.added_at,
            discarded_at: item.discarded_at,
            origin: item.origin,
            title: item.title,
            rating: item.rating,
            favourite: item.favourite,
            tags: item.tags,
            recipe: item.recipe,
            provenance: item.provenance,
            raw: detail.raw.into_iter().map(RawView::from).collect(),
            same_prompt: detail.same_prompt,
        }
    }
}

/// A name and how many items have it.
#[derive(Debug, Clone, Serialize, TS)]
pub struct FacetView {
    /// The name.
    pub name: String,
    /// Items outside the trash.
    pub count: usize,
}

/// What the filters can offer, most frequent first.
#[derive(Debug, Clone, Serialize, TS)]
pub struct FacetsView {
    /// Programs.
    pub generators: Vec<FacetView>,
    /// Models.
    pub models: Vec<FacetView>,
    /// Tags.
    pub tags: Vec<FacetView>,
}

impl From<vault::Facets> for FacetsView {
    fn from(facets: vault::Facets) -> Self {
        let view = |facets: Vec<vault::Facet>| {
            facets.into_iter().map(|f| FacetView { name: f.name, count: f.count }).collect()
        };
        Self { generators: view(facets.generators), models: view(facets.models), tags: view(facets.tags) }
    }
}

/// How many items were moved.
#[derive(Debug, Clone, Copy, Serialize, TS)]
pub struct MovedView {
    /// Items.
    pub moved: usize,
}

/// A job that began.
#[derive(Debug, Clone, Copy, Serialize, TS)]
pub struct StartedView {
    /// Its number; `null` when the person closed the dialog.
    pub job: Option<JobId>,
}

/// The vault's key was replaced.
#[derive(Debug, Serialize, TS)]
pub struct ReplacedView {
    /// The new recovery key.
    pub recovery: RecoverySheet,
    /// The job that writes the catalogue anew.
    pub job: JobId,
}

/// Whether it came about.
#[derive(Debug, Clone, Copy, Serialize, TS)]
pub struct DoneView {
    /// It did.
    pub done: bool,
}

#[cfg(test)]
mod tests {
    use super::*;
    use vault::Cell;

    fn listing(times: &[&str]) -> Listing {
        let cell = |(seq, time): (u32, &&str)| Cell {
            seq,
            created_at: Timestamp::from_rfc3339(time).unwrap(),
            aspect: 128,
        };
        Listing { cells: (0..).zip(times).map(cell).collect(), ..Listing::default() }
    }

    #[test]
    fn months_follow_one_another_without_gaps() {
        let listing = listing(&[
            "2026-11-24T12:00:00Z",
            "2026-11-02T12:00:00Z",
            "2026-10-15T12:00:00Z",
            "2024-02-15T12:00:00Z",
        ]);
        let found: Vec<_> = sections(&listing).iter().map(|s| (s.year, s.month, s.start, s.count)).collect();
        assert_eq!(found, [(2026, 11, 0, 2), (2026, 10, 2, 1), (2024, 2, 3, 1)]);
    }

    #[test]
    fn a_time_beyond_the_calendar_is_a_month_as_well() {
        let cell = Cell { seq: 1, created_at: Timestamp::from_millis(i64::MAX), aspect: 0 };
        let listing = Listing { cells: vec![cell], ..Listing::default() };
        assert_eq!(sections(&listing).len(), 1);
    }
}
