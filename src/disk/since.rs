//! Finds what may have changed on disk since a moment without a watcher. Only times are compared, so that
//! unchanged files are not read.

use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use rustc_hash::FxHashSet;

use crate::vault::{VaultPath, in_parts};

use super::ignore_files::IGNORE_FILES;
use super::root::{SETTINGS_FILES, to_disk_path};

/// The coarsest resolution of times in file systems (FAT).
const TIME_STEP: Duration = Duration::from_secs(2);

/// So many files are looked at in less time than it takes to start a thread.
const FEW_FILES: usize = 256;

/// Returns the paths that may have changed since the moment `since`, when the files of the vault were
/// `known`: files written or deleted, and new entries of their folders. Some may be unchanged. Reads the
/// times of each known file and of each folder that holds one or lies in such a folder, on all processors.
pub fn changed_since(
    root: &Path,
    known: impl IntoIterator<Item = VaultPath>,
    since: SystemTime,
) -> Vec<PathBuf> {
    let since = since.checked_sub(TIME_STEP).unwrap_or(SystemTime::UNIX_EPOCH);
    let known: Vec<VaultPath> = known.into_iter().collect();
    let files: FxHashSet<&str> = known.iter().map(VaultPath::as_str).collect();
    let mut folders: FxHashSet<&str> = FxHashSet::from_iter([""]);
    for path in &known {
        for folder in path.folders() {
            if !folders.insert(folder) {
                break;
            }
        }
    }
    let is_newer = |path: &Path| fs::metadata(path).map(|found| found.modified().is_ok_and(|at| at >= since));
    let mut changed = find_in(&known, |path| {
        let file = to_disk_path(root, path);
        is_newer(&file).unwrap_or(true).then_some(file).into_iter().collect()
    });
    let all_folders: Vec<&str> = folders.iter().copied().collect();
    changed.extend(find_in(&all_folders, |folder| {
        let place = VaultPath::resolve("", folder)
            .map_or_else(|_| root.to_path_buf(), |path| to_disk_path(root, &path));
        let rules = IGNORE_FILES.map(|name| place.join(name));
        let mut changed: Vec<PathBuf> =
            rules.into_iter().filter(|file| is_newer(file).unwrap_or(false)).collect();
        let is_newer_folder = is_newer(&place).unwrap_or(true);
        let Ok(entries) = fs::read_dir(&place) else { return changed };
        // Only the time of a folder without known files shows that it has new entries.
        let is_folder = |entry: &fs::DirEntry| entry.file_type().is_ok_and(|kind| kind.is_dir());
        let entries = entries.flatten().filter(|entry| is_newer_folder || is_folder(entry));
        let is_known = |entry: &fs::DirEntry| {
            let name = entry.file_name();
            let Some(name) = name.to_str() else { return false };
            let path = if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") };
            files.contains(&*path) || folders.contains(&*path)
        };
        let unknown = entries.filter(|entry| !is_known(entry)).map(|entry| entry.path());
        changed.extend(unknown.filter(|path| is_newer_folder || is_newer(path).unwrap_or(true)));
        changed
    }));
    let settings = SETTINGS_FILES.map(|name| root.join(name));
    changed.extend(settings.into_iter().filter(|file| is_newer(file).unwrap_or(false)));
    changed
}

/// Returns what `work` finds for each item, in order.
fn find_in<T: Sync>(items: &[T], work: impl Fn(&T) -> Vec<PathBuf> + Sync) -> Vec<PathBuf> {
    let part =
        |part: Range<usize>| items.get(part).unwrap_or_default().iter().flat_map(&work).collect::<Vec<_>>();
    in_parts(items.len(), FEW_FILES, part).concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::disk::SETTINGS_FILE;
    use crate::disk::testing::Folder;

    #[test]
    fn only_what_was_touched_is_named() {
        let long_ago = SystemTime::now() - Duration::from_secs(1000);
        let folder = Folder::new(&[
            ("a.md", ""),
            ("b.md", ""),
            ("deep/c.md", ""),
            ("deep/er/d.md", ""),
            ("deep/er/.gitignore", ""),
        ]);
        let known = || {
            ["a.md", "b.md", "deep/c.md", "deep/er/d.md"].map(|path| VaultPath::resolve("", path).unwrap())
        };
        let rest = |paths: &[&str]| {
            for path in paths {
                fs::File::open(folder.path(path)).unwrap().set_modified(long_ago).unwrap();
            }
        };
        let all = ["a.md", "b.md", "deep/c.md", "deep/er/d.md", "deep/er/.gitignore", "deep/er", "deep", ""];
        let named = || {
            let mut named: Vec<String> = changed_since(&folder.root(), known(), SystemTime::now())
                .iter()
                .map(|path| path.strip_prefix(folder.root()).unwrap().display().to_string())
                .collect();
            named.sort();
            named
        };
        rest(&all);
        assert_eq!(named(), [""; 0]);
        folder.write("b.md", "written");
        fs::remove_file(folder.path("deep/c.md")).unwrap();
        fs::rename(folder.path("a.md"), folder.path("deep/er/new.md")).unwrap();
        fs::create_dir(folder.path("made")).unwrap();
        folder.write("deep/er/.gitignore", "x");
        folder.write(SETTINGS_FILE, "");
        let expected = [
            ".vaultls.toml",
            ".vaultls.toml",
            "a.md",
            "b.md",
            "deep/c.md",
            "deep/er/.gitignore",
            "deep/er/.gitignore",
            "deep/er/new.md",
            "made",
        ];
        assert_eq!(named(), expected);
    }

    #[test]
    fn a_folder_that_held_nothing_is_looked_at_too() {
        let long_ago = SystemTime::now() - Duration::from_secs(1000);
        let folder = Folder::new(&[("deep/a.md", ""), ("deep/empty/.hidden", "")]);
        for path in ["deep/a.md", "deep/empty", "deep", ""] {
            fs::File::open(folder.path(path)).unwrap().set_modified(long_ago).unwrap();
        }
        let known = || VaultPath::resolve("", "deep/a.md");
        assert!(changed_since(&folder.root(), known(), SystemTime::now()).is_empty());
        folder.write("deep/empty/b.md", "");
        assert_eq!(changed_since(&folder.root(), known(), SystemTime::now()), [folder.path("deep/empty")]);
    }
}
