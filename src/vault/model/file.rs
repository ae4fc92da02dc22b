//! The files of a vault by id, in a list that is cheap to clone.

use std::sync::Arc;

use crate::vault::model::Note;
use crate::vault::names::{FileId, PersistentVec, VaultPath};
use crate::vault::search::SearchNames;

/// A file of the vault.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct File {
    /// Its path in the vault.
    pub path: VaultPath,
    /// What the file holds.
    pub content: Content,
    /// The names that a search finds it by; always those of `path` and `content`.
    pub names: SearchNames,
}

/// The content of a file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Content {
    /// A note whose text is the disk's.
    Note(Arc<Note>),
    /// A note that is open in the editor, with the editor's text.
    OpenNote(Arc<Note>),
    /// A note whose text has not been read yet, or cannot be read.
    Unread,
    /// Any other file.
    Attachment,
}

impl File {
    /// Builds a file and its names.
    pub(crate) fn new(path: VaultPath, content: Content) -> File {
        let names = SearchNames::new(&path, content.note().map(|note| (&note.text, &note.parsed)));
        File { path, content, names }
    }

    /// Returns the note, if it is one and has been read.
    pub fn note(&self) -> Option<&Arc<Note>> {
        self.content.note()
    }

    /// Returns whether it is a note, be it read or not.
    pub fn is_note(&self) -> bool {
        !matches!(self.content, Content::Attachment)
    }

    /// Returns whether it is open in the editor.
    pub fn is_open(&self) -> bool {
        matches!(self.content, Content::OpenNote(_))
    }
}

impl Content {
    pub(crate) fn note(&self) -> Option<&Arc<Note>> {
        match self {
            Content::Note(note) | Content::OpenNote(note) => Some(note),
            Content::Attachment | Content::Unread => None,
        }
    }
}

/// All files of a vault. A change copies one leaf of the list.
#[derive(Clone, Debug, Default)]
pub(crate) struct Files {
    slots: PersistentVec<Option<File>, 64>,
    count: usize,
}

impl Files {
    /// Returns how many files there are.
    pub(crate) fn len(&self) -> usize {
        self.count
    }

    pub(crate) fn get(&self, id: FileId) -> Option<&File> {
        self.slots.get(id.index())?.as_ref()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (FileId, &File)> {
        let slots = self.slots.iter().enumerate();
        slots.filter_map(|(index, slot)| Some((FileId::new(index), slot.as_ref()?)))
    }

    /// Returns the lowest id that was never assigned.
    pub(crate) fn next_id(&self) -> FileId {
        FileId::new(self.slots.len())
    }

    /// Stores a file, or none, at an id that was assigned before or is the next one. Returns what was there.
    pub(crate) fn set(&mut self, id: FileId, file: Option<File>) -> Option<File> {
        if id == self.next_id() {
            self.slots.push(None);
        }
        let slot = self.slots.get_mut(id.index())?;
        self.count += usize::from(file.is_some());
        let before = std::mem::replace(slot, file);
        self.count -= usize::from(before.is_some());
        before
    }
}
