//! What a note is called, and where it says so.

use std::borrow::Cow;

use crate::syntax::Heading;
use crate::text::Span;
use crate::vault::{File, NoteRef};

use crate::ide::note::body::first_line;

/// Returns what a reader calls a file: the title of a note that has been read, else the file name.
pub(crate) fn title_of_file(file: &File) -> &str {
    file.note().and_then(|note| note.title()).unwrap_or(file.path.file_name())
}

/// Returns where a note says what it is called: the heading that is its title, else the title in its front
/// matter, else the start of the first line of its text.
pub(crate) fn title_place(note: &NoteRef<'_>) -> Span {
    let title = || note.note.parsed.title().map(|title| title.span).filter(|title| !title.is_empty());
    title_heading(note).or_else(title).unwrap_or_else(|| Span::empty(first_line(note)))
}

/// Returns the heading that is the title of a note: its first, if that is of level 1.
pub(crate) fn title_heading(note: &NoteRef<'_>) -> Option<Span> {
    let first = note.note.parsed.headings.first()?;
    (first.level == 1).then_some(first.span)
}

/// Whether a heading is the title and the only one of its level, so that its section is the note.
pub(crate) fn is_title_of_all(note: &NoteRef<'_>, heading: &Heading) -> bool {
    let mut others = note.note.parsed.headings.iter().skip(1);
    title_heading(note) == Some(heading.span) && others.all(|other| other.level > 1)
}

/// Returns a name as a message or a list shows it: one of more than 120 characters is cut, and `…` says so.
pub(crate) fn shortened(name: &str) -> Cow<'_, str> {
    match name.char_indices().nth(120) {
        Some((end, _)) => format!("{}…", name.get(..end).unwrap_or_default()).into(),
        None => name.into(),
    }
}
