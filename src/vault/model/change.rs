//! The changes that a vault can undergo.

use std::sync::Arc;

use crate::config::Settings;
use crate::text::Text;
use crate::vault::model::{Coverage, Note};
use crate::vault::names::VaultPath;

/// One change of a vault.
#[derive(Clone, Debug)]
pub enum Change {
    /// Files as they are on disk now; any number in one step. Open notes keep the client's text.
    Disk(Vec<(VaultPath, DiskFile)>),
    /// The client opened a note: its text counts until it is closed, not the disk's.
    Opened {
        /// The note.
        path: VaultPath,
        /// Its text in the editor.
        text: Text,
    },
    /// The client edited an open note.
    Edited {
        /// The note.
        path: VaultPath,
        /// Its text in the editor.
        text: Text,
    },
    /// The client saved an open note as it is.
    Saved {
        /// The note.
        path: VaultPath,
    },
    /// The client closed a note: the disk's text counts again.
    Closed {
        /// The note.
        path: VaultPath,
    },
    /// The settings have changed.
    Settings(Arc<Settings>),
    /// More or less of the vault has been read.
    Coverage(Coverage),
}

/// A file as it was found on disk.
#[derive(Clone, Debug)]
pub enum DiskFile {
    /// A note, read.
    Note(Arc<Note>),
    /// A note that exists and was not read; one whose text is known keeps it.
    Unread,
    /// A file that is not a note; its content is not read.
    Attachment,
    /// The file does not exist any more.
    Gone,
}

impl DiskFile {
    /// Lets notes that were read together share ropes, see [`Text::share_ropes`].
    pub fn share_ropes(files: &mut [(VaultPath, DiskFile)]) {
        Text::share_ropes(files.iter_mut().filter_map(|(_, file)| match file {
            DiskFile::Note(note) => Arc::get_mut(note).map(|note| &mut note.text),
            DiskFile::Unread | DiskFile::Attachment | DiskFile::Gone => None,
        }));
    }
}
