//! The shipped program's memory, as somebody reads it who took the computer while it was on; and what a crash leaves.

use std::fs::{self, File};
use std::os::unix::process::ExitStatusExt as _;
use std::path::{Path, PathBuf};

use journeys::window::app::has_ended;
use journeys::window::memory::{Secret, find};
use journeys::window::process::{crash, descendants};
use journeys::window::wait::{until, until_or};
use journeys::window::{Display, Hands, Home};
use testkit::markers::{Marker, scan};
use testkit::samples::with_parameters;

use crate::sealed::{PASSPHRASE, TITLE, locks, make_vault, sees, shipped, studio, unlocks, web_processes};

/// A vault with one picture; its key and that of its catalogue, as the header gives them to who knows the passphrase.
fn vault_with_a_picture(home: &Home, prompt: &Marker) -> [Vec<u8>; 2] {
    make_vault(home);
    let outside = tempfile::tempdir().unwrap();
    let text = format!("{} lanterns\nSteps: 9, Sampler: Euler, Seed: 7, Size: 640x640", prompt.text());
    fs::write(outside.path().join("one.png"), with_parameters(&text, 640)).unwrap();
    let studio = studio(home);
    studio.unlock(studio::Unlock::Passphrase { passphrase: PASSPHRASE.to_owned() }).unwrap();
    let offer = studio.offer(vec![outside.path().to_path_buf()]).unwrap();
    let job = studio.start_import(&[offer.id], String::new()).unwrap();
    studio.wait_for_job(job).unwrap();
    let folder = PathBuf::from(studio.status().folder.unwrap());
    studio.lock();
    let header = crypto::Header::parse(&fs::read(folder.join("vault.keys")).unwrap()).unwrap();
    let key = header.unlock(&crypto::SlotSecret::Passphrase(PASSPHRASE.to_owned().into())).unwrap();
    let catalogue = header.catalogue_keys(&key).unwrap()[0].key.as_bytes().to_vec();
    [key.as_bytes().to_vec(), catalogue]
}

/// Unlocks and looks at the picture with its prompt beside it.
fn opens(display: &Display, hands: &Hands<'_>) {
    sees(hands, "the lock screen", 11_000..18_000);
    unlocks(display, hands);
    sees(hands, "the gallery", 20_000..150_000);
    until("the viewer", || {
        hands.press("Right");
        hands.press("Return");
        (hands.coloured_pixels() > 250_000).then_some(())
    });
}

fn limit(pid: u32) -> Option<u64> {
    let limits = fs::read_to_string(format!("/proc/{pid}/limits")).ok()?;
    let line = limits.lines().find(|line| line.starts_with("Max core file size"))?.to_owned();
    line.split_whitespace().nth(4)?.parse().ok()
}

fn is_in(place: &Path) -> Vec<PathBuf> {
    fs::read_dir(place).unwrap().flatten().map(|entry| entry.path()).collect()
}

#[test]
fn a_locked_program_has_no_secret_in_its_memory_and_a_crash_leaves_none_either() {
    let (display, home) = (Display::start(), Home::new("en_US.UTF-8"));
    let prompt = Marker::random("prompt");
    let [key, of_catalogue] = vault_with_a_picture(&home, &prompt);
    let secrets = [
        Secret::text("the prompt", prompt.text()),
        Secret::text("the passphrase", PASSPHRASE),
        Secret::key("the vault's key", &key),
        Secret::key("the catalogue's key", &of_catalogue),
    ];
    let secrets = secrets.into_iter().flatten().collect::<Vec<_>>();
    let (place, said) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let words = File::create(said.path().join("stderr")).unwrap();
    let mut command = home.command(crate::SHIPPED, &display);
    let mut app = shipped(command.current_dir(&place).stderr(words), &home);
    let hands = Hands::on_window(&display, TITLE);
    opens(&display, &hands);

    // They are found while they have to be there, or not finding them would mean nothing.
    let open = find(app.pid(), &secrets);
    for there in ["the prompt, UTF-8", "the vault's key", "the catalogue's key"] {
        assert!(open.iter().any(|(name, _)| name == there), "{there} is not found in {open:?}");
    }
    // What was typed is in no process any more, while the vault is open and after.
    let typed = Secret::text("the passphrase", PASSPHRASE);
    let everywhere = || {
        let all = [vec![app.pid()], descendants(app.pid())].concat();
        all.into_iter().flat_map(|pid| find(pid, &typed)).collect::<Vec<_>>()
    };
    until_or(
        || everywhere().is_empty().then_some(()),
        || format!("nothing to be left of {:?}", everywhere()),
    );
    for pid in [vec![app.pid()], web_processes(app.pid())].concat() {
        assert!(limit(pid).is_some_and(|bytes| bytes <= 1), "process {pid} may leave a dump");
    }
    locks(&hands);
    let left = || find(app.pid(), &secrets);
    until_or(|| left().is_empty().then_some(()), || format!("nothing to be left of {:?}", left()));
    assert_eq!(everywhere(), []);
    for pid in web_processes(app.pid()) {
        println!("left in the page's process: {} places", find(pid, &secrets).len());
    }

    opens(&display, &hands);
    let others = descendants(app.pid());
    crash(app.pid());
    let ended = until("the end of the program", || app.child().try_wait().unwrap());
    assert_eq!((ended.signal(), ended.core_dumped()), (Some(6), false));
    until("the end of the page", || others.iter().all(|pid| has_ended(*pid)).then_some(()));
    assert_eq!(is_in(place.path()), Vec::<PathBuf>::new());
    assert_eq!(scan(&[said.path(), home.path()], &[prompt, Marker::of("passphrase", PASSPHRASE)]), []);
}
