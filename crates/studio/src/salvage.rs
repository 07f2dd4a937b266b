//! Saving what can be saved of a damaged vault, whether it opens or not.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crypto::{RecoveryKey, SlotSecret};
use model::ItemId;
use serde::Serialize;
use transfer::{Existing, LostPart};
use vault::{Folder, Vault, VaultError, Wreck};
use zeroize::Zeroizing;

use crate::backup::name_of;
use crate::import::ended;
use crate::open::recovery_code;
use crate::{Code, Failure, JobId, JobKind, Pick, Report, Studio, Unlock};

/// An item that could not be saved whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct SalvageLoss {
    /// Its number in the damaged vault.
    pub seq: u32,
    /// Its id, where its row can be read.
    pub id: Option<ItemId>,
    /// What is lost.
    pub part: Lost,
}

/// What of an item is lost; see [`transfer::LostPart`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum Lost {
    /// Everything.
    All,
    /// The picture; its texts were saved.
    Picture,
    /// What was known of it; the picture was saved.
    Row,
    /// Tags or raw metadata.
    Details,
}

impl From<LostPart> for Lost {
    fn from(part: LostPart) -> Self {
        match part {
            LostPart::All => Self::All,
            LostPart::Picture => Self::Picture,
            LostPart::Row => Self::Row,
            LostPart::Details => Self::Details,
        }
    }
}

impl Studio {
    /// Asks where to write and starts the salvage; `None` when the dialog was closed. An open vault needs no secret.
    ///
    /// # Errors
    /// As [`Studio::start_salvage`].
    pub fn pick_and_salvage(&self, with: Option<Unlock>) -> Result<Option<JobId>, Failure> {
        let since = self.locks();
        let now = self.inner.clock.now().compact();
        let save = Pick::Save { name: format!("z-image-salvage-{now}.zip"), plain: true };
        let target = self.inner.host.pick(&save, self.settings().language).into_iter().next();
        // A lock that came while the dialog was open is kept.
        target.map(|target| self.salvage_since(since, with, target, Existing::Replace)).transpose()
    }

    /// Starts writing an archive of everything in the vault that still verifies. The vault is not changed.
    ///
    /// # Errors
    /// [`Code::Locked`] without a secret for a vault that is not open; [`Code::WrongSecret`]; what is wrong with the
    /// header or with the catalogue when nothing of it can be read. [`Code::Locked`] when it was locked meanwhile.
    pub fn start_salvage(
        &self,
        with: Option<Unlock>,
        target: PathBuf,
        existing: Existing,
    ) -> Result<JobId, Failure> {
        self.salvage_since(self.locks(), with, target, existing)
    }

    fn salvage_since(
        &self,
        since: u64,
        with: Option<Unlock>,
        target: PathBuf,
        existing: Existing,
    ) -> Result<JobId, Failure> {
        let mut scratch = target.as_os_str().to_owned();
        scratch.push(".part-catalogue");
        let wreck = self.wreck(with, Path::new(&scratch))?;
        let (clock, file_name) = (Arc::clone(&self.inner.clock), name_of(&target));
        let unlocked = || self.locks() == since;
        self.inner.jobs.start_keyed(JobKind::Salvage, file_name.clone(), unlocked, move |watch| {
            ended(transfer::salvage(&wreck, &target, existing, &*clock, watch), |saved| Report::Salvage {
                items: saved.items,
                pictures: saved.pictures,
                losses: saved
                    .losses
                    .iter()
                    .map(|loss| SalvageLoss { seq: loss.seq, id: loss.id, part: loss.part.into() })
                    .collect(),
                all_known: saved.all_known,
                images: saved.container.map(Code::from),
                bytes: saved.bytes,
                file_name,
            })
        })
    }

    fn wreck(&self, with: Option<Unlock>, scratch: &Path) -> Result<Wreck, Failure> {
        if let Ok(vault) = self.vault() {
            return Ok(vault.as_wreck(scratch)?);
        }
        let folder = self.folder().ok_or(Code::NoVault)?;
        let id = Vault::inspect(&folder)?.id;
        let secret = match with.ok_or(Code::Locked)? {
            Unlock::Keychain => return self.wreck_by_keychain(&folder, scratch),
            Unlock::Passphrase { passphrase } => SlotSecret::Passphrase(Zeroizing::new(passphrase)),
            Unlock::Recovery { code } => {
                let code = Zeroizing::new(code);
                SlotSecret::Recovery(RecoveryKey::parse(&code, &id).map_err(recovery_code)?)
            }
        };
        self.guarded(&id, || Wreck::open(&folder, &secret, scratch))
    }

    fn wreck_by_keychain(&self, folder: &Folder, scratch: &Path) -> Result<Wreck, Failure> {
        let id = Vault::inspect(folder)?.id;
        let mut refused = Failure::from(Code::KeychainMissing);
        for kek in self.inner.keychain.load(&keychain::Item::vault(&id))? {
            match Wreck::open(folder, &SlotSecret::Keychain(kek), scratch) {
                Ok(wreck) => return Ok(wreck),
                Err(VaultError::WrongSecret) => refused = Code::WrongSecret.into(),
                Err(error) => return Err(error.into()),
            }
        }
        Err(refused)
    }
}
