//! The outline of a note.

use crate::text::Span;
use crate::vault::{FileId, Snapshot};

/// A heading with what lies below it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Symbol {
    /// The heading's plain name; `(empty)` if it has none.
    pub name: String,
    /// 1 to 6.
    pub level: u8,
    /// Its whole section.
    pub span: Span,
    /// The heading itself.
    pub focus: Span,
    /// The headings below it.
    pub children: Vec<Symbol>,
}

/// The headings of a note as a tree. Empty for attachments.
pub fn document_symbols(vault: &Snapshot, note: FileId) -> Vec<Symbol> {
    let _ = (vault, note);
    Vec::new()
}
