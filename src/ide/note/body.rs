//! The part of a note below its front matter.

use crate::text::{Offset, Span};
use crate::vault::NoteRef;

/// All of a note that is worth reading: without its front matter.
pub(crate) fn body(note: &NoteRef<'_>) -> Span {
    let front_matter = note.note.parsed.front_matter.as_ref();
    let start = front_matter.map_or(Offset::ZERO, |front_matter| front_matter.span.end);
    Span::between(start, note.note.text.end())
}

/// The start of the first line of text below the front matter; of the first line at all if there is no text.
pub(crate) fn first_line(note: &NoteRef<'_>) -> Offset {
    let text = &note.note.text;
    let body = body(note);
    let first = (text.line_of(body.start)..text.line_count())
        .filter_map(|line| text.line(line))
        .find(|line| line.start >= body.start && !text.slice(*line).trim().is_empty());
    first.map_or(body.start, |line| line.start)
}
