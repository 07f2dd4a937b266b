//! What a program did to the files below a folder, in the order in which it did so.
//!
//! A record is a line of words, `write` followed by its bytes. Files are told by their inode, which stays when the name
//! changes; names are relative to the folder and come last, two of them with a zero byte between.

use std::io::Write;

/// One change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Record {
    /// A new and empty file.
    Create(u64, String),
    /// A new folder.
    Folder(String),
    /// Bytes at a place.
    Write(u64, u64, Vec<u8>),
    /// Cut or lengthened.
    Resize(u64, u64),
    /// The file's bytes were made durable.
    Sync(u64),
    /// The folder's names were made durable.
    SyncFolder(String),
    /// Another name; what had it before is gone.
    Rename(String, String),
    /// A further name.
    Link(String, String),
    /// A name less.
    Unlink(String),
}

impl Record {
    /// As it stands in the log.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = Vec::new();
        // Writing to memory does not fail.
        let _ = match self {
            Self::Create(file, name) => writeln!(out, "create {file} 0 {name}"),
            Self::Folder(name) => writeln!(out, "folder 0 0 {name}"),
            Self::Write(file, place, bytes) => {
                writeln!(out, "write {file} {place} {}", bytes.len()).and_then(|()| out.write_all(bytes))
            }
            Self::Resize(file, length) => writeln!(out, "resize {file} {length} "),
            Self::Sync(file) => writeln!(out, "sync {file} 0 "),
            Self::SyncFolder(name) => writeln!(out, "syncfolder 0 0 {name}"),
            Self::Rename(from, to) => writeln!(out, "rename 0 0 {from}\0{to}"),
            Self::Link(from, to) => writeln!(out, "link 0 0 {from}\0{to}"),
            Self::Unlink(name) => writeln!(out, "unlink 0 0 {name}"),
        };
        out
    }
}

/// Reads a log. One that breaks off ends with its last whole record.
pub fn records(log: &[u8]) -> Vec<Record> {
    let mut rest = log;
    std::iter::from_fn(|| {
        let (record, after) = first(rest)?;
        rest = after;
        Some(record)
    })
    .collect()
}

fn first(log: &[u8]) -> Option<(Record, &[u8])> {
    let end = log.iter().position(|byte| *byte == b'\n')?;
    let (line, rest) = (std::str::from_utf8(log.get(..end)?).ok()?, log.get(end + 1..)?);
    let mut words = line.splitn(4, ' ');
    let (call, file) = (words.next()?, words.next()?.parse().ok()?);
    let (number, name) = (words.next()?.parse().ok()?, words.next()?);
    let two = || name.split_once('\0').map(|(from, to)| (from.to_owned(), to.to_owned()));
    let record = match call {
        "create" => Record::Create(file, name.to_owned()),
        "folder" => Record::Folder(name.to_owned()),
        "write" => {
            let (bytes, rest) = rest.split_at_checked(name.parse().ok()?)?;
            return Some((Record::Write(file, number, bytes.to_vec()), rest));
        }
        "resize" => Record::Resize(file, number),
        "sync" => Record::Sync(file),
        "syncfolder" => Record::SyncFolder(name.to_owned()),
        "rename" => two().map(|(from, to)| Record::Rename(from, to))?,
        "link" => two().map(|(from, to)| Record::Link(from, to))?,
        "unlink" => Record::Unlink(name.to_owned()),
        _ => return None,
    };
    Some((record, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let name = || "vault/a b".to_owned();
        let all = vec![
            Record::Folder(name()),
            Record::Create(7, name()),
            Record::Write(7, 4096, b"\n\0write 1 2 3\n".to_vec()),
            Record::Resize(7, 3),
            Record::Sync(7),
            Record::SyncFolder(String::new()),
            Record::Rename(name(), "c".to_owned()),
            Record::Link("c".to_owned(), name()),
            Record::Unlink(name()),
        ];
        let bytes: Vec<u8> = all.iter().flat_map(Record::to_bytes).collect();
        assert_eq!(records(&bytes), all);
        assert_eq!(records(&bytes[..bytes.len() - 1]), all[..all.len() - 1]);
    }
}
