//! The file while it is being written: under the ending `.part`, for this user alone, gone after any failure.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, BufWriter, ErrorKind, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::error::TransferError;
use crate::export::Existing;

/// Files that are being written, for a program that ends at once and drops nothing.
static UNFINISHED: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

fn unfinished() -> MutexGuard<'static, Vec<PathBuf>> {
    UNFINISHED.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Removes what is being written, as the program ends at once. What is written to it afterwards goes nowhere.
pub fn remove_unfinished() {
    for path in unfinished().drain(..) {
        let _ = fs::remove_file(&path);
    }
}

/// An archive on its way to its name. Dropped before [`Part::finish`] it is removed.
pub struct Part {
    target: PathBuf,
    path: PathBuf,
    file: File,
    finished: bool,
}

impl Part {
    /// Starts a file beside the target.
    ///
    /// # Errors
    /// [`TransferError::Exists`], [`TransferError::Busy`], or as the system says.
    pub fn create(target: &Path, existing: Existing) -> Result<Self, TransferError> {
        let Some(name) = target.file_name() else {
            return Err(TransferError::Io(ErrorKind::InvalidFilename));
        };
        if let Ok(there) = fs::symlink_metadata(target) {
            // Of what is no file nothing is replaced: pipes, devices, folders and links to those.
            let replaceable = there.is_file() || (there.is_symlink() && !target.is_dir());
            if existing == Existing::Refuse || !replaceable {
                return Err(TransferError::Exists);
            }
        }
        let mut part = name.to_os_string();
        part.push(".part");
        let path = target.with_file_name(part);
        let file = claim(&path)?;
        unfinished().push(path.clone());
        Ok(Self { target: target.to_path_buf(), path, file, finished: false })
    }

    /// Where to write.
    pub fn sink(&self) -> Result<Sink, TransferError> {
        let file = BufWriter::with_capacity(1 << 20, self.file.try_clone()?);
        Ok(Sink { file, given_up: GiveUp::default(), failed: false, place: Place::default(), length: 0 })
    }

    /// The file while it has no name yet.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Makes durable what was written until now.
    ///
    /// # Errors
    /// As the system says.
    pub fn sync(&self) -> Result<(), TransferError> {
        Ok(self.file.sync_all()?)
    }

    /// Makes the bytes durable and gives them their name; gives their number.
    ///
    /// # Errors
    /// [`TransferError::Exists`] when a file came there meanwhile and may not be replaced.
    pub fn finish(mut self, existing: Existing) -> Result<u64, TransferError> {
        self.file.sync_all()?;
        let bytes = self.file.metadata()?.len();
        match existing {
            Existing::Replace => fs::rename(&self.path, &self.target)?,
            Existing::Refuse => self.name_if_free()?,
        }
        self.finished = true;
        unfinished().retain(|path| *path != self.path);
        sync_folder(&self.target);
        Ok(bytes)
    }

    /// A link, unlike a rename, never replaces. Where the disk has no links (FAT), looking first must do.
    fn name_if_free(&self) -> Result<(), TransferError> {
        match fs::hard_link(&self.path, &self.target) {
            Ok(()) => {
                // The archive is whole and has its name. A second name that stays is taken for a rest by the next export.
                let _ = fs::remove_file(&self.path);
                Ok(())
            }
            Err(error) if error.kind() == ErrorKind::AlreadyExists => Err(TransferError::Exists),
            Err(_) if fs::symlink_metadata(&self.target).is_ok() => Err(TransferError::Exists),
            Err(_) => Ok(fs::rename(&self.path, &self.target)?),
        }
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        if !self.finished {
            // It is ours and incomplete; if it can't be removed, its ending says what it is.
            let _ = fs::remove_file(&self.path);
            unfinished().retain(|path| *path != self.path);
        }
    }
}

/// Makes the file. One that is there is the rest of an export that was killed, unless somebody holds its lock.
fn claim(path: &Path) -> Result<File, TransferError> {
    let mut options = OpenOptions::new();
    options.create_new(true).write(true).read(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = match options.open(path) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            remove_rest(path)?;
            options.open(path)?
        }
        other => other?,
    };
    // A disk without locks has no second writer that we could know of.
    if matches!(file.try_lock(), Err(TryLockError::WouldBlock)) {
        return Err(TransferError::Busy);
    }
    Ok(file)
}

fn remove_rest(path: &Path) -> Result<(), TransferError> {
    // A link is removed, never followed: it may point to somebody's file.
    if fs::symlink_metadata(path)?.is_file() {
        let rest = OpenOptions::new().write(true).open(path)?;
        if matches!(rest.try_lock(), Err(TryLockError::WouldBlock)) {
            return Err(TransferError::Busy);
        }
    }
    Ok(fs::remove_file(path)?)
}

/// Whether somebody writes this file.
pub fn is_held(path: &Path) -> bool {
    let is_file = fs::symlink_metadata(path).is_ok_and(|data| data.is_file());
    let file = OpenOptions::new().write(true).open(path);
    is_file && file.is_ok_and(|file| matches!(file.try_lock(), Err(TryLockError::WouldBlock)))
}

#[cfg(unix)]
fn sync_folder(target: &Path) {
    let folder = target.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    // Some network disks can't; the archive is whole all the same.
    let _ = File::open(folder).and_then(|folder| folder.sync_all());
}

#[cfg(not(unix))]
fn sync_folder(_target: &Path) {}

/// Tells a [`Sink`] that its archive is given up.
#[derive(Clone, Default)]
pub struct GiveUp(Arc<AtomicBool>);

impl GiveUp {
    /// From now on nothing more is written.
    pub fn now(&self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Tells how far a [`Sink`] has come.
#[derive(Clone, Default)]
pub struct Place(Arc<AtomicU64>);

impl Place {
    /// Bytes before it.
    pub fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }

    fn set(&self, place: u64) {
        self.0.store(place, Ordering::Relaxed);
    }
}

/// The buffered file. The zip writer completes its archive when it is dropped; after [`GiveUp::now`] that goes
/// nowhere, so that what is incomplete does not come to look like a zip. So it is after the first error, too: the zip
/// writer would go on from a place that is not where it believes to be.
pub struct Sink {
    file: BufWriter<File>,
    given_up: GiveUp,
    /// An error was given back, and is given back again at the end.
    failed: bool,
    /// Where the writer believes to be, and how long the file then is.
    place: Place,
    length: u64,
}

impl Sink {
    /// The switch that stops it.
    pub fn give_up(&self) -> GiveUp {
        self.given_up.clone()
    }

    /// Where it is, for others to ask.
    pub fn place(&self) -> Place {
        self.place.clone()
    }

    fn is_given_up(&self) -> bool {
        self.given_up.0.load(Ordering::Relaxed)
    }

    fn give_up_after_error<T>(&mut self, result: io::Result<T>) -> io::Result<T> {
        if result.is_err() {
            self.failed = true;
            self.given_up.now();
        }
        result
    }
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.is_given_up() {
            return Ok(bytes.len());
        }
        let written = self.file.write(bytes);
        let n = self.give_up_after_error(written)?;
        self.place.set(self.place.get() + n as u64);
        self.length = self.length.max(self.place.get());
        Ok(n)
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.failed {
            return Err(ErrorKind::BrokenPipe.into());
        }
        if self.is_given_up() {
            return Ok(());
        }
        let flushed = self.file.flush();
        self.give_up_after_error(flushed)
    }
}

impl Seek for Sink {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        if self.is_given_up() {
            // Behind all that was written: the zip writer counts from there what it believes to have written.
            return Ok(self.length);
        }
        let place = match to {
            SeekFrom::Start(place) => Some(place),
            SeekFrom::End(by) => self.length.checked_add_signed(by),
            SeekFrom::Current(by) => self.place.get().checked_add_signed(by),
        };
        let place = place.ok_or(ErrorKind::InvalidInput)?;
        // Asking where it is must not flush the buffer.
        if place != self.place.get() {
            let moved = self.file.seek(SeekFrom::Start(place));
            self.give_up_after_error(moved)?;
        }
        self.place.set(place);
        Ok(place)
    }
}
