//! At a terminal: the passphrase is asked for, erasing is confirmed, progress is shown.

use std::fs::File;
use std::io::{Read, Write};
use std::process::{Command, Stdio};

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{LocalModes, tcgetattr};

use crate::world::{PASSPHRASE, World};

/// What was seen on the terminal, and how the program ended.
struct Scene {
    seen: String,
    code: Option<i32>,
    echoes: bool,
}

/// Runs the program at a terminal of its own; each answer is typed when its question is there.
fn play(world: &World, arguments: &[&str], answers: &[(&str, &str)]) -> Scene {
    let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC).unwrap();
    grantpt(&master).unwrap();
    unlockpt(&master).unwrap();
    let name = ptsname(&master, Vec::new()).unwrap();
    let open = || File::options().read(true).write(true).open(name.to_str().unwrap()).unwrap();
    // Kept open so that the terminal outlives the program and can be asked afterwards.
    let terminal = open();
    let bare = world.command();
    let mut command = Command::new("setsid");
    command.args(["--ctty", "--wait"]).arg(bare.get_program()).args(arguments);
    for (name, value) in bare.get_envs() {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    command.env_remove("ZIMAGE_PASSPHRASE");
    command.stdin(Stdio::from(open())).stdout(Stdio::from(open())).stderr(Stdio::from(open()));
    let mut child = command.spawn().unwrap();
    drop(command);

    let mut master = File::from(master);
    let (mut bytes, mut from) = (Vec::new(), 0);
    let mut buffer = [0; 4096];
    let mut answers = answers.iter();
    let mut next = answers.next();
    let (tell, ended) = std::sync::mpsc::channel();
    let closer = terminal.try_clone().unwrap();
    let waiter = std::thread::spawn(move || {
        let status = child.wait().unwrap();
        // A mark that ends the reading: the program can't have written it after its end.
        (&closer).write_all(b"\x04the end").unwrap();
        tell.send(status).unwrap();
    });
    while !bytes.ends_with(b"the end") {
        let n = master.read(&mut buffer).unwrap();
        bytes.extend_from_slice(&buffer[..n]);
        let fresh = String::from_utf8_lossy(&bytes[from..]);
        if let Some((_, answer)) = next.filter(|(question, _)| fresh.contains(question)) {
            from = bytes.len();
            master.write_all(answer.as_bytes()).unwrap();
            next = answers.next();
        }
    }
    waiter.join().unwrap();
    let seen = String::from_utf8_lossy(&bytes).into_owned();
    assert!(next.is_none(), "it never asked: {seen}");
    let echoes = tcgetattr(&terminal).unwrap().local_modes.contains(LocalModes::ECHO);
    Scene { seen, code: ended.recv().unwrap().code(), echoes }
}

fn typed(text: &str) -> String {
    format!("{text}\n")
}

#[test]
fn the_passphrase_is_asked_for_and_never_shown() {
    let world = World::with_pictures(2);
    let scene = play(&world, &["list"], &[("Passphrase: ", &typed(PASSPHRASE))]);
    assert_eq!(scene.code, Some(0), "{}", scene.seen);
    assert!(scene.seen.contains("0001.png"), "{}", scene.seen);
    assert!(!scene.seen.contains("lantern drifts") && scene.echoes, "{}", scene.seen);
    let scene = play(&world, &["list", "--language", "ja"], &[("パスフレーズ: ", "wrong one\n")]);
    assert_eq!(scene.code, Some(3));
    assert!(scene.seen.contains("これでは保管庫が開きません"), "{}", scene.seen);
}

#[test]
fn ctrl_c_at_the_question_leaves_a_terminal_that_echoes() {
    let world = World::with_vault();
    let scene = play(&world, &["list"], &[("Passphrase: ", "half of it\x03")]);
    assert_eq!(scene.code, Some(130), "{}", scene.seen);
    assert!(scene.echoes);
}

#[test]
fn a_new_passphrase_is_asked_for_twice() {
    let world = World::new();
    let answers = [("New passphrase: ", typed(PASSPHRASE)), ("Once more: ", typed("something else"))];
    let answers = answers.each_ref().map(|(question, answer)| (*question, answer.as_str()));
    let scene = play(&world, &["init"], &answers);
    assert_eq!(scene.code, Some(1), "{}", scene.seen);
    assert!(scene.seen.contains("not the same"), "{}", scene.seen);
    assert!(!world.vault().exists());
}

#[test]
fn erasing_is_done_only_when_the_person_agrees() {
    let world = World::with_pictures(2);
    let id = world.json(0, ["list"])[0]["id"].as_str().unwrap().to_owned();
    let passphrase = typed(PASSPHRASE);
    let answers = [("Passphrase: ", passphrase.as_str()), ("[y/N] ", "\n")];
    let scene = play(&world, &["erase", &id], &answers);
    assert_eq!(scene.code, Some(1), "{}", scene.seen);
    assert_eq!(world.json(0, ["list"]).as_array().unwrap().len(), 2);
    let answers = [("Passphrase: ", passphrase.as_str()), ("[y/N] ", "y\n")];
    let scene = play(&world, &["erase", &id], &answers);
    assert_eq!(scene.code, Some(0), "{}", scene.seen);
    assert_eq!(world.json(0, ["list"]).as_array().unwrap().len(), 1);
}

#[test]
fn progress_is_shown_on_a_terminal_and_taken_away_again() {
    let world = World::with_vault();
    world.pictures("in", 0..200);
    let folder = world.path("in");
    let answers = [("Passphrase: ", typed(PASSPHRASE))];
    let answers = answers.each_ref().map(|(question, answer)| (*question, answer.as_str()));
    let scene = play(&world, &["import", folder.to_str().unwrap()], &answers);
    assert_eq!(scene.code, Some(0), "{}", scene.seen);
    let cleared = scene.seen.rfind("\r\x1b[K").unwrap();
    assert!(scene.seen[..cleared].contains("Importing  "), "{}", scene.seen);
    assert!(scene.seen[cleared..].contains("200 pictures imported"), "{}", scene.seen);
}
