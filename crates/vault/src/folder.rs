//! The folder of a vault: names of files, modes, the lock, and writing the header so that a crash leaves one whole.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use crypto::{Header, SlotSecret, VaultKey};

use crate::error::{Part, VaultError};

/// A header is never larger; see `docs/FORMATS.md`.
const MAX_HEADER: u64 = 64 * 1024;
/// How long the lock is waited for; no program takes as long to start, and nobody minds.
const MOMENT: Duration = Duration::from_millis(500);

/// Where one vault lies.
#[derive(Debug, Clone)]
pub struct Folder {
    root: PathBuf,
}

/// The vault inside a data folder: `DIR` itself when it holds one, otherwise the first vault below `DIR/vaults`. A
/// folder that lost its header counts too, after those that have one: it must not pass for no vault at all.
pub fn vault_in(data: &Path) -> Option<Folder> {
    let own = Folder::new(data);
    if own.has_anything() {
        return Some(own);
    }
    let below = data.join("vaults");
    let mut found: Vec<Folder> = match fs::read_dir(&below) {
        Ok(entries) => entries.flatten().map(|entry| Folder::new(&entry.path())).collect(),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return None,
        // There may be vaults that can't be seen: whoever opens this place is told why.
        Err(_) => return Some(Folder::new(&below)),
    };
    found.sort_by(|a, b| a.root.cmp(&b.root));
    let whole = found.iter().position(Folder::has_header);
    let any = whole.or_else(|| found.iter().position(Folder::has_anything));
    any.map(|place| found.swap_remove(place))
}

/// Every vault of a data folder, those without a header included: `DIR` itself when it holds one, otherwise what lies
/// below `DIR/vaults`, in the order of the names.
pub fn vaults_in(data: &Path) -> Vec<Folder> {
    let own = Folder::new(data);
    if own.has_anything() {
        return vec![own];
    }
    let entries = fs::read_dir(data.join("vaults")).into_iter().flatten().flatten();
    let mut found: Vec<Folder> = entries.map(|entry| Folder::new(&entry.path())).collect();
    found.retain(Folder::has_anything);
    found.sort_by(|a, b| a.root.cmp(&b.root));
    found
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

    /// Where the catalogue is written anew before it takes the old one's place.
    pub(crate) fn fresh_catalogue(&self) -> PathBuf {
        self.root.join("catalogue.new")
    }

    /// Takes away what a program that ended left of work that counts only when it is done. What stays does no harm.
    pub(crate) fn sweep(&self) {
        let fresh = self.fresh_catalogue();
        for ending in ["", "-journal", "-wal", "-shm"] {
            let mut name = fresh.clone().into_os_string();
            name.push(ending);
            let _ = fs::remove_file(name);
        }
        for path in [self.header_path(), self.copy_path()] {
            let _ = fs::remove_file(beside(&path));
        }
    }

    fn header_path(&self) -> PathBuf {
        self.root.join("vault.keys")
    }

    fn copy_path(&self) -> PathBuf {
        self.root.join("vault.keys.bak")
    }

    /// Whether a header or its copy is there: then nothing may be created over it.
    pub fn has_header(&self) -> bool {
        self.header_path().exists() || self.copy_path().exists()
    }

    /// Whether any file of a vault is there.
    pub fn has_anything(&self) -> bool {
        self.has_header() || self.catalogue().exists() || self.images().exists()
    }

    /// Makes the folder for this user alone. One that is there already must be empty: it is somebody's otherwise.
    ///
    /// # Errors
    /// [`VaultError::NotEmpty`], or as the system says.
    pub fn make(&self) -> Result<(), VaultError> {
        if fs::read_dir(&self.root)
            .is_ok_and(|entries| entries.flatten().any(|entry| entry.file_name() != "vault.lock"))
        {
            return Err(VaultError::NotEmpty);
        }
        let fresh: Vec<&Path> = self.root.ancestors().take_while(|folder| !folder.exists()).collect();
        fs::create_dir_all(&self.root)?;
        // A vault in a folder whose own name a power cut takes away would be gone with it.
        fresh.into_iter().filter_map(Path::parent).for_each(sync_names);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            fs::set_permissions(&self.root, fs::Permissions::from_mode(0o700))?;
        }
        Ok(())
    }

    /// Takes the lock that keeps a second process out. It is held as long as the file lives.
    ///
    /// It is waited for a moment: a program that is just being started by somebody who had the vault open has a copy of
    /// the lock until it has become itself.
    ///
    /// # Errors
    /// [`VaultError::InUse`] when another process has it.
    pub fn lock(&self) -> Result<File, VaultError> {
        let until = Instant::now() + MOMENT;
        loop {
            match self.try_lock() {
                Err(VaultError::InUse) if Instant::now() < until => thread::sleep(MOMENT / 100),
                locked => return locked,
            }
        }
    }

    /// Whether somebody has the vault open now.
    pub fn is_in_use(&self) -> bool {
        matches!(self.try_lock(), Err(VaultError::InUse))
    }

    fn try_lock(&self) -> Result<File, VaultError> {
        let file = private(OpenOptions::new().create(true).truncate(false).write(true))
            .open(self.root.join("vault.lock"))?;
        match file.try_lock() {
            Ok(()) => Ok(file),
            Err(TryLockError::WouldBlock) => Err(VaultError::InUse),
            Err(TryLockError::Error(error)) => Err(error.into()),
        }
    }

    /// Reads the header, or its copy when the first is gone, empty or damaged.
    ///
    /// # Errors
    /// [`VaultError::NoVault`] when there is neither; what is wrong with the first when neither can be read.
    pub fn header(&self) -> Result<Header, VaultError> {
        let first = read(&self.header_path());
        match first {
            Ok(Some(header)) => return Ok(header),
            Ok(None) | Err(VaultError::Damaged(_)) => {}
            Err(error) => return Err(error),
        }
        match (read(&self.copy_path()), first) {
            (Ok(Some(header)), _) => Ok(header),
            (_, Err(error)) | (Err(error), _) => Err(error),
            (Ok(None), Ok(_)) => Err(VaultError::NoVault),
        }
    }

    /// The header and the vault's key. Where a rotten byte left the first file readable but wrong, its copy counts.
    ///
    /// # Errors
    /// What the first file says, unless the copy proves it wrong.
    pub(crate) fn unlock(&self, secret: &SlotSecret) -> Result<(Header, VaultKey), VaultError> {
        let first = self.header()?;
        let refusal = match first.unlock(secret) {
            Ok(key) => return Ok((first, key)),
            Err(refusal) => refusal,
        };
        let [_, copy] = self.headers();
        if let Ok(copy) = copy
            && (copy.vault_id(), copy.epoch()) == (first.vault_id(), first.epoch())
            && !same_bytes(&self.header_path(), &self.copy_path())
            && let Ok(key) = copy.unlock(secret)
            // A first file that is whole is the newer of the two, and has the last word: a slot was taken away there.
            && first.verify(&key).is_err()
        {
            return Ok((copy, key));
        }
        Err(refusal.into())
    }

    /// The header and its copy, each by itself.
    pub(crate) fn headers(&self) -> [Result<Header, VaultError>; 2] {
        [self.header_path(), self.copy_path()]
            .map(|path| read(&path)?.ok_or(VaultError::Missing(Part::Header)))
    }

    /// Writes the header and then the same bytes to its copy, so that a removed slot lives on in neither.
    ///
    /// # Errors
    /// When the first can't be written; then nothing has changed. Once it is written the change holds: a copy that
    /// can't follow is taken away, and [`Folder::mend_copy`] makes it again at the next opening.
    pub fn write_header(&self, bytes: &[u8]) -> Result<(), VaultError> {
        replace(&self.header_path(), bytes)?;
        if replace(&self.copy_path(), bytes).is_err() {
            let _ = fs::remove_file(self.copy_path());
        }
        // The names are in place; that they outlive a power cut can't be promised where this fails.
        let _ = self.sync();
        Ok(())
    }

    /// Brings header and copy to the bytes of a header that has just opened the vault.
    pub(crate) fn mend_copy(&self, bytes: &[u8]) {
        let same = |path: &Path| read_small(path).is_ok_and(|known| known.as_deref() == Some(bytes));
        if !same(&self.header_path()) || !same(&self.copy_path()) {
            // A disk that can't be written is told of by whatever writes next.
            let _ = self.write_header(bytes);
        }
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

/// Makes the names in a folder durable, where the system can.
fn sync_names(folder: &Path) {
    #[cfg(unix)]
    let _ = File::open(folder).and_then(|folder| folder.sync_all());
    #[cfg(not(unix))]
    let _ = folder;
}

/// Puts bytes in a file's place: the old ones or the new ones are there, never half.
fn replace(target: &Path, bytes: &[u8]) -> Result<(), VaultError> {
    let temporary = beside(target);
    let mut file = private(OpenOptions::new().create(true).truncate(true).write(true)).open(&temporary)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&temporary, target)?;
    Ok(())
}

fn beside(target: &Path) -> PathBuf {
    let mut name = target.as_os_str().to_owned();
    name.push(".new");
    PathBuf::from(name)
}

/// `None` when it is gone or empty.
fn read(path: &Path) -> Result<Option<Header>, VaultError> {
    match read_small(path)? {
        Some(bytes) if bytes.is_empty() => Ok(None),
        Some(bytes) if bytes.len() as u64 > MAX_HEADER => Err(VaultError::Damaged(Part::Header)),
        Some(bytes) => Ok(Some(Header::parse(&bytes)?)),
        None => Ok(None),
    }
}

fn same_bytes(one: &Path, other: &Path) -> bool {
    matches!((read_small(one), read_small(other)), (Ok(Some(one)), Ok(Some(other))) if one == other)
}

fn read_small(path: &Path) -> Result<Option<Vec<u8>>, VaultError> {
    // A pipe in the header's place would be waited for without end.
    if fs::metadata(path).is_ok_and(|data| !data.is_file()) {
        return Err(VaultError::Damaged(Part::Header));
    }
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
