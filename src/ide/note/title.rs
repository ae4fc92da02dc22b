//! What a note is called, and where it says so.

use std::borrow::Cow;

use crate::text::Span;
use crate::vault::NoteRef;

use crate::ide::note::body::first_line;

/// Where a note says what it is called: the heading that is its title, else the title of its front matter, else the first
/// line of its text.
pub(crate) fn title_place(note: &NoteRef<'_>) -> Span {
    let title = || note.note.parsed.title().map(|title| title.span).filter(|title| !title.is_empty());
    title_heading(note).or_else(title).unwrap_or_else(|| Span::empty(first_line(note)))
}

/// The heading that is the title of a note: its first, if that is of level 1.
pub(crate) fn title_heading(note: &NoteRef<'_>) -> Option<Span> {
    let first = note.note.parsed.headings.first()?;
    (first.level == 1).then_some(first.span)
}

/// A name as a message or a list shows it: one of more than 120 characters is cut, and `…` says so.
pub(crate) fn shortened(name: &str) -> Cow<'_, str> {
    match name.char_indices().nth(120) {
        Some((end, _)) => format!("{}…", name.get(..end).unwrap_or_default()).into(),
        None => name.into(),
    }
}
