//! The files of whole vaults, in two steps, each on all processors: [`list`] walks the folders and finds the
//! path of every file without opening any, [`Listing::read`] reads notes of the list. The notes come in small
//! batches, so that the first come long before the last file and each thread holds back at most one batch.

use std::collections::HashSet;
use std::fmt;
use std::fs::FileType;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use ignore::{DirEntry, ParallelVisitor, ParallelVisitorBuilder, WalkState};
use rustc_hash::FxHashSet;

use crate::vault::{Cancel, DiskFile, VaultPath};

use super::read::{Unread, UnreadReason, gone_or, read_note};
use super::root::{is_too_wide, relative_to_vault_path, to_disk_path};
use super::rules::{Rules, ScanOptions, Subtrees};

/// A batch is reported when it has this many files,
const BATCH_FILES: usize = 64;
/// or when its first file has waited this long.
const BATCH_TIME: Duration = Duration::from_millis(20);

/// How many notes a thread takes from the list at once.
const NOTES_AT_ONCE: usize = 8;

/// How many files a thread finds before it reports them.
const FILES_REPORTED_AT_ONCE: u64 = 256;

/// Receives batches of files, from several threads at once.
pub type OnBatch<'a> = &'a (dyn Fn(Vec<(VaultPath, DiskFile)>, ScanProgress) + Sync);

/// Is told how many files have been found so far, by several threads.
pub type OnFound<'a> = &'a (dyn Fn(u64) + Sync);

/// The progress of a scan.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct ScanProgress {
    /// Notes read so far.
    pub notes: u64,
    /// Attachments found.
    pub attachments: u64,
    /// Bytes of the notes read so far.
    pub bytes: u64,
}

/// The files of a vault or of some of its folders, by their paths; none of them was opened.
#[derive(Debug, Default)]
pub struct Listing {
    root: PathBuf,
    /// The notes, in no particular order.
    pub notes: Vec<VaultPath>,
    /// All other files, in no particular order.
    pub attachments: Vec<VaultPath>,
    /// What could not be looked at, sorted by path.
    pub unread: Vec<Unread>,
    /// All folders that were walked, also empty ones, relative to the root and without it.
    pub folders: Vec<PathBuf>,
    /// Followed links to folders, relative to the root.
    pub linked_folders: Vec<PathBuf>,
    /// Files that a write left behind which was ended before its end, with their folders.
    pub left_behind: Vec<PathBuf>,
}

impl Listing {
    /// Returns an empty list.
    pub(super) fn of(rules: &Rules) -> Listing {
        Listing { root: rules.root().to_path_buf(), ..Listing::default() }
    }

    /// Adds a file of this kind; what is neither regular nor named like a note belongs to no vault.
    pub(super) fn add(&mut self, path: VaultPath, kind: FileType) {
        match (kind.is_file(), path.is_note()) {
            (true, true) => self.notes.push(path),
            (true, false) => self.attachments.push(path),
            (false, true) => {
                let path = PathBuf::from(path.as_str());
                self.unread.push(Unread { path, reason: UnreadReason::NotAFile });
            }
            (false, false) => {}
        }
    }

    /// Returns those of the `known` files that are gone. A file that exists but could not be looked at,
    /// itself or its folder, is not gone. Linear in the number of files.
    pub fn vanished(&self, known: impl IntoIterator<Item = VaultPath>) -> Vec<(VaultPath, DiskFile)> {
        let found: FxHashSet<&VaultPath> = self.notes.iter().chain(&self.attachments).collect();
        let kept: FxHashSet<&Path> = self
            .unread
            .iter()
            .filter(|unread| unread.reason.may_be_unchanged())
            .map(|unread| unread.path.as_path())
            .collect();
        let is_kept = |path: &VaultPath| {
            !kept.is_empty() && Path::new(path.as_str()).ancestors().any(|path| kept.contains(path))
        };
        let missing = known.into_iter().filter(|path| !found.contains(path) && !is_kept(path));
        missing.map(|path| (path, DiskFile::Gone)).collect()
    }

    /// Reads notes of this list, with one thread for each processor, in about this order. Each is reported
    /// once: read, as gone, or as [`DiskFile::Unread`] if it cannot be read. The threads call `on_batch`, so
    /// a slow callback slows the reading down.
    ///
    /// # Errors
    ///
    /// Fails if it was cancelled; some batches may have been reported.
    pub fn read(
        &self,
        notes: &[VaultPath],
        cancel: &Cancel,
        on_batch: OnBatch<'_>,
    ) -> Result<ScanReport, ScanError> {
        let reading = Reading {
            root: &self.root,
            notes,
            next: AtomicUsize::new(0),
            cancel,
            on_batch,
            attachments: self.attachments.len() as u64,
            read: AtomicU64::new(0),
            bytes: AtomicU64::new(0),
            unread: Mutex::default(),
        };
        let threads = available_threads().min(notes.len().div_ceil(NOTES_AT_ONCE)).max(1);
        std::thread::scope(|scope| {
            (1..threads).for_each(|_| {
                scope.spawn(|| reading.run());
            });
            reading.run();
        });
        cancel.check().map_err(|_| ScanError::Cancelled)?;
        let total = reading.progress();
        let mut unread = reading.unread.into_inner().unwrap_or_else(PoisonError::into_inner);
        unread.sort_by(|left, right| left.path.cmp(&right.path));
        Ok(ScanReport { total, unread, left_behind: Vec::new() })
    }
}

/// The result of reading notes, without the notes themselves.
#[derive(Debug, Default)]
pub struct ScanReport {
    /// The counts of all that were read, and of the attachments.
    pub total: ScanProgress,
    /// What could not be read, sorted by path.
    pub unread: Vec<Unread>,
    /// Files that a write left behind which was ended before its end, with their folders.
    pub left_behind: Vec<PathBuf>,
}

/// Why a folder could not be scanned at all.
#[derive(Debug)]
pub enum ScanError {
    /// The folder does not exist or cannot be opened.
    Unreachable(io::Error),
    /// It is not a folder.
    NotAFolder,
    /// It is a home directory or the root of a file system, and nothing marks it as a vault.
    TooWide,
    /// The scan was cancelled; some batches may have been reported.
    Cancelled,
}

impl fmt::Display for ScanError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ScanError::Unreachable(error) => error.fmt(f),
            ScanError::NotAFolder => f.write_str("it is not a folder"),
            ScanError::TooWide => f.write_str(
                "a home directory or file system root is no vault, unless it holds .vaultls.toml, .obsidian or .git",
            ),
            ScanError::Cancelled => f.write_str("cancelled"),
        }
    }
}

impl std::error::Error for ScanError {}

/// Finds and reads all files of the vault at `root`. Each file is reported once, in no particular order; a
/// note that cannot be read as [`DiskFile::Unread`].
///
/// # Errors
///
/// Fails if there is no vault to scan, or if the scan was cancelled. A file that cannot be read is not an
/// error; the report lists it.
pub fn scan(
    root: &Path,
    options: &ScanOptions,
    cancel: &Cancel,
    on_batch: OnBatch<'_>,
) -> Result<ScanReport, ScanError> {
    let listing = list(root, options, cancel, &|_| ())?;
    let attachments: Vec<_> =
        listing.attachments.iter().map(|path| (path.clone(), DiskFile::Attachment)).collect();
    let found = ScanProgress { attachments: attachments.len() as u64, ..ScanProgress::default() };
    on_batch(attachments, found);
    let mut report = listing.read(&listing.notes, cancel, on_batch)?;
    report.unread.extend(listing.unread);
    report.left_behind = listing.left_behind;
    report.unread.sort_by(|left, right| left.path.cmp(&right.path));
    Ok(report)
}

/// Finds all files of the vault at `root`, with one thread for each processor. Opens none of them.
///
/// # Errors
///
/// Fails if there is no vault, or if it was cancelled.
pub fn list(
    root: &Path,
    options: &ScanOptions,
    cancel: &Cancel,
    on_found: OnFound<'_>,
) -> Result<Listing, ScanError> {
    let root = vault_root(root, std::env::home_dir().as_deref())?;
    walk(&Arc::new(Rules::new(root, options)), None, cancel, on_found)
}

/// Returns the folder without links, if it may be a vault.
pub(super) fn vault_root(root: &Path, home: Option<&Path>) -> Result<PathBuf, ScanError> {
    let root = root.canonicalize().map_err(ScanError::Unreachable)?;
    if !root.is_dir() {
        return Err(ScanError::NotAFolder);
    }
    if is_too_wide(&root, home) { Err(ScanError::TooWide) } else { Ok(root) }
}

/// Returns whether the folder may be a vault, by the check that precedes a [`scan`].
///
/// # Errors
///
/// Those of [`scan`].
pub fn check_root(root: &Path) -> Result<(), ScanError> {
    vault_root(root, std::env::home_dir().as_deref()).map(|_| ())
}

fn available_threads() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// Walks the whole vault or some of its folders.
pub(super) fn walk(
    rules: &Arc<Rules>,
    only: Option<HashSet<PathBuf>>,
    cancel: &Cancel,
    on_found: OnFound<'_>,
) -> Result<Listing, ScanError> {
    let only = only.map(|folders| Arc::new(Subtrees::new(folders)));
    let walk = Walk {
        rules,
        only: only.clone(),
        cancel,
        on_found,
        found: AtomicU64::new(0),
        listing: Mutex::default(),
        faults: Mutex::default(),
    };
    rules.walker(only).threads(available_threads()).build_parallel().visit(&mut &walk);
    cancel.check().map_err(|_| ScanError::Cancelled)?;
    Ok(walk.finish())
}

/// The state that the threads of one walk share.
struct Walk<'a> {
    rules: &'a Rules,
    only: Option<Arc<Subtrees>>,
    cancel: &'a Cancel,
    on_found: OnFound<'a>,
    found: AtomicU64,
    listing: Mutex<Listing>,
    faults: Mutex<Vec<ignore::Error>>,
}

impl Walk<'_> {
    fn finish(self) -> Listing {
        let mut listing = self.listing.into_inner().unwrap_or_else(PoisonError::into_inner);
        listing.root = self.rules.root().to_path_buf();
        listing.unread.extend(self.rules.take_refused());
        listing.attachments.extend(self.rules.take_site_markers());
        listing.left_behind = self.rules.take_left_behind();
        let mut single_paths = self.rules.single_paths();
        for fault in self.faults.into_inner().unwrap_or_else(PoisonError::into_inner) {
            let Unread { path, reason } = unread_of(fault);
            // The walk fails on a link before it applies the rules to it.
            if self.only.as_ref().is_some_and(|only| !only.holds(&path)) {
                continue;
            }
            let path = self.rules.relative(&path);
            let is_rule = matches!(reason, UnreadReason::IgnoreRules(_));
            if is_rule || !single_paths.leave_out(&path, false) {
                listing.unread.push(Unread { path, reason });
            }
        }
        listing.unread.sort_by(|left, right| left.path.cmp(&right.path));
        listing
    }
}

fn unread_of(fault: ignore::Error) -> Unread {
    use ignore::Error;
    match fault {
        Error::WithPath { path, err } => Unread { path, ..unread_of(*err) },
        Error::WithDepth { err, .. } => unread_of(*err),
        Error::Loop { child, .. } => Unread { path: child, reason: UnreadReason::LinkNotFollowed },
        Error::Io(error) => Unread { path: PathBuf::new(), reason: UnreadReason::Io(error) },
        other => Unread { path: PathBuf::new(), reason: UnreadReason::IgnoreRules(other.to_string()) },
    }
}

impl<'s, 'a: 's> ParallelVisitorBuilder<'s> for &'s Walk<'a> {
    fn build(&mut self) -> Box<dyn ParallelVisitor + 's> {
        Box::new(Visitor { walk: self, listing: Listing::default(), not_reported: 0 })
    }
}

/// One thread of a walk.
struct Visitor<'a> {
    walk: &'a Walk<'a>,
    listing: Listing,
    not_reported: u64,
}

impl Visitor<'_> {
    fn take(&mut self, entry: &DirEntry) {
        let Some(kind) = entry.file_type() else { return };
        let relative = self.walk.rules.relative(entry.path());
        if let Some(fault) = entry.error() {
            self.listing.unread.push(Unread {
                path: relative.clone(),
                reason: UnreadReason::IgnoreRules(fault.to_string()),
            });
        }
        if kind.is_dir() {
            if entry.depth() > 0 {
                if entry.path_is_symlink() {
                    self.listing.linked_folders.push(relative.clone());
                }
                self.listing.folders.push(relative);
            }
            return;
        }
        match relative_to_vault_path(&relative) {
            None => {
                self.listing.unread.push(Unread { path: relative, reason: UnreadReason::NameNotUtf8 });
            }
            Some(path) => self.listing.add(path, kind),
        }
        self.not_reported += 1;
        if self.not_reported >= FILES_REPORTED_AT_ONCE {
            self.report();
        }
    }

    fn report(&mut self) {
        let new = std::mem::take(&mut self.not_reported);
        (self.walk.on_found)(self.walk.found.fetch_add(new, Ordering::Relaxed) + new);
    }
}

impl ParallelVisitor for Visitor<'_> {
    fn visit(&mut self, entry: Result<DirEntry, ignore::Error>) -> WalkState {
        if self.walk.cancel.check().is_err() {
            return WalkState::Quit;
        }
        match entry {
            Ok(entry) => self.take(&entry),
            Err(fault) => {
                self.walk.faults.lock().unwrap_or_else(PoisonError::into_inner).push(fault);
            }
        }
        WalkState::Continue
    }
}

impl Drop for Visitor<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            return;
        }
        let mut all = self.walk.listing.lock().unwrap_or_else(PoisonError::into_inner);
        all.notes.append(&mut self.listing.notes);
        all.attachments.append(&mut self.listing.attachments);
        all.unread.append(&mut self.listing.unread);
        all.folders.append(&mut self.listing.folders);
        all.linked_folders.append(&mut self.listing.linked_folders);
    }
}

/// The state that the threads share which read notes.
struct Reading<'a> {
    root: &'a Path,
    notes: &'a [VaultPath],
    /// The first note that no thread has taken.
    next: AtomicUsize,
    cancel: &'a Cancel,
    on_batch: OnBatch<'a>,
    attachments: u64,
    read: AtomicU64,
    bytes: AtomicU64,
    unread: Mutex<Vec<Unread>>,
}

impl Reading<'_> {
    /// Reads as long as there is something to read. Runs on several threads at once.
    fn run(&self) {
        let mut buffer = Vec::new();
        let mut batch = Vec::new();
        let mut since = None;
        loop {
            let start = self.next.fetch_add(NOTES_AT_ONCE, Ordering::Relaxed);
            let Some(taken) = self.notes.get(start..) else { break };
            for path in taken.iter().take(NOTES_AT_ONCE) {
                if self.cancel.check().is_err() {
                    return;
                }
                batch.push(self.read(path, &mut buffer));
                let waiting = since.get_or_insert_with(Instant::now).elapsed();
                if batch.len() >= BATCH_FILES || waiting >= BATCH_TIME {
                    self.hand_on(&mut batch);
                    since = None;
                }
            }
        }
        self.hand_on(&mut batch);
    }

    fn read(&self, path: &VaultPath, buffer: &mut Vec<u8>) -> (VaultPath, DiskFile) {
        let outcome = read_note(&to_disk_path(self.root, path), buffer).or_else(gone_or);
        if let Ok(DiskFile::Note(note)) = &outcome {
            self.read.fetch_add(1, Ordering::Relaxed);
            self.bytes.fetch_add(note.text.len() as u64, Ordering::Relaxed);
        }
        let file = outcome.unwrap_or_else(|reason| {
            let mut unread = self.unread.lock().unwrap_or_else(PoisonError::into_inner);
            unread.push(Unread { path: PathBuf::from(path.as_str()), reason });
            DiskFile::Unread
        });
        (path.clone(), file)
    }

    fn progress(&self) -> ScanProgress {
        ScanProgress {
            notes: self.read.load(Ordering::Relaxed),
            attachments: self.attachments,
            bytes: self.bytes.load(Ordering::Relaxed),
        }
    }

    fn hand_on(&self, batch: &mut Vec<(VaultPath, DiskFile)>) {
        if !batch.is_empty() {
            DiskFile::share_ropes(batch);
            (self.on_batch)(std::mem::take(batch), self.progress());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use std::sync::atomic::AtomicUsize;

    use crate::disk::root::is_marked;
    use crate::disk::testing::Folder;

    /// Returns the result of a scan, one file a line: `= note`, `- attachment`, `! not read: why`.
    fn scanned(folder: &Folder, ignore: &[&str]) -> String {
        let options = ScanOptions { ignore: ignore.iter().map(|glob| (*glob).to_owned()).collect() };
        let found = Mutex::new(Vec::new());
        let report = scan(&folder.root(), &options, &Cancel::new(), &|batch, _| {
            found.lock().unwrap().extend(batch);
        })
        .unwrap();
        let mut found = found.into_inner().unwrap();
        found.sort_by(|left, right| left.0.cmp(&right.0));
        let paths: FxHashSet<&VaultPath> = found.iter().map(|(path, _)| path).collect();
        assert_eq!(paths.len(), found.len(), "a file was found twice");
        let read = found.iter().filter(|(_, file)| !matches!(file, DiskFile::Unread)).count() as u64;
        assert_eq!(report.total.notes + report.total.attachments, read);
        let mut lines: Vec<String> = found
            .iter()
            .map(|(path, file)| match file {
                DiskFile::Note(note) if note.text.is_empty() => format!("= {path}"),
                DiskFile::Note(note) => format!("= {path}: {}", note.text),
                DiskFile::Attachment => format!("- {path}"),
                DiskFile::Unread => format!("? {path}"),
                DiskFile::Gone => panic!("{path} was found and is gone"),
            })
            .collect();
        lines.extend(report.unread.iter().map(|unread| format!("! {unread}")));
        lines.join("\n").replace('\u{2068}', "<2068>").replace('\u{2069}', "<2069>")
    }

    #[test]
    fn notes_are_read_and_attachments_named() {
        let folder = Folder::new(&[
            ("a.md", "text"),
            ("b/c.MARKDOWN", ""),
            ("b/x.md/d.md", "in a folder named like a note"),
            ("b/p.png", "never read"),
            ("names/a b%20#c.md", ""),
            ("\u{2068}invisible\u{2069}/n.md", ""),
            (".obsidian/app.json", "{}"),
            (".trash/old.md", ""),
            ("b/.hidden.md", ""),
        ]);
        expect_test::expect![[r#"
            = a.md: text
            = b/c.MARKDOWN
            - b/p.png
            = b/x.md/d.md: in a folder named like a note
            = names/a b%20#c.md
            = <2068>invisible<2069>/n.md"#]]
        .assert_eq(&scanned(&folder, &[]));
    }

    #[test]
    fn ignore_files_count_without_a_repository() {
        let folder = Folder::new(&[
            (".gitignore", "build/\n!.obsidian\n*.log\n"),
            (".ignore", "/private\n"),
            (".obsidian/n.md", "hidden, whatever an ignore file says"),
            ("build/n.md", ""),
            ("private/n.md", ""),
            ("a/private/n.md", ""),
            ("a/.gitignore", "*.md\n!keep.md\n"),
            ("a/drop.md", ""),
            ("a/keep.md", ""),
            ("a/x.log", ""),
            ("templates/t.md", ""),
            ("drafts/d.md", ""),
            ("drafts/e.md", ""),
        ]);
        expect_test::expect![[r#"
            = a/keep.md
            = drafts/e.md"#]]
        .assert_eq(&scanned(&folder, &["templates/", "/drafts/*", "!e.md", "[z-a]"]));
    }

    #[test]
    fn the_repository_around_a_vault_counts_unless_it_leaves_out_all() {
        let folder = Folder::within(
            "docs",
            &[
                ("../.git/HEAD", ""),
                ("../.gitignore", "node_modules\n/docs/private.md\n"),
                ("node_modules/README.md", ""),
                ("private.md", ""),
                ("public.md", ""),
            ],
        );
        assert_eq!(scanned(&folder, &[]), "= public.md");
        let folder = Folder::within("docs", &[("../.git/HEAD", ""), ("../.gitignore", "*\n"), ("a.md", "")]);
        assert_eq!(scanned(&folder, &[]), "= a.md");
        let folder = Folder::within("docs", &[("../.gitignore", "a.md\n"), ("a.md", "")]);
        assert_eq!(scanned(&folder, &[]), "= a.md");
    }

    #[cfg(unix)]
    #[test]
    fn links_never_loop_and_give_no_second_name_to_a_folder() {
        let folder = Folder::within(
            "vault",
            &[
                ("a/n.md", "n"),
                ("../outside/o.md", "o"),
                ("../outside/deep/d.md", "d"),
                ("../other/p.md", "p"),
            ],
        );
        folder.link("alias.md", "a/n.md");
        folder.link("a/self", ".");
        folder.link("inside", "a");
        folder.link("up", "..");
        folder.link("linked", "../outside");
        folder.link("../outside/further", "../other");
        folder.link("../outside/back", "../vault");
        folder.link("../outside/again", "../outside");
        folder.link("../outside/file.md", "../other/p.md");
        folder.link("dangling.md", "nowhere.md");
        folder.link(".#a.md", "user@host.1234");
        expect_test::expect![[r#"
            = a/n.md: n
            = alias.md: n
            = linked/deep/d.md: d
            = linked/file.md: p
            = linked/o.md: o
            ! a/self: links to folders are followed only if they lead outside of the vault, and only once
            ! dangling.md: No such file or directory (os error 2)
            ! inside: links to folders are followed only if they lead outside of the vault, and only once
            ! linked/again: links to folders are followed only if they lead outside of the vault, and only once
            ! linked/back: links to folders are followed only if they lead outside of the vault, and only once
            ! linked/further: links to folders are followed only if they lead outside of the vault, and only once
            ! up: links to folders are followed only if they lead outside of the vault, and only once"#]]
        .assert_eq(&scanned(&folder, &[]));
    }

    #[cfg(unix)]
    #[test]
    fn a_vault_that_is_a_link_itself() {
        let folder = Folder::within("vault", &[("a.md", "")]);
        folder.link("../link", "vault");
        let found = Mutex::new(Vec::new());
        let link = folder.root().with_file_name("link");
        scan(&link, &ScanOptions::default(), &Cancel::new(), &|batch, _| {
            found.lock().unwrap().extend(batch.into_iter().map(|(path, _)| path.to_string()));
        })
        .unwrap();
        assert_eq!(found.into_inner().unwrap(), ["a.md"]);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn what_cannot_be_taken_in_is_listed() {
        use std::os::unix::ffi::OsStrExt;
        let folder = Folder::new(&[("ok.md", "")]);
        let made = std::process::Command::new("mkfifo").arg(folder.root().join("pipe.md")).status();
        assert!(made.unwrap().success());
        folder.link("pipe-link.md", "pipe.md");
        fs::write(folder.root().join(std::ffi::OsStr::from_bytes(b"\xFF.md")), "").unwrap();
        let named = folder.root().join(std::ffi::OsStr::from_bytes(b"\xFE"));
        fs::create_dir(&named).unwrap();
        fs::write(named.join("n.md"), "").unwrap();
        fs::write(named.join("o.md"), "").unwrap();
        let found = scanned(&folder, &[]);
        expect_test::expect![[r#"
            = ok.md
            ! pipe-link.md: it has the name of a note but is not a regular file
            ! pipe.md: it has the name of a note but is not a regular file
            ! �: the name is not UTF-8
            ! �.md: the name is not UTF-8"#]]
        .assert_eq(&found);
    }

    #[test]
    fn a_scan_of_many_files_comes_in_batches_and_counts() {
        let folder = Folder::new(&[]);
        for number in 0..500 {
            fs::write(folder.root().join(format!("{number}.md")), "12345").unwrap();
        }
        let (batches, largest) = (AtomicUsize::new(0), AtomicUsize::new(0));
        let report = scan(&folder.root(), &ScanOptions::default(), &Cancel::new(), &|batch, progress| {
            batches.fetch_add(1, Ordering::Relaxed);
            largest.fetch_max(batch.len(), Ordering::Relaxed);
            assert!(progress.notes >= batch.len() as u64);
        })
        .unwrap();
        assert_eq!(report.total, ScanProgress { notes: 500, attachments: 0, bytes: 2500 });
        assert!(largest.into_inner() <= BATCH_FILES && batches.into_inner() >= 500 / BATCH_FILES);
    }

    #[test]
    fn a_cancelled_scan_says_so() {
        let folder = Folder::new(&[("a.md", "")]);
        let cancel = Cancel::new();
        cancel.cancel();
        let outcome = scan(&folder.root(), &ScanOptions::default(), &cancel, &|_, _| panic!("a batch"));
        assert!(matches!(outcome, Err(ScanError::Cancelled)));
    }

    #[test]
    fn folders_that_are_no_vault() {
        let folder = Folder::new(&[("a.md", ""), ("home/n.md", ""), ("marked/.git/HEAD", "")]);
        let root = |path: &str, home: &str| {
            vault_root(&folder.root().join(path), Some(&folder.root().join(home))).map(|_| ())
        };
        assert!(matches!(root("none", "home"), Err(ScanError::Unreachable(_))));
        assert!(matches!(root("a.md", "home"), Err(ScanError::NotAFolder)));
        assert!(matches!(root("home", "home"), Err(ScanError::TooWide)));
        assert!(matches!(root("home/../home/.", "home"), Err(ScanError::TooWide)));
        assert!(root("home", "marked").is_ok());
        assert!(root("marked", "marked").is_ok());
        if !is_marked(Path::new("/")) {
            assert!(matches!(vault_root(Path::new("/"), None), Err(ScanError::TooWide)));
        }
    }

    #[test]
    fn files_that_are_not_found_again_are_gone() {
        let path = |path: &str| VaultPath::resolve("", path).unwrap();
        let io = |kind: io::ErrorKind| UnreadReason::Io(kind.into());
        let listing = Listing {
            notes: vec![path("a.md")],
            unread: vec![
                Unread { path: "locked".into(), reason: io(io::ErrorKind::PermissionDenied) },
                Unread { path: "dangling.md".into(), reason: io(io::ErrorKind::NotFound) },
                Unread { path: "pipe.md".into(), reason: UnreadReason::NotAFile },
            ],
            ..Listing::default()
        };
        let known = ["a.md", "b.md", "locked/c.md", "lockedness.md", "dangling.md", "pipe.md"].map(path);
        let gone: Vec<String> =
            listing.vanished(known).into_iter().map(|(path, _)| path.to_string()).collect();
        assert_eq!(gone, ["b.md", "lockedness.md", "dangling.md", "pipe.md"]);
    }
}
