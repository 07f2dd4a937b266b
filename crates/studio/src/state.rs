//! No vault → locked → open. Only the open state holds a vault.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, mpsc};
use std::time::Duration;

use keychain::Keychain;
use model::{Clock, Timestamp};
use serde::Serialize;
use vault::{Folder, SlotView, Vault};

use crate::attempts::{Attempts, FailedAttempts};
use crate::jobs::Jobs;
use crate::jobs::report::Ended;
use crate::lock::{Activity, veil};
use crate::offers::Offers;
use crate::recovery::Pending;
use crate::settings::{Settings, SettingsEdit, SettingsFile};
use crate::{Cloud, Code, Event, Failure, Host, Job, JobId, JobKind, Language, Offer, Sandbox, Topic};
use crate::{check, cloud};

/// Where the application keeps its things, and who it speaks to.
pub struct Config {
    /// Below it lie the vaults.
    pub data: PathBuf,
    /// The vault's own folder, when the person named one; otherwise the first below `data`.
    pub vault: Option<PathBuf>,
    /// Holds `settings.json`.
    pub settings: PathBuf,
    /// The person's home, where pictures of generators are looked for; `None` to look nowhere.
    pub home: Option<PathBuf>,
    /// Language when none was chosen yet.
    pub language: Language,
    /// Address under which the window asks for pictures, ending with a slash.
    pub pictures: String,
    /// Cost of a passphrase; `None` measures this computer.
    pub passphrase: Option<crypto::PassphraseParams>,
    /// How long a minute of idleness is: shorter where tests wait for it.
    pub minute: Duration,
    /// Whether what is due begins by itself: the catalogue written anew where something was erased, the monthly check. A
    /// program that ends at once asks for it where it is wanted.
    pub renews: bool,
}

impl Config {
    /// The usual folders of this system; the environment variable `ZIMAGE_VAULT` or `vault` names another vault.
    /// `None` when the system has no home folder.
    pub fn of_system(vault: Option<PathBuf>, language: Language, pictures: &str) -> Option<Self> {
        let folders = directories::ProjectDirs::from("ai", "z-image", "Z-Image")?;
        let home = directories::BaseDirs::new().map(|base| base.home_dir().to_path_buf());
        let named =
            vault.or_else(|| std::env::var_os("ZIMAGE_VAULT").filter(|v| !v.is_empty()).map(PathBuf::from));
        Some(Self {
            data: folders.data_local_dir().to_path_buf(),
            vault: named,
            settings: folders.config_local_dir().to_path_buf(),
            home,
            language,
            pictures: pictures.to_owned(),
            passphrase: None,
            minute: Duration::from_secs(60),
            renews: true,
        })
    }
}

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

/// The open vault and what belongs to it.
pub(crate) struct Open {
    pub vault: Arc<Vault>,
    /// The vault's, which itself waits with the answer while a key is made.
    pub id: model::VaultId,
    /// Part of every picture's address, new at each opening.
    pub token: String,
    /// When a secret of it was shown last.
    pub proven_at: Mutex<Activity>,
    /// Wrong tries before it was opened.
    pub failed: Mutex<Option<FailedAttempts>>,
    /// What the keychain knows and this copy is behind of.
    pub newer: Mutex<Option<u64>>,
    /// The check that was due has begun by itself.
    pub checked_by_itself: AtomicBool,
    /// Makes the first search in the middle of words quick; ends when it is told to or done.
    pub _warming: Warming,
}

impl Open {
    /// The vault alone; what else belonged to this opening ends.
    pub(crate) fn into_vault(self) -> Arc<Vault> {
        self.vault
    }
}

/// What is told of the open vault.
struct Glance {
    vault: Arc<Vault>,
    token: String,
    failed: Option<FailedAttempts>,
    is_older: bool,
}

/// Work in the background that a lock waits for, so that no key outlives it.
pub(crate) struct Warming {
    stop: Arc<AtomicBool>,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl Warming {
    pub(crate) fn start(vault: &Arc<Vault>) -> Self {
        let (stop, vault) = (Arc::new(AtomicBool::new(false)), Arc::clone(vault));
        let told = Arc::clone(&stop);
        let thread = std::thread::Builder::new().name("warming".to_owned());
        // Without it, or when it fails, the first such search takes longer and is right all the same.
        let work = move || drop(vault.warm_up(&mut || !told.load(Ordering::Relaxed)));
        Self { stop, thread: thread.spawn(work).ok() }
    }
}

impl Drop for Warming {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            // A panic inside has been told of by the panic hook.
            let _ = thread.join();
        }
    }
}

pub(crate) struct Inner {
    pub config: Config,
    pub host: Arc<dyn Host>,
    pub clock: Arc<dyn Clock>,
    pub keychain: Keychain,
    pub jobs: Arc<Jobs>,
    pub offers: Offers,
    pub open: RwLock<Option<Open>>,
    /// Softly locked: out of reach of every request, kept for the jobs that run.
    pub resting: Mutex<Option<Open>>,
    /// Jobs tell no names.
    pub veiled: Arc<AtomicBool>,
    pub attempts: Attempts,
    /// When the person last did something.
    pub active: Mutex<Activity>,
    /// Makes the watch on idleness look again; its end ends the watch.
    pub look: mpsc::Sender<()>,
    /// Vaults are opened and made one at a time. A lock does not wait for it.
    pub gate: Mutex<()>,
    /// Ways into the vault are changed one at a time. A lock does not wait for it.
    pub changing: Mutex<()>,
    /// Passphrases and recovery keys are looked at one at a time, so that many at once are no more tries than allowed.
    pub trying: Mutex<()>,
    /// Keys go one lock at a time. It is held for no keychain, no dialog and no derivation of a key.
    pub closing: Mutex<()>,
    /// Locks that may have the vault in their hands, on its way to be closed.
    pub in_hands: AtomicU64,
    /// Counts locks: what began before one does not open the vault after it.
    pub locks: AtomicU64,
    /// The secret store that answered last.
    pub store: Mutex<Option<String>>,
    pub locked_at: Mutex<Option<Timestamp>>,
    pub started_at: Timestamp,
    /// How often it was told where the application stands.
    pub told: AtomicU64,
    pub pending: Mutex<Option<Pending>>,
    pub settings: Mutex<Settings>,
    pub file: SettingsFile,
    pub tell: Arc<dyn Fn(Event) + Send + Sync>,
}

/// The application.
#[derive(Clone)]
pub struct Studio {
    pub(crate) inner: Arc<Inner>,
}

impl Studio {
    /// Starts it, locked. Events go to `tell`, from any thread.
    pub fn new(
        config: Config,
        host: Arc<dyn Host>,
        clock: Arc<dyn Clock>,
        tell: impl Fn(Event) + Send + Sync + 'static,
    ) -> Self {
        let tell: Arc<dyn Fn(Event) + Send + Sync> = Arc::new(tell);
        let file = SettingsFile::in_folder(&config.settings);
        let settings = Mutex::new(file.load(config.language));
        let veiled = Arc::new(AtomicBool::new(false));
        let (for_jobs, hidden) = (Arc::clone(&tell), Arc::clone(&veiled));
        let for_jobs = move |event| match event {
            Event::Job { job } if hidden.load(Ordering::SeqCst) => for_jobs(Event::Job { job: veil(job) }),
            event => for_jobs(event),
        };
        let (look, looking) = mpsc::channel();
        let inner = Inner {
            started_at: clock.now(),
            host,
            keychain: Keychain::start(),
            jobs: Arc::new(Jobs::new(Box::new(for_jobs))),
            offers: Offers::default(),
            open: RwLock::new(None),
            resting: Mutex::default(),
            veiled,
            attempts: Attempts::in_folder(&config.settings),
            active: Mutex::new(Activity::now(&*clock)),
            look,
            gate: Mutex::new(()),
            changing: Mutex::new(()),
            trying: Mutex::new(()),
            closing: Mutex::new(()),
            in_hands: AtomicU64::new(0),
            locks: AtomicU64::new(0),
            store: Mutex::new(None),
            locked_at: Mutex::new(None),
            told: AtomicU64::new(0),
            pending: Mutex::new(None),
            settings,
            file,
            tell,
            clock,
            config,
        };
        let inner = Arc::new(inner);
        let watched = Arc::downgrade(&inner);
        let watch = std::thread::Builder::new().name("idleness".to_owned());
        // Where the system gives no thread, the vault stays open until it is locked.
        let _ = watch.spawn(move || crate::lock::watch(&watched, &looking));
        Self { inner }
    }

    /// The folder of the vault, when there is one.
    pub(crate) fn folder(&self) -> Option<Folder> {
        let config = &self.inner.config;
        match &config.vault {
            Some(named) => vault::vault_in(named).or_else(|| {
                let folder = Folder::new(named);
                folder.has_anything().then_some(folder)
            }),
            None => self.chosen_folder().or_else(|| vault::vault_in(&config.data)),
        }
    }

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

    /// The open vault.
    pub(crate) fn vault(&self) -> Result<Arc<Vault>, Failure> {
        let open = self.inner.open.read().unwrap_or_else(PoisonError::into_inner);
        open.as_ref().map(|open| Arc::clone(&open.vault)).ok_or_else(|| Code::Locked.into())
    }

    /// Starts a job on the open vault. Locking either comes before, and the job is refused, or finds the job and
    /// stops it.
    pub(crate) fn start_job(
        &self,
        kind: JobKind,
        label: String,
        work: impl FnOnce(&Vault, &mut dyn FnMut(transfer::Progress) -> bool) -> Ended + Send + 'static,
    ) -> Result<JobId, Failure> {
        let open = self.inner.open.read().unwrap_or_else(PoisonError::into_inner);
        let vault = open.as_ref().map(|open| Arc::clone(&open.vault)).ok_or(Code::Locked)?;
        self.inner.jobs.start_keyed(kind, label, || true, move |watch| work(&vault, watch))
    }

    /// The choices of the window.
    pub fn settings(&self) -> Settings {
        lock(&self.inner.settings).clone()
    }

    /// Changes choices of the window and keeps them.
    ///
    /// # Errors
    /// [`Code::SettingsNotSaved`]; the change holds for this run all the same.
    pub fn edit_settings(&self, edit: &SettingsEdit) -> Result<Settings, Failure> {
        let mut settings = lock(&self.inner.settings);
        *settings = settings.with(edit);
        // A shorter time may be over already.
        let _ = self.inner.look.send(());
        let saved = self.inner.file.save(&settings);
        let now = settings.clone();
        drop(settings);
        self.tell(Event::Settings { settings: now.clone() });
        saved.map(|()| now)
    }

    pub(crate) fn tell(&self, event: Event) {
        (self.inner.tell)(event);
    }

    pub(crate) fn tell_changed(&self, topics: &[Topic]) {
        self.tell(Event::Changed { topics: topics.to_vec() });
    }

    pub(crate) fn tell_status(&self) {
        self.tell(Event::Status { status: self.status_now() });
    }

    /// Takes in paths that a person dropped on the window; nothing while no vault is open.
    pub fn offer_dropped(&self, paths: Vec<PathBuf>) -> Option<Offer> {
        self.vault().ok()?;
        let offer = self.inner.offers.add(paths)?;
        self.tell(Event::Offered { offer: offer.clone() });
        Some(offer)
    }

    /// All jobs, oldest first; behind a lock without names.
    pub fn jobs(&self) -> Vec<Job> {
        let jobs = self.inner.jobs.list();
        let veiled = self.inner.veiled.load(Ordering::SeqCst);
        if veiled { jobs.into_iter().map(veil).collect() } else { jobs }
    }

    /// Asks a job to stop.
    ///
    /// # Errors
    /// [`Code::NoSuchJob`].
    pub fn cancel_job(&self, id: JobId) -> Result<(), Failure> {
        self.inner.jobs.cancel(id)
    }

    /// Takes an ended job off the list.
    ///
    /// # Errors
    /// [`Code::NoSuchJob`].
    pub fn dismiss_job(&self, id: JobId) -> Result<(), Failure> {
        self.inner.jobs.dismiss(id)
    }

    /// Waits until a job has ended.
    ///
    /// # Errors
    /// [`Code::NoSuchJob`].
    pub fn wait_for_job(&self, id: JobId) -> Result<Job, Failure> {
        self.inner.jobs.wait(id)
    }
}

fn id_of(folder: Option<&Folder>) -> Option<model::VaultId> {
    Vault::inspect(folder?).ok().map(|info| info.id)
}

/// A lock whose holder died left good data: every change here is one assignment.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A folder may be a link into another place.
fn cloud_of(folder: &Folder) -> Option<Cloud> {
    let root = folder.root();
    let real = root.canonicalize().unwrap_or_else(|_| root.to_path_buf());
    cloud::synced_by(&real, |path| path.exists())
}
