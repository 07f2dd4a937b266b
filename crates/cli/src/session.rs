//! One run of the program: the studio, opened when a command needs it, and its jobs.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use model::SystemClock;
use studio::{
    Code, Config, Event, Failure, Job, JobId, JobState, Language, NoHost, Protection, RecoverySheet, Report,
    Status, Studio, Unlock, VaultState,
};

use zeroize::Zeroizing;

use crate::args::Options;
use crate::progress::Line;
use crate::secret;
use crate::signals::Signals;
use crate::trouble::Trouble;

/// One run of the program.
pub struct Session {
    language: Language,
    vault: Option<PathBuf>,
    passphrase_file: Option<PathBuf>,
    signals: Signals,
    line: Arc<Line>,
    studio: std::cell::OnceCell<Studio>,
}

/// How a job ended that has something to tell.
pub struct Ended {
    /// What it did; none when it was stopped before there was something to tell.
    pub report: Option<Report>,
    /// Why it did not come to its end: it was stopped, or failed after something was done.
    pub broken: Option<Code>,
}

impl Session {
    /// A run with these options; nothing is opened yet.
    pub fn new(options: &Options, language: Language) -> Self {
        Self {
            language,
            vault: options.vault.clone(),
            passphrase_file: options.passphrase_file.clone(),
            signals: Signals::listen(),
            line: Arc::new(Line::new(language, !options.json)),
            studio: std::cell::OnceCell::new(),
        }
    }

    /// The studio, whether there is a vault or not.
    pub fn studio(&self) -> Result<&Studio, Trouble> {
        if let Some(studio) = self.studio.get() {
            return Ok(studio);
        }
        let config = self.config().ok_or(Trouble::NoHome)?;
        let line = Arc::clone(&self.line);
        let tell = move |event| {
            if let Event::Job { job } = event {
                line.show(&job);
            }
        };
        Ok(self.studio.get_or_init(|| Studio::new(config, Arc::new(NoHost), Arc::new(SystemClock), tell)))
    }

    /// Without a home folder a vault can still be named.
    fn config(&self) -> Option<Config> {
        let config = Config::of_system(self.vault.clone(), self.language, "").or_else(|| {
            let vault = self.vault.clone()?;
            Some(Config {
                data: vault.clone(),
                settings: vault.clone(),
                vault: Some(vault),
                home: None,
                language: self.language,
                pictures: String::new(),
                passphrase: None,
                minute: Duration::from_secs(60),
                renews: false,
            })
        });
        // A command ends when it has answered; `erase` asks for what follows an erasing.
        config.map(|config| Config { renews: false, ..config })
    }

    /// The studio with its vault open.
    pub fn open(&self) -> Result<&Studio, Trouble> {
        let studio = self.studio()?;
        let status = studio.status();
        match (status.vault, status.problem) {
            (VaultState::Open, _) => return Ok(studio),
            (VaultState::None, _) => return Err(Code::NoVault.into()),
            (VaultState::Locked, Some(problem)) => return Err(problem.into()),
            (VaultState::Locked, None) => {}
        }
        self.unlock(studio, &status)?;
        Ok(studio)
    }

    fn unlock(&self, studio: &Studio, status: &Status) -> Result<(), Trouble> {
        if let Some(passphrase) = secret::given(self.passphrase_file.as_deref())? {
            return Ok(studio.unlock(Unlock::Passphrase { passphrase: passphrase.to_string() })?);
        }
        if status.by_keychain {
            match studio.unlock(Unlock::Keychain) {
                // Where there is also a passphrase, the keychain's absence is not the end.
                Err(failure) if status.by_passphrase && is_keychain(failure.code) => {}
                outcome => return Ok(outcome?),
            }
        }
        let passphrase = secret::ask(self.language, &self.signals)?;
        Ok(studio.unlock(Unlock::Passphrase { passphrase: passphrase.to_string() })?)
    }

    /// What would open the vault, where opening it is not what is wanted.
    pub fn way_in(&self, status: &Status) -> Result<Unlock, Trouble> {
        if let Some(passphrase) = secret::given(self.passphrase_file.as_deref())? {
            return Ok(Unlock::Passphrase { passphrase: passphrase.to_string() });
        }
        if status.by_keychain && !status.by_passphrase {
            return Ok(Unlock::Keychain);
        }
        let passphrase = secret::ask(self.language, &self.signals)?;
        Ok(Unlock::Passphrase { passphrase: passphrase.to_string() })
    }

    /// The passphrase once more, where one opens the vault.
    pub fn passphrase_again(&self, studio: &Studio) -> Result<Option<Zeroizing<String>>, Trouble> {
        if !studio.status().by_passphrase {
            return Ok(None);
        }
        match secret::given(self.passphrase_file.as_deref())? {
            Some(passphrase) => Ok(Some(passphrase)),
            None => secret::ask(self.language, &self.signals).map(Some),
        }
    }

    /// Makes the vault. Ctrl-C waits until it is whole and its recovery key was told.
    pub fn create(&self, by_keychain: bool, another: bool) -> Result<RecoverySheet, Trouble> {
        let studio = self.studio()?;
        if !another && studio.status().vault != VaultState::None {
            return Err(Code::VaultExists.into());
        }
        let protection = if by_keychain {
            Protection::Keychain
        } else {
            let passphrase = match secret::given(self.passphrase_file.as_deref())? {
                Some(passphrase) => passphrase,
                None => secret::ask_new(self.language, &self.signals)?,
            };
            Protection::Passphrase { passphrase: passphrase.to_string() }
        };
        let made = self.signals.hold(|| {
            if another {
                return studio.create_another_vault(protection, "");
            }
            studio.create_vault(protection)
        });
        self.signals.job_is_over();
        Ok(made?)
    }

    /// Runs a job to its end.
    pub fn run(
        &self,
        studio: &Studio,
        start: impl FnOnce(&Studio) -> Result<JobId, Failure>,
    ) -> Result<Ended, Trouble> {
        let id = self.signals.job(studio, || start(studio))?;
        let Job { state, report, failure, .. } = studio.wait_for_job(id)?;
        self.signals.job_is_over();
        self.line.end();
        match state {
            JobState::Failed if report.is_none() => Err(failure.unwrap_or(Code::Internal).into()),
            JobState::Failed => Ok(Ended { report, broken: failure.or(Some(Code::Internal)) }),
            JobState::Cancelled => Ok(Ended { report, broken: Some(Code::Cancelled) }),
            JobState::Running | JobState::Done => Ok(Ended { report, broken: None }),
        }
    }

    /// Closes the vault in good order.
    pub fn close(self) {
        if let Some(studio) = self.studio.into_inner() {
            studio.lock();
        }
    }
}

fn is_keychain(code: Code) -> bool {
    matches!(
        code,
        Code::KeychainUnavailable
            | Code::KeychainLocked
            | Code::KeychainMissing
            | Code::KeychainGarbage
            | Code::KeychainUnanswered
    )
}
