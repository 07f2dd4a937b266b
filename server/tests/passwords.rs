//! Any text is a password, however a keyboard writes it, and no other text is that password.

use std::cell::Cell;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use unicode_normalization::UnicodeNormalization as _;
use wire::Purpose;

use crate::on_both;
use crate::world::World;

/// Lives that are drawn for each database; each stretches its passwords about ten times.
const LIVES: u32 = 4;

/// A text of one kind of writing, or of none in particular.
fn piece() -> impl Strategy<Value = String> {
    prop_oneof![
        "[ぁ-ゖァ-ヺ一-龥ーｦ-ﾟ]{1,12}",
        "[Ａ-Ｚａ-ｚ０-９　]{1,12}",
        // What is written in one piece or with marks of its own.
        "([a-zA-Z][\u{300}-\u{36f}]{1,3}|[가-힣]){1,8}",
        "[\u{5d0}-\u{5ea}\u{627}-\u{64a}\u{200f}\u{200d}]{1,12}",
        // Outside of the first plane, joined and coloured.
        "(👩‍🎨|🏳️‍🌈|[𠀀-𠀿]|[😀-😏][\u{1f3fb}-\u{1f3ff}]){1,6}",
        "\\PC{1,20}",
        "[ -~]{1,20}",
    ]
}

/// One to three of them, with what may stand at an edge.
fn password() -> impl Strategy<Value = String> {
    let pieces = proptest::collection::vec(piece(), 1..4);
    (pieces, any::<[bool; 2]>()).prop_map(|(pieces, [before, after])| {
        format!("{}{}{}", if before { " " } else { "" }, pieces.concat(), if after { "\u{3000}" } else { "" })
    })
}

/// The forms in which keyboards and systems give one text.
fn forms(text: &str) -> [String; 4] {
    [text.nfc().collect(), text.nfd().collect(), text.nfkc().collect(), text.nfkd().collect()]
}

fn is_in(world: &World, email: &str, password: &str) -> bool {
    // Nobody is to wait for the try before.
    world.pass(3601);
    world.sign_in(email, password).is_ok()
}

fn live(world: &World, email: &str, first: &str, second: &str) -> Result<(), TestCaseError> {
    world.pass(3601);
    world.register(email, first);
    for form in forms(first) {
        prop_assert!(is_in(world, email, &form), "a form of it is refused");
    }
    let same = crypto::normalised(first) == crypto::normalised(second);
    prop_assert_eq!(is_in(world, email, second), same);
    world.pass(3601);
    let ticket = world.proof_ticket(email, first, Purpose::ChangePassword);
    prop_assert_eq!(world.set_password(&ticket, second, None).status.as_u16(), 201);
    prop_assert_eq!(is_in(world, email, first), same);
    prop_assert!(is_in(world, email, second));
    // One character less is another password.
    let shorter: String = second.chars().skip(1).collect();
    let is_other = !shorter.is_empty() && crypto::normalised(&shorter) != crypto::normalised(second);
    prop_assert!(!is_other || !is_in(world, email, &shorter));
    world.pass(3601);
    let ticket = world.proof_ticket(email, second, Purpose::DeleteAccount);
    let deleted = world.send("DELETE", "/v1/account", &[("x-ticket", &ticket)], b"");
    prop_assert_eq!(deleted.status.as_u16(), 200);
    prop_assert!(!is_in(world, email, second));
    Ok(())
}

on_both! {
    any_password_opens_its_account_in_every_form_and_no_other_does(world) {
        let (config, lives) = (Config { cases: LIVES, failure_persistence: None, ..Config::default() }, Cell::new(0));
        let drawn = TestRunner::new(config).run(&(password(), password()), |(first, second)| {
            lives.set(lives.get() + 1);
            live(&world, &format!("person{}@example.com", lives.get()), &first, &second)
        });
        drawn.unwrap();
    }
}
