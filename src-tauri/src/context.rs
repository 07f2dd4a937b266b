//! What the build laid into the program: the configuration, who may ask for what, and the page.

use tauri::{Context, Runtime};

/// It is laid in here and nowhere else.
pub(crate) fn embedded<R: Runtime>() -> Context<R> {
    tauri::generate_context!()
}

/// The shipped program is not inspected by building it once more in release, which takes many minutes: what is laid
/// into it does not depend on the profile. These tests read it as the program does; `src-tauri/tests/configuration.rs`
/// reads which features Cargo resolves for it, and which policy is in force in the running window.
#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};
    use std::path::Path;

    use serde_json::Value;
    use tauri::ipc::Origin;
    use tauri::{Config, Wry};

    use super::*;
    use crate::entry::ENTRY;
    use crate::window::MAIN;

    #[test]
    fn the_configuration_that_is_laid_in_is_the_file_and_nothing_over_it() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
        let file = std::fs::read(folder.join("tauri.conf.json")).unwrap();
        let file: Config = serde_json::from_slice(&file).unwrap();
        // What only bundling and building read is left out when it is laid in.
        let app = |config: &Config| {
            serde_json::to_value((&config.app, &config.identifier, &config.plugins)).unwrap()
        };
        assert_eq!(app(embedded::<Wry>().config()), app(&file));
        // Either would be laid over the file without a word.
        let mut names = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name());
        assert!(names.all(|name| !name.to_string_lossy().starts_with("tauri.") || name == "tauri.conf.json"));
    }

    /// Every command of the runtime, by the names under which a page would ask, and what each permission of ours allows.
    fn known_commands() -> BTreeSet<String> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
        let manifests = std::fs::read(folder.join("gen/schemas/acl-manifests.json")).unwrap();
        let manifests: BTreeMap<String, Value> = serde_json::from_slice(&manifests).unwrap();
        let mut known = BTreeSet::new();
        for (plugin, manifest) in manifests {
            let own = plugin == "__app-acl__";
            let plugin = plugin.trim_start_matches("core:");
            for permission in manifest["permissions"].as_object().unwrap().values() {
                for command in permission["commands"]["allow"].as_array().unwrap() {
                    let command = command.as_str().unwrap();
                    known.insert(if own { command.to_owned() } else { format!("plugin:{plugin}|{command}") });
                }
            }
        }
        known
    }

    fn allowed(window: &str) -> Vec<String> {
        let mut context = embedded::<Wry>();
        let authority = context.runtime_authority_mut();
        let may =
            |command: &String| authority.resolve_access(command, window, window, &Origin::Local).is_some();
        known_commands().into_iter().filter(may).collect()
    }

    #[test]
    fn of_all_commands_each_window_may_use_these_and_no_other() {
        let known = known_commands();
        for there in
            ["call", "plugin:window|create", "plugin:event|emit", "plugin:webview|internal_toggle_devtools"]
        {
            assert!(known.contains(there), "{there} is not among {} commands", known.len());
        }
        assert_eq!(allowed(MAIN), ["call", "entry_cancel", "plugin:event|listen", "plugin:event|unlisten"]);
        assert_eq!(allowed(ENTRY), ["call", "entry_answer", "entry_asked", "entry_cancel"]);
        assert_eq!(allowed("another"), Vec::<String>::new());
    }

    #[test]
    fn a_page_from_elsewhere_may_use_nothing() {
        let mut context = embedded::<Wry>();
        let authority = context.runtime_authority_mut();
        let origin = Origin::Remote { url: "https://example.com/".parse().unwrap() };
        for command in known_commands() {
            assert!(authority.resolve_access(&command, MAIN, MAIN, &origin).is_none(), "{command}");
        }
    }
}
