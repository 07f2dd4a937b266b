//! How much room a vault takes, and how much of it would be given back.

use std::fs;
use std::path::Path;

use model::Timestamp;

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

/// What is kept of one kind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Held {
    /// How many items.
    pub count: u64,
    /// Bytes of their originals.
    pub bytes: u64,
    /// When the oldest came in.
    pub since: Option<Timestamp>,
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
    /// What is kept outside the trash, and in it.
    ///
    /// # Errors
    /// When the catalogue can't be read.
    pub fn holdings(&self) -> Result<(Held, Held), VaultError> {
        self.catalogue.read(|connection| {
            let mut held = [Held::default(); 2];
            let mut statement = connection.prepare_cached(
                "SELECT discarded_at <> 0, count(*), sum(bytes), min(added_at) FROM item GROUP BY 1",
            )?;
            let mut rows = statement.query([])?;
            while let Some(row) = rows.next()? {
                let number = |at: usize| row.get::<_, i64>(at).map(|n| u64::try_from(n).unwrap_or(0));
                let one = Held {
                    count: number(1)?,
                    bytes: number(2)?,
                    since: Some(Timestamp::from_millis(row.get(3)?)),
                };
                if let Some(place) = held.get_mut(usize::from(row.get::<_, bool>(0)?)) {
                    *place = one;
                }
            }
            Ok((held[0], held[1]))
        })
    }

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
