//! New keys for a vault that is open: the catalogue's alone, which needs nothing from the person, or the vault's as well.
//!
//! The header holds the catalogue's old and new key while the file is being written anew. Whenever the program ends,
//! one of the two opens what lies there, and the next opening knows which; see `docs/FORMATS.md`.
//!
//! **Invariant:** the old key of the catalogue is forgotten only when the file under the new one is in place and durable.

use std::sync::{MutexGuard, PoisonError};

use crypto::{SlotSecret, VaultKey};
use model::Timestamp;

use crate::catalogue;
use crate::error::VaultError;
use crate::rewrite::{Fraction, Rewritten};
use crate::slots::NewSlot;
use crate::vault::{Keys, Vault};

/// Pages of the pictures' file that are given back in one step: 4 MiB.
const STEP: u32 = 256;

impl Vault {
    /// Writes the catalogue anew, compact and under a new key: what was erased before is then beyond the reach of
    /// everybody who has, or will have, the old key. Takes some seconds with 100,000 items and room for a second
    /// catalogue; others look and write meanwhile. Gives whether it came to its end.
    ///
    /// # Errors
    /// [`VaultError::DiskFull`] or as the disk says. Nothing is lost; [`Vault::is_renewal_pending`] then tells that it
    /// should be done again.
    pub fn renew_catalogue(&self, watch: &mut Fraction<'_>) -> Result<bool, VaultError> {
        let _alone = self.renewing();
        let number = self.change_header(|header, key| {
            let held = header.catalogue_keys(key)?.first().map_or(0, |held| held.number);
            header.draw_catalogue_key(key)?;
            Ok(held)
        })?;
        let finished = self.finish_alone(watch)?;
        if !finished {
            self.change_header(|header, _| Ok(header.keep_catalogue_key(number)?))?;
        }
        Ok(finished)
    }

    /// Replaces the vault's key: from now on only these slots open it. The catalogue is still under its old key until
    /// [`Vault::finish_renewal`] has come to its end; then no older copy of the header helps with anything in it.
    ///
    /// # Errors
    /// [`VaultError::LastSlot`] without slots, or when the header can't be written; then nothing has changed.
    pub fn replace_key(&self, slots: &[NewSlot], now: Timestamp) -> Result<(), VaultError> {
        // A renewal that runs has its key from the header that is replaced here.
        let _alone = self.renewing();
        let writer = self.catalogue.writer();
        let mut keys = self.keys();
        let key = VaultKey::random();
        let mut header = keys.header.next_epoch(&keys.key, &key)?;
        for slot in slots {
            header.add_slot(&key, &slot.secret, &slot.options, now)?;
        }
        header.draw_catalogue_key(&key)?;
        self.put_header(&writer, &keys.header, &header, &header.to_bytes(&key)?)?;
        *keys = Keys { header, key };
        Ok(())
    }

    /// Whether a renewal would reach something: one has not come to its end, or items or lines were erased since the last.
    ///
    /// # Errors
    /// When the catalogue can't be read.
    pub fn is_renewal_due(&self) -> Result<bool, VaultError> {
        let erased = self.catalogue.read(|connection| catalogue::meta(connection, catalogue::ERASED))?;
        Ok(self.is_renewal_pending() || erased.as_deref() == Some("1"))
    }

    /// Whether a renewal was begun and has not come to its end.
    pub fn is_renewal_pending(&self) -> bool {
        let keys = self.keys();
        keys.header.catalogue_keys(&keys.key).is_ok_and(|held| held.len() > 1)
    }

    /// Goes on with a renewal that was begun; `true` when there is nothing left to do.
    ///
    /// # Errors
    /// As [`Vault::renew_catalogue`].
    pub fn finish_renewal(&self, watch: &mut Fraction<'_>) -> Result<bool, VaultError> {
        let _alone = self.renewing();
        self.finish_alone(watch)
    }

    /// Two at once would write the same new file, and the header has room for one new key.
    fn renewing(&self) -> MutexGuard<'_, ()> {
        self.renewing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn finish_alone(&self, watch: &mut Fraction<'_>) -> Result<bool, VaultError> {
        let held = {
            let keys = self.keys();
            keys.header.catalogue_keys(&keys.key)?
        };
        let [_, new] = held.as_slice() else { return Ok(true) };
        self.touch(&self.catalogue.writer())?;
        if self.catalogue.rewrite(&self.folder, &new.key, watch)? != Rewritten::Yes {
            return Ok(false);
        }
        // From now on an older header is known for what it is, although it opens nothing.
        self.images.note_catalogue_key(new.number)?;
        self.change_header(|header, _| Ok(header.keep_catalogue_key(new.number)?))?;
        catalogue::drop_copies(&self.folder);
        Ok(true)
    }

    /// Whether this secret opens the vault, asked while it is open.
    ///
    /// # Errors
    /// As [`Vault::open`] for a secret that does not.
    pub fn admits(&self, secret: &SlotSecret) -> Result<(), VaultError> {
        let header = self.keys().header.clone();
        Ok(header.unlock(secret).map(drop)?)
    }

    /// Gives the space of erased pictures back to the disk, in steps between which others can write. `go_on` is asked
    /// after each with the pages that are left.
    ///
    /// # Errors
    /// When the file can't be written.
    pub fn give_space_back(&self, go_on: &mut dyn FnMut(u32) -> bool) -> Result<(), VaultError> {
        loop {
            let before = self.images.free_pages()?;
            if before == 0 || !go_on(before) {
                return Ok(());
            }
            self.images.shrink(STEP)?;
            // Where nothing moved there is nothing to be had.
            if self.images.free_pages()? >= before {
                return Ok(());
            }
        }
    }
}
