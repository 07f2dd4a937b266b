//! What goes into a vault from outside: words to look for, archives to take in.

use model::SystemClock;
use vault::Query;

use crate::archive::with_file;
use crate::seeds;

thread_local! {
    /// A vault of some pictures; it is asked and never changed.
    static ASKED: seeds::Home = seeds::Home::with_pictures();
    /// A vault that archives are taken into, one after the other.
    static TAKING: seeds::Home = seeds::Home::empty();
}

/// Any text as a search: folded, marked in a text, and looked for in a real index.
pub fn query(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let _ = vault::highlight_terms(text);
    let _ = vault::fold(text);
    let query = Query { text: text.to_owned(), tag: Some(text.to_owned()), ..Query::default() };
    ASKED.with(|home| {
        let answer = home.vault.query(&query).map(|_| ());
        assert!(answer.is_ok(), "a search for {text:?} ended with {answer:?}");
        let query = Query { tag: None, ..query };
        let found = home.vault.query(&query).map(|listing| listing.cells.len());
        assert!(found.is_ok_and(|found| found <= seeds::PICTURES));
    });
}

/// Any bytes as an archive that is taken into a vault, which stays whole.
pub fn restore(bytes: &[u8]) {
    TAKING.with(|home| {
        let _ = with_file(bytes, |file| transfer::restore(&home.vault, file, &SystemClock, &mut |_| true));
        assert!(home.vault.check_quick(&mut |_| true).is_whole());
    });
}
