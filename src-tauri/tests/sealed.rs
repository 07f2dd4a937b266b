//! The shipped program, seen from outside: what it leaves on the disk and what it sends, through a whole session.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use journeys::window::drag::Drag;
use journeys::window::process::{Running, descendants};
use journeys::window::wait::{until, until_or};
use journeys::window::{Display, Hands, Home, clipboard, offline};
use model::SystemClock;
use studio::{Config, Language, NoHost, Protection, Studio, Unlock};
use tempfile::TempDir;
use testkit::markers::{Marker, scan};
use testkit::samples::with_parameters;

pub(crate) const PASSPHRASE: &str = "seven lanterns over the quiet harbour";
pub(crate) const TITLE: &str = "Z-Image";
/// The window for typing.
pub(crate) const ENTRY: &str = "Enter your passphrase";

pub(crate) fn studio(home: &Home) -> Studio {
    let data = home.path().join("data");
    let config = Config {
        data: data.clone(),
        vault: None,
        settings: data,
        home: None,
        language: Language::En,
        pictures: String::new(),
        passphrase: None,
        minute: Duration::from_secs(60),
        renews: true,
    };
    Studio::new(config, Arc::new(NoHost), Arc::new(SystemClock), |_| ())
}

/// An empty vault, made without the window.
/// A vault with a passphrase; gives its recovery key.
pub(crate) fn make_vault(home: &Home) -> String {
    let studio = studio(home);
    let sheet = studio.create_vault(Protection::Passphrase { passphrase: PASSPHRASE.to_owned() }).unwrap();
    studio.edit_settings(&studio::SettingsEdit { introduced: Some(true), ..Default::default() }).unwrap();
    studio.lock();
    sheet.code.clone()
}

/// How many pictures the vault has, those in the trash as well.
fn kept(home: &Home) -> usize {
    let studio = studio(home);
    studio.unlock(Unlock::Passphrase { passphrase: PASSPHRASE.to_owned() }).unwrap();
    let listing = studio.query(&Default::default()).unwrap();
    studio.lock();
    listing.library + listing.trash
}

/// Every file below a folder.
fn files(folder: &Path) -> BTreeSet<PathBuf> {
    let mut found = BTreeSet::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            match entry.file_type() {
                Ok(kind) if kind.is_dir() => open.push(entry.path()),
                Ok(_) => drop(found.insert(entry.path())),
                Err(_) => {}
            }
        }
    }
    found
}

pub(crate) fn shipped(command: &mut Command, home: &Home) -> Running {
    Running::start(command.arg("--data").arg(home.path().join("data")).stdin(Stdio::null()))
}

/// Greys have no colour; the one blue button of the lock screen has, a picture has far more.
pub(crate) fn sees(hands: &Hands<'_>, what: &str, coloured: std::ops::Range<usize>) {
    until_or(
        || coloured.contains(&hands.coloured_pixels()).then_some(()),
        || format!("{what}, with {} coloured pixels", hands.coloured_pixels()),
    );
}

/// Presses the one button of the lock screen, types into the window that comes, and sees it go.
pub(crate) fn unlocks(display: &Display, hands: &Hands<'_>) {
    hands.press("Return");
    let entry = Hands::on_window(display, ENTRY);
    entry.write(PASSPHRASE);
    entry.press("Return");
    until("the window for typing to go", || (!Hands::sees_window(display, ENTRY)).then_some(()));
    Hands::on_window(display, TITLE);
}

/// A word for a dialog's field: it is typed there by key, and a random marker has a character that no keyboard has.
fn typed(kind: &str) -> Marker {
    Marker::of(kind, Marker::random(kind).text().trim_end_matches('灯'))
}

/// One picture in a folder of its own, with words to look for, and where it is to be exported to.
struct Planted {
    folder: TempDir,
    prompt: Marker,
    negative: Marker,
    name: Marker,
    tag: Marker,
    title: Marker,
    exported: TempDir,
    archive: Marker,
}

impl Planted {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let [prompt, negative, name] = ["prompt", "negative prompt", "file name"].map(Marker::random);
        let text = format!(
            "{} lanterns\nNegative prompt: {}\nSteps: 9, Sampler: Euler, Seed: 7, Size: 640x640",
            prompt.text(),
            negative.text()
        );
        let file = folder.path().join(format!("{}.png", name.text()));
        fs::write(file, with_parameters(&text, 640)).unwrap();
        let [tag, title, archive] = ["tag", "title", "archive"].map(typed);
        Self { folder, prompt, negative, name, tag, title, exported: tempfile::tempdir().unwrap(), archive }
    }

    fn archive(&self) -> PathBuf {
        self.exported.path().join(format!("{}.zip", self.archive.text()))
    }

    fn markers(&self) -> Vec<Marker> {
        let Self { prompt, negative, name, tag, title, archive, .. } = self;
        let mut all = [prompt, negative, name, tag, title, archive].map(Marker::clone).to_vec();
        all.push(Marker::of("passphrase", PASSPHRASE));
        all
    }
}

/// Drags the folder in, searches for the prompt, views the picture and copies its prompt.
fn brings_in_and_looks(display: &Display, hands: &Hands<'_>, planted: &Planted) {
    Drag::over_the_window(display, &[planted.folder.path()]).lets_go();
    until("the picture", || {
        hands.press("Return");
        (hands.coloured_pixels() > 22_000).then_some(())
    });
    hands.press("Escape");
    hands.press("slash");
    hands.write(planted.prompt.text());
    hands.press("Return");
    until("the viewer", || {
        hands.press("Right");
        hands.press("Return");
        (hands.coloured_pixels() > 250_000).then_some(())
    });
    hands.press("ctrl+c");
    let copied = || clipboard::text(display).filter(|text| text.contains(planted.prompt.text()));
    until("the prompt on the clipboard", copied);
    assert!(clipboard::is_kept_from_histories(display), "a clipboard history may keep the prompt");
    hands.press("Escape");
    sees(hands, "the gallery", 20_000..150_000);
    tags_it(hands, planted);
    // Beside the picture, and back to it.
    hands.press("F2");
    hands.write(planted.title.text());
    hands.press("Return");
}

/// Gives the picture a tag.
fn tags_it(hands: &Hands<'_>, planted: &Planted) {
    // The sheet that asks for the tag dims the picture.
    hands.press("t");
    sees(hands, "the sheet over the gallery", 40_000..65_000);
    hands.write(planted.tag.text());
    hands.press("Return");
    sees(hands, "the gallery", 75_000..150_000);
}

/// Folders of the system that programs use for what is not to last: shared memory, sockets of the display, and all
/// that has come into the folders for temporary things since `before`.
struct Passing {
    before: BTreeSet<PathBuf>,
}

impl Passing {
    fn now() -> BTreeSet<PathBuf> {
        let in_folder =
            |folder: &PathBuf| fs::read_dir(folder).into_iter().flatten().flatten().collect::<Vec<_>>();
        let folders = [std::env::temp_dir(), PathBuf::from("/tmp"), PathBuf::from("/var/tmp")];
        folders.iter().flat_map(in_folder).map(|entry| entry.path()).collect()
    }

    /// Looks now, before the session; what the test itself plants is there already.
    fn begin() -> Self {
        Self { before: Self::now() }
    }

    fn places(&self) -> Vec<PathBuf> {
        let mut places: Vec<PathBuf> = Self::now().difference(&self.before).cloned().collect();
        places.extend(["/dev/shm", "/tmp/.X11-unix", "/tmp/.ICE-unix"].map(PathBuf::from));
        places
    }
}

/// Exports everything, with the desktop's own dialog.
fn exports(display: &Display, hands: &Hands<'_>, to: &Path) {
    hands.press("ctrl+shift+e");
    let dialog = Hands::on_window(display, "Choose where to save · this file is not encrypted");
    dialog.press("ctrl+a");
    dialog.write(to.to_str().unwrap());
    dialog.press("Return");
    until("the export", || to.is_file().then_some(()));
    Hands::on_window(display, TITLE);
}

/// Puts all into the trash, goes there by the list of commands and erases it for good.
fn erases(hands: &Hands<'_>) {
    // More than one look: what asks before it erases dims the picture for a moment.
    let gone = || (0..3).all(|_| hands.coloured_pixels() < 20_000).then_some(());
    until("the trashed picture to go", || {
        hands.press("Escape");
        hands.press("ctrl+a");
        hands.press("Delete");
        gone()
    });
    hands.press("ctrl+k");
    hands.write("Go to the trash");
    hands.press("Return");
    sees(hands, "the trash", 20_000..150_000);
    until("the erased picture to go", || {
        hands.press("Escape");
        hands.press("ctrl+a");
        hands.press("Delete");
        // The way back has the focus.
        hands.press("Tab");
        hands.press("Return");
        gone()
    });
}

/// Locks; what has popped up is closed before.
pub(crate) fn locks(hands: &Hands<'_>) {
    until("the lock screen", || {
        hands.press("Escape");
        hands.press("ctrl+l");
        (11_000..18_000).contains(&hands.coloured_pixels()).then_some(())
    });
}

#[test]
fn a_whole_session_leaves_no_word_on_the_disk_and_sends_nothing() {
    let planted = Planted::new();
    let (display, home) = (Display::start(), Home::new("en_US.UTF-8"));
    make_vault(&home);
    let (before, passing) = (files(home.path()), Passing::begin());

    let mut app = shipped(&mut offline::command(&home, &display, crate::SHIPPED), &home);
    let hands = Hands::on_window(&display, TITLE);
    sees(&hands, "the lock screen", 11_000..18_000);
    unlocks(&display, &hands);
    sees(&hands, "the empty gallery", 1_000..10_000);
    brings_in_and_looks(&display, &hands, &planted);
    exports(&display, &hands, &planted.archive());
    assert_eq!(hands.title(), TITLE);
    // The vault is open, its journals are there as well.
    let nowhere = || {
        let places = [vec![home.path().to_path_buf()], passing.places()].concat();
        assert_eq!(scan(&places, &planted.markers()), []);
    };
    nowhere();
    erases(&hands);
    locks(&hands);
    let held = |text: &String| text.contains(planted.prompt.text());
    until("the prompt to go from the clipboard", || {
        clipboard::text(&display).filter(held).is_none().then_some(())
    });
    assert_eq!(offline::traffic(app.pid()), offline::Traffic::default());
    assert!(app.end().success());

    nowhere();
    assert_eq!(kept(&home), 0, "it was not erased");
    // They are seen where they are allowed to be.
    let Planted { folder, prompt, negative, name, tag, title, exported, archive } = &planted;
    let seen = |place: &TempDir, marker: &Marker| {
        assert_ne!(
            scan(&[place.path()], std::slice::from_ref(marker)),
            [],
            "{marker:?} is not where it may be"
        );
    };
    [prompt, negative, name].into_iter().for_each(|marker| seen(folder, marker));
    [prompt, negative, tag, title, archive].into_iter().for_each(|marker| seen(exported, marker));
    // And the scanner does look into shared memory.
    let shared = tempfile::Builder::new().tempfile_in("/dev/shm").unwrap();
    fs::write(shared.path(), prompt.text()).unwrap();
    assert_ne!(scan(&passing.places(), std::slice::from_ref(prompt)), []);
    let strays: Vec<PathBuf> =
        files(home.path()).difference(&before).filter(|file| !is_expected(&home, file)).cloned().collect();
    assert_eq!(strays, Vec::<PathBuf>::new());
}

/// What may be new after a session: the vault's own files, settings, compiled shaders, sockets of the session, and the
/// desktop's list of recent files, which is empty as nothing in it is found.
fn is_expected(home: &Home, file: &Path) -> bool {
    let recent = ".local/share/recently-used.xbel";
    let below = ["data/vaults", "data/settings.json", ".cache/mesa_shader_cache", "run", recent];
    below.iter().any(|place| file.starts_with(home.path().join(place)))
}

#[test]
fn the_desktops_own_dialog_brings_a_picture_in_and_remembers_nothing() {
    let name = typed("file name");
    let outside = tempfile::tempdir().unwrap();
    let picture = outside.path().join(format!("{}.png", name.text()));
    fs::write(&picture, with_parameters("lanterns\nSteps: 9, Sampler: Euler, Seed: 7, Size: 640x640", 640))
        .unwrap();
    let (display, home) = (Display::start(), Home::new("en_US.UTF-8"));
    make_vault(&home);
    let mut app = shipped(&mut home.command(crate::SHIPPED, &display), &home);
    let window = Hands::on_window(&display, TITLE);
    sees(&window, "the lock screen", 11_000..18_000);
    unlocks(&display, &window);
    sees(&window, "the empty gallery", 1_000..10_000);
    window.press("ctrl+i");
    let dialog = Hands::on_window(&display, "Choose pictures to import");
    // The field for a path.
    dialog.press("ctrl+l");
    dialog.write(picture.to_str().unwrap());
    dialog.press("Return");
    let window = Hands::on_window(&display, TITLE);
    until("the picture", || {
        window.press("Return");
        (window.coloured_pixels() > 22_000).then_some(())
    });
    // GTK writes its list of recent files a moment after the dialog, if it writes one.
    let picked = Instant::now();
    while picked.elapsed() < Duration::from_secs(3) {
        assert_eq!(
            scan(&[home.path().join(".local"), home.path().join(".config")], std::slice::from_ref(&name)),
            []
        );
    }
    // Nobody is asked, and the vault is closed as by the window's own button.
    window.press("ctrl+q");
    assert!(until("the program to end", || app.child().try_wait().unwrap()).success());
    let logs = files(home.path()).into_iter().filter(|file| file.to_string_lossy().ends_with("-wal"));
    let open: Vec<PathBuf> = logs.filter(|log| fs::metadata(log).unwrap().len() > 0).collect();
    assert_eq!(open, Vec::<PathBuf>::new(), "the vault was not closed");
    assert_eq!(scan(&[home.path()], &[name]), []);
}

#[test]
fn the_key_for_quitting_works_behind_the_lock_as_well() {
    let (display, home) = (Display::start(), Home::new("en_US.UTF-8"));
    make_vault(&home);
    let mut app = shipped(&mut home.command(crate::SHIPPED, &display), &home);
    let window = Hands::on_window(&display, TITLE);
    sees(&window, "the lock screen", 11_000..18_000);
    window.press("ctrl+q");
    assert!(until("the program to end", || app.child().try_wait().unwrap()).success());
}

#[test]
fn the_count_of_packets_would_show_an_attempt() {
    let (display, home) = (Display::start(), Home::new("C.UTF-8"));
    let mut command = offline::command(&home, &display, "bash");
    command.args(["-c", "exec 3<>/dev/tcp/192.0.2.1/80; echo tried; read -r"]);
    let mut tried =
        Running::start(command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()));
    let mut said = std::io::BufReader::new(tried.child().stdout.take().unwrap());
    std::io::BufRead::read_line(&mut said, &mut String::new()).unwrap();
    assert_ne!(offline::traffic(tried.pid()), offline::Traffic::default());
}

/// The processes that run a page.
pub(crate) fn web_processes(app: u32) -> Vec<u32> {
    let name = |pid: &u32| fs::read_to_string(format!("/proc/{pid}/comm")).unwrap_or_default();
    descendants(app).into_iter().filter(|pid| name(pid).starts_with("WebKitWebProces")).collect()
}

#[test]
fn the_page_lives_in_a_sandbox_without_network() {
    let can = Command::new("bwrap").args(["--ro-bind", "/", "/", "--unshare-all", "true"]).status();
    if !can.is_ok_and(|status| status.success()) {
        assert!(std::env::var_os("ZIMAGE_REQUIRE_ALL").is_none(), "this computer allows no sandbox");
        println!("skipped: this computer allows no sandbox (bubblewrap)");
        return;
    }
    let (display, home) = (Display::start(), Home::new("C.UTF-8"));
    let app = shipped(&mut home.command(crate::SHIPPED, &display), &home);
    let network = |pid: u32| fs::read_link(format!("/proc/{pid}/ns/net")).ok();
    let confined = |pid: &u32| {
        let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
        status.contains("Seccomp:\t2") && network(*pid) != network(app.pid())
    };
    let all_confined = || {
        let pages = web_processes(app.pid());
        (!pages.is_empty() && pages.iter().all(confined)).then_some(())
    };
    until("a filter of system calls and a network namespace of its own", all_confined);
}
