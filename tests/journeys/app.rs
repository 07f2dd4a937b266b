//! The application without a window, spoken to through the command table alone.

use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, mpsc};
use std::time::Duration;

use base64::Engine as _;
use model::{Clock, SystemClock};
use serde_json::{Value, json};
use studio::{Code, Config, Confirm, Event, Host, HostError, Language, Pick, Studio};

pub const PASSPHRASE: &str = "霧の朝に灯籠をともす帆船の歌を七つ";

/// Answers dialogs with what a test laid ready; keeps what was copied.
#[derive(Default)]
pub struct Desk {
    answers: Mutex<VecDeque<Vec<PathBuf>>>,
    copied: Mutex<String>,
    refuses: AtomicBool,
    door: Mutex<Option<Door>>,
}

/// A dialog that nobody answers for a while.
struct Door {
    asked: mpsc::Sender<()>,
    answered: mpsc::Receiver<()>,
}

impl Desk {
    fn wait(&self) {
        let door = self.door.lock().unwrap().take();
        if let Some(door) = door {
            door.asked.send(()).unwrap();
            door.answered.recv().unwrap();
        }
    }
}

impl Host for Desk {
    fn pick(&self, _: &Pick, _: Language) -> Vec<PathBuf> {
        self.wait();
        self.answers.lock().unwrap().pop_front().unwrap_or_default()
    }

    fn confirm(&self, _: Confirm, _: Language) -> bool {
        self.wait();
        !self.refuses.load(Ordering::SeqCst)
    }

    fn copy(&self, text: &str) -> Result<(), HostError> {
        text.clone_into(&mut self.copied.lock().unwrap());
        Ok(())
    }

    fn take_back_copied(&self) {
        self.copied.lock().unwrap().clear();
    }
}

/// An application with its folder.
pub struct App {
    pub studio: Studio,
    events: Arc<Mutex<Vec<Event>>>,
    desk: Arc<Desk>,
    held: Held,
    answer: Mutex<Option<mpsc::Sender<()>>>,
}

/// Jobs stand still at their next progress while it is on.
type Held = Arc<(Mutex<Holding>, Condvar)>;

#[derive(Default)]
struct Holding {
    on: bool,
    standing: usize,
}

impl App {
    /// Starts it on a folder.
    pub fn start(data: &Path) -> Self {
        Self::with_minute(data, Duration::from_secs(60))
    }

    /// Starts it where a minute of idleness is this long.
    pub fn with_minute(data: &Path, minute: Duration) -> Self {
        Self::with_clock(data, minute, Arc::new(SystemClock))
    }

    /// Starts it on a clock of the test's own.
    pub fn with_clock(data: &Path, minute: Duration, clock: Arc<dyn Clock>) -> Self {
        Self::with_cost(data, minute, clock, crypto::PassphraseParams::FOR_TESTS)
    }

    /// Starts it where a passphrase is to cost this much.
    pub fn with_cost(
        data: &Path,
        minute: Duration,
        clock: Arc<dyn Clock>,
        cost: crypto::PassphraseParams,
    ) -> Self {
        let (desk, events) = (Arc::new(Desk::default()), Arc::new(Mutex::new(Vec::new())));
        let config = Config {
            data: data.to_path_buf(),
            vault: None,
            settings: data.to_path_buf(),
            home: None,
            language: Language::En,
            pictures: "vault://localhost/".to_owned(),
            passphrase: Some(cost),
            minute,
            renews: true,
        };
        let told = Arc::clone(&events);
        let host: Arc<dyn Host> = Arc::<Desk>::clone(&desk);
        let held = Held::default();
        let holds = Arc::clone(&held);
        let studio = Studio::new(config, host, clock, move |event| {
            // Only the thread of a job tells how far it is.
            let its_own = std::thread::current().name() == Some("job");
            let at_work = its_own && matches!(&event, Event::Job { job } if job.is_running());
            told.lock().unwrap().push(event);
            if at_work {
                let mut held = holds.0.lock().unwrap();
                held.standing += 1;
                held = holds.1.wait_while(held, |held| held.on).unwrap();
                held.standing -= 1;
            }
        });
        Self { studio, events, desk, held, answer: Mutex::default() }
    }

    /// Starts it on a folder and makes a vault; gives the recovery key as well.
    pub fn with_vault(data: &Path) -> (Self, Value) {
        let app = Self::start(data);
        let protection = json!({ "protection": { "by": "passphrase", "passphrase": PASSPHRASE } });
        let sheet = app.ask("vault_create", protection);
        (app, sheet)
    }

    /// A command that is to succeed.
    pub fn ask(&self, name: &str, request: Value) -> Value {
        api::call(&self.studio, name, request).unwrap_or_else(|failure| panic!("{name}: {failure}"))
    }

    /// A command that is to fail.
    pub fn refused(&self, name: &str, request: Value) -> Code {
        api::call(&self.studio, name, request).expect_err(name).code
    }

    /// Lays a dialog's answer ready.
    pub fn lay(&self, paths: &[&Path]) {
        self.desk.answers.lock().unwrap().push_back(paths.iter().map(|p| p.to_path_buf()).collect());
    }

    /// The person says no to what is asked, or yes again.
    pub fn refuse(&self, refuses: bool) {
        self.desk.refuses.store(refuses, Ordering::SeqCst);
    }

    /// Jobs stand still at their next progress, or go on.
    pub fn hold(&self, held: bool) {
        self.held.0.lock().unwrap().on = held;
        self.held.1.notify_all();
    }

    /// A job stands still.
    pub fn stands(&self) -> bool {
        let held = self.held.0.lock().unwrap();
        held.on && held.standing > 0
    }

    /// The next dialog stays open until it is answered; tells when it is there.
    pub fn keep_waiting(&self) -> mpsc::Receiver<()> {
        let ((asked, told), (answer, answered)) = (mpsc::channel(), mpsc::channel());
        *self.desk.door.lock().unwrap() = Some(Door { asked, answered });
        *self.answer.lock().unwrap() = Some(answer);
        told
    }

    /// The person answers the dialog that is open.
    pub fn answer(&self) {
        self.answer.lock().unwrap().take().unwrap().send(()).unwrap();
    }

    /// What was copied last.
    pub fn copied(&self) -> String {
        self.desk.copied.lock().unwrap().clone()
    }

    /// How often it was told that items changed.
    pub fn changes(&self) -> usize {
        let told = self.events.lock().unwrap();
        told.iter()
            .filter(|e| matches!(e, Event::Changed { topics } if topics.contains(&studio::Topic::Items)))
            .count()
    }

    /// Everything that was told of jobs, oldest first.
    pub fn told_of_jobs(&self) -> Vec<Value> {
        let told = self.events.lock().unwrap();
        let jobs = told.iter().filter_map(|event| match event {
            Event::Job { job } => Some(serde_json::to_value(job).unwrap()),
            _ => None,
        });
        jobs.collect()
    }

    /// Waits for the job of an answer and gives its report.
    pub fn report(&self, started: &Value) -> Value {
        let job = serde_json::from_value(started["job"].clone()).expect("a job");
        let job = self.studio.wait_for_job(job).unwrap();
        let shown = serde_json::to_value(&job).unwrap();
        assert_eq!(shown["state"], "done", "{shown}");
        shown["report"].clone()
    }

    /// Takes a folder in, as a person does: pick, plan, start.
    pub fn import(&self, folder: &Path) -> Value {
        self.lay(&[folder]);
        let offer = self.ask("import_pick", json!({ "what": "folders" }));
        let request = json!({ "offers": [offer["id"]], "label": offer["label"] });
        let plan = self.report(&self.ask("import_plan", request.clone()));
        let report = self.report(&self.ask("import_start", request));
        assert_eq!(plan["new"], report["added"], "the plan said what would come: {plan} {report}");
        report
    }

    /// Numbers of the hits of a search.
    pub fn hits(&self, query: Value) -> Vec<u32> {
        let listing = self.ask("gallery_query", query);
        let packed =
            base64::engine::general_purpose::STANDARD.decode(listing["seqs"].as_str().unwrap()).unwrap();
        packed.as_chunks::<4>().0.iter().map(|bytes| u32::from_le_bytes(*bytes)).collect()
    }

    /// Everything about every item, the trash included, without what differs from vault to vault.
    pub fn everything(&self) -> Vec<Value> {
        let mut seqs = self.hits(json!({}));
        seqs.extend(self.hits(json!({ "scope": "trash" })));
        let mut items: Vec<Value> =
            seqs.iter().map(|seq| self.ask("item_show", json!({ "seq": seq }))).collect();
        for item in &mut items {
            let fields = item.as_object_mut().unwrap();
            fields.remove("seq");
            fields.remove("same_prompt");
        }
        items.sort_by_key(|item| item["id"].as_str().unwrap().to_owned());
        items
    }

    /// The bytes of every original by id.
    pub fn originals(&self) -> Vec<(String, Vec<u8>)> {
        let mut seqs = self.hits(json!({}));
        seqs.extend(self.hits(json!({ "scope": "trash" })));
        let mut all: Vec<_> = seqs
            .iter()
            .map(|seq| {
                let id = self.ask("item_show", json!({ "seq": seq }))["id"].as_str().unwrap().to_owned();
                (id, self.studio.original(*seq).unwrap())
            })
            .collect();
        all.sort();
        all
    }
}
