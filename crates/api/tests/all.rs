//! The command table beside what the window was built for.

use std::path::Path;

#[test]
fn the_windows_types_are_those_of_the_table() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../ui/src/api/bindings.ts");
    let expected = api::bindings::typescript();
    let committed = std::fs::read_to_string(&file).unwrap_or_default();
    if committed != expected {
        std::fs::write(&file, expected).unwrap();
        panic!("ui/src/api/bindings.ts was out of date and has been written anew: look at it and commit it");
    }
}

#[test]
fn every_command_has_its_own_name() {
    let mut names: Vec<_> = api::COMMANDS.iter().map(|command| command.name).collect();
    names.sort_unstable();
    let count = names.len();
    names.dedup();
    assert_eq!(names.len(), count);
}
