//! Which ways in the catalogue expects, so that an older header put beside it is noticed: it might bring a way in back
//! that was taken away.
//!
//! The fact `ways` holds a line for each header that may lie there: the epoch and the ids of the slots. Usually it is one;
//! while the header is being replaced there are two, because the program may end before or after.
//!
//! **Invariant:** a header is written only when the catalogue that expects it is durable.

use std::sync::atomic::Ordering;

use crypto::{Header, SlotSecret, VaultKey};
use rusqlite::Connection;

use crate::catalogue;
use crate::error::VaultError;
use crate::folder::Folder;
use crate::vault::Vault;

const WAYS: &str = "ways";

/// What is kept of a header. Slots of kinds that this program does not know are left out: a later one would name them.
fn line(header: &Header) -> String {
    let mut ids: Vec<String> = header.slots().map(|slot| slot.id().to_string()).collect();
    ids.sort_unstable();
    format!("{} {}", header.epoch(), ids.join(" "))
}

/// The catalogue expects these headers and no other.
pub(crate) fn expect(writer: &Connection, headers: &[&Header]) -> Result<(), VaultError> {
    let mut lines: Vec<String> = headers.iter().map(|header| line(header)).collect();
    lines.dedup();
    let lines = lines.join("\n");
    // Who only looks writes nothing.
    if catalogue::meta(writer, WAYS)?.as_ref() == Some(&lines) {
        return Ok(());
    }
    catalogue::set_meta(writer, WAYS, &lines)
}

/// Whether two headers have the same ways in.
pub(crate) fn same(one: &Header, other: &Header) -> bool {
    line(one) == line(other)
}

/// Whether the catalogue expects this header. One from before such things were kept expects any.
pub(crate) fn is_expected(writer: &Connection, header: &Header) -> Result<bool, VaultError> {
    let known = catalogue::meta(writer, WAYS)?;
    Ok(known.is_none_or(|known| known.lines().any(|known| known == line(header))))
}

/// Looks at the header that opened the vault, and gives the one that counts and whether even that is an older one. Where
/// an older header lies beside its newer copy, the copy counts, and the secret must be one of its own. `number` is that
/// of the catalogue's key.
pub(crate) fn judge(
    folder: &Folder,
    writer: &Connection,
    (header, key, number): (Header, &VaultKey, u32),
    secret: &SlotSecret,
) -> Result<(Header, bool), VaultError> {
    if is_expected(writer, &header)? {
        // What the disk refuses now the next opening does.
        let _ = expect(writer, &[&header]);
        return Ok((header, false));
    }
    for other in folder.headers().into_iter().flatten() {
        let held = other.catalogue_keys(key).unwrap_or_default();
        if held.iter().any(|held| held.number == number) && is_expected(writer, &other)? {
            other.unlock(secret)?;
            return Ok((other, false));
        }
    }
    Ok((header, true))
}

impl Vault {
    /// Whether the header that opened the vault is older than the vault: a way in that was taken away may be in it.
    pub fn has_older_keys(&self) -> bool {
        self.older_keys.load(Ordering::Relaxed)
    }

    /// From now on the ways in that the header has are those of the vault.
    ///
    /// # Errors
    /// When the catalogue can't be written.
    pub fn accept_keys(&self) -> Result<(), VaultError> {
        let writer = self.catalogue.writer();
        expect(&writer, &[&self.keys().header])?;
        self.older_keys.store(false, Ordering::Relaxed);
        Ok(())
    }
}
