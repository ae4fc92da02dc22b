//! Scans of whole vaults, on all processors. The thread that finds a note reads it and reports it in small
//! batches, so that the first results come long before the last file and each thread holds back at most one
//! batch.

use std::collections::HashSet;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use ignore::{DirEntry, ParallelVisitor, ParallelVisitorBuilder, WalkState};
use rustc_hash::FxHashSet;

use crate::vault::{Cancel, DiskFile, VaultPath};

use super::read::{Unread, UnreadReason, read_file};
use super::root::{is_too_wide, relative_to_vault_path};
use super::rules::{Rules, ScanOptions, Subtrees};

/// A batch is reported when it has this many files,
const BATCH_FILES: usize = 64;
/// or when its first file has waited this long.
const BATCH_TIME: Duration = Duration::from_millis(20);

/// Receives batches of files, from several threads at once.
pub type OnBatch<'a> = &'a (dyn Fn(Vec<(VaultPath, DiskFile)>, ScanProgress) + Sync);

/// The progress of a scan. The total is not known in advance.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct ScanProgress {
    /// Notes read so far.
    pub notes: u64,
    /// Attachments found so far.
    pub attachments: u64,
    /// Bytes of the notes read so far.
    pub bytes: u64,
}

/// The result of a scan, without the files themselves.
#[derive(Debug, Default)]
pub struct ScanReport {
    /// The counts of the whole vault.
    pub total: ScanProgress,
    /// The paths of all reported files.
    pub found: FxHashSet<VaultPath>,
    /// What could not be read, sorted by path.
    pub unread: Vec<Unread>,
    /// Followed links to folders, relative to the root.
    pub linked_folders: Vec<PathBuf>,
}

impl ScanReport {
    /// Returns those of the `known` files that are gone. A file that exists but could not be read, itself or
    /// its folder, is not gone. Linear in the number of known files.
    pub fn vanished(&self, known: impl IntoIterator<Item = VaultPath>) -> Vec<(VaultPath, DiskFile)> {
        let kept: Vec<&Path> = self
            .unread
            .iter()
            .filter(|unread| unread.reason.may_be_unchanged())
            .map(|unread| unread.path.as_path())
            .collect();
        let is_kept = |path: &VaultPath| kept.iter().any(|kept| Path::new(path.as_str()).starts_with(kept));
        let missing = known.into_iter().filter(|path| !self.found.contains(path) && !is_kept(path));
        missing.map(|path| (path, DiskFile::Gone)).collect()
    }
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

/// Finds and reads all files of the vault at `root`, with one thread for each processor. Each file is
/// reported once, in no particular order. The threads call `on_batch`, so a slow callback slows the scan
/// down.
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
    let root = vault_root(root, std::env::home_dir().as_deref())?;
    walk(&Arc::new(Rules::new(root, options)), None, cancel, on_batch)
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

/// Walks the whole vault or some of its folders.
pub(super) fn walk(
    rules: &Arc<Rules>,
    only: Option<HashSet<PathBuf>>,
    cancel: &Cancel,
    on_batch: OnBatch<'_>,
) -> Result<ScanReport, ScanError> {
    let only = only.map(|folders| Arc::new(Subtrees::new(folders)));
    let walk = Walk {
        rules,
        only: only.clone(),
        cancel,
        on_batch,
        notes: AtomicU64::new(0),
        attachments: AtomicU64::new(0),
        bytes: AtomicU64::new(0),
        report: Mutex::default(),
        faults: Mutex::default(),
    };
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    rules.walker(only).threads(threads).build_parallel().visit(&mut &walk);
    cancel.check().map_err(|_| ScanError::Cancelled)?;
    Ok(walk.finish())
}

/// The state that the threads of one walk share.
struct Walk<'a> {
    rules: &'a Rules,
    only: Option<Arc<Subtrees>>,
    cancel: &'a Cancel,
    on_batch: OnBatch<'a>,
    notes: AtomicU64,
    attachments: AtomicU64,
    bytes: AtomicU64,
    report: Mutex<ScanReport>,
    faults: Mutex<Vec<ignore::Error>>,
}

impl Walk<'_> {
    fn progress(&self) -> ScanProgress {
        ScanProgress {
            notes: self.notes.load(Ordering::Relaxed),
            attachments: self.attachments.load(Ordering::Relaxed),
            bytes: self.bytes.load(Ordering::Relaxed),
        }
    }

    fn finish(self) -> ScanReport {
        let total = self.progress();
        let mut report = self.report.into_inner().unwrap_or_else(PoisonError::into_inner);
        report.total = total;
        report.unread.extend(self.rules.take_refused());
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
                report.unread.push(Unread { path, reason });
            }
        }
        report.unread.sort_by(|left, right| left.path.cmp(&right.path));
        report
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
        Box::new(Visitor {
            walk: self,
            buffer: Vec::new(),
            batch: Vec::new(),
            since: None,
            found: Vec::new(),
            unread: Vec::new(),
            linked_folders: Vec::new(),
        })
    }
}

/// One thread of a walk.
struct Visitor<'a> {
    walk: &'a Walk<'a>,
    buffer: Vec<u8>,
    batch: Vec<(VaultPath, DiskFile)>,
    since: Option<Instant>,
    found: Vec<VaultPath>,
    unread: Vec<Unread>,
    linked_folders: Vec<PathBuf>,
}

impl Visitor<'_> {
    fn take(&mut self, entry: &DirEntry) {
        let Some(kind) = entry.file_type() else { return };
        let relative = self.walk.rules.relative(entry.path());
        if let Some(fault) = entry.error() {
            self.unread.push(Unread {
                path: relative.clone(),
                reason: UnreadReason::IgnoreRules(fault.to_string()),
            });
        }
        if kind.is_dir() {
            if entry.path_is_symlink() && entry.depth() > 0 {
                self.linked_folders.push(relative);
            }
            return;
        }
        let outcome = match relative_to_vault_path(&relative) {
            None => Err(UnreadReason::NameNotUtf8),
            Some(path) => read_file(entry.path(), &path, kind, &mut self.buffer).map(|file| (path, file)),
        };
        match outcome {
            Ok((path, Some(file))) => self.hold(path, file),
            Ok((_, None)) => {}
            Err(reason) => self.unread.push(Unread { path: relative, reason }),
        }
    }

    fn hold(&mut self, path: VaultPath, file: DiskFile) {
        match &file {
            DiskFile::Note(note) => {
                self.walk.notes.fetch_add(1, Ordering::Relaxed);
                self.walk.bytes.fetch_add(note.text.len() as u64, Ordering::Relaxed);
            }
            DiskFile::Attachment | DiskFile::Gone => {
                self.walk.attachments.fetch_add(1, Ordering::Relaxed);
            }
        }
        self.found.push(path.clone());
        self.batch.push((path, file));
        let since = *self.since.get_or_insert_with(Instant::now);
        if self.batch.len() >= BATCH_FILES || since.elapsed() >= BATCH_TIME {
            self.hand_on();
        }
    }

    fn hand_on(&mut self) {
        self.since = None;
        if !self.batch.is_empty() {
            (self.walk.on_batch)(std::mem::take(&mut self.batch), self.walk.progress());
        }
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
        // A panic on this thread ends the walk; another call of `on_batch` could only hide it.
        if std::thread::panicking() || self.walk.cancel.check().is_err() {
            return;
        }
        self.hand_on();
        let mut report = self.walk.report.lock().unwrap_or_else(PoisonError::into_inner);
        report.found.extend(self.found.drain(..));
        report.unread.append(&mut self.unread);
        report.linked_folders.append(&mut self.linked_folders);
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
        let paths: FxHashSet<VaultPath> = found.iter().map(|(path, _)| path.clone()).collect();
        assert_eq!(paths, report.found);
        assert_eq!(paths.len(), found.len(), "a file was found twice");
        assert_eq!(report.total.notes + report.total.attachments, found.len() as u64);
        let mut lines: Vec<String> = found
            .iter()
            .map(|(path, file)| match file {
                DiskFile::Note(note) if note.text.is_empty() => format!("= {path}"),
                DiskFile::Note(note) => format!("= {path}: {}", note.text),
                DiskFile::Attachment => format!("- {path}"),
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
        let report = ScanReport {
            found: [path("a.md")].into_iter().collect(),
            unread: vec![
                Unread { path: "locked".into(), reason: io(io::ErrorKind::PermissionDenied) },
                Unread { path: "dangling.md".into(), reason: io(io::ErrorKind::NotFound) },
                Unread { path: "pipe.md".into(), reason: UnreadReason::NotAFile },
            ],
            ..ScanReport::default()
        };
        let known = ["a.md", "b.md", "locked/c.md", "lockedness.md", "dangling.md", "pipe.md"].map(path);
        let gone: Vec<String> =
            report.vanished(known).into_iter().map(|(path, _)| path.to_string()).collect();
        assert_eq!(gone, ["b.md", "lockedness.md", "dangling.md", "pipe.md"]);
    }
}
