//! The table in TypeScript, for the window: one committed file that a test compares with what this writes.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use ts_rs::{TS, TypeVisitor};

use crate::commands::{COMMANDS, visit_types};
use crate::table::Needs;
use crate::typed::Asked;

/// Collects the declarations of a type and of all that it is made of.
#[derive(Default)]
struct Declarations {
    config: ts_rs::Config,
    found: BTreeMap<String, String>,
}

impl TypeVisitor for Declarations {
    fn visit<T: TS + 'static + ?Sized>(&mut self) {
        if T::output_path().is_some() {
            let name = T::ident(&self.config);
            if self.found.contains_key(&name) {
                return;
            }
            self.found.insert(name, T::decl(&self.config));
        }
        T::visit_dependencies(self);
        T::visit_generics(self);
    }
}

/// The whole file.
pub fn typescript() -> String {
    let mut declarations = Declarations::default();
    visit_types(&mut declarations);
    declarations.visit::<studio::Event>();
    declarations.visit::<Asked>();
    let mut text = String::from(
        "// Written by `cargo test -p api` from the command table; a test fails when it is out of date.\n\n",
    );
    for declaration in declarations.found.values() {
        let _ = writeln!(text, "export {declaration}\n");
    }
    text.push_str("/** Every command: its request and its answer. */\nexport type Commands = {\n");
    for command in COMMANDS {
        let (request, view) = (command.types)();
        let _ = writeln!(text, "  {}: {{ request: {request}; answer: {view} }};", command.name);
    }
    text.push_str("};\n\n/** What each command needs, reads and changes. */\nexport const COMMANDS = {\n");
    for command in COMMANDS {
        let topics = |topics: &[studio::Topic]| serde_json::to_string(topics).unwrap_or_default();
        let open = command.needs == Needs::OpenVault;
        let (reads, changes) = (topics(command.reads), topics(command.changes));
        let _ = writeln!(text, "  {}: {{ open: {open}, reads: {reads}, changes: {changes} }},", command.name);
    }
    text.push_str("} as const;\n");
    text
}
