//! The window: one page, one command, one event, one image protocol and the native dialogs; and a second window, for
//! typing what opens a vault. Everything else is below it.
//!
//! **Invariant:** the page reaches the application only through [`api::call`] and the addresses of pictures.
//! **Invariant:** the page has no network, leaves nothing on disk and opens no other page.

mod arguments;
mod build;
mod command;
mod context;
mod entry;
mod environment;
mod host;
mod instance;
mod panic;
mod pictures;
mod quit;
mod system;
mod window;

use std::process::ExitCode;
use std::sync::Arc;

use clap::Parser as _;
use model::SystemClock;
use studio::{Event, Host, Sandbox, Studio, VaultState};
use tauri::{AppHandle, Emitter as _, Manager as _, RunEvent};

use crate::arguments::Arguments;
pub use crate::build::Build;
use crate::window::MAIN;

/// Passphrases and prompts do not outlive their use.
#[global_allocator]
static ALLOCATOR: memory::WipingAllocator = memory::WipingAllocator::new();

/// Name of the one event.
const EVENT: &str = "event";

/// Runs the program from its arguments to its end.
pub fn main(build: Build) -> ExitCode {
    memory::harden();
    // No thread may run yet.
    let sandbox = environment::prepare(&build);
    panic::say_where_only();
    let arguments = Arguments::parse();
    match run(build, &arguments, sandbox) {
        Ok(code) => memory::end(u8::try_from(code).unwrap_or(1)),
        Err(error) => {
            say(&format!("Z-Image can't start: {error:#}"));
            ExitCode::FAILURE
        }
    }
}

/// A word to the terminal it was started from; nothing of a person's work goes there.
#[allow(clippy::print_stderr, reason = "the window is not there (yet)")]
fn say(text: &str) {
    eprintln!("{text}");
}

fn run(build: Build, arguments: &Arguments, sandbox: Sandbox) -> anyhow::Result<i32> {
    let config = arguments.config()?;
    let webview = config.data.join("webview");
    let leftovers = webview.clone();
    let mut context = context::embedded();
    instance::name_after(&mut context, arguments);
    let app = tauri::Builder::default()
        .plugin(tauri_plugin_single_instance::init(|app, _, _| window::show(app)))
        .register_asynchronous_uri_scheme_protocol(pictures::SCHEME, pictures::answer)
        .invoke_handler(tauri::generate_handler![
            command::call,
            entry::entry_asked,
            entry::entry_answer,
            entry::entry_cancel
        ])
        .on_window_event(window::on_event)
        .setup(move |app| {
            let desktop = || Arc::new(host::Desktop::new(app.handle().clone(), sandbox)) as Arc<dyn Host>;
            let host = build.host.map_or_else(desktop, |make| make(sandbox));
            let teller = app.handle().clone();
            let studio = Studio::new(config, host, Arc::new(SystemClock), move |event| tell(&teller, &event));
            app.manage(pictures::Painters::start(studio.clone()));
            app.manage(studio.clone());
            app.manage(entry::Entry::default());
            app.manage(window::Making { driven: build.driven, folder: webview });
            window::open(app.handle())?;
            quit::on_signals(app.handle(), studio.clone());
            system::lock_with_it(&studio);
            Ok(())
        })
        .build(context)?;
    Ok(app.run_return(move |app, event| {
        if matches!(event, RunEvent::Exit) {
            app.state::<Studio>().lock();
            window::forget(&leftovers);
        }
    }))
}

fn tell(app: &AppHandle, event: &Event) {
    // A window that is gone hears nothing, and that is right.
    let _ = app.emit_to(MAIN, EVENT, event);
    match event {
        Event::Status { status } if status.vault == VaultState::Locked => {
            window::forget_pictures(app);
            entry::locked(app);
            // At its end there is nobody to ask any more.
            let _ = app.run_on_main_thread(host::confirm::dismiss);
        }
        Event::Settings { settings } => window::follow(app, settings),
        _ => {}
    }
}
