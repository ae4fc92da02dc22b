//! Places of a vault, as questions name them and as answers point at them.

use crate::text::{Offset, Span};
use crate::vault::FileId;

/// A cursor: an offset in a note.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct NotePosition {
    /// The note.
    pub note: FileId,
    /// The offset in its text.
    pub at: Offset,
}

/// A value together with the span under the cursor that it is about.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Ranged<T> {
    /// The element under the cursor.
    pub span: Span,
    /// The value.
    pub value: T,
}

/// A place that one can jump to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Target {
    /// The note or attachment.
    pub file: FileId,
    /// All of it: the note, the section of a heading, the block. Empty for an attachment.
    pub whole: Span,
    /// Where the cursor should land: the heading, the block's id.
    pub focus: Span,
}
