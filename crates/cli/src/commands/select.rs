//! Which items a person means.

use model::ItemId;
use studio::{Code, Studio};
use vault::{Query, Scope};

use crate::trouble::Trouble;

/// Items read at a time: a vault may hold far more than is good to have in memory at once.
pub const PAGE: usize = 256;
/// Digits of an id that say enough to look for it.
const LEAST: usize = 8;
/// Digits of a whole id.
const WHOLE: usize = 32;

/// The numbers of items named by their ids, or by beginnings that only one id has.
pub fn numbers(studio: &Studio, ids: &[String]) -> Result<Vec<u32>, Trouble> {
    let mut seqs = Vec::with_capacity(ids.len());
    let mut open = Vec::new();
    for id in ids {
        let digits = digits(id).ok_or(Trouble::BadId)?;
        if digits.len() == WHOLE {
            let id: ItemId = digits.parse().map_err(|_| Trouble::BadId)?;
            seqs.push(studio.seq_of(&id)?);
        } else {
            open.push(digits);
        }
    }
    seqs.extend(by_beginning(studio, &open)?);
    Ok(seqs)
}

/// The digits without dashes, in small letters; `None` for what can't be (the beginning of) an id.
fn digits(id: &str) -> Option<String> {
    let digits: String = id.chars().filter(|c| *c != '-').map(|c| c.to_ascii_lowercase()).collect();
    let fits = (LEAST..=WHOLE).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_hexdigit());
    fits.then_some(digits)
}

/// Looks through all ids once, however many beginnings there are.
fn by_beginning(studio: &Studio, beginnings: &[String]) -> Result<Vec<u32>, Trouble> {
    let mut found: Vec<Option<u32>> = vec![None; beginnings.len()];
    if beginnings.is_empty() {
        return Ok(Vec::new());
    }
    for scope in [Scope::Library, Scope::Trash] {
        let cells = studio.query(&Query { scope, ..Query::default() })?.cells;
        let seqs: Vec<u32> = cells.iter().map(|cell| cell.seq).collect();
        for page in seqs.chunks(PAGE) {
            for stored in studio.items(page)? {
                let id = hex::encode(stored.item.id.as_bytes());
                let hits =
                    beginnings.iter().zip(&mut found).filter(|(beginning, _)| id.starts_with(*beginning));
                for (_, place) in hits {
                    if place.replace(stored.seq).is_some() {
                        return Err(Trouble::AmbiguousId);
                    }
                }
            }
        }
    }
    found.into_iter().map(|seq| seq.ok_or_else(|| Code::NoSuchItem.into())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_understood_with_and_without_dashes() {
        let whole = "0199f3a2-7c11-7d3e-8a4b-0123456789ab";
        assert_eq!(digits(whole), Some(whole.replace('-', "")));
        assert_eq!(digits("0199F3A2-7c"), Some("0199f3a27c".to_owned()));
    }

    #[test]
    fn what_is_no_id_is_refused() {
        for text in [
            "",
            "0199f3a",
            "zzzzzzzz",
            "../../etc",
            "0199f3a2-7c11-7d3e-8a4b-0123456789ab0",
            "０１９９ｆ３ａ２",
        ] {
            assert_eq!(digits(text), None, "{text}");
        }
    }
}
