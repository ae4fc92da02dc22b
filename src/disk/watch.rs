//! A watcher of a vault for clients that have none. Changes that come together, as after a branch switch, are
//! one batch. If the system loses events, the watcher asks for a scan; it drops nothing silently.

use std::collections::BTreeSet;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use notify::event::ModifyKind;
use notify::{ErrorKind, Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher as _};

use super::ignore_files::is_ignore_file;
use super::root::{OBSIDIAN_FOLDER, SETTINGS_FILES};

/// A batch is reported when nothing has happened for this long,
const QUIET: Duration = Duration::from_millis(20);
/// or when its first event has waited this long.
const LONGEST_WAIT: Duration = Duration::from_millis(200);
/// The pause between two requests for a scan. A scan opens every file, which causes events of its own; if
/// those alone overflow the queue of the system, scans must not follow one another without end.
const SCAN_PAUSE: Duration = Duration::from_secs(5);

/// A report of a watcher.
#[derive(Debug)]
pub enum WatchEvent {
    /// These paths changed, sorted, below the given root. They may be files or folders, new, changed or gone;
    /// see [`read_changed`](super::read_changed).
    Paths(Vec<PathBuf>),
    /// The system lost events: the vault must be scanned.
    Everything,
    /// Some changes may go unnoticed from now on.
    Failed(WatchError),
}

/// Why a folder is not watched, or not as a whole.
#[derive(Debug)]
pub enum WatchError {
    /// The limit of watched folders of this user is reached.
    LimitReached,
    /// Anything else.
    Other(notify::Error),
}

impl fmt::Display for WatchError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            WatchError::LimitReached => f.write_str(
                "the system's limit of watched folders is reached, so changes on disk may go unnoticed \
                 (on Linux, raise fs.inotify.max_user_watches)",
            ),
            WatchError::Other(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for WatchError {}

impl From<notify::Error> for WatchError {
    fn from(error: notify::Error) -> WatchError {
        match error.kind {
            ErrorKind::MaxFilesWatch => WatchError::LimitReached,
            _ => WatchError::Other(error),
        }
    }
}

/// Watches a vault, folders made later included, until it is dropped.
pub struct Watcher {
    system: RecommendedWatcher,
    root: PathBuf,
    names: WatchedFolders,
}

/// The paths of watched folders, the root and linked ones: without links, as the system reports them, and as
/// given.
type WatchedFolders = Arc<Mutex<Vec<(PathBuf, PathBuf)>>>;

/// An event before it is collected into a batch.
enum Signal {
    At(PathBuf),
    Everything,
    Failed(WatchError),
}

impl Watcher {
    /// Watches the vault at `root`. Calls `on_event` on a thread of its own; events wait while it runs.
    /// Reports ignored files, as ignore rules are not evaluated here, but no hidden ones, except those with
    /// settings or ignore rules.
    ///
    /// # Errors
    ///
    /// Fails if the folder cannot be watched at all. If only a part of it can be watched, `on_event` receives
    /// the error.
    pub fn start(
        root: &Path,
        on_event: impl FnMut(WatchEvent) + Send + 'static,
    ) -> Result<Watcher, WatchError> {
        let real = root.canonicalize().map_err(notify::Error::io)?;
        let names: WatchedFolders = Arc::new(Mutex::new(vec![(real.clone(), root.to_path_buf())]));
        let (signals, batch) = channel();
        let limit = signals.clone();
        let root = root.to_path_buf();
        let handler = Handler { root: root.clone(), names: Arc::clone(&names), signals };
        let configuration = notify::Config::default().with_follow_symlinks(false);
        let mut system = RecommendedWatcher::new(move |event| handler.take(event), configuration)
            .map_err(WatchError::from)?;
        std::thread::Builder::new()
            .name("watched files".to_owned())
            .spawn(move || {
                Batcher { signals: batch, on_event, pauses: PAUSES, next_scan: None }.run();
            })
            .map_err(notify::Error::io)?;
        match system.watch(&real, RecursiveMode::Recursive).map_err(WatchError::from) {
            // A part of the vault is watched, which is better than nothing.
            Err(WatchError::LimitReached) => {
                let _ = limit.send(Signal::Failed(WatchError::LimitReached));
            }
            Err(error) => {
                watch_what_can_be_read(&mut system, &real)?;
                let _ = limit.send(Signal::Failed(error));
            }
            Ok(()) => {}
        }
        Ok(Watcher { system, root, names })
    }

    /// Also watches linked folders, given as a scan reports them, in addition to those watched already.
    ///
    /// # Errors
    ///
    /// Fails if one of them cannot be watched; the others are.
    pub fn follow(&mut self, linked_folders: &[PathBuf]) -> Result<(), WatchError> {
        let mut outcome = Ok(());
        for link in linked_folders.iter().map(|link| self.root.join(link)) {
            let Ok(real) = link.canonicalize() else { continue };
            let (is_new_name, is_new_folder) = {
                let mut names = self.names.lock().unwrap_or_else(PoisonError::into_inner);
                let is_new_folder = names.iter().all(|(known, _)| *known != real);
                let is_new_name = !names.contains(&(real.clone(), link.clone()));
                if is_new_name {
                    names.push((real.clone(), link));
                }
                (is_new_name, is_new_folder)
            };
            if is_new_name && is_new_folder {
                outcome = outcome.and(self.system.watch(&real, RecursiveMode::Recursive));
            }
        }
        outcome.map_err(WatchError::from)
    }
}

/// Returns whether a change of this file can change the settings of the vault at `root`.
pub fn holds_settings(root: &Path, path: &Path) -> bool {
    path.strip_prefix(root).is_ok_and(|relative| {
        let names = SETTINGS_FILES.into_iter().chain([OBSIDIAN_FOLDER]);
        names.into_iter().any(|name| relative == Path::new(name))
    })
}

/// Watches the readable parts of a folder. New folders are noticed only below those that are readable as a
/// whole.
fn watch_what_can_be_read(system: &mut RecommendedWatcher, folder: &Path) -> Result<(), WatchError> {
    system.watch(folder, RecursiveMode::NonRecursive)?;
    let entries = std::fs::read_dir(folder).map_err(notify::Error::io)?;
    let is_folder = |entry: &std::fs::DirEntry| entry.file_type().is_ok_and(|kind| kind.is_dir());
    for folder in entries.flatten().filter(is_folder).map(|entry| entry.path()) {
        if system.watch(&folder, RecursiveMode::Recursive).is_err() {
            // A folder that cannot be read at all is left out.
            let _ = watch_what_can_be_read(system, &folder);
        }
    }
    Ok(())
}

/// Filters events on the system's thread.
struct Handler {
    root: PathBuf,
    names: WatchedFolders,
    signals: Sender<Signal>,
}

impl Handler {
    fn take(&self, event: notify::Result<Event>) {
        match event {
            Err(error) => self.send(Signal::Failed(error.into())),
            Ok(event) if event.need_rescan() => self.send(Signal::Everything),
            Ok(event) if changes_content(event.kind) => {
                let names = self.names.lock().unwrap_or_else(PoisonError::into_inner);
                for path in &event.paths {
                    for reported in names
                        .iter()
                        .filter_map(|(real, reported)| Some(reported.join(path.strip_prefix(real).ok()?)))
                    {
                        if is_relevant(&self.root, &reported) {
                            self.send(Signal::At(reported));
                        }
                    }
                }
            }
            Ok(_) => {}
        }
    }

    fn send(&self, signals: Signal) {
        // The receiver is gone only while the watcher is dropped.
        let _ = self.signals.send(signals);
    }
}

/// Returns whether an event may change content. Reads, including those of this process, and changes of
/// permissions do not.
fn changes_content(kind: EventKind) -> bool {
    !matches!(kind, EventKind::Access(_) | EventKind::Modify(ModifyKind::Metadata(_)))
}

fn is_relevant(root: &Path, path: &Path) -> bool {
    let Ok(relative) = path.strip_prefix(root) else { return false };
    let is_hidden =
        |path: &Path| path.components().any(|name| name.as_os_str().as_encoded_bytes().starts_with(b"."));
    !is_hidden(relative)
        || holds_settings(root, path)
        || (is_ignore_file(relative) && !relative.parent().is_some_and(is_hidden))
}

/// How long a batch of events stays open.
#[derive(Clone, Copy, Debug)]
struct Pauses {
    quiet: Duration,
    longest_wait: Duration,
    scan: Duration,
}

const PAUSES: Pauses = Pauses { quiet: QUIET, longest_wait: LONGEST_WAIT, scan: SCAN_PAUSE };

/// Collects events into batches, on its own thread.
struct Batcher<F> {
    signals: Receiver<Signal>,
    on_event: F,
    pauses: Pauses,
    /// The time before which no further scan is requested.
    next_scan: Option<Instant>,
}

#[derive(Default)]
struct Batch {
    paths: BTreeSet<PathBuf>,
    needs_scan: bool,
    failures: Vec<WatchError>,
}

impl Batch {
    fn add(&mut self, signals: Signal) {
        match signals {
            Signal::At(path) => {
                self.paths.insert(path);
            }
            Signal::Everything => self.needs_scan = true,
            Signal::Failed(error) => self.failures.push(error),
        }
    }
}

impl<F: FnMut(WatchEvent)> Batcher<F> {
    fn run(mut self) {
        while let Ok(first) = self.signals.recv() {
            let Some(batch) = self.batch(first) else { return };
            for failure in batch.failures {
                (self.on_event)(WatchEvent::Failed(failure));
            }
            if batch.needs_scan {
                self.next_scan = Some(Instant::now() + self.pauses.scan);
                (self.on_event)(WatchEvent::Everything);
            } else if !batch.paths.is_empty() {
                (self.on_event)(WatchEvent::Paths(batch.paths.into_iter().collect()));
            }
        }
    }

    /// Returns one batch; `None` if the watcher was dropped meanwhile.
    fn batch(&self, first: Signal) -> Option<Batch> {
        let mut batch = Batch::default();
        let mut latest = Instant::now() + self.pauses.longest_wait;
        batch.add(first);
        loop {
            let now = Instant::now();
            let mut wait = self.pauses.quiet.min(latest.saturating_duration_since(now));
            if batch.needs_scan
                && let Some(next_scan) = self.next_scan.filter(|next_scan| *next_scan > now)
            {
                latest = next_scan;
                wait = next_scan - now;
            }
            match self.signals.recv_timeout(wait) {
                Ok(signals) => batch.add(signals),
                Err(RecvTimeoutError::Timeout) => return Some(batch),
                Err(RecvTimeoutError::Disconnected) => return None,
            }
            if Instant::now() >= latest {
                return Some(batch);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    use crate::disk::testing::Folder;

    /// The longest time that a test waits for an event.
    const PATIENCE: Duration = Duration::from_secs(20);

    fn watch(folder: &Folder) -> (Watcher, Receiver<WatchEvent>) {
        let (reported, events) = channel();
        let watcher = Watcher::start(&folder.root(), move |event| {
            let _ = reported.send(event);
        })
        .unwrap();
        (watcher, events)
    }

    /// Waits until all these paths are reported; returns all paths reported meanwhile.
    fn wait_for(folder: &Folder, events: &Receiver<WatchEvent>, places: &[&str]) -> BTreeSet<PathBuf> {
        let mut reported = BTreeSet::new();
        while !places.iter().all(|place| reported.contains(&folder.path(place))) {
            match events.recv_timeout(PATIENCE).unwrap_or_else(|_| panic!("{places:?} of {reported:?}")) {
                WatchEvent::Paths(paths) => reported.extend(paths),
                other => panic!("{other:?}"),
            }
        }
        reported
    }

    #[test]
    fn created_changed_moved_and_deleted_files_are_reported() {
        let folder = Folder::new(&[("old.md", "")]);
        let (_watcher, events) = watch(&folder);
        folder.write("new.md", "");
        wait_for(&folder, &events, &["new.md"]);
        folder.write("old.md", "changed");
        wait_for(&folder, &events, &["old.md"]);
        fs::rename(folder.path("old.md"), folder.path("moved.md")).unwrap();
        wait_for(&folder, &events, &["old.md", "moved.md"]);
        fs::remove_file(folder.path("new.md")).unwrap();
        wait_for(&folder, &events, &["new.md"]);
    }

    #[test]
    fn new_folders_are_watched() {
        let folder = Folder::new(&[]);
        let (_watcher, events) = watch(&folder);
        fs::create_dir(folder.path("later")).unwrap();
        wait_for(&folder, &events, &["later"]);
        folder.write("later/n.md", "");
        wait_for(&folder, &events, &["later/n.md"]);
    }

    #[test]
    fn hidden_files_and_reads_are_not_reported() {
        let folder = Folder::new(&[(".git/HEAD", ""), ("read.md", ""), ("later/n.md", "")]);
        let (_watcher, events) = watch(&folder);
        folder.write(".git/index", "");
        folder.write(".git/.gitignore", "");
        folder.write(".hidden.md", "");
        fs::read(folder.path("read.md")).unwrap();
        folder.write(".vaultls.toml", "");
        folder.write(".obsidian/app.json", "{}");
        folder.write(".gitignore", "");
        folder.write("last.md", "");
        let reported = wait_for(&folder, &events, &[".vaultls.toml", ".obsidian", ".gitignore", "last.md"]);
        let unwanted = [".git", ".git/index", ".git/.gitignore", ".hidden.md", "read.md"];
        assert!(unwanted.iter().all(|path| !reported.contains(&folder.path(path))), "{reported:?}");
    }

    #[cfg(unix)]
    #[test]
    fn linked_folders_are_reported_by_the_names_of_their_links() {
        let folder = Folder::new(&[("../outside/o.md", "")]);
        folder.link("linked", "../outside");
        folder.link("again", "../outside");
        let (mut watcher, events) = watch(&folder);
        watcher.follow(&["linked".into(), "again".into(), "vanished".into()]).unwrap();
        watcher.follow(&["linked".into()]).unwrap();
        folder.write("../outside/o.md", "changed");
        wait_for(&folder, &events, &["linked/o.md", "again/o.md"]);
    }

    #[test]
    fn a_missing_folder_cannot_be_watched() {
        let folder = Folder::new(&[]);
        assert!(Watcher::start(&folder.path("none"), |_| {}).is_err());
    }

    /// Starts the collector without a system watcher.
    fn batcher(
        pauses: Pauses,
        reported: impl IntoIterator<Item = Signal>,
    ) -> (Sender<Signal>, Receiver<WatchEvent>) {
        let (signals, batch) = channel();
        reported.into_iter().for_each(|one| signals.send(one).unwrap());
        let (reported, events) = channel();
        let on_event = move |event| {
            let _ = reported.send(event);
        };
        std::thread::spawn(move || Batcher { signals: batch, on_event, pauses, next_scan: None }.run());
        (signals, events)
    }

    #[test]
    fn simultaneous_changes_are_one_batch() {
        let numbers = (0..5000).chain(0..5000);
        let pauses = Pauses { longest_wait: PATIENCE, ..PAUSES };
        let (_news, events) =
            batcher(pauses, numbers.map(|number| Signal::At(format!("{number}.md").into())));
        match events.recv_timeout(PATIENCE) {
            Ok(WatchEvent::Paths(batch)) => assert_eq!(batch.len(), 5000),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_steady_trickle_is_reported_in_time() {
        let (signals, events) = batcher(Pauses { quiet: PATIENCE, ..PAUSES }, []);
        let pieces = PATIENCE.as_millis();
        let is_reported = (0..pieces).any(|number| {
            signals.send(Signal::At(format!("{number}.md").into())).unwrap();
            events.recv_timeout(Duration::from_millis(1)).is_ok()
        });
        assert!(is_reported, "nothing was reported while things kept happening");
    }

    #[test]
    fn lost_events_request_scans_at_intervals() {
        let (signals, events) =
            batcher(Pauses { scan: PATIENCE, ..PAUSES }, [Signal::At("a.md".into()), Signal::Everything]);
        assert!(matches!(events.recv_timeout(PATIENCE), Ok(WatchEvent::Everything)));
        signals.send(Signal::Everything).unwrap();
        assert_eq!(events.recv_timeout(5 * QUIET).unwrap_err(), RecvTimeoutError::Timeout);

        let (signals, events) = batcher(Pauses { scan: QUIET, ..PAUSES }, [Signal::Everything]);
        assert!(matches!(events.recv_timeout(PATIENCE), Ok(WatchEvent::Everything)));
        signals.send(Signal::Everything).unwrap();
        assert!(matches!(events.recv_timeout(PATIENCE), Ok(WatchEvent::Everything)));
    }

    #[test]
    fn a_reached_limit_says_what_to_do() {
        let error = WatchError::from(notify::Error::new(ErrorKind::MaxFilesWatch));
        assert!(error.to_string().contains("max_user_watches"));
    }
}
