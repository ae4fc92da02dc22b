//! The thread that keeps a vault in step with the disk. One thread does it all, one errand after the other, so news of
//! the disk never overtake each other; whatever waits in the queue is done in one step.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::Receiver;
use std::time::SystemTime;

use crate::disk::{self, Changed, ScanError, ScanReport, WatchEvent, Watcher};
use crate::server::client::progress::Progress;
use crate::server::session::Session;
use crate::server::workspace::vault::{Errand, Origin, ServedVault, Waiting};
use crate::vault::Applied;

/// So many files that cannot be read are named in the log; of the others only the number is told.
const NAMED_IN_LOG: usize = 20;

/// How much more willing to wait than others a thread is that reads a whole vault: it gets a third of what the editor gets,
/// if both want the same processor.
#[cfg(target_os = "linux")]
const NICENESS: i32 = 5;

/// Starts the thread of a vault.
pub(crate) fn start(session: &Arc<Session>, vault: &Arc<ServedVault>, errands: Receiver<Errand>) {
    let keeper =
        Keeper { session: Arc::clone(session), vault: Arc::clone(vault), watcher: None, looked_since: None };
    let started = std::thread::Builder::new().name("vault".to_owned()).spawn(move || keeper.run(&errands));
    if let Err(error) = started {
        session.outbox.warn(format!("vaultls: {} cannot be read: {error}", vault.name()));
        vault.set_unreadable(true);
        vault.set_complete();
    }
}

struct Keeper {
    session: Arc<Session>,
    vault: Arc<ServedVault>,
    /// Ours, where the client does not watch.
    watcher: Option<Watcher>,
    /// When the last look at all files began; what changed before that is known.
    looked_since: Option<SystemTime>,
}

/// What waits to be done.
#[derive(Default)]
struct Todo {
    scan: bool,
    settings: bool,
    catch_up: bool,
    stop: bool,
    paths: Vec<PathBuf>,
    /// Who waits until all this is done.
    waiting: Vec<Waiting>,
}

/// How far what waited to be done was done.
enum Kept {
    Done,
    /// A scan that waits already will do the rest.
    ScanFollows,
}

impl Todo {
    fn add(&mut self, errand: Errand) {
        match errand {
            Errand::Scan => self.scan = true,
            Errand::Settings => self.settings = true,
            Errand::Paths(paths) => self.paths.extend(paths),
            Errand::CatchUp(waiting) => {
                self.catch_up = true;
                self.waiting.extend(waiting);
            }
            Errand::Stop => self.stop = true,
        }
    }
}

impl Keeper {
    fn run(mut self, errands: &Receiver<Errand>) {
        let mut waiting = Vec::new();
        while let Ok(errand) = errands.recv() {
            let mut todo = Todo::default();
            todo.add(errand);
            errands.try_iter().for_each(|errand| todo.add(errand));
            if todo.stop {
                break;
            }
            waiting.append(&mut todo.waiting);
            match catch_unwind(AssertUnwindSafe(|| self.keep(todo))) {
                Ok(Kept::Done) => waiting.clear(),
                Ok(Kept::ScanFollows) => {}
                Err(_) => {
                    self.session.outbox.warn(format!("vaultls: reading {} failed", self.vault.name()));
                    self.complete();
                    waiting.clear();
                }
            }
        }
    }

    fn keep(&mut self, mut todo: Todo) -> Kept {
        let Some(root) = self.vault.root.clone() else { return Kept::Done };
        if todo.catch_up && !todo.scan {
            todo.paths.extend(self.changed_meanwhile(&root));
        }
        let touches_settings =
            todo.settings || todo.paths.iter().any(|path| disk::holds_settings(&root, path));
        let scan = todo.scan || touches_settings && self.session.read_vault_settings(&self.vault);
        if scan {
            self.scan(&root)
        } else if todo.paths.is_empty() {
            Kept::Done
        } else {
            self.read_changed(&root, &todo.paths)
        }
    }

    /// The places that may hold something else than when all files were looked at last.
    fn changed_meanwhile(&mut self, root: &Path) -> Vec<PathBuf> {
        let Some(since) = self.looked_since.replace(SystemTime::now()) else { return Vec::new() };
        let known: Vec<_> = self.vault.snapshot().files().map(|(_, file)| file.path.clone()).collect();
        disk::changed_since(root, known, since)
    }

    fn scan(&mut self, root: &Path) -> Kept {
        self.watch();
        let since = SystemTime::now();
        self.session.read_vault_settings(&self.vault);
        let cancel = self.vault.begin_scan();
        let vault = &self.vault;
        let title = format!("Reading {}", root.file_name().unwrap_or(root.as_os_str()).display());
        let progress = Progress::begin(&self.session, title);
        let read = || {
            make_way();
            disk::scan(root, &vault.scan_options(), &cancel, &|batch, so_far| {
                vault.load(batch);
                progress.report(so_far.notes, so_far.attachments);
            })
        };
        // On a thread of its own, from which those of the scan inherit their priority.
        let outcome = std::thread::scope(|threads| threads.spawn(read).join());
        let outcome = outcome.unwrap_or_else(|panic| resume_unwind(panic));
        drop(progress);
        match outcome {
            Ok(report) => {
                self.looked_since = Some(since);
                self.scanned(&report);
            }
            Err(ScanError::Cancelled) => return Kept::ScanFollows,
            Err(error) => {
                vault.set_unreadable(true);
                self.session.outbox.warn(format!(
                    "vaultls: {} is not read, so only open notes are known: {error}",
                    vault.name()
                ));
                self.complete();
            }
        }
        Kept::Done
    }

    fn scanned(&mut self, report: &ScanReport) {
        let vault = &self.vault;
        vault.set_unreadable(false);
        vault.publish_now();
        let known: Vec<_> = vault.snapshot().files().map(|(_, file)| file.path.clone()).collect();
        let gone = report.vanished(known);
        if !gone.is_empty() {
            vault.apply_disk(gone);
        }
        let lines: Vec<String> = report.unread.iter().map(ToString::to_string).collect();
        self.log_unread(&lines);
        if let Some(watcher) = &mut self.watcher
            && let Err(error) = watcher.follow(&report.linked_folders)
        {
            self.session.outbox.log(format!("a linked folder is not watched: {error}"));
        }
        let total = report.total;
        tracing::info!(
            "{} has {} notes and {} attachments",
            self.vault.name(),
            total.notes,
            total.attachments
        );
        self.complete();
    }

    fn complete(&self) {
        self.vault.set_complete();
        self.session.count_again(&self.vault, &Applied::everything());
        self.session.diagnose_vault(&self.vault);
        self.session.refresh_views(&self.vault, &Applied::everything(), None);
        // Nobody who begins a link should wait for the names that nobody has written yet.
        self.vault.snapshot().unresolved().for_each(drop);
    }

    fn read_changed(&self, root: &Path, paths: &[PathBuf]) -> Kept {
        let vault = &self.vault;
        let known = |path: &_| vault.known_below(path);
        match disk::read_changed(root, &vault.scan_options(), &known, paths) {
            Ok(Changed::Files(changed)) => {
                let lines: Vec<String> = changed.unread.iter().map(ToString::to_string).collect();
                self.log_unread(&lines);
                let applied = vault.apply_disk(changed.files);
                self.session.after_disk(vault, &applied);
            }
            Ok(Changed::ScanAgain) => {
                vault.rescan();
                return Kept::ScanFollows;
            }
            Err(error) => self.session.outbox.log(format!("{} cannot be read: {error}", vault.name())),
        }
        Kept::Done
    }

    fn log_unread(&self, lines: &[String]) {
        for line in lines.iter().take(NAMED_IN_LOG) {
            self.session.outbox.log(format!("not read: {line}"));
        }
        if lines.len() > NAMED_IN_LOG {
            self.session.outbox.log(format!("not read: {} more files", lines.len() - NAMED_IN_LOG));
        }
    }

    /// Watches the vault if the client does not, from before the scan on, so that nothing falls between the two. What
    /// clients watch is relative to the folders that they work in, so they do not watch any other.
    fn watch(&mut self) {
        let Some(root) = &self.vault.root else { return };
        let client_watches = self.vault.origin == Origin::Workspace && self.session.features().watches_files;
        if self.watcher.is_some() || client_watches || disk::check_root(root).is_err() {
            return;
        }
        let (session, vault) = (Arc::clone(&self.session), Arc::clone(&self.vault));
        let watcher = Watcher::start(root, move |event| match event {
            WatchEvent::Paths(paths) => vault.send(Errand::Paths(paths)),
            WatchEvent::Everything => vault.rescan(),
            WatchEvent::Failed(error) => session.outbox.warn(format!("vaultls: {}: {error}", vault.name())),
        });
        match watcher {
            Ok(watcher) => self.watcher = Some(watcher),
            Err(error) => self.session.outbox.warn(format!("vaultls: {}: {error}", self.vault.name())),
        }
    }
}

/// Lets others go first from now on, on this thread and those that it starts: when a vault is read, the editor is about to
/// start the rest of itself, and to show what is wrong with the note that is open.
#[cfg(target_os = "linux")]
fn make_way() {
    // If it is not allowed, nothing is lost but time.
    let _ = rustix::process::nice(NICENESS);
}

/// Only Linux knows priorities of single threads that anybody may set.
#[cfg(not(target_os = "linux"))]
fn make_way() {}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn only_threads_that_read_make_way() {
        let priority = || rustix::process::getpriority_process(None).unwrap();
        let own = priority();
        let of_readers = std::thread::scope(|threads| {
            let reader = threads.spawn(|| {
                make_way();
                let started = std::thread::scope(|threads| threads.spawn(priority).join().unwrap());
                (priority(), started)
            });
            reader.join().unwrap()
        });
        assert_eq!(of_readers, (own + NICENESS, own + NICENESS));
        assert_eq!(priority(), own);
    }
}
