//! No vault → locked → open. Only the open state holds a vault.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, mpsc};

use keychain::Keychain;
use model::{Clock, Timestamp};
use vault::{Folder, Vault};

use crate::attempts::{Attempts, FailedAttempts};
use crate::config::Config;
use crate::jobs::Jobs;
use crate::jobs::report::Ended;
use crate::lock::{Activity, veil};
use crate::offers::Offers;
use crate::online::Online;
use crate::recovery::Pending;
use crate::settings::{Settings, SettingsEdit, SettingsFile};
use crate::{Code, Event, Failure, Host, Job, JobId, JobKind, Offer, Topic};

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
    /// The account, and what is under way with it.
    pub online: Arc<Online>,
    /// Makes the first search in the middle of words quick; ends when it is told to or done.
    pub _warming: Warming,
}

impl Open {
    /// The vault alone; what else belonged to this opening ends.
    pub(crate) fn into_vault(self) -> Arc<Vault> {
        self.vault
    }
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
    /// Somebody said on the age screen to be too young: no account in this run.
    pub too_young: AtomicBool,
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
            too_young: AtomicBool::new(false),
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

/// A lock whose holder died left good data: every change here is one assignment.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
