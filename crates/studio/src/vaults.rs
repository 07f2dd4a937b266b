//! Several vaults below one data folder: a list to choose from, another one, the one in use.
//!
//! A vault's label lies in the vault. It is in the settings file, which is plain text, only as long as the person wants to
//! see it before the vault is open.

use std::collections::BTreeMap;

use model::Timestamp;
use serde::{Deserialize, Serialize};
use vault::{Folder, Vault};

use crate::backup::name_of;
use crate::open::Protection;
use crate::state::lock;
use crate::{Code, Event, Failure, RecoverySheet, Status, Studio, Topic};

/// What the settings file knows of the vaults.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct KnownVaults {
    /// The folder of the one in use.
    pub chosen: Option<String>,
    /// Labels are not kept here.
    pub hide_labels: bool,
    /// By their folders' names.
    pub known: BTreeMap<String, KnownVault>,
}

/// What the settings file knows of a vault.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct KnownVault {
    /// The person's name for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// When it was last opened.
    pub opened_at: Option<Timestamp>,
}

/// A vault in the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct VaultEntry {
    /// What it is chosen by: its folder's name.
    pub key: String,
    /// Its folder, for the person to see.
    pub folder: String,
    /// The short form of its id, for a person to tell vaults without labels apart.
    pub short: Option<String>,
    /// Its label, where it is known and not hidden.
    pub label: Option<String>,
    /// When it was made.
    pub created_at: Option<Timestamp>,
    /// When it was last opened on this computer.
    pub opened_at: Option<Timestamp>,
    /// It is the one in use.
    pub current: bool,
    /// Why it can't be opened, when that is known without a key.
    pub problem: Option<Code>,
}

/// The vaults of this computer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct Vaults {
    /// In the order in which they were last opened, the newest first.
    pub vaults: Vec<VaultEntry>,
    /// Labels are shown only of the vault that is open.
    pub hide_labels: bool,
}

/// Characters of a label.
const MAX_LABEL: usize = 80;

impl Studio {
    /// All vaults of the data folder, or the one that was named when the program began.
    pub fn vaults(&self) -> Vaults {
        let settings = lock(&self.inner.settings).vaults.clone();
        let current = self.folder().map(|folder| folder.root().to_path_buf());
        let folders = match &self.inner.config.vault {
            Some(_) => self.folder().into_iter().collect(),
            None => vault::vaults_in(&self.inner.config.data),
        };
        let own = self.vault().ok().and_then(|vault| vault.label().ok().flatten());
        let entry = |folder: &Folder| {
            let (key, info) = (name_of(folder.root()), Vault::inspect(folder));
            let current = current.as_deref() == Some(folder.root());
            let known = settings.known.get(&key).cloned().unwrap_or_default();
            VaultEntry {
                folder: folder.root().to_string_lossy().into_owned(),
                short: info.as_ref().ok().map(|info| info.id.to_string().chars().take(SHORT).collect()),
                label: own.clone().filter(|_| current).or(known.label),
                created_at: info.as_ref().ok().map(|info| info.created_at),
                opened_at: known.opened_at,
                current,
                problem: info.err().map(Code::from),
                key,
            }
        };
        let mut vaults: Vec<VaultEntry> = folders.iter().map(entry).collect();
        vaults.sort_by_key(|entry| std::cmp::Reverse(entry.opened_at));
        Vaults { vaults, hide_labels: settings.hide_labels }
    }

    /// The folder that the person chose, as long as there is a vault in it.
    pub(crate) fn chosen_folder(&self) -> Option<Folder> {
        let chosen = lock(&self.inner.settings).vaults.chosen.clone()?;
        let folders = vault::vaults_in(&self.inner.config.data);
        folders.into_iter().find(|folder| name_of(folder.root()) == chosen)
    }

    /// Locks the vault in use and puts another in its place, which is locked as well.
    ///
    /// # Errors
    /// [`Code::NoSuchVault`]; then nothing has changed.
    pub fn switch_vault(&self, key: &str) -> Result<Status, Failure> {
        let vaults = self.vaults().vaults;
        let wanted = vaults.iter().find(|entry| entry.key == key).ok_or(Code::NoSuchVault)?;
        if !wanted.current {
            self.lock();
            self.keep(|known| known.chosen = Some(key.to_owned()));
            *lock(&self.inner.locked_at) = None;
            self.tell_changed(&[Topic::Vaults, Topic::Items]);
            self.tell_status();
        }
        Ok(self.status())
    }

    /// Makes another vault beside those that are there, and opens it; the one in use is locked once that has come about.
    ///
    /// # Errors
    /// As [`Studio::create_vault`]; [`Code::VaultExists`] where the program was started for one named vault. Then the one
    /// in use is as it was.
    pub fn create_another_vault(
        &self,
        protection: Protection,
        label: &str,
    ) -> Result<RecoverySheet, Failure> {
        if self.inner.config.vault.is_some() && self.folder().is_some() {
            return Err(Code::VaultExists.into());
        }
        let (vault, code) = self.make_vault(protection)?;
        let sheet = {
            let _gate = lock(&self.inner.gate);
            self.lock();
            self.opened(vault, None)?;
            self.show_recovery(code)
        };
        if !label.is_empty() {
            self.label_vault(label)?;
        }
        self.tell_changed(&[Topic::Vaults]);
        Ok(sheet)
    }

    /// Names the open vault; an empty label takes the name away.
    ///
    /// # Errors
    /// When the vault is locked or can't be written.
    pub fn label_vault(&self, label: &str) -> Result<Vaults, Failure> {
        let vault = self.vault()?;
        let label: String = label.chars().filter(|c| !c.is_control()).take(MAX_LABEL).collect();
        let label = label.trim().to_owned();
        vault.set_label(&label)?;
        self.keep_label(&vault, Some(label).filter(|label| !label.is_empty()));
        self.tell_changed(&[Topic::Vaults]);
        Ok(self.vaults())
    }

    /// Hides labels: they are taken out of the settings file. Shown again they come back as each vault is opened.
    pub fn hide_labels(&self, hide: bool) -> Vaults {
        self.keep(|known| {
            known.hide_labels = hide;
            if hide {
                known.known.values_mut().for_each(|vault| vault.label = None);
            }
        });
        if let Ok(vault) = self.vault() {
            self.keep_label(&vault, vault.label().ok().flatten());
        }
        self.tell_changed(&[Topic::Vaults]);
        self.vaults()
    }

    /// Called at each opening: this is the vault in use from now on. One that was named for this run alone is not noted.
    pub(crate) fn note_opened(&self, vault: &Vault) {
        if self.inner.config.vault.is_some() {
            return;
        }
        let (key, now) = (name_of(vault.folder().root()), self.inner.clock.now());
        self.keep(|known| {
            known.known.entry(key.clone()).or_default().opened_at = Some(now);
            known.chosen = Some(key);
        });
        self.keep_label(vault, vault.label().ok().flatten());
    }

    fn keep_label(&self, vault: &Vault, label: Option<String>) {
        if self.inner.config.vault.is_some() {
            return;
        }
        let key = name_of(vault.folder().root());
        self.keep(|known| {
            let label = label.filter(|_| !known.hide_labels);
            known.known.entry(key).or_default().label = label;
        });
    }

    /// The vault of this folder is gone.
    pub(crate) fn forget_folder(&self, folder: &Folder) {
        let key = name_of(folder.root());
        self.keep(|known| {
            known.known.remove(&key);
            known.chosen.take_if(|chosen| *chosen == key);
        });
    }

    /// Changes what the settings know of vaults. That the file can't be written costs only what the next start shows.
    fn keep(&self, change: impl FnOnce(&mut KnownVaults)) {
        let now = {
            let mut settings = lock(&self.inner.settings);
            let before = settings.vaults.clone();
            change(&mut settings.vaults);
            if settings.vaults == before {
                return;
            }
            let _ = self.inner.file.save(&settings);
            settings.clone()
        };
        self.tell(Event::Settings { settings: now });
    }
}

/// Digits of an id that tell a few vaults apart.
const SHORT: usize = 8;
