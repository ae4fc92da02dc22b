//! The `.gitignore` and `.ignore` files of a vault. They are read here and not by the `ignore` crate, which
//! would wait for a pipe and read a device without end.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use ignore::Match;
use ignore::gitignore::{Gitignore, GitignoreBuilder};

use super::open::read_small_bytes;
use super::read::{Unread, UnreadReason};
use super::root::repository_of;

/// The names of ignore files; rules of a later one override those of an earlier one.
pub(super) const IGNORE_FILES: [&str; 2] = [".gitignore", ".ignore"];

/// The size up to which an ignore file is read, in bytes. Compiling so many rules takes a tenth of a second.
pub(super) const MAX_IGNORE_FILE_BYTES: u64 = 256 << 10;

/// Returns whether a file is an ignore file, a change of which can add other files to the vault or exclude
/// them.
pub(super) fn is_ignore_file(path: &Path) -> bool {
    path.file_name().is_some_and(|name| IGNORE_FILES.iter().any(|known| name == *known))
}

/// The ignore files of one vault. Each is read once, for the first path that needs it.
pub(super) struct IgnoreFiles {
    root: PathBuf,
    /// Those between the vault and the root of its repository, the innermost last.
    above: Vec<Gitignore>,
    folders: RwLock<HashMap<PathBuf, Arc<FolderRules>>>,
    faults: Mutex<Vec<Unread>>,
}

/// The rules of a folder, and of those around it.
#[derive(Default)]
struct FolderRules {
    /// In the order of [`IGNORE_FILES`].
    own: [Option<Gitignore>; 2],
    around: Option<Arc<FolderRules>>,
}

impl IgnoreFiles {
    /// Creates the rules of the vault at `root`, which must be free of links.
    pub(super) fn new(root: &Path) -> IgnoreFiles {
        let mut above = Vec::new();
        if let Some(repository) = repository_of(root) {
            let folders = root.ancestors().skip(1).take_while(|folder| folder.starts_with(repository));
            let mut folders: Vec<&Path> = folders.collect();
            folders.reverse();
            // Invalid rules in a file outside of the vault are not reported.
            let read = |(folder, name): (&Path, &str)| read_rules(folder, name).0;
            let files = folders.into_iter().flat_map(|folder| IGNORE_FILES.map(|name| (folder, name)));
            above = files.filter_map(read).collect();
            if above.iter().any(|rules| rules.matched_path_or_any_parents(root, true).is_ignore()) {
                above.clear();
            }
        }
        IgnoreFiles { root: root.to_path_buf(), above, folders: RwLock::default(), faults: Mutex::default() }
    }

    /// Returns whether the rules exclude a path below the root, without regard to the folders around it. As
    /// in git and ripgrep, the innermost file decides, and a `.ignore` before any `.gitignore`.
    pub(super) fn leave_out(&self, path: &Path, is_folder: bool) -> bool {
        let Some(folder) = path.parent() else { return false };
        let rules = self.of_folder(folder);
        let [git, other] = [0, 1].map(|kind| {
            let around = std::iter::successors(Some(&*rules), |rules| rules.around.as_deref());
            let files = around.filter_map(|rules| rules.own.get(kind)?.as_ref());
            first_match(files, path, is_folder)
        });
        let above = first_match(self.above.iter().rev(), path, is_folder);
        other.or(git).or(above).is_ignore()
    }

    /// Returns what is wrong in the files that were read since the last call.
    pub(super) fn take_faults(&self) -> Vec<Unread> {
        std::mem::take(&mut *self.faults.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn of_folder(&self, folder: &Path) -> Arc<FolderRules> {
        let known = self.folders.read().unwrap_or_else(PoisonError::into_inner).get(folder).map(Arc::clone);
        if let Some(known) = known {
            return known;
        }
        let parent = folder.parent().filter(|_| folder != self.root && folder.starts_with(&self.root));
        let around = parent.map(|parent| self.of_folder(parent));
        // Another thread may read the same files meanwhile; what is wrong in them is reported by the first.
        let read = IGNORE_FILES.map(|name| (name, read_rules(folder, name)));
        let mut folders = self.folders.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = folders.get(folder) {
            return Arc::clone(known);
        }
        let mut faults = self.faults.lock().unwrap_or_else(PoisonError::into_inner);
        let own = read.map(|(name, (rules, wrong))| {
            let path = folder.join(name);
            let path = path.strip_prefix(&self.root).unwrap_or(&path).to_path_buf();
            faults.extend(wrong.map(|why| Unread { path, reason: UnreadReason::IgnoreRules(why) }));
            rules
        });
        let rules = match around {
            Some(around) if own.iter().all(Option::is_none) => around,
            around => Arc::new(FolderRules { own, around }),
        };
        folders.insert(folder.to_path_buf(), Arc::clone(&rules));
        rules
    }
}

fn first_match<'a>(files: impl Iterator<Item = &'a Gitignore>, path: &Path, is_folder: bool) -> Match<()> {
    let mut matches = files.map(|rules| rules.matched(path, is_folder).map(|_| ()));
    matches.find(|found| !found.is_none()).unwrap_or(Match::None)
}

/// Returns the rules of an ignore file, if there are any, and what is wrong in it.
fn read_rules(folder: &Path, name: &str) -> (Option<Gitignore>, Option<String>) {
    let bytes = match read_small_bytes(&folder.join(name), MAX_IGNORE_FILE_BYTES) {
        Ok(Some(bytes)) => bytes,
        Ok(None) => return (None, None),
        Err(why) => return (None, Some(format!("{why}, so none of its rules apply"))),
    };
    let mut builder = GitignoreBuilder::new(folder);
    let mut wrong = None;
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&bytes);
    for (index, line) in bytes.split(|byte| *byte == b'\n').enumerate() {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let outcome = match std::str::from_utf8(line) {
            Ok(line) => builder.add_line(None, line).map_err(|error| error.to_string()).err(),
            Err(_) => Some("not UTF-8".to_owned()),
        };
        if let (Some(why), None) = (outcome, &wrong) {
            wrong = Some(format!("line {}: {why}", index + 1));
        }
    }
    match builder.build() {
        Ok(rules) => (Some(rules).filter(|rules| !rules.is_empty()), wrong),
        Err(error) => (None, Some(format!("{error}, so none of its rules apply"))),
    }
}
