//! The vault of a path on the command line, and the path to it.

use std::path::{Component, Path, PathBuf};

use crate::disk;

/// Returns the root of the vault of a path. A folder is a vault of its own unless a folder above it
/// is marked as one, as in an editor that opens it; for a file a git repository counts as well.
pub(super) fn root_of(real: &Path) -> PathBuf {
    if real.is_dir() {
        return disk::find_marked_root(real).unwrap_or_else(|| real.to_path_buf());
    }
    disk::find_root(real).unwrap_or_else(|| real.parent().unwrap_or(real).to_path_buf())
}

/// Returns the path from `here` to `root`, empty or ending with `/`: relative if one contains the other, else
/// absolute.
pub(super) fn prefix(here: Option<&Path>, root: &Path) -> String {
    let relative = here.and_then(|here| {
        if let Ok(down) = root.strip_prefix(here) {
            return Some(down.to_path_buf());
        }
        let up = here.strip_prefix(root).ok()?;
        Some(up.components().map(|_| Component::ParentDir).collect())
    });
    let mut prefix = relative.as_deref().unwrap_or(root).display().to_string();
    if !prefix.is_empty() && !prefix.ends_with('/') {
        prefix.push('/');
    }
    prefix
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prefixes_lead_from_here_to_the_vault() {
        let root = Path::new("/home/vault");
        assert_eq!(prefix(Some(root), root), "");
        assert_eq!(prefix(Some(Path::new("/home")), root), "vault/");
        assert_eq!(prefix(Some(Path::new("/home/vault/a/b")), root), "../../");
        assert_eq!(prefix(Some(Path::new("/home/other")), root), "/home/vault/");
        assert_eq!(prefix(None, Path::new("/")), "/");
    }
}
