//! Writing a note that is there: as a whole or not at all, and only over the text that is known.

use std::fmt;
use std::fs;
use std::io::{self, Write};
use std::path::Path;

use tempfile::Builder;

use crate::vault::VaultPath;

use super::root::to_disk_path;

/// Why a note was not written. It is as it was.
#[derive(Debug)]
pub enum WriteError {
    /// It says something else than it did when it was read.
    Changed,
    /// It may not be written to.
    ReadOnly,
    /// The system refused.
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

/// Gives a note another text, if it still has the one that is known. The new text is written beside it and
/// takes its place in one step, with its permissions; where it is a link, the file that the link leads to.
///
/// # Errors
///
/// If nothing was written.
pub fn replace_text(root: &Path, path: &VaultPath, known: &str, new: &str) -> Result<(), WriteError> {
    let file = to_disk_path(root, path).canonicalize()?;
    let permissions = fs::metadata(&file)?.permissions();
    if permissions.readonly() {
        return Err(WriteError::ReadOnly);
    }
    let folder = file.parent().unwrap_or(root);
    // A name with a dot belongs to no vault, so that nobody who watches reads it.
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
