//! `list`, `search` and `show`.

use studio::{Code, Studio};
use vault::{Cell, Query, Scope};

use crate::args::ScopeArgs;
use crate::commands::select::{self, PAGE};
use crate::exit::Exit;
use crate::item::{self, ItemJson};
use crate::language::pick;
use crate::output::{Output, say};
use crate::session::Session;
use crate::texts::results;
use crate::trouble::Trouble;

/// Lists what matches, newest first. Only a page of items is in memory at a time.
pub fn list(session: &Session, output: &mut Output, scope: ScopeArgs, text: &str) -> Result<Exit, Trouble> {
    let studio = session.open()?;
    let seqs = matching(studio, scope, text)?;
    if output.json {
        as_json(studio, output, &seqs)?;
    } else {
        as_table(studio, output, &seqs)?;
    }
    // On standard error, beside the result in either form.
    results::unknown_fields(&vault::unknown_fields(text), output.language).iter().for_each(|line| say(line));
    Ok(Exit::Done)
}

/// What is looked for. The window's field passes over signs that stand alone, since a word may follow; here none will.
pub fn asked(query: &str) -> String {
    let signs = !query.trim().is_empty() && !query.contains(|c: char| c.is_alphanumeric() || c == '"');
    if signs { format!("\"{}\"", query.trim()) } else { query.to_owned() }
}

fn matching(studio: &Studio, scope: ScopeArgs, text: &str) -> Result<Vec<u32>, Trouble> {
    let scopes: &[Scope] = match (scope.all, scope.trash) {
        (true, _) => &[Scope::Library, Scope::Trash],
        (false, true) => &[Scope::Trash],
        (false, false) => &[Scope::Library],
    };
    let mut cells: Vec<Cell> = Vec::new();
    for scope in scopes {
        cells
            .extend(studio.query(&Query { text: text.to_owned(), scope: *scope, ..Query::default() })?.cells);
    }
    // Each scope is in order already; the sort is stable and merges them.
    cells.sort_by_key(|cell| std::cmp::Reverse((cell.created_at, cell.seq)));
    Ok(cells.iter().map(|cell| cell.seq).collect())
}

fn as_json(studio: &Studio, output: &mut Output, seqs: &[u32]) -> Result<(), Trouble> {
    let mut before = "[";
    for page in seqs.chunks(PAGE) {
        for stored in studio.items(page)? {
            output.text(before)?;
            output.value(&ItemJson::new(&stored.item))?;
            before = ",\n";
        }
    }
    output.line(if before == "[" { "[]" } else { "]" })
}

fn as_table(studio: &Studio, output: &mut Output, seqs: &[u32]) -> Result<(), Trouble> {
    let zone = jiff::tz::TimeZone::system();
    if seqs.is_empty() {
        say(pick(output.language, "No pictures", "画像はありません"));
    }
    if !seqs.is_empty() {
        output.line(&item::heading(output.language))?;
    }
    for page in seqs.chunks(PAGE) {
        for stored in studio.items(page)? {
            output.line(&item::row(&stored.item, &zone))?;
        }
    }
    Ok(())
}

/// Shows one item with all that is known of it.
pub fn show(session: &Session, output: &mut Output, id: &str) -> Result<Exit, Trouble> {
    let studio = session.open()?;
    let seq = select::numbers(studio, &[id.to_owned()])?.into_iter().next().ok_or(Code::NoSuchItem)?;
    let detail = studio.detail(seq)?;
    let item = &detail.stored.item;
    if output.json {
        output.object(&ItemJson::new(item).with_raw(&detail.raw))?;
    } else {
        item::lines(item, &detail.raw, output.language).iter().try_for_each(|line| output.line(line))?;
    }
    Ok(Exit::Done)
}
