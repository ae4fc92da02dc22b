//! What can happen to a vault.

use std::sync::Arc;

use crate::config::Settings;
use crate::text::Text;
use crate::vault::model::{Coverage, Note};
use crate::vault::names::VaultPath;

/// One step in the life of a vault.
#[derive(Clone, Debug)]
pub enum Change {
    /// Files as they are on disk now; any number in one step. Open notes keep the client's text.
    Disk(Vec<(VaultPath, DiskFile)>),
    /// The client opened a note: from here on its text counts, not the disk's.
    Opened {
        /// The note.
        path: VaultPath,
        /// Its text in the editor.
        text: Text,
    },
    /// The client's text of an open note is another one now.
    Edited {
        /// The note.
        path: VaultPath,
        /// Its text in the editor.
        text: Text,
    },
    /// The client wrote an open note to disk as it is.
    Saved {
        /// The note.
        path: VaultPath,
    },
    /// The client closed a note: the disk's text counts again.
    Closed {
        /// The note.
        path: VaultPath,
    },
    /// The settings are others now.
    Settings(Arc<Settings>),
    /// More or less of the vault is known now.
    Coverage(Coverage),
}

/// A file as it was found on disk.
#[derive(Clone, Debug)]
pub enum DiskFile {
    /// A note, read.
    Note(Arc<Note>),
    /// A file that is no note; its content is not read.
    Attachment,
    /// It is not there any more.
    Gone,
}
