//! The zip being written, with its manifest.

use std::io::Write;

use crypto::Sha256Hasher;
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
        self.zip()?.start_file(path, deflated().large_file(true))?;
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
    pub fn finish(mut self, created_at: &str, items: usize, damaged: usize) -> Result<(), TransferError> {
        let manifest = Manifest {
            format: archive::FORMAT.to_owned(),
            version: archive::VERSION,
            created_at: created_at.to_owned(),
            items,
            damaged,
            csv_formulas_escaped: true,
            files: std::mem::take(&mut self.files),
            complete: true,
        };
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
