//! The folder of a vault: names of files, modes, the lock, and writing the header so that a crash leaves one whole.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use crate::error::{Part, VaultError};

/// A header is never larger; see `docs/FORMATS.md`.
const MAX_HEADER: u64 = 64 * 1024;

/// Where one vault lies.
#[derive(Debug, Clone)]
pub struct Folder {
    root: PathBuf,
}

/// The vault inside a data folder: `DIR` itself when it holds a header, otherwise the first vault below
/// `DIR/vaults`.
pub fn vault_in(data: &Path) -> Option<Folder> {
    let own = Folder::new(data);
    if own.has_header() {
        return Some(own);
    }
    let mut found: Vec<PathBuf> =
        fs::read_dir(data.join("vaults")).ok()?.flatten().map(|e| e.path()).collect();
    found.sort();
    found.into_iter().map(|p| Folder::new(&p)).find(Folder::has_header)
}

impl Folder {
    /// Names the folder; nothing is read or made.
    pub fn new(root: &Path) -> Self {
        Self { root: root.to_path_buf() }
    }

    /// The folder itself.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The encrypted catalogue.
    pub fn catalogue(&self) -> PathBuf {
        self.root.join("catalogue.db")
    }

    /// The sealed pictures.
    pub fn images(&self) -> PathBuf {
        self.root.join("images.db")
    }

    fn header(&self) -> PathBuf {
        self.root.join("vault.keys")
    }

    fn header_copy(&self) -> PathBuf {
        self.root.join("vault.keys.bak")
    }

    /// Whether a header or its copy is there: then nothing may be created over it.
    pub fn has_header(&self) -> bool {
        self.header().exists() || self.header_copy().exists()
    }

    /// Whether any file of a vault is there.
    pub fn has_anything(&self) -> bool {
        self.has_header() || self.catalogue().exists() || self.images().exists()
    }

    /// Makes the folder for this user alone.
    ///
    /// # Errors
    /// As the system says.
    pub fn make(&self) -> Result<(), VaultError> {
        fs::create_dir_all(&self.root)?;
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            fs::set_permissions(&self.root, fs::Permissions::from_mode(0o700))?;
        }
        Ok(())
    }

    /// Takes the lock that keeps a second process out. It is held as long as the file lives.
    ///
    /// # Errors
    /// [`VaultError::InUse`] when another process has it.
    pub fn lock(&self) -> Result<File, VaultError> {
        let file = private(OpenOptions::new().create(true).truncate(false).write(true))
            .open(self.root.join("vault.lock"))?;
        match file.try_lock() {
            Ok(()) => Ok(file),
            Err(TryLockError::WouldBlock) => Err(VaultError::InUse),
            Err(TryLockError::Error(error)) => Err(error.into()),
        }
    }

    /// Reads the header, or its copy when the first is gone or empty.
    ///
    /// # Errors
    /// [`VaultError::NoVault`] when there is neither; [`VaultError::Damaged`] when it is too large.
    pub fn read_header(&self) -> Result<Vec<u8>, VaultError> {
        let first = read_small(&self.header())?.filter(|bytes| !bytes.is_empty());
        let bytes = match first {
            Some(bytes) => bytes,
            None => read_small(&self.header_copy())?.ok_or(VaultError::NoVault)?,
        };
        if bytes.len() as u64 > MAX_HEADER { Err(VaultError::Damaged(Part::Header)) } else { Ok(bytes) }
    }

    /// Writes the header and then the same bytes to its copy, so that a removed slot lives on in neither.
    ///
    /// # Errors
    /// As the system says; the header is then the old or the new one, never half.
    pub fn write_header(&self, bytes: &[u8]) -> Result<(), VaultError> {
        self.replace(&self.header(), bytes)?;
        self.replace(&self.header_copy(), bytes)
    }

    fn replace(&self, target: &Path, bytes: &[u8]) -> Result<(), VaultError> {
        let temporary = target.with_extension("new");
        let mut file =
            private(OpenOptions::new().create(true).truncate(true).write(true)).open(&temporary)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&temporary, target)?;
        self.sync()
    }

    /// Makes the names in the folder durable.
    ///
    /// # Errors
    /// As the system says.
    pub fn sync(&self) -> Result<(), VaultError> {
        #[cfg(unix)]
        File::open(&self.root)?.sync_all()?;
        Ok(())
    }

    /// Makes an empty file for this user alone, so that SQLite inherits the mode.
    pub(crate) fn touch(&self, path: &Path) -> Result<(), VaultError> {
        private(OpenOptions::new().create_new(true).write(true)).open(path)?;
        Ok(())
    }
}

fn read_small(path: &Path) -> Result<Option<Vec<u8>>, VaultError> {
    match File::open(path) {
        Ok(file) => {
            let mut bytes = Vec::new();
            file.take(MAX_HEADER + 1).read_to_end(&mut bytes)?;
            Ok(Some(bytes))
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error.into()),
    }
}

fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    options
}
