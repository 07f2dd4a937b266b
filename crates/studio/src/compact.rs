//! Giving back the room that nothing needs any more, and destroying the vault.

use serde::Serialize;

use crate::host::Confirm;
use crate::jobs::report::Ended;
use crate::renew::renew;
use crate::state::lock;
use crate::{Code, Failure, JobId, JobKind, Report, Studio, Topic};
use vault::{Vault, VaultError};

/// Room on the disk, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct SpaceView {
    /// What the vault takes.
    #[ts(type = "number")]
    pub used: u64,
    /// What compacting would give back.
    #[ts(type = "number")]
    pub free: u64,
}

/// What was taken away when a vault was destroyed, and what can survive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct Destruction {
    /// Names of files that are gone.
    pub removed: Vec<String>,
    /// Names of files that are still in the folder: not the vault's, or the system refused.
    pub left: Vec<String>,
    /// The folder is gone as well.
    pub folder_removed: bool,
    /// What became of the key in the computer's keychain.
    pub keychain: KeychainFate,
    /// There was a recovery key: it opens backups and copies that were made before.
    pub recovery_key_existed: bool,
}

/// What became of the key in the computer's keychain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum KeychainFate {
    /// It is gone, or there was none.
    Removed,
    /// Another copy of the vault on this computer opens with it, so it was kept.
    Shared,
    /// The keychain did not let it be removed; it opens nothing that was destroyed.
    Left,
}

impl Studio {
    /// How much room the vault takes, and how much of it compacting would give back.
    ///
    /// # Errors
    /// When the vault is locked or can't be read.
    pub fn space(&self) -> Result<SpaceView, Failure> {
        let space = self.vault()?.space()?;
        Ok(SpaceView { used: space.catalogue + space.images, free: space.free() })
    }

    /// Starts writing the catalogue anew, compact, and giving the free room of both files back.
    ///
    /// # Errors
    /// When the vault is locked.
    pub fn start_compact(&self) -> Result<JobId, Failure> {
        self.start_job(JobKind::Compact, String::new(), |vault, watch| {
            let before = size(vault);
            match renew(vault, watch) {
                Ended::Done(_) => {
                    let bytes = size(vault);
                    Ended::Done(Report::Compact { freed: before.saturating_sub(bytes), bytes })
                }
                other => other,
            }
        })
    }

    /// Destroys the vault that is in use, open or locked: its keys first, then everything else. Cannot be taken back.
    ///
    /// # Errors
    /// [`Code::NoVault`]; [`Code::Cancelled`] when the person refused; [`Code::VaultInUse`] by another program; as the
    /// system says when the keys can't be destroyed.
    pub fn destroy_vault(&self) -> Result<Destruction, Failure> {
        let folder = self.folder().ok_or(Code::NoVault)?;
        self.confirmed(Confirm::Destroy)?;
        self.lock();
        let destruction = {
            let _gate = lock(&self.inner.gate);
            if self.vault().is_ok() {
                return Err(Code::VaultInUse.into());
            }
            let known = Vault::inspect(&folder).ok();
            let id = known.as_ref().map(|info| info.id);
            let recovery = known
                .as_ref()
                .is_none_or(|info| info.slots.iter().any(|slot| slot.kind == crypto::SlotKind::Recovery));
            let by_keychain = known
                .is_none_or(|info| info.slots.iter().any(|slot| slot.kind == crypto::SlotKind::Keychain));
            let gone = folder.destroy()?;
            let shared = id.is_some_and(|id| self.copies(&id) > 0);
            let keychain = match id {
                _ if shared && by_keychain => KeychainFate::Shared,
                // There was none of this vault; a copy may have one.
                _ if shared => KeychainFate::Removed,
                None => KeychainFate::Left,
                Some(id) => self.forget(&id, by_keychain),
            };
            Destruction {
                removed: gone.removed,
                left: gone.left,
                folder_removed: gone.folder,
                keychain,
                recovery_key_existed: recovery,
            }
        };
        self.forget_folder(&folder);
        self.tell_changed(&[Topic::Vaults]);
        self.tell_status();
        Ok(destruction)
    }

    fn forget(&self, id: &model::VaultId, by_keychain: bool) -> KeychainFate {
        use keychain::{Item, KeychainError};
        let keychain = &self.inner.keychain;
        // What only tells how new the vault was goes as well, where the keychain lets it.
        let _ = keychain.remove(&Item::anchor(id));
        match keychain.remove(&Item::vault(id)) {
            Ok(()) | Err(KeychainError::Missing) => KeychainFate::Removed,
            // Where there was never a keychain there is no key in it; one that does not run now may hold it.
            Err(KeychainError::Unavailable) if !by_keychain => KeychainFate::Removed,
            Err(_) => KeychainFate::Left,
        }
    }
}

fn size(vault: &Vault) -> u64 {
    vault.space().map_or_else(|_: VaultError| 0, |space| space.catalogue + space.images)
}
