//! The list of vaults.

use std::path::Path;

use jiff::tz::TimeZone;
use model::Timestamp;
use studio::{Language, VaultEntry};
use unicode_width::UnicodeWidthStr;

use crate::language::pick;
use crate::output::{column, shown};
use crate::texts::{codes, times};

/// The vaults, one a line: whether it is in use, its key, since when its folder is there, when it was last opened, its
/// name. Copies of one vault have the same name and were made at the same time; their folders were not.
pub fn listed(entries: &[VaultEntry], language: Language) -> Vec<String> {
    if entries.is_empty() {
        return vec![pick(language, "There is no vault", "保管庫がありません").to_owned()];
    }
    let zone = TimeZone::system();
    let time =
        |time: Option<Timestamp>| time.map_or_else(|| "-".to_owned(), |time| times::sortable(time, &zone));
    let [key, here, opened, name] = match language {
        Language::En => ["Folder", "Here since", "Last opened", "Name"],
        Language::Ja => ["フォルダ", "ここに置いた日時", "最後に開いた日時", "名前"],
    };
    let key_width = entries.iter().map(|entry| shown(&entry.key).width()).max().unwrap_or(0).max(key.width());
    let line = |mark: char, cells: [&str; 4]| {
        let [key, here, opened, name] = cells;
        let (here, opened) = (column(here, times::WIDTH), column(opened, times::WIDTH));
        format!("{mark} {}  {here}  {opened}  {name}", column(key, key_width)).trim_end().to_owned()
    };
    let mut lines = vec![line(' ', [key, here, opened, name])];
    lines.extend(entries.iter().map(|entry| {
        let mark = if entry.current { '*' } else { ' ' };
        let name = entry.label.as_ref().or(entry.short.as_ref()).map(|name| shown(name)).unwrap_or_default();
        let problem =
            entry.problem.map(|code| format!("  {}", codes::of(code, language))).unwrap_or_default();
        let (here, opened) = (time(folder_made(&entry.folder)), time(entry.opened_at));
        line(mark, [&entry.key, &here, &opened, &format!("{name}{problem}")])
    }));
    lines
}

/// Not every file system knows when a folder was made.
fn folder_made(folder: &str) -> Option<Timestamp> {
    let made = std::fs::metadata(Path::new(folder)).and_then(|about| about.created());
    made.ok().map(Timestamp::from_system)
}
