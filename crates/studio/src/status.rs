//! Where the application stands, as it is told to the window.

use std::sync::atomic::Ordering;
use std::sync::{Arc, PoisonError};

use model::Timestamp;
use serde::Serialize;
use vault::{Folder, SlotView, Vault};

use crate::attempts::FailedAttempts;
use crate::state::lock;
use crate::{Cloud, Code, Event, Sandbox, Studio};
use crate::{check, cloud};

/// Whether there is a vault and whether it is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum VaultState {
    /// There is none yet.
    None,
    /// There is one; nothing of it can be read.
    Locked,
    /// It is open.
    Open,
}

/// A way into the vault.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct SlotInfo {
    /// `os-keyring`, `passphrase` or `recovery`.
    #[ts(type = "\"os-keyring\" | \"passphrase\" | \"recovery\"")]
    pub kind: &'static str,
    /// When it was made.
    pub created_at: Timestamp,
    /// Only a keychain: the secret store that has the key.
    pub backend: Option<String>,
    /// Only a recovery key: the person has confirmed that it is written down.
    pub confirmed: Option<bool>,
}

impl From<SlotView> for SlotInfo {
    fn from(slot: SlotView) -> Self {
        let SlotView { kind, created_at, confirmed, backend, .. } = slot;
        Self { kind: kind.name(), created_at, backend, confirmed }
    }
}

/// Where the application stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct Status {
    /// Counts up: of two tellings the one with the higher number is the newer one, whichever came first.
    #[ts(type = "number")]
    pub serial: u64,
    /// Whether there is a vault and whether it is open.
    pub vault: VaultState,
    /// Why the vault can't be opened, when that is known without a key.
    pub problem: Option<Code>,
    /// The computer's keychain opens it.
    pub by_keychain: bool,
    /// A passphrase opens it.
    pub by_passphrase: bool,
    /// A recovery key opens it.
    pub by_recovery: bool,
    /// The person has confirmed that the recovery key is written down.
    pub recovery_confirmed: bool,
    /// Name of the secret store that has the key, or that would get it.
    pub keychain: Option<String>,
    /// Name of the secret store that answered last.
    pub keychain_here: Option<String>,
    /// When this run of the program began, ms since 1970.
    pub started_at: Timestamp,
    /// Since when the vault is locked, in this run.
    pub locked_at: Option<Timestamp>,
    /// The ways into the vault, oldest first.
    pub slots: Vec<SlotInfo>,
    /// It is locked, and jobs that were running come to their end behind the lock.
    pub resting: bool,
    /// Minutes of idleness after which it locks by itself; 0 for never.
    pub lock_after_minutes: u32,
    /// Milliseconds to wait before the next passphrase or recovery key is looked at.
    #[ts(type = "number")]
    pub wait_ms: i64,
    /// Wrong tries: those since the last opening while it is locked, those before this opening while it is open.
    pub failed_attempts: Option<FailedAttempts>,
    /// The open vault is older than it was when this computer last closed it: a copy was put in its place.
    pub older_copy: bool,
    /// The file of keys beside the open vault is from before the last change of the ways in: one that was taken away may
    /// open the vault again.
    pub older_keys: bool,
    /// Address under which pictures are served while the vault is open, ending with a slash.
    pub pictures: Option<String>,
    /// The vault's folder, for the person to see.
    pub folder: Option<String>,
    /// A program that keeps copying this folder to somebody's servers, which is no good place for a vault.
    pub synced_by: Option<Cloud>,
    /// When everything in the open vault was last read back.
    pub checked_at: Option<Timestamp>,
    /// What that check found: everything was whole.
    pub checked_whole: Option<bool>,
    /// The open vault was not read back for a month.
    pub check_due: bool,
    /// How the page that shows the vault is kept apart from the rest of the system.
    pub sandbox: Sandbox,
    /// What opens or protects a vault is typed in a window of its own: requests come without it.
    pub apart: bool,
    /// Version of the program.
    pub version: String,
}

/// What is told of the open vault.
struct Glance {
    vault: Arc<Vault>,
    token: String,
    failed: Option<FailedAttempts>,
    is_older: bool,
}

impl Studio {
    /// Where the application stands. Asking the keychain for its name may take a moment.
    pub fn status(&self) -> Status {
        let mut status = self.status_now();
        if status.slots.iter().all(|slot| slot.backend.is_none()) {
            status.keychain = self.inner.keychain.backend();
            lock(&self.inner.store).clone_from(&status.keychain);
        }
        status
    }

    /// See [`Host::types_apart`].
    pub fn types_apart(&self) -> bool {
        self.inner.host.types_apart()
    }

    /// As [`Studio::status`], with what the keychain answered last. Nothing is held meanwhile that a lock would wait for.
    fn status_now(&self) -> Status {
        let inner = &self.inner;
        // Taken before anything is looked at: every change is told of by a later one.
        let serial = inner.told.fetch_add(1, Ordering::SeqCst);
        let (mut slots, mut problem) = (Vec::new(), None);
        let folder = self.folder();
        if let Some(folder) = &folder {
            match Vault::inspect(folder) {
                Ok(info) => slots = info.slots,
                Err(error) => problem = Some(Code::from(error)),
            }
        }
        let (by, resting) = (self.lock_after_minutes(), lock(&inner.resting).is_some());
        let id = id_of(folder.as_ref());
        let open = self.glance();
        let last = open.as_ref().and_then(|open| open.vault.last_check().ok());
        let has = |kind| slots.iter().any(|slot: &SlotView| slot.kind == kind);
        let backend = slots.iter().find_map(|slot| slot.backend.clone());
        Status {
            serial,
            vault: match (&open, &folder) {
                (Some(_), _) => VaultState::Open,
                (None, Some(_)) => VaultState::Locked,
                (None, None) => VaultState::None,
            },
            problem,
            by_keychain: has(crypto::SlotKind::Keychain),
            by_passphrase: has(crypto::SlotKind::Passphrase),
            by_recovery: has(crypto::SlotKind::Recovery),
            recovery_confirmed: slots.iter().any(|slot| slot.confirmed == Some(true)),
            keychain: backend.or_else(|| lock(&inner.store).clone()),
            keychain_here: lock(&inner.store).clone(),
            started_at: inner.started_at,
            locked_at: *lock(&inner.locked_at),
            resting,
            lock_after_minutes: by,
            wait_ms: self.wait_for(id),
            failed_attempts: match &open {
                Some(open) => open.failed,
                None => id.and_then(|id| inner.attempts.of(&id)),
            },
            older_copy: open.as_ref().is_some_and(|open| open.is_older),
            older_keys: open.as_ref().is_some_and(|open| open.vault.has_older_keys()),
            slots: slots.into_iter().map(SlotInfo::from).collect(),
            pictures: open.as_ref().map(|open| format!("{}{}/", inner.config.pictures, open.token)),
            synced_by: folder.as_ref().and_then(cloud_of),
            checked_at: last.flatten().map(|last| last.at),
            checked_whole: last.flatten().map(|last| last.whole),
            check_due: open
                .as_ref()
                .zip(last)
                .is_some_and(|(open, last)| check::is_due(&open.vault, last, inner.clock.now())),
            sandbox: inner.host.sandbox(),
            apart: inner.host.types_apart(),
            folder: folder.map(|folder| folder.root().to_string_lossy().into_owned()),
            version: env!("CARGO_PKG_VERSION").to_owned(),
        }
    }

    /// Milliseconds to wait before the next passphrase or recovery key is looked at.
    pub fn wait_ms(&self) -> i64 {
        self.wait_for(id_of(self.folder().as_ref()))
    }

    fn wait_for(&self, id: Option<model::VaultId>) -> i64 {
        id.map_or(0, |id| self.inner.attempts.wait(&id, self.inner.clock.now()))
    }

    fn glance(&self) -> Option<Glance> {
        let open = self.inner.open.read().unwrap_or_else(PoisonError::into_inner);
        open.as_ref().map(|open| Glance {
            vault: Arc::clone(&open.vault),
            token: open.token.clone(),
            failed: *lock(&open.failed),
            is_older: lock(&open.newer).is_some(),
        })
    }

    pub(crate) fn tell_status(&self) {
        self.tell(Event::Status { status: self.status_now() });
    }
}

fn id_of(folder: Option<&Folder>) -> Option<model::VaultId> {
    Vault::inspect(folder?).ok().map(|info| info.id)
}

/// A folder may be a link into another place.
fn cloud_of(folder: &Folder) -> Option<Cloud> {
    let root = folder.root();
    let real = root.canonicalize().unwrap_or_else(|_| root.to_path_buf());
    cloud::synced_by(&real, |path| path.exists())
}
