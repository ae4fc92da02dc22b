//! Writes existing notes: as a whole or not at all, and only over the known text.

use std::fmt;
use std::fs;
use std::io::{self, Write};
use std::path::Path;

use tempfile::Builder;

use crate::vault::VaultPath;

use super::root::to_disk_path;

/// Why a note was not written. It is unchanged then.
#[derive(Debug)]
pub enum WriteError {
    /// Its text is not the known one.
    Changed,
    /// It is read-only.
    ReadOnly,
    /// An IO error.
    Io(io::Error),
}

impl fmt::Display for WriteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            WriteError::Changed => f.write_str("it was changed meanwhile and is left as it is"),
            WriteError::ReadOnly => f.write_str("it is read-only and is left as it is"),
            WriteError::Io(error) => write!(f, "it could not be written: {error}"),
        }
    }
}

impl From<io::Error> for WriteError {
    fn from(error: io::Error) -> WriteError {
        WriteError::Io(error)
    }
}

/// Replaces the text of a note, if it is still the `known` one. Writes the new text to a file beside it,
/// which replaces it atomically and keeps its permissions. If the note is a link, replaces the file that the
/// link leads to.
///
/// # Errors
///
/// Fails if nothing was written.
pub fn replace_text(root: &Path, path: &VaultPath, known: &str, new: &str) -> Result<(), WriteError> {
    let file = to_disk_path(root, path).canonicalize()?;
    let permissions = fs::metadata(&file)?.permissions();
    if permissions.readonly() {
        return Err(WriteError::ReadOnly);
    }
    let folder = file.parent().unwrap_or(root);
    // Watchers and scans skip hidden names.
    let mut beside = Builder::new().prefix(".vaultls-").suffix(".tmp").tempfile_in(folder)?;
    beside.write_all(new.as_bytes())?;
    beside.as_file().set_permissions(permissions)?;
    beside.as_file().sync_all()?;
    if fs::read(&file)? != known.as_bytes() {
        return Err(WriteError::Changed);
    }
    beside.persist(&file).map_err(|error| WriteError::Io(error.error))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(text: &str) -> VaultPath {
        VaultPath::resolve("", text).unwrap()
    }

    #[test]
    fn only_the_known_text_is_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.md");
        fs::write(&file, "old").unwrap();
        replace_text(folder.path(), &path("a.md"), "old", "new").unwrap();
        assert_eq!(fs::read_to_string(&file).unwrap(), "new");
        let outcome = replace_text(folder.path(), &path("a.md"), "old", "newer");
        assert!(matches!(outcome, Err(WriteError::Changed)));
        assert_eq!(fs::read_to_string(&file).unwrap(), "new");
        assert!(matches!(replace_text(folder.path(), &path("b.md"), "", "x"), Err(WriteError::Io(_))));
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[cfg(unix)]
    #[test]
    fn permissions_and_links_stay() {
        use std::os::unix::fs::{PermissionsExt, symlink};
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.md");
        fs::write(&file, "old").unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).unwrap();
        symlink("a.md", folder.path().join("link.md")).unwrap();
        replace_text(folder.path(), &path("link.md"), "old", "new").unwrap();
        assert_eq!(fs::read_to_string(&file).unwrap(), "new");
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o640);
        assert!(fs::symlink_metadata(folder.path().join("link.md")).unwrap().is_symlink());
        fs::set_permissions(&file, fs::Permissions::from_mode(0o440)).unwrap();
        let outcome = replace_text(folder.path(), &path("a.md"), "new", "newer");
        assert!(matches!(outcome, Err(WriteError::ReadOnly)));
    }
}
