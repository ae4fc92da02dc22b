//! What could be written at the cursor.

use crate::text::Span;
use crate::vault::{Cancel, Cancelled, FileId, Snapshot};

use super::NotePosition;

/// The answer to a completion request: at most `completion.maxItems` items, best first.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Completion {
    /// What fits, in the order to show.
    pub items: Vec<CompletionItem>,
    /// Whether there was more, so that the next letter needs a new request.
    pub is_incomplete: bool,
}

/// One thing that could be written.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CompletionItem {
    /// What the list shows.
    pub label: String,
    /// What stands beside it: the title, the folder.
    pub detail: Option<String>,
    /// What it is.
    pub kind: CompletionKind,
    /// What clients filter by: begins with what was typed, so that they keep the order.
    pub filter: String,
    /// What is replaced; always on the cursor's line and around the cursor.
    pub replace: Span,
    /// What stands there afterwards.
    pub new_text: String,
    /// What [`completion_documentation`] describes.
    pub subject: Option<CompletionSubject>,
}

/// What kind of thing is offered.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum CompletionKind {
    /// A note.
    Note,
    /// A file that is no note.
    Attachment,
    /// A heading.
    Heading,
    /// A block.
    Block,
}

/// What an item is about, small enough to travel with it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CompletionSubject {
    /// The path of the file in its vault.
    pub path: String,
    /// The fragment in it: a heading's text or `^id`.
    pub fragment: Option<String>,
}

/// What could be written at the cursor. Empty where nothing of ours belongs.
///
/// # Errors
///
/// `Cancelled` if the answer is not wanted any more.
pub fn completion(vault: &Snapshot, at: NotePosition, cancel: &Cancel) -> Result<Completion, Cancelled> {
    let _ = (vault, at);
    cancel.check()?;
    Ok(Completion::default())
}

/// A preview of what an item is about, as Markdown; `None` if it is gone.
pub fn completion_documentation(vault: &Snapshot, subject: &CompletionSubject) -> Option<String> {
    let _: Option<FileId> = vault.find(&subject.path);
    None
}
