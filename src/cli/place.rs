//! Places in files of a vault, and their form in JSON.

use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::text::{Encoding, Offset, Position, Range, Span, Text};
use crate::vault::{FileId, Snapshot};

use super::terminal::is_hidden;

/// A span of a file, with the text of the file.
#[derive(Clone, Debug)]
pub(super) struct Place {
    /// The path in the vault.
    pub(super) path: String,
    /// The text of the file; empty for an attachment.
    pub(super) text: Text,
    pub(super) span: Span,
}

impl Place {
    /// Returns lines and columns counted from 0, columns in characters.
    pub(super) fn range(&self) -> Range {
        self.text.range(self.span, Encoding::Utf32)
    }
}

/// Returns a span of a file; `None` if the file does not exist.
pub(super) fn place(vault: &Snapshot, id: FileId, span: Span) -> Option<Place> {
    let file = vault.file(id)?;
    let text = file.note().map(|note| note.text.clone()).unwrap_or_default();
    Some(Place { path: file.path.as_str().to_owned(), text, span })
}

/// Lines and columns counted from 1, columns in characters; offsets in bytes, counted from 0.
pub(super) fn range_object(place: &Place) -> Value {
    let range = place.range();
    let position = |position: Position, offset: Offset| json!({"line": position.line + 1, "column": position.column + 1, "offset": offset.to_usize()});
    json!({
        "start": position(range.start, place.span.start),
        "end": position(range.end, place.span.end),
    })
}

/// Returns the same JSON with characters that a terminal would interpret or hide as `\uXXXX`.
pub(super) fn escape_json(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for char in json.chars() {
        // JSON itself escapes control characters but DEL; line breaks stand between the values.
        if char != '\n' && is_hidden(char) {
            for unit in char.encode_utf16(&mut [0; 2]) {
                // Writing to a string never fails.
                let _ = write!(out, "\\u{unit:04x}");
            }
        } else {
            out.push(char);
        }
    }
    out
}
