//! Reads single files. The bytes of a note are dropped once it is parsed.

use std::fmt;
use std::fs::{self, FileType};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::vault::{DiskFile, Note, VaultPath};

use super::open::{OpenError, read_regular};
use super::root::to_disk_path;

/// The maximum size of a note, in bytes: what is larger is no text that a person wrote, and would keep
/// everything else waiting.
pub const MAX_NOTE_BYTES: u64 = 128 << 20;

/// The capacity that a thread keeps between notes, in bytes, so that one huge note does not stay in memory.
const KEPT_BUFFER_BYTES: usize = 1 << 20;

/// A file or folder of the vault that could not be read.
#[derive(Debug)]
pub struct Unread {
    /// Its path, relative to the root; the name may not be UTF-8.
    pub path: PathBuf,
    /// The reason.
    pub reason: UnreadReason,
}

/// Why a file or folder could not be read.
#[derive(Debug)]
pub enum UnreadReason {
    /// An IO error, such as a dangling link.
    Io(io::Error),
    /// The name is not UTF-8, so no link can name it.
    NameNotUtf8,
    /// It is named like a note but is a pipe, a socket or a device.
    NotAFile,
    /// It is larger than [`MAX_NOTE_BYTES`].
    TooLarge {
        /// Its size in bytes.
        bytes: u64,
    },
    /// A link to a folder that is not followed, see [`super`].
    LinkNotFollowed,
    /// An ignore file that is not read, or with invalid rules, besides which the others apply.
    IgnoreRules(String),
}

impl UnreadReason {
    /// Returns whether a note may exist there that was not read, so that nothing is known of it.
    pub fn hides_notes(&self) -> bool {
        !matches!(self, UnreadReason::LinkNotFollowed | UnreadReason::IgnoreRules(_))
    }

    /// Returns whether the file may be unchanged, so that its known content should be kept.
    pub(super) fn may_be_unchanged(&self) -> bool {
        match self {
            UnreadReason::Io(error) => {
                !matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
                    && !is_link_to_itself(error)
            }
            _ => false,
        }
    }
}

#[cfg(unix)]
fn is_link_to_itself(error: &io::Error) -> bool {
    error.raw_os_error() == Some(rustix::io::Errno::LOOP.raw_os_error())
}

#[cfg(not(unix))]
fn is_link_to_itself(_: &io::Error) -> bool {
    false
}

impl From<OpenError> for UnreadReason {
    fn from(error: OpenError) -> UnreadReason {
        match error {
            OpenError::Missing(error) | OpenError::Io(error) => UnreadReason::Io(error),
            OpenError::NotRegular => UnreadReason::NotAFile,
            OpenError::TooLarge { bytes } => UnreadReason::TooLarge { bytes },
        }
    }
}

impl fmt::Display for UnreadReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            UnreadReason::Io(error) => error.fmt(f),
            UnreadReason::NameNotUtf8 => f.write_str("the name is not UTF-8"),
            UnreadReason::NotAFile => f.write_str("it has the name of a note but is not a regular file"),
            UnreadReason::TooLarge { bytes } => {
                write!(f, "it has {bytes} bytes, more than the {MAX_NOTE_BYTES} that a note may have")
            }
            UnreadReason::LinkNotFollowed => f.write_str(
                "links to folders are followed only if they lead outside of the vault, and only once",
            ),
            UnreadReason::IgnoreRules(message) => f.write_str(message),
        }
    }
}

impl fmt::Display for Unread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.path.display(), self.reason)
    }
}

/// Reads one file; [`DiskFile::Gone`] if it does not exist or is a folder. Applies no ignore rules: the
/// caller knows that the file belongs to the vault.
///
/// # Errors
///
/// Fails if the file exists and cannot be read.
pub fn read(root: &Path, path: &VaultPath) -> Result<DiskFile, UnreadReason> {
    let disk_path = to_disk_path(root, path);
    let kind = match fs::metadata(&disk_path) {
        Ok(metadata) if metadata.is_dir() => return Ok(DiskFile::Gone),
        Ok(metadata) => metadata.file_type(),
        Err(error) => return gone_or(UnreadReason::Io(error)),
    };
    match read_file(&disk_path, path, kind, &mut Vec::new()) {
        Ok(file) => Ok(file.unwrap_or(DiskFile::Gone)),
        Err(reason) => gone_or(reason),
    }
}

/// Takes a file that does not exist for one that is gone.
pub(super) fn gone_or(reason: UnreadReason) -> Result<DiskFile, UnreadReason> {
    match reason {
        UnreadReason::Io(_) if !reason.may_be_unchanged() => Ok(DiskFile::Gone),
        reason => Err(reason),
    }
}

/// Reads a file of a known kind; `None` for one that is neither regular nor named like a note. Never opens a
/// pipe, as that would block until a writer opens it.
pub(super) fn read_file(
    disk_path: &Path,
    path: &VaultPath,
    kind: FileType,
    buffer: &mut Vec<u8>,
) -> Result<Option<DiskFile>, UnreadReason> {
    match (kind.is_file(), path.is_note()) {
        (true, true) => read_note(disk_path, buffer).map(Some),
        (true, false) => Ok(Some(DiskFile::Attachment)),
        (false, true) => Err(UnreadReason::NotAFile),
        (false, false) => Ok(None),
    }
}

/// Reads a note that is a regular file. The buffer is only for reuse.
pub(super) fn read_note(disk_path: &Path, buffer: &mut Vec<u8>) -> Result<DiskFile, UnreadReason> {
    read_regular(disk_path, MAX_NOTE_BYTES, buffer)?;
    let note = Note::from_bytes(buffer);
    if buffer.capacity() > KEPT_BUFFER_BYTES {
        *buffer = Vec::new();
    }
    Ok(DiskFile::Note(Arc::new(note)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Offset;
    use std::fs::File;

    fn path(text: &str) -> VaultPath {
        VaultPath::resolve("", text).unwrap()
    }

    #[test]
    fn single_files() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        fs::create_dir(root.join("folder.md")).unwrap();
        fs::write(root.join("a.md"), "text").unwrap();
        fs::write(root.join("b.md"), b"ok \xFF").unwrap();
        fs::write(root.join("c.png"), "").unwrap();
        let note = |name: &str| match read(root, &path(name)) {
            Ok(DiskFile::Note(note)) => note,
            other => panic!("{name}: {other:?}"),
        };
        assert_eq!(note("a.md").text.to_text(), "text");
        assert_eq!(note("a.md").invalid_utf8, None);
        assert_eq!(note("b.md").text.to_text(), "ok \u{FFFD}");
        assert_eq!(note("b.md").invalid_utf8, Some(Offset::new(3)));
        assert!(matches!(read(root, &path("c.png")), Ok(DiskFile::Attachment)));
        for gone in ["d.md", "folder.md", "a.md/d.md", "none/d.md"] {
            assert!(matches!(read(root, &path(gone)), Ok(DiskFile::Gone)), "{gone}");
        }
    }

    #[test]
    fn a_note_that_no_offset_could_cover_is_not_read() {
        let folder = tempfile::tempdir().unwrap();
        let file = File::create(folder.path().join("huge.md")).unwrap();
        // A sparse file.
        file.set_len(MAX_NOTE_BYTES + 1).unwrap();
        let outcome = read(folder.path(), &path("huge.md"));
        assert!(matches!(outcome, Err(UnreadReason::TooLarge { bytes }) if bytes == MAX_NOTE_BYTES + 1));
    }
}
