//! Reads the files at the paths that a watcher reports. All paths of one report, however many after a branch
//! switch, are one step; a path may be that of a folder.

use std::collections::HashSet;
use std::fs::{self, FileType};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use rustc_hash::FxHashSet;

use crate::vault::{Cancel, DiskFile, VaultPath};

use super::ignore_files::is_ignore_file;
use super::read::{Unread, UnreadReason};
use super::root::{relative_to_vault_path, without_dots};
use super::rules::{Rules, ScanOptions, SinglePaths};
use super::scan::{Listing, ScanError, vault_root, walk};

/// The current content of the reported paths.
#[derive(Debug)]
pub enum Changed {
    /// All files at and below the paths.
    Files(ChangedFiles),
    /// Other files may belong to the vault now, as an ignore file or the root changed. The vault must be
    /// scanned.
    ScanAgain,
}

/// The files at and below the reported paths.
#[derive(Debug, Default)]
pub struct ChangedFiles {
    /// Each file once, read again, or [`DiskFile::Gone`] if it is gone. In no particular order.
    pub files: Vec<(VaultPath, DiskFile)>,
    /// The files that could not be read. The known content of them remains.
    pub unread: Vec<Unread>,
    /// The folders of the files, and all that were walked, relative to the root.
    pub folders: Vec<PathBuf>,
    /// Followed links to folders, relative to the root.
    pub linked_folders: Vec<PathBuf>,
}

/// Reads the files at the reported paths: files and folders, new, changed or gone, in any order, with
/// duplicates. Scans a folder as a whole, by the rules of a scan.
///
/// `known` returns the files of the vault at some paths and below them, so that those of a deleted folder are
/// reported as gone. It is called once.
///
/// # Errors
///
/// Fails if the vault itself cannot be reached.
pub fn read_changed(
    root: &Path,
    options: &ScanOptions,
    known: &dyn Fn(&[VaultPath]) -> Vec<VaultPath>,
    paths: &[PathBuf],
) -> Result<Changed, ScanError> {
    let real_root = vault_root(root, std::env::home_dir().as_deref())?;
    let rules = Arc::new(Rules::new(real_root, options));
    let mut single_paths = rules.single_paths();
    let mut places = Places { rules: &rules, single_paths: &mut single_paths, sorted: Sorted::default() };
    let mut seen = HashSet::new();
    for path in paths {
        let path = without_dots(path);
        if !seen.contains(&path) && places.sort(root, &path).is_none() {
            return Ok(Changed::ScanAgain);
        }
        seen.insert(path);
    }
    let sorted = places.sorted;
    let expected = known(&sorted.named).into_iter().collect();
    sorted.read(&rules, expected).map(Changed::Files)
}

/// The reported paths by kind.
#[derive(Default)]
struct Sorted {
    folders: HashSet<PathBuf>,
    files: Vec<(VaultPath, PathBuf, FileType)>,
    /// All of them, as they were named.
    named: Vec<VaultPath>,
    unread: Vec<Unread>,
}

struct Places<'a, 'r> {
    rules: &'r Rules,
    single_paths: &'a mut SinglePaths<'r>,
    sorted: Sorted,
}

impl Places<'_, '_> {
    /// Sorts one path. `None` if the vault must be scanned.
    fn sort(&mut self, root: &Path, path: &Path) -> Option<()> {
        let Some(relative) = path.strip_prefix(root).or_else(|_| path.strip_prefix(self.rules.root())).ok()
        else {
            let rules_the_vault = is_ignore_file(path)
                && path
                    .parent()
                    .is_some_and(|folder| root.starts_with(folder) || self.rules.root().starts_with(folder));
            return (!rules_the_vault).then_some(());
        };
        if relative.as_os_str().is_empty() {
            return None;
        }
        let Some(named) = relative_to_vault_path(relative) else {
            if fs::symlink_metadata(path).is_ok() {
                self.unread(relative, UnreadReason::NameNotUtf8);
            }
            return Some(());
        };
        let relative = self.as_on_disk(Path::new(named.as_str()));
        self.sorted.named.push(named);
        if is_ignore_file(&relative) {
            let parent = relative.parent().unwrap_or(Path::new(""));
            let counts = parent.as_os_str().is_empty() || !self.single_paths.leave_out(parent, true);
            return (!counts).then_some(());
        }
        self.look(relative);
        Some(())
    }

    fn look(&mut self, relative: PathBuf) {
        let path = self.rules.root().join(&relative);
        let kind = match fs::metadata(&path) {
            Ok(metadata) => metadata.file_type(),
            Err(error) => {
                if !self.single_paths.leave_out(&relative, false) {
                    self.fail(relative, error);
                }
                return;
            }
        };
        if !self.single_paths.admit(&relative, kind.is_dir()) {
            return;
        }
        if kind.is_dir() {
            self.sorted.folders.insert(path);
        } else if let Some(place) = relative_to_vault_path(&relative) {
            self.sorted.files.push((place, path, kind));
        }
    }

    /// Returns the path with the case that the disk uses. On macOS and Windows a file also exists by its name
    /// in other case, so after a rename of `a.md` to `A.md` both seem to exist.
    fn as_on_disk(&self, relative: &Path) -> PathBuf {
        let real = if cfg!(any(target_os = "macos", windows)) {
            let path = self.rules.root().join(relative);
            let is_link = fs::symlink_metadata(&path).is_ok_and(|metadata| metadata.is_symlink());
            path.canonicalize().ok().filter(|_| !is_link)
        } else {
            None
        };
        let below_root =
            real.and_then(|real| real.strip_prefix(self.rules.root()).map(Path::to_path_buf).ok());
        below_root.unwrap_or_else(|| relative.to_path_buf())
    }

    fn fail(&mut self, relative: PathBuf, error: io::Error) {
        let reason = UnreadReason::Io(error);
        let is_dangling_link = fs::symlink_metadata(self.rules.root().join(&relative)).is_ok();
        if is_dangling_link || reason.may_be_unchanged() {
            self.sorted.unread.push(Unread { path: relative, reason });
        }
    }

    fn unread(&mut self, relative: &Path, reason: UnreadReason) {
        self.sorted.unread.push(Unread { path: relative.to_path_buf(), reason });
    }
}

impl Sorted {
    /// Reads the files; those of the `expected` ones that are not found are gone.
    fn read(self, rules: &Arc<Rules>, expected: FxHashSet<VaultPath>) -> Result<ChangedFiles, ScanError> {
        let cancel = Cancel::new();
        let Sorted { folders, mut files, unread, .. } = self;
        files.retain(|(_, path, _)| !path.ancestors().any(|path| folders.contains(path)));
        // Two names that differ only by case can be one file; see `as_on_disk`.
        files.sort_by(|left, right| left.0.cmp(&right.0));
        files.dedup_by(|left, right| left.0 == right.0);
        let only = (!folders.is_empty()).then_some(folders);
        let mut listing =
            only.map_or_else(|| Ok(Listing::of(rules)), |only| walk(rules, Some(only), &cancel, &|_| ()))?;
        listing.unread.extend(unread);
        files.into_iter().for_each(|(place, _, kind)| listing.add(place, kind));
        let attachments = listing.attachments.iter().map(|path| (path.clone(), DiskFile::Attachment));
        let found = Mutex::new(attachments.collect::<Vec<_>>());
        let failed = listing.read(&listing.notes, &cancel, &|batch, _| {
            found.lock().unwrap_or_else(PoisonError::into_inner).extend(batch);
        })?;
        let mut found = found.into_inner().unwrap_or_else(PoisonError::into_inner);
        found.extend(listing.vanished(expected));
        listing.unread.extend(failed.unread);
        let Listing { unread, folders, linked_folders, .. } = listing;
        Ok(ChangedFiles { folders: with_folders_of(&found, folders), files: found, unread, linked_folders })
    }
}

/// Returns the walked folders and those that the existing files lie in.
fn with_folders_of(files: &[(VaultPath, DiskFile)], walked: Vec<PathBuf>) -> Vec<PathBuf> {
    let existing = files.iter().filter(|(_, file)| !matches!(file, DiskFile::Gone));
    let holding: FxHashSet<&str> = existing.flat_map(|(path, _)| path.folders()).collect();
    walked.into_iter().chain(holding.into_iter().map(PathBuf::from)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    use crate::disk::testing::Folder;

    /// Returns the files at the reported paths, one a line: `= note`, `- attachment`, `x gone`, `! not read`.
    fn changed(folder: &Folder, ignore: &[&str], known: &[&str], paths: &[&str]) -> String {
        let options = ScanOptions { ignore: ignore.iter().map(|glob| (*glob).to_owned()).collect() };
        let paths: Vec<PathBuf> = paths.iter().map(|path| folder.path(path)).collect();
        let known: Vec<VaultPath> =
            known.iter().map(|known| VaultPath::resolve("", known).unwrap()).collect();
        let known = |places: &[VaultPath]| {
            let is_below = |known: &&VaultPath| {
                places.iter().any(|place| Path::new(known.as_str()).starts_with(place.as_str()))
            };
            known.iter().filter(is_below).cloned().collect()
        };
        let changed = match read_changed(&folder.root(), &options, &known, &paths).unwrap() {
            Changed::ScanAgain => return "scan again".to_owned(),
            Changed::Files(changed) => changed,
        };
        let distinct: HashSet<_> = changed.files.iter().map(|(path, _)| path).collect();
        assert_eq!(distinct.len(), changed.files.len(), "a file was named twice");
        let mut lines: Vec<(String, char)> = changed
            .files
            .iter()
            .map(|(path, file)| match file {
                DiskFile::Note(_) => (path.to_string(), '='),
                DiskFile::Attachment => (path.to_string(), '-'),
                DiskFile::Gone => (path.to_string(), 'x'),
                DiskFile::Unread => (path.to_string(), '?'),
            })
            .collect();
        lines.extend(changed.unread.iter().map(|unread| (unread.path.display().to_string(), '!')));
        lines.sort();
        lines.iter().map(|(path, kind)| format!("{kind} {path}")).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn files_come_and_go() {
        let folder = Folder::new(&[("a.md", ""), ("p q.png", ""), ("b/c.md", "")]);
        let known = ["a.md", "gone.md", "gone/d.md", "gone/e/f.md", "goner.md"];
        expect_test::expect![[r#"
            = a.md
            = b/c.md
            x gone.md
            x gone/d.md
            x gone/e/f.md
            - p q.png"#]]
        .assert_eq(&changed(
            &folder,
            &[],
            &known,
            &["a.md", "a.md", "p q.png", "b/c.md", "gone.md", "gone", "never.md", "../outside.md"],
        ));
    }

    #[test]
    fn folders_are_walked_with_what_is_gone_below_them() {
        let folder = Folder::new(&[("a/b/c.md", ""), ("a/d.md", ""), ("a/.hidden/e.md", ""), ("x/y.md", "")]);
        expect_test::expect![[r#"
            = a/b/c.md
            = a/d.md
            x a/old.md"#]]
        .assert_eq(&changed(
            &folder,
            &[],
            &["a/old.md", "a/d.md", "x/z.md"],
            &["a", "a/d.md", "a/b", "a/old.md"],
        ));
    }

    #[test]
    fn a_file_becomes_a_folder_and_back() {
        let folder = Folder::new(&[("a.md/n.md", ""), ("b.md", "")]);
        expect_test::expect![[r#"
            x a.md
            = a.md/n.md
            = b.md
            x b.md/n.md"#]]
        .assert_eq(&changed(&folder, &[], &["a.md", "b.md/n.md"], &["a.md", "b.md"]));
    }

    #[test]
    fn single_paths_follow_the_rules_of_a_scan() {
        let folder = Folder::new(&[
            (".gitignore", "build/\n*.tmp\n"),
            ("a/.gitignore", "*.md\n!keep.md\n"),
            ("build/n.md", ""),
            ("build/deep/n.md", ""),
            ("a/drop.md", ""),
            ("a/keep.md", ""),
            ("a/x.tmp", ""),
            (".obsidian/n.md", ""),
            ("templates/t.md", ""),
            ("templates/deep/t.md", ""),
        ]);
        let paths = [
            "build/n.md",
            "build/deep/n.md",
            "build",
            "build/deep",
            "a/drop.md",
            "a/keep.md",
            "a/x.tmp",
            ".obsidian",
            ".obsidian/n.md",
            "templates/t.md",
            "templates/deep",
            "templates/deep/t.md",
        ];
        assert_eq!(changed(&folder, &["templates/"], &[], &paths), "= a/keep.md");
        assert_eq!(changed(&folder, &["templates/"], &["build/n.md"], &["build/n.md"]), "x build/n.md");
    }

    #[test]
    fn ignore_files_and_the_root_need_a_scan() {
        let folder = Folder::new(&[(".gitignore", "build/\n"), ("a/n.md", ""), ("build/n.md", "")]);
        for path in [".gitignore", "a/.ignore", "", "../.gitignore"] {
            assert_eq!(changed(&folder, &[], &[], &["a/n.md", path]), "scan again", "{path}");
        }
        for path in ["build/.gitignore", ".git/.gitignore", "../other/.gitignore"] {
            assert_eq!(changed(&folder, &[], &[], &["a/n.md", path]), "= a/n.md", "{path}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn links_as_in_a_scan() {
        let folder = Folder::new(&[("a/n.md", ""), ("../outside/o.md", ""), ("../outside/deep/p.md", "")]);
        folder.link("linked", "../outside");
        folder.link("inside", "a");
        folder.link("../outside/up", "../vault");
        folder.link("alias.md", "a/n.md");
        folder.link("dangling.md", "nowhere.md");
        folder.link(".#lock.md", "nowhere");
        expect_test::expect![[r#"
            = alias.md
            ! dangling.md
            x dangling.md
            = linked/deep/p.md
            = linked/o.md"#]]
        .assert_eq(&changed(
            &folder,
            &[],
            &["dangling.md"],
            &[
                "linked/o.md",
                "linked/deep",
                "linked/up",
                "linked/up/a/n.md",
                "inside",
                "inside/n.md",
                "alias.md",
                "dangling.md",
                ".#lock.md",
            ],
        ));
    }

    #[test]
    fn thousands_at_once_are_one_step() {
        let folder = Folder::new(&[]);
        let names: Vec<String> = (0..600).map(|number| format!("{}/{number}.md", number % 7)).collect();
        for name in names.iter().step_by(2) {
            folder.write(name, "text");
        }
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let lines = changed(&folder, &[], &names, &names);
        assert_eq!(lines.lines().filter(|line| line.starts_with("= ")).count(), 300);
        assert_eq!(lines.lines().filter(|line| line.starts_with("x ")).count(), 300);
    }

    #[test]
    fn a_vault_that_is_gone_is_an_error() {
        let folder = Folder::new(&[]);
        fs::remove_dir(folder.root()).unwrap();
        let outcome = read_changed(&folder.root(), &ScanOptions::default(), &|_| Vec::new(), &[]);
        assert!(matches!(outcome, Err(ScanError::Unreachable(_))));
    }

    /// Returns a vault with few different names, so that rules, links and files often interact.
    fn random_folder(files: &[(Vec<&str>, Vec<&str>)], links: &[(Vec<&str>, Vec<&str>)]) -> Folder {
        let folder = Folder::new(&[("../outside/o.md", ""), ("../outside/b/c.md", "")]);
        let try_write = |path: PathBuf, text: &str| {
            // If a file lies where a folder is needed, or the other way round, the file is left out.
            if path.parent().is_some_and(|parent| fs::create_dir_all(parent).is_ok()) && !path.exists() {
                let _ = fs::write(path, text);
            }
        };
        for (path, rules) in files {
            try_write(folder.path(&path.join("/")), &rules.join("\n"));
        }
        #[cfg(unix)]
        for (path, target) in links {
            let path = folder.path(&path.join("/"));
            if path.parent().is_some_and(|parent| fs::create_dir_all(parent).is_ok()) {
                let _ = std::os::unix::fs::symlink(folder.path(&target.join("/")), path);
            }
        }
        folder
    }

    fn all_paths(folder: &Path, depth: usize, into: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            into.push(entry.path());
            if depth > 0 && entry.path().is_dir() {
                all_paths(&entry.path(), depth - 1, into);
            }
        }
    }

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig { cases: 32, ..Default::default() })]

        /// Single paths and scans agree: a path belongs to the vault if and only if a scan finds it.
        #[test]
        fn single_paths_and_scans_agree(
            files in proptest::collection::vec((random_path(), random_rules()), 1..12),
            links in proptest::collection::vec((random_path(), random_target()), 0..3),
            ignore in random_rules(),
        ) {
            let folder = random_folder(&files, &links);
            let options = ScanOptions { ignore: ignore.iter().map(|glob| (*glob).to_owned()).collect() };
            let listing = crate::disk::list(&folder.root(), &options, &Cancel::new(), &|_| ()).unwrap();
            let mut paths = Vec::new();
            all_paths(&folder.root(), 5, &mut paths);
            for path in paths.iter().filter(|path| path.components().count() < 40 && !is_ignore_file(path)) {
                let relative = path.strip_prefix(folder.root()).unwrap();
                let all = listing.notes.iter().chain(&listing.attachments);
                let expected: HashSet<VaultPath> = all
                    .filter(|found| Path::new(found.as_str()).starts_with(relative))
                    .cloned()
                    .collect();
                let outcome = read_changed(&folder.root(), &options, &|_| Vec::new(), std::slice::from_ref(path));
                let Ok(Changed::Files(changed)) = outcome else { panic!("{path:?}: {outcome:?}") };
                let found: HashSet<VaultPath> = changed.files.into_iter().map(|(path, _)| path).collect();
                proptest::prop_assert_eq!(found, expected, "{:?}", relative);
            }
        }
    }

    fn random_path() -> impl proptest::strategy::Strategy<Value = Vec<&'static str>> {
        use proptest::strategy::Strategy;
        let folders = proptest::collection::vec(proptest::sample::select(vec!["a", "b", "x.md", ".c"]), 0..3);
        let file =
            proptest::sample::select(vec!["a.md", "b.md", "c.png", "a", ".gitignore", ".ignore", ".d.md"]);
        (folders, file).prop_map(|(mut path, file)| {
            path.push(file);
            path
        })
    }

    fn random_rules() -> impl proptest::strategy::Strategy<Value = Vec<&'static str>> {
        let rules = ["a", "a/", "/a", "b/*", "!b/a.md", "*.md", "!a.md", "a/**/b.md", "!.c", "c.*", "!a/"];
        proptest::collection::vec(proptest::sample::select(rules.to_vec()), 0..3)
    }

    fn random_target() -> impl proptest::strategy::Strategy<Value = Vec<&'static str>> {
        let targets = [
            vec!["a"],
            vec!["a.md"],
            vec!["b", "a"],
            vec!["."],
            vec![".."],
            vec!["..", "outside"],
            vec!["none"],
        ];
        proptest::sample::select(targets.to_vec())
    }
}
