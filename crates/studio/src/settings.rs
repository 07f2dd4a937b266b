//! The few choices that are needed before a vault is open: language, looks, layout, which vault. Nothing of a person's
//! work but the labels of vaults, where they want to see them.
//!
//! **Invariant:** the settings file holds these fields and no others; it is plain text.

use std::fs;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::{Code, Failure, KnownVaults};

/// A language of the window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// Japanese.
    Ja,
    /// English.
    En,
}

impl Language {
    /// The language of a locale such as `ja_JP.UTF-8`; English for all that is not Japanese.
    pub fn of_locale(locale: &str) -> Self {
        if locale.to_ascii_lowercase().starts_with("ja") { Self::Ja } else { Self::En }
    }
}

/// Dark, light, or as the system says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "lowercase")]
pub enum Theme {
    /// As the system says.
    System,
    /// Dark.
    Dark,
    /// Light.
    Light,
}

/// How the gallery lays out its cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "lowercase")]
pub enum Layout {
    /// Rows of equal height, each picture in its own shape.
    Justified,
    /// Squares.
    Square,
}

/// The order of the gallery.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "lowercase")]
pub enum Sort {
    /// Newest first.
    #[default]
    Newest,
    /// Oldest first.
    Oldest,
    /// Last come in first.
    Added,
    /// By file name.
    Name,
    /// Largest file first.
    Largest,
}

impl From<Sort> for vault::Sort {
    fn from(sort: Sort) -> Self {
        match sort {
            Sort::Newest => Self::Newest,
            Sort::Oldest => Self::Oldest,
            Sort::Added => Self::Added,
            Sort::Name => Self::Name,
            Sort::Largest => Self::Largest,
        }
    }
}

/// The choices.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
#[serde(default)]
pub struct Settings {
    /// Language of the window.
    pub language: Language,
    /// Looks.
    pub theme: Theme,
    /// Layout of the gallery.
    pub layout: Layout,
    /// Height of a row of the gallery in CSS pixels, 80 to 480.
    pub cell: u32,
    /// Order of the gallery.
    pub sort: Sort,
    /// The rail shows icons only.
    pub rail_collapsed: bool,
    /// The inspector is open.
    pub inspector: bool,
    /// The first-run screens were walked through.
    pub introduced: bool,
    /// Which vaults there are and which is in use; changed by commands of their own.
    #[ts(skip)]
    pub vaults: KnownVaults,
    /// Minutes of idleness after which the vault locks; 0 for never, `None` while nothing was chosen.
    pub lock_after_minutes: Option<u32>,
    /// The vault locks when the computer sleeps or its screen is locked.
    pub lock_with_system: bool,
    /// The window is left out of screenshots and recordings, where the system can. Windows keeps pictures of the screen
    /// by itself, so there it is on until somebody chooses otherwise.
    pub hide_from_capture: bool,
    /// A check of the vault begins by itself when everything was not read back for a month.
    pub check_monthly: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            language: Language::En,
            theme: Theme::System,
            layout: Layout::Justified,
            cell: 176,
            sort: Sort::Newest,
            rail_collapsed: false,
            inspector: true,
            introduced: false,
            vaults: KnownVaults::default(),
            lock_after_minutes: None,
            lock_with_system: true,
            hide_from_capture: cfg!(windows),
            check_monthly: true,
        }
    }
}

/// Changes to the choices; an absent field stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ts_rs::TS)]
#[serde(default, deny_unknown_fields)]
#[ts(optional_fields)]
pub struct SettingsEdit {
    /// See [`Settings`].
    pub language: Option<Language>,
    /// See [`Settings`].
    pub theme: Option<Theme>,
    /// See [`Settings`].
    pub layout: Option<Layout>,
    /// See [`Settings`].
    pub cell: Option<u32>,
    /// See [`Settings`].
    pub sort: Option<Sort>,
    /// See [`Settings`].
    pub rail_collapsed: Option<bool>,
    /// See [`Settings`].
    pub inspector: Option<bool>,
    /// See [`Settings`].
    pub introduced: Option<bool>,
    /// See [`Settings`].
    pub lock_after_minutes: Option<u32>,
    /// See [`Settings`].
    pub lock_with_system: Option<bool>,
    /// See [`Settings`].
    pub hide_from_capture: Option<bool>,
    /// See [`Settings`].
    pub check_monthly: Option<bool>,
}

/// A day.
const MOST_MINUTES: u32 = 24 * 60;

impl Settings {
    /// The settings with an edit applied.
    pub fn with(&self, edit: &SettingsEdit) -> Self {
        Self {
            language: edit.language.unwrap_or(self.language),
            theme: edit.theme.unwrap_or(self.theme),
            layout: edit.layout.unwrap_or(self.layout),
            cell: edit.cell.unwrap_or(self.cell).clamp(80, 480),
            sort: edit.sort.unwrap_or(self.sort),
            rail_collapsed: edit.rail_collapsed.unwrap_or(self.rail_collapsed),
            inspector: edit.inspector.unwrap_or(self.inspector),
            introduced: edit.introduced.unwrap_or(self.introduced),
            vaults: self.vaults.clone(),
            lock_after_minutes: edit
                .lock_after_minutes
                .map(|n| n.min(MOST_MINUTES))
                .or(self.lock_after_minutes),
            lock_with_system: edit.lock_with_system.unwrap_or(self.lock_with_system),
            hide_from_capture: edit.hide_from_capture.unwrap_or(self.hide_from_capture),
            check_monthly: edit.check_monthly.unwrap_or(self.check_monthly),
        }
    }
}

/// Where the settings are kept.
pub(crate) struct SettingsFile(PathBuf);

impl SettingsFile {
    /// In this folder.
    pub(crate) fn in_folder(folder: &Path) -> Self {
        Self(folder.join("settings.json"))
    }

    /// Reads them. A file that is missing or not readable gives the defaults in the system's language: these are
    /// only looks, and the next change writes a good file.
    pub(crate) fn load(&self, language: Language) -> Settings {
        read_small(&self.0)
            .and_then(|bytes| serde_json::from_slice(&bytes).ok())
            .unwrap_or_else(|| Settings { language, ..Settings::default() })
    }

    /// Writes them whole: under another name first, then renamed.
    pub(crate) fn save(&self, settings: &Settings) -> Result<(), Failure> {
        let bytes = serde_json::to_vec_pretty(settings).map_err(|_| Code::Internal)?;
        replace(&self.0, &bytes).map_err(|_| Code::SettingsNotSaved.into())
    }
}

/// The largest file that is read here, in bytes.
const SMALL: u64 = 64 * 1024;

/// Reads a small file of this program's own. One that is something else, such as a pipe that nobody writes to, is not there.
pub(crate) fn read_small(path: &Path) -> Option<Vec<u8>> {
    if !fs::metadata(path).ok()?.is_file() {
        return None;
    }
    let mut bytes = Vec::new();
    fs::File::open(path).ok()?.take(SMALL + 1).read_to_end(&mut bytes).ok()?;
    (bytes.len() as u64 <= SMALL).then_some(bytes)
}

/// Puts a small file in place whole: under another name first, then renamed.
pub(crate) fn replace(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let temporary = path.with_extension("new");
    let mut file = fs::File::create(&temporary)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&temporary, path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_small_file_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("settings.json");
        assert_eq!(read_small(&path), None);
        fs::write(&path, [b' '; SMALL as usize]).unwrap();
        assert_eq!(read_small(&path).map(|bytes| bytes.len() as u64), Some(SMALL));
        // As large as no memory is.
        fs::File::options().write(true).open(&path).unwrap().set_len(1 << 40).unwrap();
        assert_eq!(read_small(&path), None);
    }

    #[cfg(unix)]
    #[test]
    fn a_pipe_that_nobody_writes_to_holds_nothing_up() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("settings.json");
        assert!(std::process::Command::new("mkfifo").arg(&path).status().unwrap().success());
        assert_eq!(read_small(&path), None);
    }
}
