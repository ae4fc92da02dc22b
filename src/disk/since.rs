//! Finds what has changed on disk without a watcher, or although a watcher lost events. Only the stamps of
//! files and folders are compared, so that unchanged files are not read.
//!
//! A **stamp** is what the file system says of a path: which file lies there, its size and its times. The
//! time of the last change of the stamp itself (`ctime`) cannot be set by programs, so that a file with an
//! old date that takes the place of another is noticed as well.

use std::fs;
use std::hash::{Hash, Hasher};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use rustc_hash::{FxHashMap, FxHashSet, FxHasher};

use crate::vault::{VaultPath, in_parts};

use super::ignore_files::IGNORE_FILES;
use super::root::SETTINGS_FILES;

/// The resolution of times in file systems that count whole seconds (FAT counts two).
const COARSE_STEP: Duration = Duration::from_secs(2);

/// The resolution of times in all others: the system's clock for files ticks at least 100 times a second.
const FINE_STEP: Duration = Duration::from_millis(50);

/// So many files are looked at in less time than it takes to start a thread.
const FEW_FILES: usize = 256;

/// The stamp of what is not there.
const MISSING: u64 = 0;

/// How much a look compares.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Extent {
    /// The folders, and files in those that changed: finds what was created, deleted, moved or replaced, at
    /// the cost of one system call for each folder.
    Folders,
    /// All files, at the cost of one system call for each.
    Files,
}

/// A vault on disk as it was when it was looked at last.
#[derive(Debug)]
pub struct LastLook {
    at: SystemTime,
    /// The folders of the vault, also empty ones. Without a stamp if they have not been looked at.
    folders: FxHashMap<Box<str>, Option<Stamp>>,
    /// By hashes of paths. A collision causes that a file is read without need.
    stamps: FxHashMap<u64, u64>,
    /// Whether all files have been looked at since the scan. What has no stamp then came later.
    is_complete: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Stamp {
    /// Which file lies there.
    identity: u64,
    /// Its size and times.
    state: u64,
    changed_at: SystemTime,
    is_folder: bool,
}

impl LastLook {
    /// Begins before a scan of the vault at `root`: what changes from here on will be found.
    pub fn begin(root: &Path, now: SystemTime) -> LastLook {
        let mut look = LastLook {
            at: now,
            folders: FxHashMap::from_iter([("".into(), None)]),
            stamps: FxHashMap::default(),
            is_complete: false,
        };
        look.rules_changed(root, &special_files(&[""]), now, now);
        look
    }

    /// Adds folders of the vault that were walked since then, relative to the root.
    pub fn add_folders(&mut self, folders: impl IntoIterator<Item = PathBuf>) {
        let folders = folders.into_iter().filter_map(|folder| folder.into_os_string().into_string().ok());
        for folder in folders {
            let folder = if cfg!(windows) { folder.replace('\\', "/") } else { folder };
            self.folders.entry(folder.into()).or_default();
        }
    }

    /// Returns the paths that may have changed since the last look: files and folders, new, changed or gone.
    /// Some may be unchanged. `known` returns the files of the vault; it is called once, or not at all if no
    /// folder changed. Reads stamps on all processors.
    pub fn look(
        &mut self,
        root: &Path,
        known: &dyn Fn() -> Vec<VaultPath>,
        extent: Extent,
        now: SystemTime,
    ) -> Vec<PathBuf> {
        // A disk that is not there any more says nothing of what it held.
        if !Stamp::read(root).is_some_and(|stamp| stamp.is_folder) {
            return Vec::new();
        }
        let since = std::mem::replace(&mut self.at, now);
        let is_recent = |at: SystemTime| is_recent(at, since, now);
        let mut found: Vec<PathBuf> = Vec::new();
        let changed = self.changed_folders(root, &is_recent, &mut found);
        let is_checked = |path: &&VaultPath| extent == Extent::Files || changed.contains(path.folder());
        let is_needed = extent == Extent::Files || !changed.is_empty();
        let known = if is_needed { known() } else { Vec::new() };
        let checked: Vec<&VaultPath> = known.iter().filter(is_checked).collect();
        found.extend(self.new_entries(root, &checked, &changed));
        let with_rules: Vec<&str> = match extent {
            Extent::Folders => changed.iter().map(|folder| &**folder).collect(),
            Extent::Files => self.folders.keys().map(|folder| &**folder).collect(),
        };
        let special = special_files(&with_rules);
        found.extend(self.rules_changed(root, &special, since, now));
        let names: Vec<&str> = checked.iter().map(|path| path.as_str()).collect();
        let stamps = stamps_of(root, &names);
        if extent == Extent::Files {
            let kept = special.iter().map(|name| key(name));
            let kept = kept.filter_map(|key| Some((key, *self.stamps.get(&key)?)));
            self.stamps = kept
                .chain(names.iter().filter_map(|name| {
                    let key = key(name);
                    Some((key, *self.stamps.get(&key)?))
                }))
                .collect();
        }
        for (name, stamp) in names.iter().zip(stamps) {
            let before = self.stamps.insert(key(name), stamp.map_or(MISSING, Stamp::of_file));
            let is_other = match (before, stamp) {
                (Some(before), stamp) if before != stamp.map_or(MISSING, Stamp::of_file) => true,
                (None, Some(_)) if self.is_complete => true,
                (_, Some(stamp)) => is_recent(stamp.changed_at),
                (before, None) => before.is_none(),
            };
            if is_other {
                found.push(root.join(name));
            }
        }
        self.is_complete |= extent == Extent::Files;
        found
    }

    /// Returns the folders whose entries may be others now. Adds those to `found` that are gone, or that took
    /// the place of another, as all below them may be others.
    fn changed_folders(
        &mut self,
        root: &Path,
        is_recent: &dyn Fn(SystemTime) -> bool,
        found: &mut Vec<PathBuf>,
    ) -> FxHashSet<Box<str>> {
        let names: Vec<Box<str>> = self.folders.keys().cloned().collect();
        let stamps = stamps_of(root, &names.iter().map(|name| &**name).collect::<Vec<_>>());
        let mut changed = FxHashSet::default();
        for (name, stamp) in names.into_iter().zip(stamps) {
            let Some(stamp) = stamp.filter(|stamp| stamp.is_folder) else {
                if !name.is_empty() {
                    found.push(root.join(&*name));
                    self.folders.remove(&name);
                }
                continue;
            };
            let before = self.folders.insert(name.clone(), Some(stamp)).flatten();
            let is_other = before.map_or_else(
                || !name.is_empty() && (self.is_complete || is_recent(stamp.changed_at)),
                |before| before.identity != stamp.identity,
            );
            if is_other {
                found.push(root.join(&*name));
            }
            if is_recent(stamp.changed_at) || before.is_none_or(|before| before.state != stamp.state) {
                changed.insert(name);
            }
        }
        changed
    }

    /// Returns the entries of some folders that are not known.
    fn new_entries(&self, root: &Path, known: &[&VaultPath], folders: &FxHashSet<Box<str>>) -> Vec<PathBuf> {
        if folders.is_empty() {
            return Vec::new();
        }
        let known: FxHashSet<&str> = known.iter().map(|path| path.as_str()).collect();
        let entries = |folder: &str| fs::read_dir(root.join(folder)).into_iter().flatten().flatten();
        let names = folders.iter().flat_map(|folder| {
            let names = entries(folder).filter_map(|entry| entry.file_name().into_string().ok());
            // Hidden names belong to no vault; those with settings or rules are compared by themselves.
            let names = names.filter(|name| !name.starts_with('.'));
            names.map(move |name| if folder.is_empty() { name } else { format!("{folder}/{name}") })
        });
        let is_new =
            |name: &String| !known.contains(name.as_str()) && !self.folders.contains_key(name.as_str());
        names.filter(is_new).map(|name| root.join(name)).collect()
    }

    /// Returns those of some files with rules or settings that are others now.
    fn rules_changed(
        &mut self,
        root: &Path,
        files: &[String],
        since: SystemTime,
        now: SystemTime,
    ) -> Vec<PathBuf> {
        let names: Vec<&str> = files.iter().map(String::as_str).collect();
        let stamps = names.iter().zip(stamps_of(root, &names));
        let mut changed = Vec::new();
        for (name, stamp) in stamps {
            let value = stamp.map_or(MISSING, Stamp::of_file);
            let before = self.stamps.insert(key(name), value);
            let is_recent = stamp.is_some_and(|stamp| is_recent(stamp.changed_at, since, now));
            if is_recent || before.is_some_and(|before| before != value) {
                changed.push(root.join(name));
            }
        }
        changed
    }
}

/// Returns the settings files of the vault and the ignore files of these folders.
fn special_files(folders: &[&str]) -> Vec<String> {
    let rules = folders.iter().flat_map(|folder| {
        IGNORE_FILES.map(|name| if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") })
    });
    rules.chain(SETTINGS_FILES.map(str::to_owned)).collect()
}

/// Returns whether a stamp may have changed again since the last look without a difference that shows. A time
/// in the future says nothing.
fn is_recent(changed_at: SystemTime, since: SystemTime, now: SystemTime) -> bool {
    let age = changed_at.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    let step = if age.subsec_nanos() == 0 { COARSE_STEP } else { FINE_STEP };
    changed_at + step >= since && changed_at <= now + step
}

fn key(name: &str) -> u64 {
    hash(name)
}

fn hash(value: impl Hash) -> u64 {
    let mut hasher = FxHasher::default();
    value.hash(&mut hasher);
    hasher.finish()
}

/// Returns the stamps of what lies at these paths relative to the root, in order.
fn stamps_of(root: &Path, names: &[&str]) -> Vec<Option<Stamp>> {
    let part = |part: Range<usize>| {
        let names = names.get(part).unwrap_or_default();
        names.iter().map(|name| Stamp::read(&root.join(name))).collect::<Vec<_>>()
    };
    in_parts(names.len(), FEW_FILES, part).concat()
}

impl Stamp {
    /// Reads a stamp; `None` if nothing is there. That of a link covers the link and what it leads to.
    fn read(path: &Path) -> Option<Stamp> {
        let link = path.symlink_metadata().ok()?;
        if !link.is_symlink() {
            return Some(Stamp::of(&link));
        }
        let own = Stamp::of(&link);
        let own = Stamp { identity: hash((own.identity, fs::read_link(path).ok())), ..own };
        let Ok(target) = path.metadata() else { return Some(own) };
        let target = Stamp::of(&target);
        Some(Stamp {
            identity: hash((own.identity, target.identity)),
            state: hash((own.state, target.state)),
            changed_at: own.changed_at.max(target.changed_at),
            is_folder: target.is_folder,
        })
    }

    #[cfg(unix)]
    fn of(metadata: &fs::Metadata) -> Stamp {
        use std::os::unix::fs::MetadataExt;
        let is_folder = metadata.is_dir();
        // What a folder's size says is up to its file system.
        let bytes = if is_folder { 0 } else { metadata.len() };
        let times = (metadata.mtime(), metadata.mtime_nsec(), metadata.ctime(), metadata.ctime_nsec());
        let seconds = u64::try_from(metadata.ctime()).unwrap_or_default();
        let nanoseconds = u32::try_from(metadata.ctime_nsec()).unwrap_or_default();
        let changed_at = SystemTime::UNIX_EPOCH.checked_add(Duration::new(seconds, nanoseconds));
        Stamp {
            identity: hash((metadata.dev(), metadata.ino(), is_folder, metadata.is_file())),
            state: hash((bytes, times)),
            changed_at: changed_at.unwrap_or(SystemTime::UNIX_EPOCH),
            is_folder,
        }
    }

    #[cfg(not(unix))]
    fn of(metadata: &fs::Metadata) -> Stamp {
        let is_folder = metadata.is_dir();
        let bytes = if is_folder { 0 } else { metadata.len() };
        let changed_at = metadata.modified().unwrap_or(SystemTime::UNIX_EPOCH);
        Stamp {
            identity: hash((metadata.created().ok(), is_folder, metadata.is_file())),
            state: hash((bytes, changed_at)),
            changed_at,
            is_folder,
        }
    }

    /// The stamp of a file as one number, never [`MISSING`].
    fn of_file(self) -> u64 {
        hash((self.identity, self.state)) | 1
    }
}
