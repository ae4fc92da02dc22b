//! Roots of vaults, and the conversion between paths of a vault and of the disk.

use std::path::{Component, Path, PathBuf};

use crate::vault::VaultPath;

/// The name of the file with the settings of a vault. It lies in the root and marks it.
pub const SETTINGS_FILE: &str = ".vaultls.toml";

/// The folder of Obsidian in each of its vaults.
pub(super) const OBSIDIAN_FOLDER: &str = ".obsidian";

/// Obsidian's main settings.
pub(super) const OBSIDIAN_APP_SETTINGS: &str = ".obsidian/app.json";
/// The settings of Obsidian's core plugin for templates.
pub(super) const OBSIDIAN_TEMPLATES: &str = ".obsidian/templates.json";
/// The settings of Obsidian's core plugin for daily notes.
pub(super) const OBSIDIAN_DAILY_NOTES: &str = ".obsidian/daily-notes.json";
/// Where sites have the file with their redirects; the first that exists counts.
pub(super) const REDIRECT_FILES: [&str; 5] = [
    "_redirects",
    "static/_redirects",
    "public/_redirects",
    "website/static/_redirects",
    "docs/public/_redirects",
];
/// All files with settings of a vault.
pub(super) const SETTINGS_FILES: [&str; 9] = {
    let [root, fixed, public, website, docs] = REDIRECT_FILES;
    [
        SETTINGS_FILE,
        OBSIDIAN_APP_SETTINGS,
        OBSIDIAN_TEMPLATES,
        OBSIDIAN_DAILY_NOTES,
        root,
        fixed,
        public,
        website,
        docs,
    ]
};

const GIT_FOLDER: &str = ".git";

/// Returns the root of the vault of `path`, a file or folder: the nearest folder at or above it with a
/// `.vaultls.toml` or `.obsidian`, or else the nearest one with a `.git`. `None` without any of them.
pub fn find_root(path: &Path) -> Option<PathBuf> {
    find_marked_root(path).or_else(|| nearest_holder(path, &[GIT_FOLDER]))
}

/// Returns the nearest folder at or above `path` that a `.vaultls.toml` or `.obsidian` marks as a vault.
pub fn find_marked_root(path: &Path) -> Option<PathBuf> {
    nearest_holder(path, &[SETTINGS_FILE, OBSIDIAN_FOLDER])
}

fn nearest_holder(path: &Path, names: &[&str]) -> Option<PathBuf> {
    let path = std::path::absolute(path).ok()?;
    let holder = path.ancestors().find(|folder| names.iter().any(|name| folder.join(name).exists()));
    holder.map(Path::to_path_buf)
}

/// Returns whether a folder, given without links, is a home directory or the root of a file system and is not
/// marked as a vault.
pub(super) fn is_too_wide(folder: &Path, home: Option<&Path>) -> bool {
    let is_home = home.and_then(|home| home.canonicalize().ok()).is_some_and(|home| home == folder);
    (is_home || folder.parent().is_none()) && !is_marked(folder)
}

/// Returns whether settings, Obsidian or git mark a folder as a place of its own.
pub(super) fn is_marked(folder: &Path) -> bool {
    [SETTINGS_FILE, OBSIDIAN_FOLDER, GIT_FOLDER].iter().any(|name| folder.join(name).exists())
}

/// Returns the root of the git repository that `folder` lies in.
pub(super) fn repository_of(folder: &Path) -> Option<&Path> {
    folder.ancestors().find(|folder| folder.join(GIT_FOLDER).exists())
}

/// Returns the path in the vault of a file on disk; `None` if it lies outside of `root`, is the root itself,
/// or is not UTF-8. Compares the paths as texts, without reading the disk.
pub fn to_vault_path(root: &Path, path: &Path) -> Option<VaultPath> {
    relative_to_vault_path(path.strip_prefix(root).ok()?)
}

/// Returns the path in the vault of a path relative to its root.
pub(super) fn relative_to_vault_path(relative: &Path) -> Option<VaultPath> {
    let mut joined = String::with_capacity(relative.as_os_str().len());
    for component in relative.components() {
        let name = match component {
            Component::Normal(name) => name.to_str()?,
            Component::CurDir => continue,
            Component::ParentDir => "..",
            Component::RootDir | Component::Prefix(_) => return None,
        };
        if !joined.is_empty() {
            joined.push('/');
        }
        joined.push_str(name);
    }
    VaultPath::resolve("", &joined).ok()
}

/// Returns the path with its `.` and `..` components resolved as text, as clients mean them.
pub(super) fn without_dots(path: &Path) -> PathBuf {
    let mut plain = PathBuf::with_capacity(path.as_os_str().len());
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => {
                plain.pop();
            }
            component => plain.push(component),
        }
    }
    plain
}

/// Returns the path on disk of a path in the vault.
pub fn to_disk_path(root: &Path, path: &VaultPath) -> PathBuf {
    if cfg!(unix) {
        return root.join(path.as_str());
    }
    let mut disk_path = root.to_path_buf();
    disk_path.extend(path.as_str().split('/'));
    disk_path
}

/// Returns whether anything exists at a path, even a dangling link.
pub fn exists(path: &Path) -> bool {
    path.symlink_metadata().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn paths_go_there_and_back() {
        let root = Path::new("/vault");
        for name in ["a b.md", "100%.md", "a#b.md", "\u{2068}folder\u{2069}/n.md", "e\u{301}.md", "a/b/c.png"]
        {
            let path = to_vault_path(root, &root.join(name)).unwrap();
            assert_eq!(path.as_str(), name);
            assert_eq!(to_disk_path(root, &path), root.join(name));
        }
    }

    #[test]
    fn what_lies_outside_has_no_place() {
        let root = Path::new("/vault");
        for path in ["/vault", "/vault2/a.md", "/", "a.md", "/vault/../a.md", "/vault/a/../../b.md"] {
            assert_eq!(to_vault_path(root, Path::new(path)), None, "{path}");
        }
        let inside = to_vault_path(root, Path::new("/vault/a/../b.md")).unwrap();
        assert_eq!(inside.as_str(), "b.md");
    }

    #[cfg(unix)]
    #[test]
    fn names_that_are_not_utf8_have_no_place() {
        use std::os::unix::ffi::OsStrExt;
        let name = std::ffi::OsStr::from_bytes(b"/vault/\xFF.md");
        assert_eq!(to_vault_path(Path::new("/vault"), Path::new(name)), None);
    }

    #[test]
    fn the_nearest_marker_wins_and_git_comes_last() {
        let folder = tempfile::tempdir().unwrap();
        let base = folder.path();
        fs::create_dir_all(base.join("vault/.obsidian")).unwrap();
        fs::create_dir_all(base.join("vault/a/.git")).unwrap();
        fs::create_dir_all(base.join("vault/a/b")).unwrap();
        fs::create_dir_all(base.join("repository/.git")).unwrap();
        fs::write(base.join("vault/a/b/n.md"), "").unwrap();
        assert_eq!(find_root(&base.join("vault/a/b/n.md")), Some(base.join("vault")));
        assert_eq!(find_root(&base.join("repository/not/there.md")), Some(base.join("repository")));
        fs::write(base.join("vault/a/b/.vaultls.toml"), "").unwrap();
        assert_eq!(find_root(&base.join("vault/a/b/n.md")), Some(base.join("vault/a/b")));
        assert_eq!(find_root(&base.join("vault/a")), Some(base.join("vault")));
    }
}
