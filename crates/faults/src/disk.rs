//! What a disk may hold after a power cut: everything that was made durable, and of the rest some and some not.
//!
//! The model is harsher than most file systems: bytes and names that were not synced may be there in any selection, a
//! write may be torn at any sector, and a new file's name needs a sync of its folder.

use std::collections::{BTreeMap, BTreeSet};

use crate::dice::Dice;
use crate::log::Record;

/// What a disk writes whole.
const SECTOR: usize = 512;

#[derive(Debug, Clone)]
enum Change {
    Write(usize, Vec<u8>),
    Resize(usize),
}

/// One file, whatever its names are.
#[derive(Debug, Clone, Default)]
struct Contents {
    durable: Vec<u8>,
    pending: Vec<Change>,
}

#[derive(Debug, Clone)]
enum Naming {
    Folder(String),
    Create(String, usize),
    Rename(String, String),
    Link(String, String),
    Unlink(String),
}

/// Files by name, and the folders that are there.
#[derive(Debug, Clone, Default)]
struct Names {
    files: BTreeMap<String, usize>,
    folders: BTreeSet<String>,
}

/// A disk that is being written to, empty in the beginning.
#[derive(Debug, Clone, Default)]
pub struct Disk {
    files: Vec<Contents>,
    by_inode: BTreeMap<u64, usize>,
    names: Names,
    pending: Vec<Naming>,
}

impl Disk {
    /// Carries the next change out.
    pub fn apply(&mut self, record: &Record) {
        match record {
            Record::Create(inode, name) => {
                // An inode that is used again is another file.
                self.by_inode.insert(*inode, self.files.len());
                self.pending.push(Naming::Create(name.clone(), self.files.len()));
                self.files.push(Contents::default());
            }
            Record::Folder(name) => self.pending.push(Naming::Folder(name.clone())),
            Record::Write(inode, place, bytes) => {
                self.change(*inode, Change::Write(*place as usize, bytes.clone()))
            }
            Record::Resize(inode, length) => self.change(*inode, Change::Resize(*length as usize)),
            Record::Sync(inode) => {
                if let Some(contents) = self.contents(*inode) {
                    for change in std::mem::take(&mut contents.pending) {
                        change.apply(&mut contents.durable);
                    }
                }
            }
            Record::SyncFolder(name) => self.sync_folder(name),
            Record::Rename(from, to) => self.pending.push(Naming::Rename(from.clone(), to.clone())),
            Record::Link(from, to) => self.pending.push(Naming::Link(from.clone(), to.clone())),
            Record::Unlink(name) => self.pending.push(Naming::Unlink(name.clone())),
        }
    }

    fn contents(&mut self, inode: u64) -> Option<&mut Contents> {
        self.files.get_mut(*self.by_inode.get(&inode)?)
    }

    fn change(&mut self, inode: u64, change: Change) {
        if let Some(contents) = self.contents(inode) {
            contents.pending.push(change);
        }
    }

    fn sync_folder(&mut self, folder: &str) {
        for naming in std::mem::take(&mut self.pending) {
            if naming.is_in(folder) {
                naming.apply(&mut self.names);
            } else {
                self.pending.push(naming);
            }
        }
    }

    /// Changes that a power cut now could take away.
    pub fn pending(&self) -> usize {
        self.pending.len() + self.files.iter().map(|file| file.pending.len()).sum::<usize>()
    }

    /// The files after a power cut now, by name. Every throw of the dice gives another disk.
    pub fn after_power_cut(&self, dice: &mut Dice) -> BTreeMap<String, Vec<u8>> {
        let mut names = self.names.clone();
        // Most file systems keep the order of names; some throws do not.
        let (ordered, kept) = (dice.coin(), dice.below(self.pending.len() + 1));
        for (n, naming) in self.pending.iter().enumerate() {
            if if ordered { n < kept } else { dice.coin() } {
                naming.apply(&mut names);
            }
        }
        let there = |name: &str| {
            name.match_indices('/')
                .all(|(end, _)| names.folders.contains(name.get(..end).unwrap_or_default()))
        };
        let found = names.files.iter().filter(|(name, _)| there(name));
        found
            .filter_map(|(name, file)| Some((name.clone(), self.files.get(*file)?.after_power_cut(dice))))
            .collect()
    }
}

impl Contents {
    fn after_power_cut(&self, dice: &mut Dice) -> Vec<u8> {
        let mut bytes = self.durable.clone();
        // Nothing, everything, the beginning, or any selection of what was not synced.
        let (mode, kept) = (dice.below(4), dice.below(self.pending.len() + 1));
        for (n, change) in self.pending.iter().enumerate() {
            let present = match mode {
                0 => false,
                1 => true,
                2 => n < kept,
                _ => dice.coin(),
            };
            let is_last = n + 1 == self.pending.len() || (mode == 2 && n + 1 == kept);
            if present && is_last && dice.coin() {
                change.torn(dice).apply(&mut bytes);
            } else if present {
                change.apply(&mut bytes);
            }
        }
        bytes
    }
}

impl Change {
    fn apply(&self, bytes: &mut Vec<u8>) {
        match self {
            Self::Resize(length) => bytes.resize(*length, 0),
            Self::Write(place, new) => {
                let end = place + new.len();
                if bytes.len() < end {
                    bytes.resize(end, 0);
                }
                if let Some(room) = bytes.get_mut(*place..end) {
                    room.copy_from_slice(new);
                }
            }
        }
    }

    /// As much of it as came to the disk: whole sectors from the beginning.
    fn torn(&self, dice: &mut Dice) -> Self {
        match self {
            Self::Write(place, bytes) => {
                let sectors = dice.below(bytes.len() / SECTOR + 1);
                Self::Write(*place, bytes.iter().take(sectors * SECTOR).copied().collect())
            }
            Self::Resize(length) => Self::Resize(*length),
        }
    }
}

fn parent(name: &str) -> &str {
    name.rsplit_once('/').map_or("", |(folder, _)| folder)
}

impl Naming {
    fn is_in(&self, folder: &str) -> bool {
        match self {
            Self::Folder(name) | Self::Create(name, _) | Self::Unlink(name) => parent(name) == folder,
            Self::Rename(from, to) | Self::Link(from, to) => parent(from) == folder && parent(to) == folder,
        }
    }

    /// One whose file is not there, because its name was lost, changes nothing.
    fn apply(&self, names: &mut Names) {
        match self {
            Self::Folder(name) => drop(names.folders.insert(name.clone())),
            Self::Create(name, file) => drop(names.files.insert(name.clone(), *file)),
            Self::Rename(from, to) => {
                if let Some(file) = names.files.remove(from) {
                    names.files.insert(to.clone(), file);
                }
            }
            Self::Link(from, to) => {
                if let Some(file) = names.files.get(from).copied() {
                    names.files.insert(to.clone(), file);
                }
            }
            Self::Unlink(name) => drop(names.files.remove(name)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(place: u64, bytes: &[u8]) -> Record {
        Record::Write(1, place, bytes.to_vec())
    }

    fn states(disk: &Disk) -> BTreeSet<BTreeMap<String, Vec<u8>>> {
        (0..200).map(|seed| disk.after_power_cut(&mut Dice(seed))).collect()
    }

    #[test]
    fn what_was_synced_with_its_name_is_always_there() {
        let mut disk = Disk::default();
        for record in [
            Record::Create(1, "a".into()),
            write(0, b"old"),
            Record::Sync(1),
            Record::SyncFolder(String::new()),
        ] {
            disk.apply(&record);
        }
        assert_eq!(states(&disk), BTreeSet::from([BTreeMap::from([("a".to_owned(), b"old".to_vec())])]));
        assert_eq!(disk.pending(), 0);
        disk.apply(&write(1, b"new"));
        let found: BTreeSet<Vec<u8>> =
            states(&disk).into_iter().map(|mut names| names.remove("a").unwrap()).collect();
        assert_eq!(found, BTreeSet::from([b"old".to_vec(), b"onew".to_vec()]));
    }

    #[test]
    fn a_name_without_a_sync_of_its_folder_may_be_lost_and_an_old_one_may_come_back() {
        let mut disk = Disk::default();
        for record in [
            Record::Create(1, "a".into()),
            Record::Sync(1),
            Record::SyncFolder(String::new()),
            Record::Create(2, "a.new".into()),
            Record::Sync(2),
            Record::Rename("a.new".into(), "a".into()),
        ] {
            disk.apply(&record);
        }
        let names: BTreeSet<Vec<String>> =
            states(&disk).into_iter().map(|names| names.into_keys().collect()).collect();
        assert_eq!(names, BTreeSet::from([vec!["a".to_owned()], vec!["a".to_owned(), "a.new".to_owned()]]));
    }

    #[test]
    fn writes_are_lost_in_any_order_and_torn_at_sectors() {
        let mut disk = Disk::default();
        for record in [
            Record::Create(1, "a".into()),
            Record::SyncFolder(String::new()),
            write(0, &[1; 1024]),
            write(1024, &[2; 1024]),
        ] {
            disk.apply(&record);
        }
        let found: Vec<Vec<u8>> =
            states(&disk).into_iter().map(|mut names| names.remove("a").unwrap()).collect();
        assert!(found.contains(&Vec::new()));
        assert!(found.contains(&[vec![0; 1024], vec![2; 1024]].concat()), "the first lost, the second not");
        assert!(found.contains(&[vec![1; 1024], vec![2; 512]].concat()), "torn");
    }

    #[test]
    fn a_folder_whose_name_is_lost_takes_its_files_along() {
        let mut disk = Disk::default();
        for record in
            [Record::Folder("v".into()), Record::Create(1, "v/a".into()), Record::SyncFolder("v".into())]
        {
            disk.apply(&record);
        }
        assert!(states(&disk).contains(&BTreeMap::new()));
        disk.apply(&Record::SyncFolder(String::new()));
        assert!(states(&disk).iter().all(|names| names.contains_key("v/a")));
    }
}
