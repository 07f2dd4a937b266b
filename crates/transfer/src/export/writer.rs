//! The zip being written, with its manifest.

use std::io::Write;

use crypto::Sha256Hasher;
use serde::Serialize;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use crate::archive::{self, Manifest, ManifestFile};
use crate::error::TransferError;
use crate::export::part::{GiveUp, Sink};

/// Fast: texts are a small part of an archive, and base64 does not shrink much more at higher levels.
const LEVEL: i64 = 3;

/// An archive that takes one file after the other.
pub struct Writer {
    zip: Option<ZipWriter<Sink>>,
    give_up: GiveUp,
    files: Vec<ManifestFile>,
}

impl Writer {
    /// An empty archive.
    pub fn new(sink: Sink) -> Self {
        let give_up = sink.give_up();
        Self { zip: Some(ZipWriter::new(sink)), give_up, files: Vec::new() }
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

    /// Starts a text of unknown length.
    pub fn text(&mut self, path: &'static str) -> Result<Text<'_>, TransferError> {
        self.begin(path, deflated())
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
        let zip = self.zip()?;
        zip.start_file(path, deflated().large_file(large))?;
        zip.write_all(text)?;
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
