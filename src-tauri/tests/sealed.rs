//! The shipped program, seen from outside: what it leaves on the disk and what it sends, through a whole session.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use journeys::window::process::{Running, descendants};
use journeys::window::wait::{until, until_or};
use journeys::window::{Display, Hands, Home, offline};
use model::SystemClock;
use studio::{Config, Language, NoHost, Protection, Studio};
use testkit::keyring::KeyringSession;
use testkit::markers::{Marker, scan};
use testkit::samples::with_parameters;

const PASSPHRASE: &str = "seven lanterns over the quiet harbour";
const TITLE: &str = "Z-Image";

/// A vault with the pictures of a folder, made without the window.
fn vault_with_pictures(home: &Home, pictures: Option<&Path>) {
    let data = home.path().join("data");
    let config = Config {
        data: data.clone(),
        vault: None,
        settings: data,
        home: None,
        language: Language::En,
        pictures: String::new(),
        passphrase: None,
    };
    let studio = Studio::new(config, Arc::new(NoHost), Arc::new(SystemClock), |_| ());
    studio.create_vault(Protection::Passphrase { passphrase: PASSPHRASE.to_owned() }).unwrap();
    studio.edit_settings(&studio::SettingsEdit { introduced: Some(true), ..Default::default() }).unwrap();
    if let Some(pictures) = pictures {
        let offer = studio.offer_dropped(vec![pictures.to_path_buf()]).unwrap();
        let job = studio.start_import(&[offer.id], "pictures".to_owned()).unwrap();
        studio.wait_for_job(job).unwrap();
    }
    studio.lock();
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

fn shipped(command: &mut Command, home: &Home) -> Running {
    Running::start(command.arg("--data").arg(home.path().join("data")).stdin(Stdio::null()))
}

/// Greys have no colour; the one blue button of the lock screen has, a picture has far more.
fn sees(hands: &Hands<'_>, what: &str, coloured: std::ops::Range<usize>) {
    until_or(
        || coloured.contains(&hands.coloured_pixels()).then_some(()),
        || format!("{what}, with {} coloured pixels", hands.coloured_pixels()),
    );
}

#[test]
fn a_whole_session_leaves_no_word_on_the_disk_and_sends_nothing() {
    let (prompt, name) = (Marker::random("prompt"), Marker::random("file name"));
    let outside = tempfile::tempdir().unwrap();
    let picture = with_parameters(
        &format!("{} lanterns\nSteps: 9, Sampler: Euler, Seed: 7, Size: 640x640", prompt.text()),
        640,
    );
    fs::write(outside.path().join(format!("{}.png", name.text())), picture).unwrap();
    let (display, home) = (Display::start(), Home::new("en_US.UTF-8"));
    vault_with_pictures(&home, Some(outside.path()));
    let before = files(home.path());

    let mut app = shipped(&mut offline::command(&home, &display, crate::SHIPPED), &home);
    let hands = Hands::on_window(&display, TITLE);
    sees(&hands, "the lock screen", 11_000..18_000);
    hands.write(PASSPHRASE);
    hands.press("Return");
    sees(&hands, "the gallery", 20_000..150_000);
    hands.press("slash");
    hands.write(prompt.text());
    hands.press("Return");
    until("the viewer", || {
        hands.press("Right");
        hands.press("Return");
        (hands.coloured_pixels() > 250_000).then_some(())
    });
    hands.press("ctrl+c");
    assert_eq!(hands.title(), TITLE);
    hands.press("ctrl+l");
    sees(&hands, "the lock screen", 11_000..18_000);
    assert_eq!(offline::traffic(app.pid()), offline::Traffic::default());
    assert!(app.end().success());

    let passphrase = Marker::of("passphrase", PASSPHRASE);
    let hits = scan(&[home.path()], &[prompt, name, passphrase]);
    assert_eq!(hits, []);
    let strays: Vec<PathBuf> =
        files(home.path()).difference(&before).filter(|file| !is_expected(&home, file)).cloned().collect();
    assert_eq!(strays, Vec::<PathBuf>::new());
}

/// What may be new after a session: the vault's own files, settings, compiled shaders, and sockets of the session.
fn is_expected(home: &Home, file: &Path) -> bool {
    let below = ["data/vaults", "data/settings.json", ".cache/mesa_shader_cache", "run"];
    below.iter().any(|place| file.starts_with(home.path().join(place)))
}

#[test]
fn the_desktops_own_dialog_brings_a_picture_in_and_remembers_nothing() {
    let name = Marker::random("file name");
    let outside = tempfile::tempdir().unwrap();
    // A dialog's field is typed into by key, and the marker has a character that no keyboard has.
    let picture = outside.path().join(format!("{}.png", name.text().trim_end_matches('灯')));
    fs::write(&picture, with_parameters("lanterns\nSteps: 9, Sampler: Euler, Seed: 7, Size: 640x640", 640))
        .unwrap();
    let name = Marker::of("file name", name.text().trim_end_matches('灯'));
    let (display, home) = (Display::start(), Home::new("en_US.UTF-8"));
    vault_with_pictures(&home, None);
    let mut app = shipped(&mut home.command(crate::SHIPPED, &display), &home);
    let window = Hands::on_window(&display, TITLE);
    sees(&window, "the lock screen", 11_000..18_000);
    window.write(PASSPHRASE);
    window.press("Return");
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
    assert!(app.end().success());
    let logs = files(home.path()).into_iter().filter(|file| file.to_string_lossy().ends_with("-wal"));
    let open: Vec<PathBuf> = logs.filter(|log| fs::metadata(log).unwrap().len() > 0).collect();
    assert_eq!(open, Vec::<PathBuf>::new(), "the vault was not closed");
    assert_eq!(scan(&[home.path()], &[name]), []);
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
fn web_processes(app: u32) -> Vec<u32> {
    let name = |pid: &u32| fs::read_to_string(format!("/proc/{pid}/comm")).unwrap_or_default();
    descendants(app).into_iter().filter(|pid| name(pid).starts_with("WebKitWebProces")).collect()
}

#[test]
fn the_page_lives_in_a_sandbox_without_network() {
    let can = Command::new("bwrap").args(["--ro-bind", "/", "/", "--unshare-all", "true"]).status();
    if !can.is_ok_and(|status| status.success()) {
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

#[test]
fn a_second_start_shows_the_first_window_and_ends() {
    let session = KeyringSession::without_keyring();
    let (display, home) = (Display::start(), Home::new("en_US.UTF-8").with(&session.envs));
    let mut first = shipped(&mut home.command(crate::SHIPPED, &display), &home);
    Hands::on_window(&display, TITLE);
    let mut second = shipped(&mut home.command(crate::SHIPPED, &display), &home);
    let status = until("the second to end", || second.child().try_wait().unwrap());
    assert!(status.success());
    assert!(first.child().try_wait().unwrap().is_none());
}
