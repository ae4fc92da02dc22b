//! One vault while it is served: the writer that changes it, and the snapshot that all others read.
//!
//! Readers take the published snapshot and never wait for the writer.
//!
//! A vault is read in these steps, and publishes a snapshot after each: the path of every file; the notes
//! that open notes link to; any note that a request asks about meanwhile; at the end all others at once,
//! because each snapshot makes the writer copy what it changes next. That last step works on a copy of the
//! vault, so that edits do not wait for it.

use std::borrow::Cow;
use std::convert::Infallible;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rustc_hash::{FxHashMap, FxHashSet};
use tokio::sync::{oneshot, watch};
use tokio::time::timeout;
use tower_lsp::ls_types::Uri;

use crate::disk::{self, Listing, ScanOptions};
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
    /// Look whether there are files at these places, which links name.
    LookFor(Vec<VaultPath>),
    /// Look for what has changed on disk since the last look at all files.
    CatchUp(Option<Waiting>),
    /// End the thread.
    Stop,
}

/// How long nothing may be heard of the disk before it counts as out of reach.
const PATIENCE: Duration = Duration::from_secs(30);

/// The disk has not responded for [`PATIENCE`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Stalled;

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
    /// The URI of the root, without a slash at its end; `None` if it has none that can be written.
    root_uri: Option<Arc<str>>,
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
    /// Grows with all that is heard of the disk while the vault is read.
    heard: AtomicU64,
    tasks: Sender<VaultTask>,
}

struct Writer {
    vault: VaultWriter,
    /// Notes that were read and are not in the vault yet, while it is read for the first time.
    pending: FxHashMap<VaultPath, DiskFile>,
    /// The changes since a copy of the vault was made that takes in the pending notes.
    since_copy: Option<Vec<Change>>,
}

/// The revisions that last touched what depends on a note.
#[derive(Debug, Default)]
struct Touched {
    notes: FxHashMap<FileId, u64>,
    all: u64,
}

static NUMBERS: AtomicU64 = AtomicU64::new(0);

impl ServedVault {
    /// A vault that is as empty as `writer`, and the tasks that a thread has to do for it.
    pub(super) fn new(
        origin: Origin,
        root: Option<PathBuf>,
        mut writer: VaultWriter,
    ) -> (Arc<ServedVault>, Receiver<VaultTask>) {
        let is_read = origin != Origin::Standalone;
        writer.apply(Change::Coverage(if is_read { Coverage::Walking } else { Coverage::OpenOnly }));
        let (tasks, queued) = channel();
        let root_uri = root.as_deref().and_then(uri::from_path);
        let root_uri = root_uri.map(|uri| Arc::from(uri.as_str().strip_suffix('/').unwrap_or(uri.as_str())));
        let vault = ServedVault {
            number: NUMBERS.fetch_add(1, Ordering::Relaxed),
            origin,
            root,
            root_uri,
            layers: Mutex::default(),
            snapshot: watch::Sender::new(writer.snapshot()),
            writer: Mutex::new(Writer { vault: writer, pending: FxHashMap::default(), since_copy: None }),
            touched: Mutex::default(),
            client_uris: Mutex::default(),
            nested: Mutex::default(),
            is_stopped: AtomicBool::new(false),
            scan: Mutex::default(),
            heard: AtomicU64::new(0),
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
        drop(writer);
        self.look_for_unlisted(&applied, false);
        applied
    }

    /// Asks for the files that links name and that are not known: of changed notes, and of those that linked
    /// to a file that `is_gone`, which may be there although the vault leaves it out.
    fn look_for_unlisted(&self, applied: &Applied, is_gone: bool) {
        let snapshot = self.snapshot();
        if !(applied.links_changed || is_gone) || snapshot.coverage() != Coverage::Whole {
            return;
        }
        let affected = applied.affected.iter().filter(|_| is_gone);
        let notes = applied.changed.iter().chain(affected).filter_map(|id| snapshot.note(*id));
        let places: Vec<VaultPath> = notes.flat_map(|note| snapshot.unlisted_places(&note)).collect();
        if !places.is_empty() {
            self.send(VaultTask::LookFor(places));
        }
    }

    fn change(&self, writer: &mut Writer, change: Change) -> Applied {
        if let Change::Disk(files) = &change {
            // What was read earlier must not overwrite what is found now.
            files.iter().for_each(|(path, _)| drop(writer.pending.remove(path)));
        }
        if let Some(changes) = &mut writer.since_copy {
            changes.push(change.clone());
        }
        let applied = writer.vault.apply(change);
        lock(&self.touched).add(&applied, writer.vault.snapshot().revision());
        applied
    }

    /// Takes in which files there are. Those that were known and are not among them are gone.
    pub(super) fn take_listing(&self, listing: &Listing) {
        let mut writer = lock(&self.writer);
        let before = writer.vault.snapshot();
        // A vault that is read again holds the texts of before until the new ones come.
        let notes = if before.coverage().is_loading() { &*listing.notes } else { &[] };
        let files = notes.iter().map(|path| (path.clone(), DiskFile::Unread));
        let attachments = listing.attachments.iter().map(|path| (path.clone(), DiskFile::Attachment));
        let mut files = self.own(files.chain(attachments).collect());
        files.extend(listing.vanished(before.files().map(|(_, file)| file.path.clone())));
        self.change(&mut writer, Change::Disk(files));
        if before.coverage() < Coverage::Names {
            self.change(&mut writer, Change::Coverage(Coverage::Names));
        }
        self.publish(&writer);
    }

    /// The notes that the open ones link to, as far as they have not been read.
    pub(super) fn unread_near_open_notes(&self) -> Vec<VaultPath> {
        let snapshot = self.snapshot();
        let open = self.uris();
        let open = open.open().filter_map(|(path, _)| snapshot.note(snapshot.find(path.as_str())?));
        let targets = open.flat_map(|source| {
            let links = source.note.parsed.links.iter();
            links
                .filter_map(|link| snapshot.resolve(&source, link).found())
                .map(|found| found.best)
                .collect::<Vec<_>>()
        });
        let targets: FxHashSet<FileId> = targets.collect();
        let files = targets.into_iter().filter_map(|id| snapshot.file(id));
        files.filter(|file| file.is_note() && file.note().is_none()).map(|file| file.path.clone()).collect()
    }

    /// Takes notes that were read. A vault that is read for the first time keeps them apart until
    /// [`ServedVault::take_pending`].
    pub(super) fn load(&self, files: Vec<(VaultPath, DiskFile)>) {
        self.hear();
        let mut writer = lock(&self.writer);
        let files = self.own(files);
        if writer.vault.snapshot().coverage().is_loading() {
            writer.pending.extend(files);
        } else {
            self.change(&mut writer, Change::Disk(files));
            self.publish(&writer);
        }
    }

    /// Takes in all notes that were kept apart, and says how much is known then.
    pub(super) fn take_pending(&self, coverage: Coverage) {
        let (mut copy, files) = {
            let mut writer = lock(&self.writer);
            writer.since_copy = Some(Vec::new());
            (writer.vault.clone(), std::mem::take(&mut writer.pending))
        };
        copy.apply(Change::Disk(files.into_iter().collect()));
        copy.apply(Change::Coverage(coverage));
        if let (Some(root), Coverage::Whole) = (&self.root, coverage) {
            copy.apply(Change::Disk(disk::existing(root, &copy.snapshot().all_unlisted_places())));
        }
        let mut writer = lock(&self.writer);
        for change in writer.since_copy.take().unwrap_or_default() {
            copy.apply(change);
        }
        // Repeated on the copy, a change may change nothing, but what was computed meanwhile is outdated.
        copy.follow(writer.vault.snapshot().revision());
        let before = std::mem::replace(&mut writer.vault, copy);
        lock(&self.touched).add(&Applied::everything(), writer.vault.snapshot().revision());
        self.publish(&writer);
        drop(writer);
        drop(before);
    }

    /// Reads notes that an answer depends on before all others.
    pub(crate) fn read_now(&self, notes: &[VaultPath]) {
        let Some(root) = &self.root else { return };
        let read = |path: &VaultPath| (path.clone(), disk::read(root, path).unwrap_or(DiskFile::Unread));
        self.apply_disk(notes.iter().map(read).collect());
    }

    /// Says that the disk answers.
    pub(super) fn hear(&self) {
        self.heard.fetch_add(1, Ordering::Relaxed);
    }

    /// Applies changes on disk.
    pub(super) fn apply_disk(&self, files: Vec<(VaultPath, DiskFile)>) -> Applied {
        let mut writer = lock(&self.writer);
        let is_gone = files.iter().any(|(_, file)| matches!(file, DiskFile::Gone));
        let applied = self.change(&mut writer, Change::Disk(self.own(files)));
        self.publish(&writer);
        drop(writer);
        self.look_for_unlisted(&applied, is_gone);
        applied
    }

    /// Frees the texts that are gone and that others keep in memory, a few notes at a time, so that edits
    /// come in between.
    pub(super) fn leave_wasteful_ropes(&self) {
        const NOTES_AT_ONCE: usize = 64;
        for notes in self.snapshot().notes_in_wasteful_ropes().chunks(NOTES_AT_ONCE) {
            let moved = self.snapshot().moved_to_other_ropes(notes);
            let mut writer = lock(&self.writer);
            writer.vault.move_to_other_ropes(moved);
            self.publish(&writer);
        }
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
        let files = writer.vault.snapshot();
        let is_nested = |path: &VaultPath| folders.iter().any(|folder| path.lies_below(folder.as_str()));
        // What a scan in progress has read so far may lie in them, too.
        writer.pending.retain(|path, _| !is_nested(path));
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

    /// The paths of all files that are known at some paths or below them. Linear in the number of files if
    /// one of the paths is not that of a file.
    pub(super) fn known_at(&self, paths: &[VaultPath]) -> Vec<VaultPath> {
        let snapshot = self.snapshot();
        if paths.iter().all(|path| snapshot.find(path.as_str()).is_some()) {
            return paths.to_vec();
        }
        let named: FxHashSet<&str> = paths.iter().map(VaultPath::as_str).collect();
        let is_named = |path: &VaultPath| {
            named.contains(path.as_str()) || path.folders().any(|folder| named.contains(folder))
        };
        let files = snapshot.files().map(|(_, file)| &file.path);
        files.filter(|path| is_named(path)).cloned().collect()
    }

    /// The revision from which on what is computed about a note is about its present state.
    pub(crate) fn fresh_from(&self, note: FileId) -> u64 {
        let touched = lock(&self.touched);
        touched.notes.get(&note).copied().unwrap_or_default().max(touched.all)
    }

    /// The notes that changes after this revision touched; `None` if they touched all. Complete for a
    /// snapshot that was taken before.
    pub(crate) fn touched_since(&self, revision: u64) -> Option<Vec<FileId>> {
        lock(&self.touched).since(revision)
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
        FileUris { root: self.root_uri.clone(), open: Arc::clone(&lock(&self.client_uris)) }
    }

    /// Waits until so much of the vault is known, or no more will be: it cannot be read, or is not served any
    /// more.
    ///
    /// # Errors
    ///
    /// If the disk does not answer.
    pub(crate) async fn known_to(&self, coverage: Coverage) -> Result<(), Stalled> {
        let is_over = |snapshot: &Snapshot| {
            !snapshot.coverage().is_loading() || snapshot.coverage() >= coverage || self.is_stopped()
        };
        let mut snapshots = self.snapshot.subscribe();
        self.unless_stalled(async { drop(snapshots.wait_for(is_over).await) }).await
    }

    /// Waits until all changes of its files before this call are known. One look at the times of all files.
    ///
    /// # Errors
    ///
    /// If the disk does not answer.
    pub(crate) async fn caught_up(&self) -> Result<(), Stalled> {
        let (waiting, done) = oneshot::channel();
        self.send(VaultTask::CatchUp(Some(waiting)));
        self.unless_stalled(async { drop(done.await) }).await
    }

    /// Waits as long as something is heard of the disk.
    async fn unless_stalled(&self, wait: impl Future<Output = ()>) -> Result<(), Stalled> {
        let mut wait = std::pin::pin!(wait);
        loop {
            let heard = self.heard.load(Ordering::Relaxed);
            match timeout(PATIENCE, &mut wait).await {
                Ok(()) => return Ok(()),
                Err(_) if self.heard.load(Ordering::Relaxed) != heard => {}
                Err(_) => return Err(Stalled),
            }
        }
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

    fn since(&self, revision: u64) -> Option<Vec<FileId>> {
        let later = self.notes.iter().filter(|(_, at)| **at > revision);
        (self.all <= revision).then(|| later.map(|(note, _)| *note).collect())
    }
}

/// The URIs of the files of a vault: those of open documents as the client writes them.
#[derive(Clone)]
pub(crate) struct FileUris {
    /// The URI of the root, without a slash at its end; `None` if there is none.
    root: Option<Arc<str>>,
    open: Arc<FxHashMap<VaultPath, Uri>>,
}

impl FileUris {
    /// The URI of a file.
    pub(crate) fn of(&self, path: &VaultPath) -> Option<Uri> {
        self.open.get(path).cloned().or_else(|| self.on_disk(path)?.parse().ok())
    }

    /// The URI of a file as text, which costs less to compare.
    pub(crate) fn text_of(&self, path: &VaultPath) -> Option<Cow<'_, str>> {
        let open = self.open.get(path).map(|uri| Cow::Borrowed(uri.as_str()));
        open.or_else(|| self.on_disk(path).map(Cow::Owned))
    }

    fn on_disk(&self, path: &VaultPath) -> Option<String> {
        Some(format!("{}/{}", self.root.as_ref()?, uri::encoded_path(path.as_str())))
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
    fn the_uri_of_a_file_is_that_of_its_path_on_disk() {
        for root in ["/", "/a b/ü", "/x/[y]"] {
            let (vault, _) =
                ServedVault::new(Origin::Workspace, Some(root.into()), VaultWriter::new(Arc::default()));
            for path in ["a.md", "a b/c#d.md", "é/100%.md", "back\\slash.md"] {
                let path = VaultPath::resolve("", path).unwrap();
                let expected = uri::from_path(&disk::to_disk_path(Path::new(root), &path)).unwrap();
                assert_eq!(vault.uris().of(&path), Some(expected.clone()));
                assert_eq!(vault.uris().text_of(&path).as_deref(), Some(expected.as_str()));
            }
        }
    }

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
        assert_eq!((touched.since(4), touched.since(5)), (Some(vec![one]), Some(vec![])));
        touched.add(&Applied::everything(), 6);
        assert_eq!((touched.notes.len(), touched.all), (0, 6));
        assert_eq!((touched.since(5), touched.since(6)), (None, Some(vec![])));
    }

    /// The clock stands still but where something waits for it.
    #[tokio::test(start_paused = true)]
    async fn nobody_waits_for_a_disk_that_does_not_answer() {
        let (vault, _tasks) = ServedVault::new(Origin::Workspace, None, VaultWriter::new(Arc::default()));
        assert_eq!(vault.known_to(Coverage::Names).await, Err(Stalled));
        assert_eq!(vault.caught_up().await, Err(Stalled));
        let (waits, other) = (Arc::clone(&vault), Arc::clone(&vault));
        let waits = tokio::spawn(async move { waits.known_to(Coverage::Whole).await });
        for _ in 0..10 {
            other.hear();
            tokio::time::sleep(PATIENCE * 9 / 10).await;
        }
        other.take_pending(Coverage::Whole);
        assert_eq!(waits.await.unwrap(), Ok(()));
    }

    #[test]
    fn changes_count_that_come_while_the_notes_are_taken_in() {
        let (vault, _tasks) = ServedVault::new(Origin::Workspace, None, VaultWriter::new(Arc::default()));
        let path = |path: &str| VaultPath::resolve("", path).unwrap();
        let note = |text: &str| DiskFile::Note(Arc::new(crate::vault::Note::new(text)));
        vault.load(vec![(path("a.md"), note("old")), (path("b.md"), note("b"))]);
        // Read again for an answer before the rest comes.
        vault.apply_disk(vec![(path("a.md"), note("new"))]);
        vault.apply(Change::Opened { path: path("b.md"), text: "open".into() });
        vault.take_pending(Coverage::Whole);
        let snapshot = vault.snapshot();
        let text = |name: &str| {
            let note = snapshot.note(snapshot.find(name).unwrap()).unwrap();
            note.note.text.to_text()
        };
        assert_eq!((text("a.md"), text("b.md")), ("new".to_owned(), "open".to_owned()));
        assert!(snapshot.coverage().is_whole());
        vault.apply(Change::Closed { path: path("b.md") });
        let snapshot = vault.snapshot();
        assert_eq!(snapshot.note(snapshot.find("b.md").unwrap()).unwrap().note.text.to_text(), "b");
    }
}
