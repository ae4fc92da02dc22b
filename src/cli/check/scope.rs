//! The vaults to check, and the part of each.

use std::path::{Path, PathBuf};

use crate::cli::root::{prefix, root_of};
use crate::vault::VaultPath;

/// A vault to check, or some files and folders of it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct VaultScope {
    /// Its folder, with symbolic links resolved.
    pub(super) root: PathBuf,
    /// The path from the current folder to the vault: empty, or ending with `/`.
    pub(super) prefix: String,
    /// Files and folders of the vault; `None` for all of it.
    only: Option<Vec<String>>,
}

/// Returns the vaults of some paths, each once, in the order of the paths.
pub(super) fn group(paths: &[PathBuf]) -> Result<Vec<VaultScope>, String> {
    let here = std::env::current_dir().and_then(|here| here.canonicalize()).ok();
    let mut scopes: Vec<VaultScope> = Vec::new();
    for path in paths {
        let real = path.canonicalize().map_err(|error| format!("{}: {error}", path.display()))?;
        let root = root_of(&real);
        let within = real.strip_prefix(&root).unwrap_or(Path::new(""));
        let within = match within.to_str() {
            Some(within) => within.replace(std::path::MAIN_SEPARATOR, "/"),
            None => return Err(format!("{}: the path is not UTF-8", path.display())),
        };
        let only = (!within.is_empty()).then(|| vec![within]);
        match scopes.iter_mut().find(|scope| scope.root == root) {
            Some(known) => {
                known.only = known.only.take().zip(only).map(|(known, more)| [known, more].concat());
            }
            None => scopes.push(VaultScope { prefix: prefix(here.as_deref(), &root), root, only }),
        }
    }
    Ok(scopes)
}

impl VaultScope {
    /// Whether a file is checked.
    pub(super) fn holds(&self, path: &VaultPath) -> bool {
        self.only.as_ref().is_none_or(|only| only.iter().any(|asked| lies_in(path.as_str(), asked)))
    }

    /// Whether a problem at `path` may hide a file to check: `path` is such a file, or a folder that contains
    /// one.
    pub(super) fn reaches(&self, path: &str) -> bool {
        let only = self.only.as_ref();
        only.is_none_or(|only| only.iter().any(|asked| lies_in(path, asked) || lies_in(asked, path)))
    }

    /// Returns the requested paths that contain no note.
    pub(super) fn paths_without<'a, I>(&self, files: impl Fn() -> I) -> impl Iterator<Item = &String>
    where
        I: Iterator<Item = &'a VaultPath>,
    {
        let asked = self.only.iter().flatten();
        asked.filter(move |asked| !files().any(|path| path.is_note() && lies_in(path.as_str(), asked)))
    }

    /// Returns a path of the vault from the current folder.
    pub(super) fn shown(&self, path: &str) -> String {
        format!("{}{path}", self.prefix)
    }
}

/// Whether `path` is `folder` or a path in it.
fn lies_in(path: &str, folder: &str) -> bool {
    path.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn paths_of_one_vault_are_checked_together() {
        let folder = tempfile::tempdir().unwrap();
        let base = folder.path().canonicalize().unwrap();
        fs::create_dir_all(base.join("vault/.obsidian")).unwrap();
        fs::create_dir_all(base.join("vault/a/b")).unwrap();
        fs::create_dir_all(base.join("plain/c")).unwrap();
        fs::write(base.join("plain/n.md"), "").unwrap();
        let paths = |names: &[&str]| -> Vec<PathBuf> { names.iter().map(|name| base.join(name)).collect() };
        let grouped = |names: &[&str]| -> Vec<(PathBuf, Option<Vec<String>>)> {
            let scopes = group(&paths(names)).unwrap();
            scopes.into_iter().map(|scope| (scope.root, scope.only)).collect()
        };
        assert_eq!(
            grouped(&["vault/a/b", "plain", "vault/a"]),
            [(base.join("vault"), Some(vec!["a/b".to_owned(), "a".to_owned()])), (base.join("plain"), None)]
        );
        assert_eq!(grouped(&["vault/a", "vault"]), [(base.join("vault"), None)]);
        assert_eq!(grouped(&["plain/n.md"]), [(base.join("plain"), Some(vec!["n.md".to_owned()]))]);
        assert_eq!(grouped(&["plain/c"]), [(base.join("plain/c"), None)]);
        assert!(group(&paths(&["nowhere"])).is_err());
    }

    #[test]
    fn a_folder_contains_its_files_and_no_path_with_the_same_start() {
        let scope =
            VaultScope { root: PathBuf::new(), prefix: String::new(), only: Some(vec!["a/b".to_owned()]) };
        let holds = |path: &str| scope.holds(&VaultPath::resolve("", path).unwrap());
        assert_eq!(
            (holds("a/b"), holds("a/b/c.md"), holds("a/bc.md"), holds("a")),
            (true, true, false, false)
        );
        assert_eq!((scope.reaches("a"), scope.reaches("a/b/c"), scope.reaches("d")), (true, true, false));
    }
}
