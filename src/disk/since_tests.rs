//! What a look finds, and that it always leads to the state of a fresh scan.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use proptest::prelude::*;

use super::testing::Folder;
use super::{Changed, Extent, LastLook, SETTINGS_FILE, ScanOptions, list, read_changed};
use crate::vault::{Cancel, DiskFile, VaultPath};

/// A moment after all others, from which only differences of stamps count.
fn far_future() -> SystemTime {
    SystemTime::now() + Duration::from_secs(1 << 30)
}

/// Waits until the file system's clock has moved on, so that the next change has another time.
fn next_tick(folder: &Folder) {
    let probe = folder.path("../probe");
    let time = || {
        fs::write(&probe, "").unwrap();
        probe.metadata().unwrap().modified().unwrap()
    };
    let before = time();
    while time() == before {}
}

/// Vault and look as a server holds them.
struct Model {
    folder: Folder,
    look: LastLook,
    files: BTreeMap<VaultPath, String>,
    /// Whether only stamps count, or recent times as well.
    only_stamps: bool,
}

impl Model {
    fn new(folder: Folder, only_stamps: bool) -> Model {
        let look = LastLook::begin(&folder.root(), SystemTime::now());
        let mut model = Model { folder, look, files: BTreeMap::new(), only_stamps };
        model.scan();
        model
    }

    fn scan(&mut self) {
        self.look = LastLook::begin(&self.folder.root(), SystemTime::now());
        let (files, folders) = fresh(&self.folder);
        self.files = files;
        self.look.add_folders(folders);
        self.settle(Extent::Files);
    }

    /// Takes in what is reported of some paths.
    fn take(&mut self, paths: &[PathBuf]) {
        let known = |places: &[VaultPath]| {
            let is_at = |path: &&VaultPath| {
                places.iter().any(|place| *path == place || path.lies_below(place.as_str()))
            };
            self.files.keys().filter(is_at).cloned().collect()
        };
        match read_changed(&self.folder.root(), &ScanOptions::default(), &known, paths).unwrap() {
            Changed::ScanAgain => self.scan(),
            Changed::Files(changed) => {
                changed.files.into_iter().for_each(|file| take_file(&mut self.files, file));
                self.look.add_folders(changed.folders);
            }
        }
    }

    fn look(&mut self, extent: Extent) -> Vec<PathBuf> {
        let now = if self.only_stamps { far_future() } else { SystemTime::now() };
        let known = || self.files.keys().cloned().collect();
        self.look.look(&self.folder.root(), &known, extent, now)
    }

    /// Looks once and takes in what is found.
    fn settle(&mut self, extent: Extent) {
        let found = self.look(extent);
        if !found.is_empty() {
            self.take(&found);
        }
        if self.only_stamps {
            next_tick(&self.folder);
        }
    }
}

fn take_file(files: &mut BTreeMap<VaultPath, String>, (path, file): (VaultPath, DiskFile)) {
    let content = match file {
        DiskFile::Gone => {
            files.remove(&path);
            return;
        }
        DiskFile::Note(note) => note.text.to_text(),
        DiskFile::Attachment => "an attachment".to_owned(),
        DiskFile::Unread => "unread".to_owned(),
    };
    files.insert(path, content);
}

/// The files and folders that a scan finds.
fn fresh(folder: &Folder) -> (BTreeMap<VaultPath, String>, Vec<PathBuf>) {
    let listing = list(&folder.root(), &ScanOptions::default(), &Cancel::new(), &|_| ()).unwrap();
    let read = std::sync::Mutex::new(Vec::new());
    listing.read(&listing.notes, &Cancel::new(), &|batch, _| read.lock().unwrap().extend(batch)).unwrap();
    let mut files = BTreeMap::new();
    let attachments = listing.attachments.into_iter().map(|path| (path, DiskFile::Attachment));
    let read = read.into_inner().unwrap();
    attachments.chain(read).for_each(|file| take_file(&mut files, file));
    (files, listing.folders)
}

/// What a program does to a vault.
#[derive(Clone, Debug)]
enum Step {
    Write(&'static str),
    Delete(&'static str),
    Move(&'static str, &'static str),
    /// Two places change their contents.
    Swap(&'static str, &'static str),
    MakeFolder(&'static str),
    Link(&'static str, &'static str),
    Rules(&'static str, &'static str),
    /// The look at folders that comes every second.
    Look,
}

const PATHS: [&str; 10] =
    ["a.md", "b.md", "c.png", "d", "d/a.md", "d/b.md", "d/e", "d/e/a.md", "a.md/n.md", "f"];
const TARGETS: [&str; 4] = ["a.md", "../outside", "../outside/o.md", "none"];

fn steps() -> impl Strategy<Value = Vec<(Step, bool)>> {
    let path = || prop::sample::select(&PATHS[..]);
    let rules = prop::sample::select(vec!["", "a.md", "d/", "*.png", "!a.md"]);
    let step = prop_oneof![
        6 => path().prop_map(Step::Write),
        3 => path().prop_map(Step::Delete),
        3 => (path(), path()).prop_map(|(from, to)| Step::Move(from, to)),
        1 => (path(), path()).prop_map(|(one, other)| Step::Swap(one, other)),
        1 => path().prop_map(Step::MakeFolder),
        2 => (path(), prop::sample::select(&TARGETS[..])).prop_map(|(path, target)| Step::Link(path, target)),
        1 => (prop::sample::select(vec![".gitignore", "d/.ignore"]), rules)
            .prop_map(|(file, rules)| Step::Rules(file, rules)),
        2 => Just(Step::Look),
    ];
    prop::collection::vec((step, any::<bool>()), 1..24)
}

/// Does a step, where it is possible; returns the paths of its events.
fn act(folder: &Folder, step: &Step, number: usize) -> Vec<&'static str> {
    let at = |path: &str| folder.path(path);
    let delete = |path: &str| {
        let path = at(path);
        let _ = if path.is_dir() && !path.is_symlink() {
            fs::remove_dir_all(path)
        } else {
            fs::remove_file(path)
        };
    };
    match *step {
        // Each text has a length of its own, as tools that keep size and time are found by neither.
        Step::Write(path) => drop(fs::write(at(path), "x".repeat(number + 1))),
        Step::Delete(path) => delete(path),
        Step::Move(from, to) => drop(fs::rename(at(from), at(to))),
        Step::Swap(one, other) => {
            let _ = fs::rename(at(one), at("../aside"));
            let _ = fs::rename(at(other), at(one));
            let _ = fs::rename(at("../aside"), at(other));
            // What could not be put back would be in the way of the next swap.
            let _ = fs::remove_dir_all(at("../aside"));
            let _ = fs::remove_file(at("../aside"));
        }
        Step::MakeFolder(path) => {
            delete(path);
            let _ = fs::create_dir_all(at(path));
        }
        #[cfg(unix)]
        Step::Link(path, target) => {
            delete(path);
            let _ = std::os::unix::fs::symlink(at(target), at(path));
        }
        #[cfg(not(unix))]
        Step::Link(..) => {}
        Step::Rules(file, rules) => drop(fs::write(at(file), format!("{rules}\n#{}", "x".repeat(number)))),
        Step::Look => {}
    }
    match *step {
        Step::Move(one, other) | Step::Swap(one, other) => vec![one, other],
        Step::Write(path) | Step::Delete(path) | Step::MakeFolder(path) => vec![path],
        Step::Link(path, _) | Step::Rules(path, _) => vec![path],
        Step::Look => vec![],
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, ..Default::default() })]

    /// After any changes, of which some are reported, late and in any order, one look leads to the state that
    /// a fresh scan finds.
    #[test]
    fn a_look_finds_what_no_event_reported(
        steps in steps(),
        only_stamps in any::<bool>(),
        order in any::<prop::sample::Index>(),
    ) {
        let folder = Folder::new(&[
            ("../outside/o.md", "o"), ("../outside/p/q.md", "q"), ("a.md", "a"), ("d/a.md", "da"), ("d/b.md", ""),
        ]);
        let mut model = Model::new(folder, only_stamps);
        let mut reported: Vec<PathBuf> = Vec::new();
        for (number, (step, is_reported)) in steps.iter().enumerate() {
            let touched = act(&model.folder, step, number + 10);
            if *is_reported {
                reported.extend(touched.into_iter().map(|path| model.folder.path(path)));
            }
            if reported.len() > 3 {
                let start = order.index(reported.len());
                reported.rotate_left(start);
                model.take(&std::mem::take(&mut reported));
            }
            if matches!(step, Step::Look) {
                model.settle(Extent::Folders);
            }
        }
        model.settle(Extent::Files);
        prop_assert_eq!(&model.files, &fresh(&model.folder).0);
    }
}

#[test]
fn a_vault_that_is_out_of_reach_for_a_while_is_followed_again() {
    let mut model = Model::new(Folder::new(&[("a.md", "a"), ("d/b.md", "b")]), true);
    let root = model.folder.root();
    let aside = root.with_file_name("aside");
    fs::rename(&root, &aside).unwrap();
    assert!(model.look(Extent::Files).is_empty());
    fs::rename(&aside, &root).unwrap();
    model.folder.write("d/c.md", "c");
    model.settle(Extent::Folders);
    assert_eq!(model.files, fresh(&model.folder).0);
    assert_eq!(model.files.len(), 3);
}

/// Returns what a look finds after a step, when only stamps count.
fn found(extent: Extent, step: impl FnOnce(&Folder)) -> Vec<String> {
    let folder = Folder::new(&[
        ("a.md", ""),
        ("b.md", ""),
        ("deep/c.md", ""),
        ("deep/er/d.md", ""),
        ("deep/er/.gitignore", ""),
        ("empty/.hidden", ""),
    ]);
    let mut model = Model::new(folder, true);
    step(&model.folder);
    let root = model.folder.root();
    let found = model.look(extent);
    let mut found: Vec<String> =
        found.iter().map(|path| path.strip_prefix(&root).unwrap().display().to_string()).collect();
    found.sort();
    found.dedup();
    found
}

#[test]
fn only_what_was_touched_is_named() {
    type Case = (&'static str, fn(&Folder), &'static [&'static str], &'static [&'static str]);
    // What happened, what a look at folders finds, what a look at all files finds.
    let table: [Case; 9] = [
        ("nothing", |_| (), &[], &[]),
        ("written in place", |folder| folder.write("b.md", "written"), &[], &["b.md"]),
        (
            "deleted",
            |folder| fs::remove_file(folder.path("deep/c.md")).unwrap(),
            &["deep/c.md"],
            &["deep/c.md"],
        ),
        (
            "moved",
            |folder| fs::rename(folder.path("a.md"), folder.path("deep/er/new.md")).unwrap(),
            &["a.md", "deep/er/new.md"],
            &["a.md", "deep/er/new.md"],
        ),
        (
            "replaced",
            |folder| {
                folder.write("../new", "new");
                fs::rename(folder.path("../new"), folder.path("b.md")).unwrap();
            },
            &["b.md"],
            &["b.md"],
        ),
        ("a new folder", |folder| fs::create_dir(folder.path("made")).unwrap(), &["made"], &["made"]),
        ("in an empty folder", |folder| folder.write("empty/n.md", ""), &["empty/n.md"], &["empty/n.md"]),
        ("rules", |folder| folder.write("deep/er/.gitignore", "x"), &[], &["deep/er/.gitignore"]),
        ("settings", |folder| folder.write(SETTINGS_FILE, "x"), &[SETTINGS_FILE], &[SETTINGS_FILE]),
    ];
    for (name, step, by_folders, by_files) in table {
        assert_eq!(found(Extent::Folders, step), by_folders, "{name}");
        assert_eq!(found(Extent::Files, step), by_files, "{name}");
    }
}
