//! Looking up what is in the open vault: items, their metadata, their bytes.

use std::collections::HashSet;

use model::{ItemId, RawBlock, Sha256};
use rusqlite::Connection;

use crate::error::VaultError;
use crate::prepare::Role;
use crate::tables::{items, sealed};
use crate::vault::Vault;

impl Vault {
    /// Whether these bytes are in the vault, and as which item.
    ///
    /// # Errors
    /// When the catalogue can't be read.
    pub fn find_digest(&self, digest: &Sha256) -> Result<Option<ItemId>, VaultError> {
        self.catalogue.read(|connection| items::by_digest(connection, digest))
    }

    /// Lengths in bytes of all originals: a file of another length can't be a duplicate.
    ///
    /// # Errors
    /// When the catalogue can't be read.
    pub fn lengths(&self) -> Result<HashSet<u64>, VaultError> {
        self.catalogue.read(|connection| items::lengths(connection))
    }

    /// One item.
    ///
    /// # Errors
    /// [`VaultError::NoSuchItem`] or when the catalogue can't be read.
    pub fn item(&self, id: &ItemId) -> Result<items::Stored, VaultError> {
        self.catalogue.read(|connection| one(connection, id))
    }

    /// The items that follow `after` in order of arrival, the trash included, at most `limit`.
    ///
    /// # Errors
    /// When the catalogue can't be read.
    pub fn page(&self, after: u32, limit: u32) -> Result<Vec<items::Stored>, VaultError> {
        self.catalogue.read(|connection| items::page(connection, after, limit))
    }

    /// Numbers of other items outside the trash with the same prompt, newest first.
    ///
    /// # Errors
    /// When the catalogue can't be read.
    pub fn same_prompt(&self, of: &items::Stored, limit: u32) -> Result<Vec<u32>, VaultError> {
        self.catalogue.read(|connection| items::same_prompt(connection, of, limit))
    }

    /// The metadata of an item exactly as it stood in the file.
    ///
    /// # Errors
    /// [`VaultError::NoSuchItem`] or when the catalogue can't be read.
    pub fn raw_blocks(&self, id: &ItemId) -> Result<Vec<RawBlock>, VaultError> {
        self.catalogue.read(|connection| {
            let seq = items::seq_of(connection, id)?.ok_or(VaultError::NoSuchItem)?;
            items::raw_blocks(connection, seq)
        })
    }

    /// The original file, bit for bit.
    ///
    /// # Errors
    /// [`VaultError::NoSuchItem`] or [`VaultError::DamagedPicture`].
    pub fn original(&self, id: &ItemId) -> Result<Vec<u8>, VaultError> {
        self.bytes(id, Role::Original)?.map(|(bytes, _)| bytes).ok_or(VaultError::NoSuchItem)
    }

    /// The small picture; `None` where the original could not be decoded.
    ///
    /// # Errors
    /// [`VaultError::DamagedPicture`] or when the vault can't be read.
    pub fn thumbnail(&self, id: &ItemId) -> Result<Option<(Vec<u8>, String)>, VaultError> {
        self.bytes(id, Role::Thumbnail)
    }

    /// The small picture of the item with this number: the quickest way to it.
    ///
    /// # Errors
    /// As [`Vault::thumbnail`]; [`VaultError::NoSuchItem`] when there is none.
    pub fn thumbnail_at(&self, seq: u32) -> Result<Option<(Vec<u8>, String)>, VaultError> {
        let entry = self.catalogue.read(|connection| sealed::find_at(connection, seq, Role::Thumbnail))?;
        if entry.is_none() && self.is_discarded(seq).is_none() {
            return Err(VaultError::NoSuchItem);
        }
        self.open_bytes(entry, Role::Thumbnail)
    }

    fn bytes(&self, id: &ItemId, role: Role) -> Result<Option<(Vec<u8>, String)>, VaultError> {
        let entry = self.catalogue.read(|connection| sealed::find(connection, id, role))?;
        self.open_bytes(entry, role)
    }

    fn open_bytes(
        &self,
        entry: Option<sealed::Entry>,
        role: Role,
    ) -> Result<Option<(Vec<u8>, String)>, VaultError> {
        let Some(entry) = entry else { return Ok(None) };
        let bytes = self.images.get(&entry.blob, &entry.key, role == Role::Thumbnail)?;
        Ok(Some((bytes, entry.mime)))
    }
}

pub(crate) fn one(connection: &Connection, id: &ItemId) -> Result<items::Stored, VaultError> {
    let seq = items::seq_of(connection, id)?.ok_or(VaultError::NoSuchItem)?;
    items::load(connection, seq)?.ok_or(VaultError::NoSuchItem)
}
