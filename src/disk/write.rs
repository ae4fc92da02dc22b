//! Writes existing notes: as a whole or not at all, and only over the known text.

use std::fmt;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use tempfile::Builder;

use crate::vault::VaultPath;

use super::confine::confined;
use super::open::read_regular;
use super::read::MAX_NOTE_BYTES;
use super::root::to_disk_path;

/// The name of a text on its way to a note begins and ends so. Watchers and scans skip hidden names.
const PREFIX: &str = ".vaultls-";
const SUFFIX: &str = ".tmp";

/// No write takes so long.
const LEFT_BEHIND_AFTER: Duration = Duration::from_secs(60 * 60);

/// Why a note was not written. It is unchanged then.
#[derive(Debug)]
pub enum WriteError {
    /// Its text is not the known one.
    Changed,
    /// It is read-only.
    ReadOnly,
    /// It is a link that leads out of the vault.
    Outside,
    /// It has other names (hard links), which would keep the old text.
    OtherNames,
    /// An IO error.
    Io(io::Error),
}

impl fmt::Display for WriteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            WriteError::Changed => f.write_str("it was changed meanwhile and is left as it is"),
            WriteError::ReadOnly => f.write_str("it is read-only and is left as it is"),
            WriteError::Outside => {
                f.write_str("it is a link that leads out of the vault and is left as it is")
            }
            WriteError::OtherNames => f.write_str(
                "it has other names (hard links), which would keep the old text, and is left as it is",
            ),
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
/// link leads to, as long as that lies in the vault.
///
/// # Errors
///
/// Fails if nothing was written.
pub fn replace_text(root: &Path, path: &VaultPath, known: &str, new: &str) -> Result<(), WriteError> {
    to_disk_path(root, path).metadata()?;
    let file = confined(root, path, true).ok_or(WriteError::Outside)?;
    let metadata = fs::metadata(&file)?;
    if has_other_names(&metadata) {
        return Err(WriteError::OtherNames);
    }
    let permissions = metadata.permissions();
    if permissions.readonly() {
        return Err(WriteError::ReadOnly);
    }
    let folder = file.parent().unwrap_or(root);
    let mut beside = Builder::new().prefix(PREFIX).suffix(SUFFIX).tempfile_in(folder)?;
    beside.write_all(new.as_bytes())?;
    beside.as_file().set_permissions(permissions)?;
    beside.as_file().sync_all()?;
    let mut found = Vec::new();
    if read_regular(&file, MAX_NOTE_BYTES, &mut found).is_err() || found != known.as_bytes() {
        return Err(WriteError::Changed);
    }
    beside.persist(&file).map_err(|error| WriteError::Io(error.error))?;
    Ok(())
}

#[cfg(unix)]
fn has_other_names(metadata: &fs::Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    metadata.nlink() > 1
}

/// Elsewhere the number of names is not known.
#[cfg(not(unix))]
fn has_other_names(_: &fs::Metadata) -> bool {
    false
}

/// Returns whether a file is one that a write left behind which was ended before its end: by its name, and by
/// its age, as a write may be going on.
pub(super) fn is_left_behind(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let random = name.strip_prefix(PREFIX).and_then(|name| name.strip_suffix(SUFFIX));
    let is_ours = random
        .is_some_and(|random| random.len() == 6 && random.bytes().all(|byte| byte.is_ascii_alphanumeric()));
    let is_old = |metadata: fs::Metadata| {
        let age = metadata.modified().ok().and_then(|at| at.elapsed().ok());
        metadata.is_file() && age.is_some_and(|age| age >= LEFT_BEHIND_AFTER)
    };
    is_ours && path.symlink_metadata().is_ok_and(is_old)
}

/// Deletes files that a write left behind, as a scan has found them. What cannot be deleted does no harm.
pub fn remove_left_behind(files: &[PathBuf]) {
    for file in files.iter().filter(|file| is_left_behind(file)) {
        let _ = fs::remove_file(file);
    }
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
    fn other_names_of_a_note_never_keep_the_old_text() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("a.md"), "old").unwrap();
        fs::hard_link(folder.path().join("a.md"), folder.path().join("b.md")).unwrap();
        let outcome = replace_text(folder.path(), &path("a.md"), "old", "new");
        assert!(matches!(outcome, Err(WriteError::OtherNames)));
        assert_eq!(fs::read_to_string(folder.path().join("a.md")).unwrap(), "old");
    }

    #[cfg(unix)]
    #[test]
    fn nothing_is_written_through_a_link_out_of_the_vault() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("vault");
        fs::create_dir(&root).unwrap();
        fs::write(folder.path().join("outside.md"), "old").unwrap();
        std::os::unix::fs::symlink("../outside.md", root.join("a.md")).unwrap();
        assert!(matches!(replace_text(&root, &path("a.md"), "old", "new"), Err(WriteError::Outside)));
        assert_eq!(fs::read_to_string(folder.path().join("outside.md")).unwrap(), "old");
    }

    #[test]
    fn only_old_files_of_ours_are_left_behind() {
        let folder = tempfile::tempdir().unwrap();
        let long_ago = std::time::SystemTime::now() - 2 * LEFT_BEHIND_AFTER;
        let table = [
            (".vaultls-a1B2c3.tmp", true, true),
            (".vaultls-a1B2c3.tmp", false, false),
            (".vaultls-notes.tmp", true, false),
            (".vaultls-a1B2c3.tmp.md", true, false),
            ("vaultls-a1B2c3.tmp", true, false),
            (".vaultls.toml", true, false),
        ];
        for (name, is_old, expected) in table {
            let file = folder.path().join(name);
            fs::write(&file, "").unwrap();
            if is_old {
                fs::File::options().write(true).open(&file).unwrap().set_modified(long_ago).unwrap();
            }
            assert_eq!(is_left_behind(&file), expected, "{name} {is_old}");
        }
    }

    #[test]
    fn a_scan_finds_what_was_left_behind() {
        let folder =
            crate::disk::testing::Folder::new(&[("deep/a.md", ""), ("deep/.vaultls-a1B2c3.tmp", "")]);
        let file = folder.path("deep/.vaultls-a1B2c3.tmp");
        let long_ago = std::time::SystemTime::now() - 2 * LEFT_BEHIND_AFTER;
        fs::File::options().write(true).open(&file).unwrap().set_modified(long_ago).unwrap();
        let options = crate::disk::ScanOptions::default();
        let found = crate::disk::scan(&folder.root(), &options, &crate::vault::Cancel::new(), &|_, _| ());
        remove_left_behind(&found.unwrap().left_behind);
        assert!(!file.exists() && folder.path("deep/a.md").exists());
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
