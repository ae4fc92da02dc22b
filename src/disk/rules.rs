//! The rules by which files belong to a vault, for scans and single paths alike; see [`super`].

use std::collections::{HashMap, HashSet};
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use ignore::gitignore::{Gitignore, GitignoreBuilder};
use ignore::{DirEntry, WalkBuilder};

use crate::config::Settings;
use crate::vault::{VaultPath, site_marker};

use super::ignore_files::IgnoreFiles;
use super::read::{Unread, UnreadReason};
use super::root::{is_too_wide, relative_to_vault_path};
use super::write::is_left_behind;

/// Options of a scan.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ScanOptions {
    /// Globs as in `.gitignore`, relative to the root, of excluded files.
    pub ignore: Vec<String>,
}

impl From<&Settings> for ScanOptions {
    fn from(settings: &Settings) -> ScanOptions {
        ScanOptions { ignore: settings.ignored_files.clone() }
    }
}

/// Returns the invalid globs with the reasons.
pub(super) fn invalid_globs(globs: &[String]) -> Vec<(String, String)> {
    compile(Path::new(""), globs).1
}

fn compile(root: &Path, globs: &[String]) -> (Gitignore, Vec<(String, String)>) {
    let mut builder = GitignoreBuilder::new(root);
    let mut bad = Vec::new();
    for glob in globs {
        if let Err(error) = builder.add_line(None, glob) {
            bad.push((glob.clone(), error.to_string()));
        }
    }
    let compiled = builder.build().unwrap_or_else(|error| {
        bad.push((globs.join(", "), error.to_string()));
        Gitignore::empty()
    });
    (compiled, bad)
}

/// The rules of one vault, for one scan. Ignore files are read anew each time, so they are never stale.
pub(super) struct Rules {
    /// The root without links. Every checked path lies below it.
    root: PathBuf,
    globs: Gitignore,
    ignore_files: IgnoreFiles,
    /// Folders that were found and not entered.
    refused: Mutex<Vec<Unread>>,
    /// Files that were found and that a write left behind.
    left_behind: Mutex<Vec<PathBuf>>,
    /// Hidden folders that were found, with the configuration of a generator of sites.
    site_folders: Mutex<Vec<PathBuf>>,
}

/// The hidden folders in which generators of sites have their configuration (VitePress).
const SITE_FOLDERS: [&str; 1] = [".vitepress"];

impl Rules {
    /// Creates the rules of the vault at `root`, which must be free of links.
    pub(super) fn new(root: PathBuf, options: &ScanOptions) -> Rules {
        // Invalid globs are reported where the settings are read.
        let (globs, _) = compile(&root, &options.ignore);
        let ignore_files = IgnoreFiles::new(&root);
        Rules {
            root,
            globs,
            ignore_files,
            refused: Mutex::default(),
            left_behind: Mutex::default(),
            site_folders: Mutex::default(),
        }
    }

    /// Returns the root without links.
    pub(super) fn root(&self) -> &Path {
        &self.root
    }

    /// Returns the folders that belong to the vault and were not entered since the last call, and the ignore
    /// files in which something is wrong.
    pub(super) fn take_refused(&self) -> Vec<Unread> {
        let mut refused = std::mem::take(&mut *self.refused.lock().unwrap_or_else(PoisonError::into_inner));
        refused.extend(self.ignore_files.take_faults());
        refused
    }

    /// Returns the files that a write left behind and that were found since the last call.
    pub(super) fn take_left_behind(&self) -> Vec<PathBuf> {
        std::mem::take(&mut *self.left_behind.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Returns the configuration files of sites in hidden folders that were found since the last call.
    /// Nothing else in such a folder belongs to the vault.
    pub(super) fn take_site_markers(&self) -> Vec<VaultPath> {
        let folders = std::mem::take(&mut *self.site_folders.lock().unwrap_or_else(PoisonError::into_inner));
        let folders = folders.iter().flat_map(|folder| [folder.clone(), folder.join("config")]);
        let files = folders.filter_map(|folder| fs::read_dir(folder).ok()).flatten().flatten();
        let files = files.filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_file()));
        let paths = files.filter_map(|entry| relative_to_vault_path(&self.relative(&entry.path())));
        paths.filter(|path| site_marker(path).is_some()).collect()
    }

    /// Builds a walk of the vault by these rules, or of `only` these folders and everything below them.
    pub(super) fn walker(self: &Arc<Self>, only: Option<Arc<Subtrees>>) -> WalkBuilder {
        let mut builder = WalkBuilder::new(&self.root);
        // All that is left out is left out by `admits`.
        builder.standard_filters(false).follow_links(true);
        let rules = Arc::clone(self);
        builder.filter_entry(move |entry| rules.admits(entry, only.as_deref()));
        builder
    }

    /// Returns the rules for single paths.
    pub(super) fn single_paths(&self) -> SinglePaths<'_> {
        SinglePaths { rules: self, reached: HashMap::new() }
    }

    fn admits(&self, entry: &DirEntry, only: Option<&Subtrees>) -> bool {
        if entry.depth() == 0 {
            return true;
        }
        let is_folder = entry.file_type().is_some_and(|kind| kind.is_dir());
        if only.is_some_and(|only| !only.holds(entry.path())) {
            return false;
        }
        if self.leaves_out(entry.path(), entry.file_name(), is_folder) {
            if is_folder && SITE_FOLDERS.iter().any(|name| entry.file_name() == *name) {
                let folder = entry.path().to_path_buf();
                self.site_folders.lock().unwrap_or_else(PoisonError::into_inner).push(folder);
            }
            if !is_folder && is_left_behind(entry.path()) {
                let file = entry.path().to_path_buf();
                self.left_behind.lock().unwrap_or_else(PoisonError::into_inner).push(file);
            }
            return false;
        }
        match self.reason_to_skip(entry, is_folder) {
            None => true,
            Some(reason) => {
                let unread = Unread { path: self.relative(entry.path()), reason };
                self.refused.lock().unwrap_or_else(PoisonError::into_inner).push(unread);
                false
            }
        }
    }

    /// Returns the reason not to enter a folder that belongs to the vault.
    fn reason_to_skip(&self, entry: &DirEntry, is_folder: bool) -> Option<UnreadReason> {
        if !is_folder {
            None
        } else if entry.file_name().to_str().is_none() {
            Some(UnreadReason::NameNotUtf8)
        } else if entry.path_is_symlink() && !self.follows(entry.path()) {
            Some(UnreadReason::LinkNotFollowed)
        } else {
            None
        }
    }

    /// Returns whether a hidden name, the globs of the options or an ignore file exclude one path, without
    /// regard to its parents.
    fn leaves_out(&self, path: &Path, name: &OsStr, is_folder: bool) -> bool {
        name.as_encoded_bytes().starts_with(b".")
            || self.globs.matched(path, is_folder).is_ignore()
            || self.ignore_files.leave_out(path, is_folder)
    }

    /// Returns whether a link to a folder is followed; see [`super`].
    fn follows(&self, link: &Path) -> bool {
        let parent = link.parent().and_then(|parent| parent.canonicalize().ok());
        match (parent, link.canonicalize()) {
            (Some(parent), Ok(target)) => {
                parent.starts_with(&self.root)
                    && !target.starts_with(&self.root)
                    && !self.root.starts_with(&target)
                    && !is_too_wide(&target, std::env::home_dir().as_deref())
            }
            _ => false,
        }
    }

    /// Returns a path relative to the root.
    pub(super) fn relative(&self, path: &Path) -> PathBuf {
        path.strip_prefix(&self.root).unwrap_or(path).to_path_buf()
    }
}

/// The rules for paths that no walk has found. Links of a folder are read once, for the first path that needs
/// them.
pub(super) struct SinglePaths<'a> {
    rules: &'a Rules,
    /// Whether links let a walk reach these folders, relative to the root.
    reached: HashMap<PathBuf, bool>,
}

impl SinglePaths<'_> {
    /// Returns whether a walk reaches `relative`, an existing path below the root.
    pub(super) fn admit(&mut self, relative: &Path, is_folder: bool) -> bool {
        let folder = if is_folder { Some(relative) } else { relative.parent() };
        !self.leave_out(relative, is_folder) && folder.is_none_or(|folder| self.links_are_followed(folder))
    }

    /// Returns whether a name, glob or ignore file excludes `relative` or a folder around it.
    pub(super) fn leave_out(&mut self, relative: &Path, is_folder: bool) -> bool {
        let mut around: Vec<&Path> =
            relative.ancestors().filter(|path| !path.as_os_str().is_empty()).collect();
        // From the root downwards, so that ignore files in excluded folders are not read.
        around.reverse();
        around.into_iter().any(|path| {
            let name = path.file_name().unwrap_or_default();
            self.rules.leaves_out(&self.rules.root.join(path), name, is_folder || path != relative)
        })
    }

    fn links_are_followed(&mut self, folder: &Path) -> bool {
        let Some(parent) = folder.parent() else { return true };
        if let Some(known) = self.reached.get(folder) {
            return *known;
        }
        let path = self.rules.root.join(folder);
        let is_link = fs::symlink_metadata(&path).is_ok_and(|metadata| metadata.is_symlink());
        let is_reached = (!is_link || self.rules.follows(&path)) && self.links_are_followed(parent);
        self.reached.insert(folder.to_path_buf(), is_reached);
        is_reached
    }
}

/// Some folders, with everything below them and the folders above them.
pub(super) struct Subtrees {
    folders: HashSet<PathBuf>,
    ways: HashSet<PathBuf>,
}

impl Subtrees {
    /// Takes the folders as absolute paths below the root of the walk.
    pub(super) fn new(folders: HashSet<PathBuf>) -> Subtrees {
        let ways =
            folders.iter().flat_map(|folder| folder.ancestors().skip(1)).map(Path::to_path_buf).collect();
        Subtrees { folders, ways }
    }

    /// Returns whether a walk to the folders and through them visits `path`.
    pub(super) fn holds(&self, path: &Path) -> bool {
        self.ways.contains(path) || path.ancestors().any(|path| self.folders.contains(path))
    }
}
