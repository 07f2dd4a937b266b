//! The zip being written, with its manifest.

use std::io::Write;

use crypto::Sha256Hasher;
use serde::Serialize;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use crate::archive::{self, Manifest, ManifestFile};
use crate::error::TransferError;
use crate::export::part::{GiveUp, Place, Sink};
use crate::unpack;

/// Fast: texts are a small part of an archive, and base64 does not shrink much more at higher levels.
const LEVEL: i64 = 3;
/// Whoever reads the archive takes what shrinks too well for a bomb. Texts that together are longer than this ...
const FREE: u64 = unpack::ALWAYS_ALLOWED / 2;
/// ... are stored as they are where they would shrink further than this.
const MAX_RATIO: u64 = unpack::MAX_RATIO / 2;

/// An archive that takes one file after the other.
pub struct Writer {
    zip: Option<ZipWriter<Sink>>,
    give_up: GiveUp,
    place: Place,
    files: Vec<ManifestFile>,
    /// Length of the texts so far.
    texts: u64,
    free: u64,
}

impl Writer {
    /// An empty archive.
    pub fn new(sink: Sink) -> Self {
        let (give_up, place) = (sink.give_up(), sink.place());
        Self { zip: Some(ZipWriter::new(sink)), give_up, place, files: Vec::new(), texts: 0, free: FREE }
    }

    fn zip(&mut self) -> Result<&mut ZipWriter<Sink>, TransferError> {
        self.zip.as_mut().ok_or(TransferError::Io(std::io::ErrorKind::BrokenPipe))
    }

    /// Adds a file as it is; its digest is known.
    pub fn store(&mut self, path: &str, bytes: &[u8], digest: &[u8; 32]) -> Result<(), TransferError> {
        let large = bytes.len() as u64 >= u64::from(u32::MAX);
        let zip = self.zip()?;
        zip.start_file(path, options(CompressionMethod::Stored).large_file(large))?;
        zip.write_all(bytes)?;
        self.note(path, bytes.len() as u64, digest);
        Ok(())
    }

    /// Writes a text of unknown length. `make` is called once more for one that shrinks too well.
    pub fn text<R>(
        &mut self,
        path: &'static str,
        mut make: impl FnMut(&mut Text<'_>) -> Result<R, TransferError>,
    ) -> Result<R, TransferError> {
        let before = self.place.get();
        let mut text = self.begin(path, deflated())?;
        let mut made = make(&mut text)?;
        let (mut length, mut digest) = text.complete();
        if self.shrinks_too_well(length, self.place.get() - before) {
            self.zip()?.abort_file()?;
            let mut text = self.begin(path, options(CompressionMethod::Stored))?;
            made = make(&mut text)?;
            (length, digest) = text.complete();
        }
        self.texts += length;
        self.note(path, length, &digest);
        Ok(made)
    }

    fn shrinks_too_well(&self, length: u64, shrunk: u64) -> bool {
        self.texts + length > self.free && length / MAX_RATIO > shrunk
    }

    /// Starts a file of unknown length that does not shrink.
    pub fn stream(&mut self, path: &'static str) -> Result<Text<'_>, TransferError> {
        self.begin(path, options(CompressionMethod::Stored))
    }

    fn begin(&mut self, path: &'static str, options: SimpleFileOptions) -> Result<Text<'_>, TransferError> {
        self.zip()?.start_file(path, options.large_file(true))?;
        Ok(Text { path, writer: self, hasher: Sha256Hasher::new(), bytes: 0 })
    }

    /// Adds a text that is all at hand.
    pub fn whole_text(&mut self, path: &str, text: &[u8]) -> Result<(), TransferError> {
        let large = text.len() as u64 >= u64::from(u32::MAX);
        // Where texts are that long, the page's loss is small.
        let free = self.texts + text.len() as u64 <= self.free;
        let packing = if free { deflated() } else { options(CompressionMethod::Stored) };
        let zip = self.zip()?;
        zip.start_file(path, packing.large_file(large))?;
        zip.write_all(text)?;
        self.texts += text.len() as u64;
        self.note(path, text.len() as u64, &crypto::sha256(text));
        Ok(())
    }

    fn note(&mut self, path: &str, bytes: u64, digest: &[u8; 32]) {
        self.files.push(ManifestFile { path: path.to_owned(), bytes, sha256: hex::encode(digest) });
    }

    /// Writes the manifest and the directory of the zip.
    pub fn finish(self, created_at: &str, items: usize, damaged: usize) -> Result<(), TransferError> {
        self.finish_with(|files| Manifest {
            format: archive::FORMAT.to_owned(),
            version: archive::VERSION,
            created_at: created_at.to_owned(),
            items,
            damaged,
            csv_formulas_escaped: true,
            files,
            complete: true,
        })
    }

    /// The same with a manifest of another form.
    pub fn finish_with<M: Serialize>(
        mut self,
        manifest: impl FnOnce(Vec<ManifestFile>) -> M,
    ) -> Result<(), TransferError> {
        let manifest = manifest(std::mem::take(&mut self.files));
        let text = serde_json::to_vec_pretty(&manifest).map_err(|_| TransferError::ArchiveDamaged)?;
        self.whole_text(archive::MANIFEST, &text)?;
        let Some(zip) = self.zip.take() else { return Ok(()) };
        zip.finish()?.flush()?;
        Ok(())
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.give_up.now();
    }
}

/// A text that is being written.
pub struct Text<'a> {
    path: &'static str,
    writer: &'a mut Writer,
    hasher: Sha256Hasher,
    bytes: u64,
}

impl Text<'_> {
    /// Adds to it.
    pub fn push(&mut self, text: &[u8]) -> Result<(), TransferError> {
        self.hasher.update(text);
        self.bytes += text.len() as u64;
        Ok(self.writer.zip()?.write_all(text)?)
    }

    /// It is complete.
    pub fn end(self) {
        self.writer.note(self.path, self.bytes, &self.hasher.finish());
    }

    fn complete(self) -> (u64, [u8; 32]) {
        (self.bytes, self.hasher.finish())
    }
}

fn options(method: CompressionMethod) -> SimpleFileOptions {
    SimpleFileOptions::default().compression_method(method).unix_permissions(0o600)
}

fn deflated() -> SimpleFileOptions {
    options(CompressionMethod::Deflated).compression_level(Some(LEVEL))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::export::Existing;
    use crate::export::part::Part;
    use crate::unpack::Archive;

    #[test]
    fn more_files_than_a_small_zip_can_count_are_written_and_read() {
        let dir = tempfile::tempdir().unwrap();
        let target = dir.path().join("many.zip");
        let part = Part::create(&target, Existing::Refuse).unwrap();
        let mut writer = Writer::new(part.sink().unwrap());
        let digest = crypto::sha256(b"a");
        for n in 0..66_000 {
            writer.store(&format!("images/{n}"), b"a", &digest).unwrap();
        }
        writer.finish("2026-11-24T05:00:00.000Z", 0, 0).unwrap();
        part.finish(Existing::Refuse).unwrap();
        let mut archive = Archive::open(&target).unwrap();
        let manifest = archive.manifest().unwrap();
        assert_eq!(manifest.files.len(), 66_000);
        let last = archive.read(&manifest.files[65_999]).unwrap();
        assert_eq!(last.as_deref(), Some(b"a".as_slice()));
    }

    #[test]
    fn texts_that_shrink_too_well_are_stored_as_they_are() {
        let dir = tempfile::tempdir().unwrap();
        let target = dir.path().join("texts.zip");
        let part = Part::create(&target, Existing::Refuse).unwrap();
        let mut writer = Writer::new(part.sink().unwrap());
        writer.free = 3 << 20;
        let line = vec![b'a'; 1 << 20];
        let mut lines = |name| {
            let write = |text: &mut Text<'_>| (0..2).try_for_each(|_| text.push(&line));
            writer.text(name, write).unwrap();
        };
        ["first", "second", "third"].into_iter().for_each(&mut lines);
        writer.whole_text("page", &line).unwrap();
        writer.finish("2026-11-24T05:00:00.000Z", 0, 0).unwrap();
        let length = part.finish(Existing::Refuse).unwrap();
        assert!(length > 5 << 20 && length < 6 << 20, "{length}");
        let mut archive = Archive::open(&target).unwrap();
        for file in &archive.manifest().unwrap().files {
            assert_eq!(archive.check(file).unwrap(), Some(true), "{}", file.path);
        }
    }

    #[test]
    fn an_archive_that_is_given_up_is_no_zip() {
        let dir = tempfile::tempdir().unwrap();
        let part = Part::create(&dir.path().join("a.zip"), Existing::Refuse).unwrap();
        let mut writer = Writer::new(part.sink().unwrap());
        writer.store("images/1", b"a", &crypto::sha256(b"a")).unwrap();
        drop(writer);
        assert!(Archive::open(&dir.path().join("a.zip.part")).is_err());
        drop(part);
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0);
    }
}
