//! `vaults`: which there are, which is used, what the one in use is called.

use studio::{Code, Studio, VaultEntry};

use crate::exit::Exit;
use crate::output::{Output, say};
use crate::session::Session;
use crate::texts::vaults::listed;
use crate::trouble::Trouble;

/// Lists the vaults after what was asked about them was done.
pub fn vaults(
    session: &Session,
    output: &mut Output,
    chosen: Option<&str>,
    label: Option<&str>,
    hide: Option<bool>,
) -> Result<Exit, Trouble> {
    let studio = session.studio()?;
    if let Some(name) = chosen {
        let key = key_of(studio, output, name)?;
        studio.switch_vault(&key)?;
    }
    if let Some(hide) = hide {
        studio.hide_labels(hide);
    }
    if let Some(label) = label {
        session.open()?.label_vault(label)?;
    }
    let list = studio.vaults();
    if output.json {
        output.object(&list)?;
    } else {
        let lines = listed(&list.vaults, output.language);
        lines.iter().try_for_each(|line| output.line(line))?;
    }
    Ok(Exit::Done)
}

/// The key of the vault that a person means. Where several are meant, they are shown.
fn key_of(studio: &Studio, output: &Output, name: &str) -> Result<String, Trouble> {
    let entries = studio.vaults().vaults;
    match meant(&entries, name).as_slice() {
        [] => Err(Code::NoSuchVault.into()),
        [one] => Ok(one.key.clone()),
        several => {
            if !output.json {
                let several: Vec<VaultEntry> = several.iter().map(|entry| (*entry).clone()).collect();
                listed(&several, output.language).iter().for_each(|line| say(line));
            }
            Err(Trouble::AmbiguousVault)
        }
    }
}

/// A whole key means one vault, whatever else is called so. Otherwise its label or short name, or the beginning of
/// its key, as the list shows them.
fn meant<'a>(entries: &'a [VaultEntry], name: &str) -> Vec<&'a VaultEntry> {
    if let Some(exact) = entries.iter().find(|entry| entry.key == name) {
        return vec![exact];
    }
    let called =
        |entry: &&VaultEntry| entry.label.as_deref() == Some(name) || entry.short.as_deref() == Some(name);
    let found: Vec<_> = entries.iter().filter(called).collect();
    if !found.is_empty() || name.is_empty() {
        return found;
    }
    entries.iter().filter(|entry| entry.key.starts_with(name)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(key: &str, short: &str, label: Option<&str>) -> VaultEntry {
        VaultEntry {
            key: key.to_owned(),
            folder: format!("/data/vaults/{key}"),
            short: Some(short.to_owned()),
            label: label.map(str::to_owned),
            created_at: None,
            opened_at: None,
            current: false,
            problem: None,
        }
    }

    #[test]
    fn a_vault_is_chosen_by_whatever_the_list_calls_it() {
        let entries = [
            entry("0199aaaa-1", "0199aaaa", None),
            entry("0199aaaa-1-copy", "0199aaaa", None),
            entry("0199bbbb-2", "0199bbbb", Some("夜")),
        ];
        let keys = |name: &str| -> Vec<&str> {
            meant(&entries, name).iter().map(|entry| entry.key.as_str()).collect()
        };
        assert_eq!(keys("夜"), ["0199bbbb-2"]);
        assert_eq!(keys("0199bbbb"), ["0199bbbb-2"]);
        assert_eq!(keys("0199aaaa-1"), ["0199aaaa-1"], "a whole key is never ambiguous");
        assert_eq!(keys("0199aaaa-1-"), ["0199aaaa-1-copy"]);
        assert_eq!(keys("0199aaaa"), ["0199aaaa-1", "0199aaaa-1-copy"]);
        assert!(keys("").is_empty() && keys("../0199aaaa-1").is_empty());
    }
}
