//! What a query asked of a vault that is still being read, and could not be told.
//!
//! To answer from a vault that is being read, take [`Snapshot::accounting`], compute as always, and look at
//! [`Snapshot::needs`]. An answer that needed nothing more is the one that the whole vault would
//! give; any other is thrown away and computed again when more is known. So no query has to know of loading,
//! and none can forget it: the places that read what may be unread keep the account.

use std::sync::{Arc, Mutex, PoisonError};

use crate::vault::model::{Content, Coverage, NoteRef, Snapshot};
use crate::vault::names::{FileId, VaultPath};

/// What has to be known before an answer is that of the whole vault; nothing more by default.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Needs {
    /// The path of every file.
    pub names: bool,
    /// The text of every note.
    pub whole: bool,
    /// The text of these notes.
    pub notes: Vec<VaultPath>,
}

/// The account of one query.
#[derive(Debug, Default)]
pub(super) struct Account(Mutex<Entries>);

#[derive(Debug, Default)]
struct Entries {
    whole: bool,
    names: bool,
    notes: Vec<FileId>,
}

impl Snapshot {
    /// Returns the same vault with an account of its own, on which nothing is yet.
    pub fn accounting(&self) -> Snapshot {
        Snapshot { account: Some(Arc::default()), ..self.clone() }
    }

    /// Returns what was asked of this snapshot since [`Snapshot::accounting`] and is not known yet.
    pub fn needs(&self) -> Needs {
        let Some(account) = &self.account else { return Needs::default() };
        let entries = account.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (names, whole) = (entries.names, entries.whole);
        let mut notes = entries.notes.clone();
        notes.sort_unstable();
        notes.dedup();
        let path = |id| Some(self.file(id)?.path.clone());
        Needs { names, whole, notes: notes.into_iter().filter_map(path).collect() }
    }

    /// Says that an answer depends on every note.
    pub fn need_whole(&self) {
        if self.coverage.is_loading() {
            self.enter(|entries| entries.whole = true);
        }
    }

    /// Says that an answer depends on the path of every file.
    pub(crate) fn need_names(&self) {
        if self.coverage == Coverage::Walking {
            self.enter(|entries| entries.names = true);
        }
    }

    /// Says that an answer depends on the text of a file, if it is a note that will be read.
    pub(crate) fn need_text(&self, id: FileId, content: &Content) {
        if self.coverage.is_loading() && matches!(content, Content::Unread) {
            self.enter(|entries| entries.notes.push(id));
        }
    }

    /// Returns the answer to a query if no other note that is read later changes it. What else it needs is
    /// entered here.
    pub(crate) fn settled<T>(&self, query: impl FnOnce(&Snapshot) -> T) -> Option<T> {
        if !self.coverage.is_loading() {
            return Some(query(self));
        }
        let vault = self.accounting();
        let answer = query(&vault);
        let needs = vault.needs();
        if needs.names || needs.whole {
            self.enter(|entries| {
                entries.names |= needs.names;
                entries.whole |= needs.whole;
            });
            return None;
        }
        Some(answer)
    }

    /// Says that an answer would say more if a note had been read.
    pub(crate) fn need_note(&self, id: FileId) {
        let _ = self.note(id);
    }

    /// Returns a note if it has been read, for an answer that is right without it.
    pub(crate) fn note_if_read(&self, id: FileId) -> Option<NoteRef<'_>> {
        let file = self.file(id)?;
        Some(NoteRef { id, path: &file.path, note: file.note()? })
    }

    fn enter(&self, note: impl FnOnce(&mut Entries)) {
        if let Some(account) = &self.account {
            note(&mut account.0.lock().unwrap_or_else(PoisonError::into_inner));
        }
    }
}
