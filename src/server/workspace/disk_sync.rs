//! The thread that keeps a vault in step with the disk. It does one task after the other, so changes of the
//! disk never overtake each other, and does all that is queued in one step.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use rustc_hash::FxHashSet;

use crate::disk::{self, Changed, Extent, LastLook, Listing, ScanError, WatchEvent, Watcher};
use crate::server::client::Client;
use crate::server::client::progress::Progress;
use crate::server::lock::lock;
use crate::vault::{Applied, Cancel, Change, Coverage, VaultPath};

use super::settings::SettingsLayers;
use super::vault::{Origin, ServedVault, VaultTask, Waiting};
use super::{OnEvent, VaultEvent};

/// How many files that cannot be read are named in the log; the others are counted.
const NAMED_IN_LOG: usize = 20;

/// Notes are moved out of ropes that hold texts that are gone when one file of so many has changed.
const MOVED_AFTER_CHANGES_OF: usize = 20;

/// The pause between two looks at the folders, which find what no watcher has reported, and between two looks
/// at all files.
const FOLDERS_PAUSE: Duration = Duration::from_secs(1);
const FILES_PAUSE: Duration = Duration::from_secs(10);

/// Looks take at most one in so many parts of the time.
const LOOKS_TAKE_ONE_IN: u32 = 100;

/// After so many changes at once some events may be lost, so all files are looked at as soon as it is quiet.
const STORM_CHANGES: usize = 64;

/// How much lower the priority of the threads is that read a whole vault: they get a third of what the editor
/// gets, if both want the same processor.
#[cfg(target_os = "linux")]
const NICENESS: i32 = 5;

/// Reads a vault from the disk and follows its changes.
pub(super) struct DiskSync {
    vault: Arc<ServedVault>,
    client: Arc<Client>,
    settings: Arc<SettingsLayers>,
    on_event: OnEvent,
    /// The server's own, where the client does not watch.
    watcher: Option<Watcher>,
    /// What the disk looked like last; what changed before is known. `None` before the first scan.
    last_look: Option<LastLook>,
    schedule: Schedule,
    /// How many files have changed since notes were moved to other ropes.
    changed: usize,
}

/// When the disk is looked at without being told to.
struct Schedule {
    folders: Instant,
    files: Instant,
}

impl Default for Schedule {
    fn default() -> Schedule {
        let now = Instant::now();
        Schedule { folders: now + FOLDERS_PAUSE, files: now + FILES_PAUSE }
    }
}

impl Schedule {
    fn next(&self) -> Instant {
        self.folders.min(self.files)
    }

    fn due(&self) -> Extent {
        if self.files <= Instant::now() { Extent::Files } else { Extent::Folders }
    }

    /// Plans the next looks after one that took so long.
    fn looked(&mut self, extent: Extent, took: Duration) {
        let now = Instant::now();
        let least = took * LOOKS_TAKE_ONE_IN;
        match extent {
            Extent::Folders => self.folders = now + FOLDERS_PAUSE.max(least),
            Extent::Files => {
                self.folders = self.folders.max(now + FOLDERS_PAUSE);
                self.files = now + FILES_PAUSE.max(least);
            }
        }
    }

    /// Plans a look at all files as soon as it is quiet.
    fn storm(&mut self) {
        self.files = self.files.min(Instant::now() + FOLDERS_PAUSE);
    }
}

/// The tasks that are queued.
#[derive(Default)]
struct Queued {
    scan: bool,
    settings: bool,
    catch_up: bool,
    /// It is time for a look.
    look: Option<Extent>,
    stop: bool,
    paths: Vec<PathBuf>,
    /// Where files may be that links name.
    places: Vec<VaultPath>,
    /// Dropped when all this is done.
    waiting: Vec<Waiting>,
}

/// How far the queued tasks were done.
enum Outcome {
    Done,
    /// A scan that is queued already will do the rest.
    ScanFollows,
}

impl Queued {
    fn add(&mut self, task: VaultTask) {
        match task {
            VaultTask::Scan => self.scan = true,
            VaultTask::Settings => self.settings = true,
            VaultTask::Paths(paths) => self.paths.extend(paths),
            VaultTask::LookFor(places) => self.places.extend(places),
            VaultTask::CatchUp(waiting) => {
                self.catch_up = true;
                self.waiting.extend(waiting);
            }
            VaultTask::Stop => self.stop = true,
        }
    }
}

impl DiskSync {
    /// A vault that has not been read.
    pub(super) fn new(
        vault: Arc<ServedVault>,
        client: Arc<Client>,
        settings: Arc<SettingsLayers>,
        on_event: OnEvent,
    ) -> DiskSync {
        DiskSync {
            vault,
            client,
            settings,
            on_event,
            watcher: None,
            last_look: None,
            schedule: Schedule::default(),
            changed: 0,
        }
    }

    /// Starts the thread of the vault.
    pub(super) fn start(self, tasks: Receiver<VaultTask>) {
        let (client, vault) = (Arc::clone(&self.client), Arc::clone(&self.vault));
        let started = std::thread::Builder::new().name("vault".to_owned()).spawn(move || self.run(&tasks));
        if let Err(error) = started {
            client.warn(format!("vaultls: cannot read {}: {error}", vault.name()));
            vault.apply(Change::Coverage(Coverage::OpenOnly));
        }
    }

    fn run(mut self, tasks: &Receiver<VaultTask>) {
        let mut waiting = Vec::new();
        loop {
            let mut queued = Queued::default();
            match self.wait(tasks) {
                Ok(task) => queued.add(task),
                Err(RecvTimeoutError::Timeout) => queued.look = Some(self.schedule.due()),
                Err(RecvTimeoutError::Disconnected) => break,
            }
            tasks.try_iter().for_each(|task| queued.add(task));
            if queued.stop {
                break;
            }
            waiting.append(&mut queued.waiting);
            match catch_unwind(AssertUnwindSafe(|| self.perform(queued))) {
                Ok(Outcome::Done) => waiting.clear(),
                Ok(Outcome::ScanFollows) => {}
                Err(_) => {
                    self.client.warn(format!("vaultls: reading {} failed", self.vault.name()));
                    let coverage = self.vault.snapshot().coverage();
                    self.finish(if coverage.is_loading() { Coverage::OpenOnly } else { coverage });
                    waiting.clear();
                }
            }
        }
    }

    /// Waits for a task, or until it is time for a look at the disk.
    fn wait(&self, tasks: &Receiver<VaultTask>) -> Result<VaultTask, RecvTimeoutError> {
        match &self.last_look {
            Some(_) => tasks.recv_timeout(self.schedule.next().saturating_duration_since(Instant::now())),
            None => tasks.recv().map_err(|_| RecvTimeoutError::Disconnected),
        }
    }

    fn perform(&mut self, mut queued: Queued) -> Outcome {
        let Some(root) = self.vault.root.clone() else { return Outcome::Done };
        if queued.paths.len() >= STORM_CHANGES {
            self.schedule.storm();
        }
        let extent = if queued.catch_up { Some(Extent::Files) } else { queued.look };
        if let Some(extent) = extent.filter(|_| !queued.scan) {
            queued.paths.extend(self.changed_meanwhile(&root, extent));
        }
        let touches_settings =
            queued.settings || queued.paths.iter().any(|path| disk::holds_settings(&root, path));
        if queued.scan || touches_settings && self.settings.read(&self.vault) {
            self.scan(&root)
        } else {
            self.look_for(&root, &queued.places);
            if queued.paths.is_empty() { Outcome::Done } else { self.read_changed(&root, &queued.paths) }
        }
    }

    /// Takes in the files at these places that are not known, for links name them.
    fn look_for(&self, root: &Path, places: &[VaultPath]) {
        let snapshot = self.vault.snapshot();
        let mut found = disk::existing(root, places);
        found.retain(|(path, _)| snapshot.find(path.as_str()).is_none());
        if !found.is_empty() {
            self.report(&self.vault.apply_disk(found));
        }
    }

    /// The places that may have changed since the disk was looked at last.
    fn changed_meanwhile(&mut self, root: &Path, extent: Extent) -> Vec<PathBuf> {
        let Some(look) = &mut self.last_look else { return Vec::new() };
        let began = Instant::now();
        let changed = look.look(root, &|| self.vault.known_files(), extent, SystemTime::now());
        self.schedule.looked(extent, began.elapsed());
        changed
    }

    fn scan(&mut self, root: &Path) -> Outcome {
        let mut look = LastLook::begin(root, SystemTime::now());
        self.settings.read(&self.vault);
        let cancel = self.vault.begin_scan();
        let title = format!("Reading {}", root.file_name().unwrap_or(root.as_os_str()).display());
        // Until the vault is known to be whole, and what was read is published.
        let progress = Progress::begin(&self.client, title);
        let outcome = self.list_and_read(root, &cancel, &progress);
        match outcome {
            Ok(listing) => {
                look.add_folders(listing.folders.iter().cloned());
                self.last_look = Some(look);
                self.scanned(&listing);
                drop(progress);
                // Computed here, so that the first completion in a link does not wait for it.
                self.vault.snapshot().prepare_search();
                return self.watch(root, &listing);
            }
            Err(ScanError::Cancelled) => return Outcome::ScanFollows,
            Err(error) => {
                let name = self.vault.name();
                self.client
                    .warn(format!("vaultls: cannot read {name}, so only open notes are known: {error}"));
                self.finish(Coverage::OpenOnly);
            }
        }
        Outcome::Done
    }

    /// Finds all files, reads what the open notes link to, and then the rest.
    fn list_and_read(&self, root: &Path, cancel: &Cancel, progress: &Progress) -> Result<Listing, ScanError> {
        let vault = &self.vault;
        let mut listing = disk::list(root, &vault.scan_options(), cancel, &|found| {
            vault.hear();
            progress.found(found);
        })?;
        disk::remove_left_behind(&listing.left_behind);
        vault.take_listing(&listing);
        self.report_while_loading();
        let total = listing.notes.len() as u64;
        let first = vault.unread_near_open_notes();
        let read_first = Mutex::new(Vec::new());
        let read_now = listing.read(&first, cancel, &|batch, _| lock(&read_first).extend(batch))?;
        vault.apply_disk(read_first.into_inner().unwrap_or_else(PoisonError::into_inner));
        self.report_while_loading();
        let first: FxHashSet<VaultPath> = first.into_iter().collect();
        let rest: Vec<VaultPath> =
            listing.notes.iter().filter(|path| !first.contains(*path)).cloned().collect();
        let read_rest = || {
            lower_priority();
            listing.read(&rest, cancel, &|batch, so_far| {
                vault.load(batch);
                progress.read(so_far.notes, total);
            })
        };
        // On a thread of its own, from which those of the scan inherit their priority.
        let outcome = std::thread::scope(|threads| threads.spawn(read_rest).join());
        let read_later = outcome.unwrap_or_else(|panic| resume_unwind(panic))?;
        // A disk that is not there any more holds no files, and says nothing of those that it held.
        disk::check_root(root)?;
        listing.unread.extend(read_now.unread.into_iter().chain(read_later.unread));
        Ok(listing)
    }

    /// Reports that more is known. What changes while a vault is read again is reported once, at the end.
    fn report_while_loading(&self) {
        if self.vault.snapshot().coverage().is_loading() {
            self.report(&Applied::everything());
        }
    }

    fn scanned(&mut self, listing: &Listing) {
        self.log_unread(&listing.unread);
        let (name, notes) = (self.vault.name(), listing.notes.len());
        tracing::info!("{name}: {notes} notes and {} attachments", listing.attachments.len());
        self.finish(Coverage::Whole);
    }

    fn finish(&self, coverage: Coverage) {
        self.vault.take_pending(coverage);
        // What the batches of the scan changed has not been reported, also where the coverage is that of
        // before.
        self.report(&Applied::everything());
    }

    fn report(&self, applied: &Applied) {
        (self.on_event)(VaultEvent { vault: &self.vault, applied, document: None });
    }

    fn read_changed(&mut self, root: &Path, paths: &[PathBuf]) -> Outcome {
        let vault = Arc::clone(&self.vault);
        let known = |paths: &[VaultPath]| vault.known_at(paths);
        match disk::read_changed(root, &vault.scan_options(), &known, paths) {
            Ok(Changed::Files(changed)) => {
                self.log_unread(&changed.unread);
                self.changed += changed.files.len();
                self.follow(&changed.linked_folders);
                if let Some(look) = &mut self.last_look {
                    look.add_folders(changed.folders);
                }
                self.report(&vault.apply_disk(changed.files));
                if self.changed * MOVED_AFTER_CHANGES_OF >= vault.snapshot().file_count() {
                    self.changed = 0;
                    vault.leave_wasteful_ropes();
                }
            }
            Ok(Changed::ScanAgain) => {
                vault.rescan();
                return Outcome::ScanFollows;
            }
            Err(error) => self.client.log(format!("cannot read {}: {error}", vault.name())),
        }
        Outcome::Done
    }

    fn log_unread(&self, unread: &[impl std::fmt::Display]) {
        for file in unread.iter().take(NAMED_IN_LOG) {
            self.client.log(format!("not read: {file}"));
        }
        if unread.len() > NAMED_IN_LOG {
            self.client.log(format!("not read: {} more files", unread.len() - NAMED_IN_LOG));
        }
    }

    /// Watches the vault if the client does not, and reads what has changed since the scan began, so that no
    /// change falls between the two. Not before, for each file that is read would be an event. What clients
    /// watch is relative to the folders that they work in, so they do not watch any other.
    fn watch(&mut self, root: &Path, listing: &Listing) -> Outcome {
        let is_new = self.watcher.is_none();
        self.start_watcher(root);
        self.follow(&listing.linked_folders);
        if self.watcher.is_none() {
            return Outcome::Done;
        }
        let missed = if is_new { self.changed_meanwhile(root, Extent::Files) } else { Vec::new() };
        if missed.is_empty() { Outcome::Done } else { self.read_changed(root, &missed) }
    }

    /// Also watches these linked folders.
    fn follow(&mut self, linked_folders: &[PathBuf]) {
        let Some(watcher) = &mut self.watcher else { return };
        if let Err(error) = watcher.follow(linked_folders) {
            self.client.log(format!("cannot watch a linked folder: {error}"));
        }
    }

    fn start_watcher(&mut self, root: &Path) {
        let client_watches = self.vault.origin == Origin::Workspace && self.client.features().watches_files;
        if self.watcher.is_some() || client_watches || disk::check_root(root).is_err() {
            return;
        }
        let (client, vault) = (Arc::clone(&self.client), Arc::clone(&self.vault));
        let watcher = Watcher::start(root, move |event| match event {
            WatchEvent::Paths(paths) => vault.send(VaultTask::Paths(paths)),
            WatchEvent::Everything => vault.rescan(),
            WatchEvent::Failed(error) => client.warn(format!("vaultls: {}: {error}", vault.name())),
        });
        let warn = |error| self.client.warn(format!("vaultls: {}: {error}", self.vault.name()));
        self.watcher = watcher.map_err(warn).ok();
    }
}

/// Lowers the priority of this thread and of those that it starts: when a vault is read, the editor is about
/// to start the rest of itself, and to show the diagnostics of the note that is open.
#[cfg(target_os = "linux")]
fn lower_priority() {
    // If it is not allowed, only time is lost.
    let _ = rustix::process::nice(NICENESS);
}

/// Only Linux has priorities of single threads that any user may set.
#[cfg(not(target_os = "linux"))]
fn lower_priority() {}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn only_threads_that_read_lower_their_priority() {
        let priority = || rustix::process::getpriority_process(None).unwrap();
        let own = priority();
        let of_readers = std::thread::scope(|threads| {
            let reader = threads.spawn(|| {
                lower_priority();
                let started = std::thread::scope(|threads| threads.spawn(priority).join().unwrap());
                (priority(), started)
            });
            reader.join().unwrap()
        });
        assert_eq!(of_readers, (own + NICENESS, own + NICENESS));
        assert_eq!(priority(), own);
    }
}
