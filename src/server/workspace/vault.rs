//! One vault while it is served: the writer that changes it, and the snapshot that all others read.
//!
//! Readers take the published snapshot and never wait for the writer. What is published is never older than a
//! change that was applied before, except that a scan gathers its batches, because each snapshot makes the
//! writer copy what it changes next.

use std::convert::Infallible;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};

use rustc_hash::FxHashMap;
use tokio::sync::{oneshot, watch};
use tower_lsp::ls_types::Uri;

use crate::config::Settings;
use crate::disk::{self, ScanOptions};
use crate::lsp::uri;
use crate::server::lock::lock;
use crate::vault::{Applied, Cancel, Change, Coverage, DiskFile, FileId, Snapshot, VaultPath, VaultWriter};

use super::settings::VaultLayers;

/// How a vault came to be served.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Origin {
    /// A folder of the client's workspace.
    Workspace,
    /// The vault that a single opened file lies in.
    Found,
    /// A folder outside of any vault, or a single document without one; it holds open documents only and is
    /// never walked.
    Standalone,
}

/// What a vault's thread is asked to do.
#[derive(Debug)]
pub(crate) enum VaultTask {
    /// Read the settings and all files.
    Scan,
    /// Read the settings, and all files only if the settings add or remove some.
    Settings,
    /// Read these places on disk.
    Paths(Vec<PathBuf>),
    /// Look for what has changed on disk since the last look at all files.
    CatchUp(Option<Waiting>),
    /// End the thread.
    Stop,
}

/// Waits for a task; the end of the task drops it.
pub(crate) type Waiting = oneshot::Sender<Infallible>;

/// A vault that is being served.
pub(crate) struct ServedVault {
    /// Identifies the vault, also when its folder is opened again.
    pub(crate) number: u64,
    /// How it came to be served.
    pub(crate) origin: Origin,
    /// Its root; `None` for a document without a place on disk.
    pub(crate) root: Option<PathBuf>,
    /// What its files say about settings.
    pub(super) layers: Mutex<VaultLayers>,
    writer: Mutex<Writer>,
    snapshot: watch::Sender<Snapshot>,
    touched: Mutex<Touched>,
    /// The URIs of open documents, as the client writes them.
    client_uris: Mutex<Arc<FxHashMap<VaultPath, Uri>>>,
    /// Folders in it that are vaults of their own, relative to the root.
    nested: Mutex<Vec<VaultPath>>,
    is_stopped: AtomicBool,
    scan: Mutex<Cancel>,
    tasks: Sender<VaultTask>,
}

struct Writer {
    vault: VaultWriter,
    /// Files of a scan in progress that are not in the vault yet.
    pending: Vec<(VaultPath, DiskFile)>,
}

/// The revisions that last touched what depends on a note.
#[derive(Debug, Default)]
struct Touched {
    notes: FxHashMap<FileId, u64>,
    all: u64,
}

static NUMBERS: AtomicU64 = AtomicU64::new(0);

impl ServedVault {
    /// An empty vault, and the tasks that a thread has to do for it.
    pub(super) fn new(
        origin: Origin,
        root: Option<PathBuf>,
        settings: Arc<Settings>,
    ) -> (Arc<ServedVault>, Receiver<VaultTask>) {
        let is_read = origin != Origin::Standalone;
        let mut writer = VaultWriter::new(settings);
        writer.apply(Change::Coverage(if is_read { Coverage::Partial } else { Coverage::OpenOnly }));
        let (tasks, queued) = channel();
        let vault = ServedVault {
            number: NUMBERS.fetch_add(1, Ordering::Relaxed),
            origin,
            root,
            layers: Mutex::default(),
            snapshot: watch::Sender::new(writer.snapshot()),
            writer: Mutex::new(Writer { vault: writer, pending: Vec::new() }),
            touched: Mutex::default(),
            client_uris: Mutex::default(),
            nested: Mutex::default(),
            is_stopped: AtomicBool::new(false),
            scan: Mutex::default(),
            tasks,
        };
        (Arc::new(vault), queued)
    }

    /// The vault as it is now.
    pub(crate) fn snapshot(&self) -> Snapshot {
        self.snapshot.borrow().clone()
    }

    /// Applies a change and publishes the outcome.
    pub(super) fn apply(&self, change: Change) -> Applied {
        let mut writer = lock(&self.writer);
        let applied = self.change(&mut writer, change);
        self.publish(&writer);
        applied
    }

    fn change(&self, writer: &mut Writer, mut change: Change) -> Applied {
        if let Change::Disk(files) = &mut change {
            // What a scan found earlier must not overwrite what is found now.
            files.splice(..0, writer.pending.drain(..));
        }
        let applied = writer.vault.apply(change);
        lock(&self.touched).add(&applied, writer.vault.snapshot().revision());
        applied
    }

    /// Takes a batch of a scan. A vault that is read for the first time at least doubles with each snapshot,
    /// so that the cost of all of them is linear in its files.
    pub(super) fn load(&self, files: Vec<(VaultPath, DiskFile)>) {
        let mut writer = lock(&self.writer);
        writer.pending.extend(self.own(files));
        let snapshot = writer.vault.snapshot();
        if !snapshot.coverage().is_loading() || writer.pending.len() >= snapshot.file_count() {
            drop(snapshot);
            self.change(&mut writer, Change::Disk(Vec::new()));
            self.publish(&writer);
        }
    }

    /// Applies changes on disk.
    pub(super) fn apply_disk(&self, files: Vec<(VaultPath, DiskFile)>) -> Applied {
        let mut writer = lock(&self.writer);
        let applied = self.change(&mut writer, Change::Disk(self.own(files)));
        self.publish(&writer);
        applied
    }

    fn publish(&self, writer: &Writer) {
        self.snapshot.send_replace(writer.vault.snapshot());
    }

    /// The files that belong to no vault inside this one. The caller holds the writer.
    fn own(&self, mut files: Vec<(VaultPath, DiskFile)>) -> Vec<(VaultPath, DiskFile)> {
        let nested = lock(&self.nested);
        if !nested.is_empty() {
            files.retain(|(path, _)| !nested.iter().any(|folder| path.lies_below(folder.as_str())));
        }
        files
    }

    /// Sets the folders in this vault that are vaults of their own. Their files leave this one in the same
    /// step, or a scan in progress would bring them back. Returns whether files that were left out belong to
    /// this vault again.
    pub(super) fn set_nested(&self, folders: &[VaultPath]) -> bool {
        let mut writer = lock(&self.writer);
        if *lock(&self.nested) == folders {
            return false;
        }
        // What a scan in progress has found so far may lie in them, too.
        self.change(&mut writer, Change::Disk(Vec::new()));
        let files = writer.vault.snapshot();
        let is_nested = |path: &VaultPath| folders.iter().any(|folder| path.lies_below(folder.as_str()));
        let nested = files.files().filter(|(_, file)| is_nested(&file.path));
        let gone = nested.map(|(_, file)| (file.path.clone(), DiskFile::Gone)).collect();
        self.change(&mut writer, Change::Disk(gone));
        self.publish(&writer);
        let before = std::mem::replace(&mut *lock(&self.nested), folders.to_vec());
        before.iter().any(|folder| !folders.contains(folder))
    }

    /// The paths of all files that are known.
    pub(super) fn known_files(&self) -> Vec<VaultPath> {
        self.snapshot().files().map(|(_, file)| file.path.clone()).collect()
    }

    /// The paths of all files that are known at a path or below it.
    pub(super) fn known_below(&self, path: &VaultPath) -> Vec<VaultPath> {
        let snapshot = self.snapshot();
        if snapshot.find(path.as_str()).is_some() {
            return vec![path.clone()];
        }
        let below = snapshot.files().filter(|(_, file)| file.path.lies_below(path.as_str()));
        below.map(|(_, file)| file.path.clone()).collect()
    }

    /// The revision from which on what is computed about a note is about its present state.
    pub(crate) fn fresh_from(&self, note: FileId) -> u64 {
        let touched = lock(&self.touched);
        touched.notes.get(&note).copied().unwrap_or_default().max(touched.all)
    }

    /// The path of a file on disk in this vault.
    pub(crate) fn path_of(&self, path: &Path) -> Option<VaultPath> {
        disk::to_vault_path(self.root.as_deref()?, path)
    }

    /// Sets the URI of a document as the client writes it; `None` when it is closed.
    pub(super) fn set_client_uri(&self, path: &VaultPath, uri: Option<Uri>) {
        let mut uris = lock(&self.client_uris);
        let changed = Arc::make_mut(&mut uris);
        match uri {
            Some(uri) => changed.insert(path.clone(), uri),
            None => changed.remove(path),
        };
    }

    /// The URIs of its files at this moment.
    pub(crate) fn uris(&self) -> FileUris {
        FileUris { root: self.root.clone(), open: Arc::clone(&lock(&self.client_uris)) }
    }

    /// Waits until the vault has been read, as far as that is possible, or is not served any more.
    pub(crate) async fn loaded(&self) {
        let is_over = |snapshot: &Snapshot| !snapshot.coverage().is_loading() || self.is_stopped();
        let _ = self.snapshot.subscribe().wait_for(is_over).await;
    }

    /// Waits until all changes of its files before this call are known. One look at the times of all files.
    pub(crate) async fn caught_up(&self) {
        let (waiting, done) = oneshot::channel();
        self.send(VaultTask::CatchUp(Some(waiting)));
        let _ = done.await;
    }

    /// Queues a task for the vault's thread.
    pub(crate) fn send(&self, task: VaultTask) {
        // A standalone vault, or one that was closed, has no thread.
        let _ = self.tasks.send(task);
    }

    /// Reads the whole vault again; a scan in progress stops.
    pub(crate) fn rescan(&self) {
        lock(&self.scan).cancel();
        self.send(VaultTask::Scan);
    }

    /// The flag of the next scan.
    pub(super) fn begin_scan(&self) -> Cancel {
        let cancel = Cancel::new();
        *lock(&self.scan) = cancel.clone();
        if self.is_stopped() {
            cancel.cancel();
        }
        cancel
    }

    /// Ends its thread, and all waiting for its files.
    pub(crate) fn stop(&self) {
        self.is_stopped.store(true, Ordering::SeqCst);
        lock(&self.scan).cancel();
        self.send(VaultTask::Stop);
        self.snapshot.send_modify(|_| ());
    }

    /// Whether it is served no more.
    pub(crate) fn is_stopped(&self) -> bool {
        self.is_stopped.load(Ordering::SeqCst)
    }

    /// What a scan leaves out.
    pub(super) fn scan_options(&self) -> ScanOptions {
        ScanOptions::from(&**self.snapshot().settings())
    }

    /// The path of its root, for messages.
    pub(crate) fn name(&self) -> String {
        self.root
            .as_ref()
            .map_or_else(|| "a document without a folder".to_owned(), |root| root.display().to_string())
    }
}

impl Touched {
    fn add(&mut self, applied: &Applied, revision: u64) {
        if applied.is_everything {
            *self = Touched { all: revision, ..Touched::default() };
            return;
        }
        self.notes.extend(applied.changed.iter().chain(&applied.affected).map(|note| (*note, revision)));
    }
}

/// The URIs of the files of a vault: those of open documents as the client writes them.
#[derive(Clone)]
pub(crate) struct FileUris {
    root: Option<PathBuf>,
    open: Arc<FxHashMap<VaultPath, Uri>>,
}

impl FileUris {
    /// The URI of a file.
    pub(crate) fn of(&self, path: &VaultPath) -> Option<Uri> {
        let open = self.open.get(path).cloned();
        open.or_else(|| uri::from_path(&disk::to_disk_path(self.root.as_deref()?, path)))
    }

    /// The URI of a document if it is open.
    pub(crate) fn of_open(&self, path: &VaultPath) -> Option<&Uri> {
        self.open.get(path)
    }

    /// All open documents.
    pub(crate) fn open(&self) -> impl Iterator<Item = (&VaultPath, &Uri)> {
        self.open.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_is_fresh_from_the_last_change_that_touched_it() {
        let mut writer = VaultWriter::new(Arc::default());
        let mut add = |path: &str| {
            let path = VaultPath::resolve("", path).unwrap();
            writer.apply(Change::Opened { path, text: "".into() }).changed[0]
        };
        let [one, other] = [add("one.md"), add("other.md")];
        let mut touched = Touched::default();
        touched.add(&Applied { changed: vec![one], ..Applied::default() }, 5);
        assert_eq!((touched.notes.get(&one), touched.notes.get(&other), touched.all), (Some(&5), None, 0));
        touched.add(&Applied::everything(), 6);
        assert_eq!((touched.notes.len(), touched.all), (0, 6));
    }
}
