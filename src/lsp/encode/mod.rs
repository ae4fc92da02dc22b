//! Positions, ranges and addresses of one snapshot in the client's terms.

pub(super) mod workspace_edit;

use tower_lsp::ls_types::{Location, Position, Range, Uri};

use crate::text::{self, Encoding, Offset, Span, Text};
use crate::vault::{FileId, Snapshot, VaultPath};

use super::session::client::ClientFeatures;

/// Turns places of one snapshot into the protocol's.
#[derive(Clone, Copy)]
pub struct Encoder<'a> {
    /// The state that the places were computed on.
    pub vault: &'a Snapshot,
    /// What the client can read.
    pub features: &'a ClientFeatures,
    /// The URI of a file of the vault; `None` if it has none that can be written.
    pub address: &'a (dyn Fn(&VaultPath) -> Option<Uri> + Sync),
}

impl Encoder<'_> {
    /// The range of a span in a file. An attachment has no text and only one place: its start.
    pub fn range(&self, file: FileId, span: Span) -> Range {
        let note = self.vault.note(file);
        note.map(|note| to_lsp_range(&note.note.text, span, self.features.encoding)).unwrap_or_default()
    }

    /// The URI of a file; `None` if it is gone.
    pub fn uri(&self, file: FileId) -> Option<Uri> {
        (self.address)(&self.vault.file(file)?.path)
    }

    /// A place in a file.
    pub fn location(&self, file: FileId, span: Span) -> Option<Location> {
        Some(Location { uri: self.uri(file)?, range: self.range(file, span) })
    }
}

/// The range of a span.
pub fn to_lsp_range(text: &Text, span: Span, encoding: Encoding) -> Range {
    let range = text.range(span, encoding);
    let position = |at: text::Position| Position { line: at.line, character: at.column };
    Range { start: position(range.start), end: position(range.end) }
}

/// A client's range in our type.
pub fn to_text_range(range: Range) -> text::Range {
    let position = |at: Position| text::Position { line: at.line, column: at.character };
    text::Range { start: position(range.start), end: position(range.end) }
}

/// The offset that a client's position names in a text.
pub fn position(text: &Text, at: Position, encoding: Encoding) -> Offset {
    text.offset(text::Position { line: at.line, column: at.character }, encoding)
}
