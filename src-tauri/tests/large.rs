//! A real vault of 100,000 items in the real window: its end is reached, one character is searched for, and memory stays
//! in bounds. The figures are printed; `docs/benchmarks/README.md` has those of a quiet machine.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use journeys::window::driver::key;
use journeys::window::process::descendants;
use journeys::window::wait::until;
use journeys::window::words::EN;
use journeys::window::{App, Display, Home, Person};
use serde_json::json;
use testkit::prompts::{self, PromptRow};
use testkit::vaults::{PASSPHRASE, create_in, fill_with_rows};

const ITEMS: usize = 100_000;

/// One character that many prompts have and many have not.
const CHARACTER: &str = "夜";

/// What the program keeps for itself: memory that is no file's. In a build for tests, with the toolkit's and the webview's.
const PROGRAM: u64 = 250 << 20;

/// The same of the page's process.
const PAGE: u64 = 700 << 20;

fn own_memory(pid: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let line = status.lines().find(|line| line.starts_with("RssAnon:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() << 10
}

fn page_of(program: u32) -> u32 {
    let name = |pid: &u32| fs::read_to_string(format!("/proc/{pid}/comm")).unwrap_or_default();
    descendants(program).into_iter().find(|pid| name(pid).starts_with("WebKitWebProces")).unwrap()
}

/// A vault with rows of half Japanese, half English prompts, settled as an import leaves it; and how many of them have
/// the character.
fn library(folder: &Path) -> usize {
    let vault = create_in(&vault::Folder::new(folder)).unwrap();
    let rows: Vec<PromptRow> = prompts::rows(ITEMS, 1).collect();
    let hits = rows.iter().filter(|row| row.prompt.contains(CHARACTER)).count();
    assert_eq!(fill_with_rows(&vault, rows).unwrap(), ITEMS);
    vault.settle(&mut || true).unwrap();
    hits
}

/// Goes to 20 places all over the library and gives, sorted, the milliseconds until all that is on the screen there is
/// painted.
const JUMPS: &str = "
    const scroller = document.querySelector('.scroller');
    const room = scroller.getBoundingClientRect();
    const painted = () => {
      const here = [...document.querySelectorAll('[role=gridcell]')].filter((cell) => {
        const box = cell.getBoundingClientRect();
        return box.bottom > room.top + 20 && box.top < room.bottom - 20;
      });
      const whole = (img) => img?.complete && img.naturalWidth > 0;
      return here.length > 5 && here.every((cell) => whole(cell.querySelector('img')));
    };
    const times = [];
    for (let i = 1; i <= 20; i += 1) {
      const begun = performance.now();
      scroller.scrollTop = (scroller.scrollHeight * ((i * 7) % 20)) / 20 + 400;
      do await new Promise((go) => setTimeout(go, 4)); while (!painted());
      times.push(performance.now() - begun);
    }
    return times.sort((a, b) => a - b);";

/// Types one character and gives the milliseconds until the count and the cells are those of its hits.
const SEARCH: &str = "
    const field = document.querySelector('#search');
    const count = () => document.querySelector('.tools [role=status]').innerText;
    const before = count();
    const begun = performance.now();
    field.value = arguments[0];
    field.dispatchEvent(new InputEvent('input', { bubbles: true }));
    while (count() === before) await new Promise(requestAnimationFrame);
    return performance.now() - begun;";

#[test]
fn a_hundred_thousand_pictures_are_scrolled_and_searched_in_the_real_window() {
    let (display, home) = (Display::start(), Home::new(EN.locale));
    let settings = crate::sealed::studio(&home);
    settings.edit_settings(&studio::SettingsEdit { introduced: Some(true), ..Default::default() }).unwrap();
    let begun = Instant::now();
    let vault = home.path().join("vault");
    let hits = library(&vault);
    println!("made in {:.0?}", begun.elapsed());

    let path = |path: &Path| path.to_str().unwrap().to_owned();
    let arguments =
        ["--data".to_owned(), path(&home.path().join("data")), "--vault".to_owned(), path(&vault)];
    let app = App::start_with(&App::driven_beside(Path::new(crate::SHIPPED)), &home, &display, &arguments);
    let person = Person::new(&app.session, &EN, &home);
    person.unlocks(PASSPHRASE);
    let begun = Instant::now();
    person.page.find("status", "100,000 pictures");
    person.sees_painted_cells(1);
    println!("first page after {:.0?}", begun.elapsed());

    person.chooses_first_picture();
    let begun = Instant::now();
    person.page.session.press(key::END);
    let last = format!("return document.activeElement?.getAttribute('data-place') === '{}'", ITEMS - 1);
    until("the last picture", || (person.page.session.run(&last, &[]) == true).then_some(()));
    person.sees_painted_cells(1);
    println!("the end painted after {:.0?}", begun.elapsed());
    person.page.session.press(key::HOME);
    let jumps = person.page.session.run_async(JUMPS, &[]).unwrap();
    let jumps: Vec<f64> = jumps.as_array().unwrap().iter().map(|took| took.as_f64().unwrap()).collect();
    println!("20 places painted, median {:.0} ms, slowest {:.0} ms", jumps[10], jumps[19]);
    assert!(jumps[10] < 2_000.0, "{jumps:?}");

    let found = person.page.session.run_async(SEARCH, &[json!(CHARACTER)]).unwrap();
    println!("{hits} hits of one character after {:.0} ms", found.as_f64().unwrap());
    person.page.find("status", &EN.count_of_many(hits, ITEMS));
    person.sees_painted_cells(1);
    assert!(found.as_f64().unwrap() < Duration::from_secs(2).as_millis() as f64);

    let cells = person.page.session.run("return document.querySelectorAll('[role=gridcell]').length", &[]);
    assert!(cells.as_u64().unwrap() < 300, "{cells} cells");
    let (program, page) = (own_memory(app.process()), own_memory(page_of(app.process())));
    println!("memory: program {} MB, page {} MB", program >> 20, page >> 20);
    assert!(program < PROGRAM, "{program}");
    assert!(page < PAGE, "{page}");
    app.close();
}
