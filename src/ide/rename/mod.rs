//! Renames after which every link means what it meant before.
//!
//! A rename is tried on a copy of the vault first. What a link means there decides whether it must be written anew, so
//! there are no rules here about which links a rename could touch, and none that could be forgotten.

mod files;
mod target;

pub use files::move_files;

use crate::text::Span;
use crate::vault::FileId;

/// What is to be written in a note.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NoteEdits {
    /// The note.
    pub note: FileId,
    /// By place, not overlapping.
    pub edits: Vec<Edit>,
}

/// One stretch of a note and what shall stand there.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Edit {
    /// What is replaced; nothing, where something is inserted.
    pub span: Span,
    /// The new text.
    pub new_text: String,
}
