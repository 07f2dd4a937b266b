//! Backups of the vault: made while it is open, verified, and turned into a vault again beside the present one.

use std::path::{Path, PathBuf};

use transfer::{Existing, TransferError};

use crate::jobs::report::Ended;
use crate::{Code, Failure, JobId, JobKind, Pick, Report, Studio, Topic};

impl Studio {
    /// Asks where to write and starts the backup; `None` when the dialog was closed. The same file is what moves a vault
    /// to another computer.
    ///
    /// # Errors
    /// When the vault is locked.
    pub fn pick_and_backup(&self) -> Result<Option<JobId>, Failure> {
        self.vault()?;
        let now = self.inner.clock.now().compact();
        let save = Pick::Save { name: format!("z-image-backup-{now}.zip"), plain: false };
        let target = self.inner.host.pick(&save, self.settings().language).into_iter().next();
        // The dialog itself asked before it gave a name that exists.
        target.map(|target| self.start_backup(target, Existing::Replace)).transpose()
    }

    /// Starts the backup to a target that the person named.
    ///
    /// # Errors
    /// When the vault is locked.
    pub fn start_backup(&self, target: PathBuf, existing: Existing) -> Result<JobId, Failure> {
        let clock = std::sync::Arc::clone(&self.inner.clock);
        let file_name = name_of(&target);
        self.start_job(JobKind::Backup, file_name.clone(), move |vault, watch| {
            ended(transfer::backup(vault, &target, existing, &*clock, watch), |report| Report::Backup {
                items: report.items,
                incomplete: report.incomplete,
                bytes: report.bytes,
                file_name,
            })
        })
    }

    /// Lets the person pick a backup and starts comparing it with its manifest; `None` when the dialog was closed.
    ///
    /// # Errors
    /// When the job can't be started.
    pub fn pick_and_verify_backup(&self) -> Result<Option<JobId>, Failure> {
        let picked = self.inner.host.pick(&Pick::Archive, self.settings().language).into_iter().next();
        picked.map(|path| self.start_verify_backup(path)).transpose()
    }

    /// Starts comparing a backup with its manifest. Needs no key.
    ///
    /// # Errors
    /// When the job can't be started.
    pub fn start_verify_backup(&self, path: PathBuf) -> Result<JobId, Failure> {
        self.inner.jobs.start(JobKind::VerifyBackup, name_of(&path), move |watch| {
            ended(transfer::verify_backup(&path, watch), |known| Report::VerifyBackup {
                items: known.items,
                incomplete: known.incomplete,
                bytes: known.bytes,
                created_at: known.created_at,
            })
        })
    }

    /// Lets the person pick a backup and starts making a vault of it; `None` when the dialog was closed.
    ///
    /// # Errors
    /// When the job can't be started.
    pub fn pick_and_restore_backup(&self) -> Result<Option<JobId>, Failure> {
        let picked = self.inner.host.pick(&Pick::Archive, self.settings().language).into_iter().next();
        picked.map(|path| self.start_restore_backup(path, None)).transpose()
    }

    /// Starts making a vault of a backup, in a new folder: the one that is named, otherwise one beside the present
    /// vault. It is opened afterwards like any other, with the secrets that it had.
    ///
    /// # Errors
    /// When the job can't be started. An existing folder makes the job fail with [`Code::TargetExists`].
    pub fn start_restore_backup(&self, path: PathBuf, to: Option<PathBuf>) -> Result<JobId, Failure> {
        let studio = self.clone();
        self.inner.jobs.start(JobKind::RestoreBackup, name_of(&path), move |watch| {
            let target = to.map_or_else(|| studio.free_place(&path), Ok);
            let outcome = target.and_then(|target| transfer::restore_backup(&path, &target, watch));
            studio.tell_changed(&[Topic::Vaults]);
            studio.tell_status();
            ended(outcome, |made| Report::RestoreBackup {
                items: made.backup.items,
                incomplete: made.backup.incomplete,
                vault: name_of(&made.folder),
                folder: made.folder.to_string_lossy().into_owned(),
            })
        })
    }

    /// A folder that is not there yet, named by the vault's id.
    fn free_place(&self, backup: &Path) -> Result<PathBuf, TransferError> {
        let id = transfer::vault_of_backup(backup)?.to_string();
        let beside = match &self.inner.config.vault {
            Some(named) => named.with_file_name(&id),
            None => self.inner.config.data.join("vaults").join(&id),
        };
        if !beside.exists() {
            return Ok(beside);
        }
        let now = self.inner.clock.now().compact();
        Ok(beside.with_file_name(format!("{id}-{now}")))
    }
}

pub(crate) fn name_of(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// How a job with a backup ended: what is wrong with the file is said of a backup.
fn ended<T>(outcome: Result<T, TransferError>, report: impl FnOnce(T) -> Report) -> Ended {
    match outcome {
        Err(TransferError::ArchiveDamaged | TransferError::Unsafe) => Ended::Failed(Code::BackupDamaged),
        Err(TransferError::NotOurs) => Ended::Failed(Code::BackupNotOurs),
        Err(TransferError::Newer) => Ended::Failed(Code::BackupNewer),
        other => crate::import::ended(other, report),
    }
}
