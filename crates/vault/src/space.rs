//! How much room a vault takes, and how much of it would be given back.

use std::fs;
use std::path::Path;

use crate::error::VaultError;
use crate::vault::Vault;

/// Room on the disk, in bytes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Space {
    /// Length of the catalogue's file.
    pub catalogue: u64,
    /// Of these, free.
    pub catalogue_free: u64,
    /// Length of the pictures' file.
    pub images: u64,
    /// Of these, free.
    pub images_free: u64,
}

/// A page of the pictures' file; see `sql/images.sql` and [`crate::images`].
const IMAGES_PAGE: u64 = 16_384;

impl Space {
    /// What compacting would give back.
    pub fn free(&self) -> u64 {
        self.catalogue_free + self.images_free
    }
}

impl Vault {
    /// How much room it takes now.
    ///
    /// # Errors
    /// When the files can't be read.
    pub fn space(&self) -> Result<Space, VaultError> {
        let catalogue_free = self.catalogue.read(|connection| {
            Ok(connection.query_row(
                "SELECT freelist_count * page_size FROM pragma_freelist_count, pragma_page_size",
                [],
                |row| row.get::<_, i64>(0),
            )?)
        })?;
        let length = |path: &Path| fs::metadata(path).map_or(0, |data| data.len());
        Ok(Space {
            catalogue: length(&self.folder.catalogue()),
            catalogue_free: u64::try_from(catalogue_free).unwrap_or(0),
            images: length(&self.folder.images()),
            images_free: u64::from(self.images.free_pages()?) * IMAGES_PAGE,
        })
    }
}
