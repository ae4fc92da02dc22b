//! One vault while it is served: the writer that changes it, and the snapshot that everybody else reads.
//!
//! Readers take the published snapshot and never wait for the writer. What is published is never older than any change
//! that came before, except that a scan publishes its batches now and then only, for each snapshot makes the writer copy
//! what it changes next.

use std::convert::Infallible;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use rustc_hash::FxHashMap;
use tokio::sync::{oneshot, watch};
use tower_lsp::ls_types::Uri;

use crate::config::{Layer, Settings};
use crate::disk::{self, ScanOptions};
use crate::lsp::uri;
use crate::vault::{Applied, Cancel, Change, DiskFile, Snapshot, VaultPath, VaultWriter};

use crate::server::diagnostics::workspace::Record;
use crate::server::lock;

/// While a vault is being read, at least so much time lies between two snapshots.
const PUBLISH_PAUSE: Duration = Duration::from_millis(40);

/// How a vault came to be served.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Origin {
    /// A folder of the client's workspace.
    Workspace,
    /// The vault that a single opened file lies in.
    Found,
    /// A folder, or a single document without one, of which only open documents are known. Never walked.
    Lone,
}

/// What a vault's thread is asked to do.
#[derive(Debug)]
pub(crate) enum Errand {
    /// Read the settings and all files.
    Scan,
    /// Read the settings, and all files only if other ones belong to the vault by them.
    Settings,
    /// Look at these places on disk.
    Paths(Vec<PathBuf>),
    /// Look for what has changed on disk since all files were looked at last.
    CatchUp(Option<Waiting>),
    /// There is nothing more to do.
    Stop,
}

/// Somebody who waits for an errand; it is told of the end by the drop of this.
pub(crate) type Waiting = oneshot::Sender<Infallible>;

/// A vault that is being served.
pub(crate) struct ServedVault {
    /// Tells vaults apart, also when one is opened again.
    pub(crate) number: u64,
    /// How it came here.
    pub(crate) origin: Origin,
    /// Its root; `None` for a document without a place on disk.
    pub(crate) root: Option<PathBuf>,
    writer: Mutex<VaultWriter>,
    published: Mutex<Published>,
    /// What was found in its notes.
    pub(crate) results: Mutex<Record>,
    /// Open documents as the client spells them.
    spellings: Mutex<Arc<FxHashMap<VaultPath, Uri>>>,
    /// Folders in it that are vaults of their own, relative to the root.
    nested: Mutex<Vec<VaultPath>>,
    /// What the files in it say about settings: Obsidian's, then `.vaultls.toml`.
    pub(crate) file_layers: Mutex<Vec<Layer>>,
    complete: watch::Sender<bool>,
    is_unreadable: AtomicBool,
    is_stopped: AtomicBool,
    scan: Mutex<Cancel>,
    errands: Sender<Errand>,
}

struct Published {
    snapshot: Snapshot,
    at: Instant,
}

static NUMBERS: AtomicU64 = AtomicU64::new(0);

impl ServedVault {
    /// An empty vault and the errands that a thread has to do for it.
    pub(crate) fn new(
        origin: Origin,
        root: Option<PathBuf>,
        settings: Arc<Settings>,
    ) -> (Arc<ServedVault>, Receiver<Errand>) {
        let writer = VaultWriter::new(settings);
        let published = Published { snapshot: writer.snapshot(), at: Instant::now() };
        let (errands, todo) = channel();
        let vault = ServedVault {
            number: NUMBERS.fetch_add(1, Ordering::Relaxed),
            origin,
            root,
            writer: Mutex::new(writer),
            published: Mutex::new(published),
            results: Mutex::default(),
            spellings: Mutex::default(),
            nested: Mutex::default(),
            file_layers: Mutex::default(),
            complete: watch::Sender::new(origin == Origin::Lone),
            is_unreadable: AtomicBool::new(false),
            is_stopped: AtomicBool::new(false),
            scan: Mutex::default(),
            errands,
        };
        (Arc::new(vault), todo)
    }

    /// The vault as it is now.
    pub(crate) fn snapshot(&self) -> Snapshot {
        lock(&self.published).snapshot.clone()
    }

    /// Applies a change and publishes what it leads to.
    pub(crate) fn apply(&self, change: Change) -> Applied {
        let mut writer = lock(&self.writer);
        let applied = self.change(&mut writer, change);
        self.publish(&writer);
        applied
    }

    fn change(&self, writer: &mut VaultWriter, change: Change) -> Applied {
        let applied = writer.apply(change);
        lock(&self.results).forget(&applied, writer.snapshot().revision());
        applied
    }

    /// Applies what a scan found; published now and then only.
    pub(crate) fn load(&self, files: Vec<(VaultPath, DiskFile)>) {
        let mut writer = lock(&self.writer);
        self.change(&mut writer, Change::Disk(self.own(files)));
        if lock(&self.published).at.elapsed() >= PUBLISH_PAUSE {
            self.publish(&writer);
        }
    }

    /// Applies news from the disk.
    pub(crate) fn apply_disk(&self, files: Vec<(VaultPath, DiskFile)>) -> Applied {
        let mut writer = lock(&self.writer);
        let applied = self.change(&mut writer, Change::Disk(self.own(files)));
        self.publish(&writer);
        applied
    }

    /// Publishes what the last batches of a scan brought.
    pub(crate) fn publish_now(&self) {
        self.publish(&lock(&self.writer));
    }

    fn publish(&self, writer: &VaultWriter) {
        *lock(&self.published) = Published { snapshot: writer.snapshot(), at: Instant::now() };
    }

    /// Those of the files that belong to no vault inside this one. Must be asked by whoever holds the writer.
    fn own(&self, mut files: Vec<(VaultPath, DiskFile)>) -> Vec<(VaultPath, DiskFile)> {
        let nested = lock(&self.nested);
        if !nested.is_empty() {
            files.retain(|(path, _)| !nested.iter().any(|folder| is_below(path, folder)));
        }
        files
    }

    /// Says which folders in this vault are vaults of their own; their files leave this one, in the same step, or a
    /// scan under way would bring them back. Answers whether files that were left out belong to this vault again.
    pub(crate) fn set_nested(&self, folders: &[VaultPath]) -> bool {
        let mut writer = lock(&self.writer);
        if *lock(&self.nested) == folders {
            return false;
        }
        let files = writer.snapshot();
        let is_given_away = |path: &VaultPath| folders.iter().any(|folder| is_below(path, folder));
        let given_away = files.files().filter(|(_, file)| is_given_away(&file.path));
        let gone = given_away.map(|(_, file)| (file.path.clone(), DiskFile::Gone)).collect();
        self.change(&mut writer, Change::Disk(gone));
        self.publish(&writer);
        let before = std::mem::replace(&mut *lock(&self.nested), folders.to_vec());
        before.iter().any(|folder| !folders.contains(folder))
    }

    /// All files that are known below a path, and at it.
    pub(crate) fn known_below(&self, path: &VaultPath) -> Vec<VaultPath> {
        let snapshot = self.snapshot();
        if snapshot.find(path.as_str()).is_some() {
            return vec![path.clone()];
        }
        let below = snapshot.files().filter(|(_, file)| is_below(&file.path, path));
        below.map(|(_, file)| file.path.clone()).collect()
    }

    /// The place of a file on disk in this vault.
    pub(crate) fn path_of(&self, path: &Path) -> Option<VaultPath> {
        disk::to_vault_path(self.root.as_deref()?, path)
    }

    /// Remembers how the client spells an open document, or forgets it.
    pub(crate) fn spell(&self, path: &VaultPath, uri: Option<Uri>) {
        let mut spellings = lock(&self.spellings);
        let changed = Arc::make_mut(&mut spellings);
        match uri {
            Some(uri) => changed.insert(path.clone(), uri),
            None => changed.remove(path),
        };
    }

    /// The addresses of its files at this moment.
    pub(crate) fn addresses(&self) -> Addresses {
        Addresses { root: self.root.clone(), spellings: Arc::clone(&lock(&self.spellings)) }
    }

    /// Whether all its files have been read.
    pub(crate) fn is_complete(&self) -> bool {
        *self.complete.borrow()
    }

    /// Says that all its files have been read, as far as that is possible. Answers whether it is the first time.
    pub(crate) fn set_complete(&self) -> bool {
        !self.complete.send_replace(true)
    }

    /// Waits until all its files have been read.
    pub(crate) async fn completed(&self) {
        let _ = self.complete.subscribe().wait_for(|is_complete| *is_complete).await;
    }

    /// Waits until all is known that has happened to its files before. One look at the times of all files.
    pub(crate) async fn caught_up(&self) {
        let (waiting, done) = oneshot::channel();
        self.send(Errand::CatchUp(Some(waiting)));
        let _ = done.await;
    }

    /// Whether nothing but open documents is known, so that nothing can be said about what is missing.
    pub(crate) fn knows_open_documents_only(&self) -> bool {
        self.origin == Origin::Lone || self.is_unreadable.load(Ordering::Relaxed)
    }

    /// Says whether its folder could be read.
    pub(crate) fn set_unreadable(&self, is_unreadable: bool) {
        if self.is_unreadable.swap(is_unreadable, Ordering::Relaxed) != is_unreadable {
            // What is missing can be told only of a vault that can be read.
            lock(&self.results).forget(&Applied::everything(), self.snapshot().revision());
        }
    }

    /// Asks for something to be done with the disk.
    pub(crate) fn send(&self, errand: Errand) {
        // Nobody does errands for a lone vault or one that was closed.
        let _ = self.errands.send(errand);
    }

    /// Reads the whole vault again; a scan under way stops.
    pub(crate) fn rescan(&self) {
        lock(&self.scan).cancel();
        self.send(Errand::Scan);
    }

    /// The flag of the next scan.
    pub(crate) fn begin_scan(&self) -> Cancel {
        let cancel = Cancel::new();
        *lock(&self.scan) = cancel.clone();
        if self.is_stopped.load(Ordering::SeqCst) {
            cancel.cancel();
        }
        cancel
    }

    /// Ends its thread. Whoever waits for its files waits no longer.
    pub(crate) fn stop(&self) {
        self.is_stopped.store(true, Ordering::SeqCst);
        lock(&self.scan).cancel();
        self.send(Errand::Stop);
        self.set_complete();
    }

    /// Whether it is served no more.
    pub(crate) fn is_stopped(&self) -> bool {
        self.is_stopped.load(Ordering::SeqCst)
    }

    /// What a scan leaves out.
    pub(crate) fn scan_options(&self) -> ScanOptions {
        ScanOptions::from(&**self.snapshot().settings())
    }

    /// The name to call it by: the path of its root.
    pub(crate) fn name(&self) -> String {
        self.root
            .as_ref()
            .map_or_else(|| "a document without a folder".to_owned(), |root| root.display().to_string())
    }
}

fn is_below(path: &VaultPath, folder: &VaultPath) -> bool {
    path.as_str().strip_prefix(folder.as_str()).is_some_and(|rest| rest.starts_with('/'))
}

/// How the files of a vault are called: open ones as the client does.
#[derive(Clone)]
pub(crate) struct Addresses {
    root: Option<PathBuf>,
    spellings: Arc<FxHashMap<VaultPath, Uri>>,
}

impl Addresses {
    /// The URI of a file.
    pub(crate) fn uri(&self, path: &VaultPath) -> Option<Uri> {
        let spelled = self.spellings.get(path).cloned();
        spelled.or_else(|| uri::from_path(&disk::to_disk_path(self.root.as_deref()?, path)))
    }

    /// The URI of a document if it is open.
    pub(crate) fn open_uri(&self, path: &VaultPath) -> Option<&Uri> {
        self.spellings.get(path)
    }

    /// All open documents.
    pub(crate) fn open(&self) -> impl Iterator<Item = (&VaultPath, &Uri)> {
        self.spellings.iter()
    }
}
