//! What could be written at the cursor: [`context`] finds out what belongs there, one function a kind of thing offers it.

mod context;
mod files;
mod fragments;
mod insert;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_inserted;

use crate::text::Span;
use crate::vault::{Cancel, Cancelled, Snapshot, VaultPath};

use super::NotePosition;
use super::fragment::find_fragment;
use super::preview::{body, escape, preview, shortened};
use context::{Context, Wanted};
pub(super) use insert::LinkWriter;

/// The answer to a completion request: at most `completion.maxItems` items, best first.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Completion {
    /// What fits, in the order to show.
    pub items: Vec<CompletionItem>,
    /// Whether the next letter needs a new request: in a link always, whether or not there was more. Not where nothing
    /// of ours belongs.
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
    /// What clients filter by: exactly what was typed, so that they neither drop nor reorder items. What stands
    /// between the start of `replace` and the cursor.
    pub filter: String,
    /// What is replaced; always on the cursor's line and around the cursor.
    pub replace: Span,
    /// What stands there afterwards.
    pub new_text: String,
    /// What [`completion_documentation`] describes.
    pub subject: CompletionSubject,
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

/// What could be written at the cursor. Empty where nothing of ours belongs. Its cost grows with the vault.
///
/// An answer in a link is always incomplete: items are chosen, ranked and filtered by what is typed now, so the next
/// letter asks again.
///
/// # Errors
///
/// `Cancelled` if the answer is not wanted any more.
pub fn completion(vault: &Snapshot, at: NotePosition, cancel: &Cancel) -> Result<Completion, Cancelled> {
    cancel.check()?;
    let Some(source) = vault.note(at.note) else { return Ok(Completion::default()) };
    let Some(context) = Context::find(&source, at.at) else { return Ok(Completion::default()) };
    let items = match &context.wanted {
        Wanted::File(kind) => files::files(vault, &source, *kind, &context, cancel)?,
        Wanted::Heading(kind, target) => fragments::headings(vault, &source, *kind, target, &context),
        Wanted::Block(kind, target) => fragments::blocks(vault, &source, *kind, target, &context),
        Wanted::AnyHeading => fragments::all_headings(vault, &source, &context, cancel)?,
        Wanted::AnyBlock => fragments::all_blocks(vault, &source, &context, cancel)?,
    };
    Ok(Completion { items, is_incomplete: true })
}

/// What an item is about, as Markdown: its title, its path, and the start of the note or of the section or block that
/// the item names. `None` if the file is gone. `address` gives the URI of a file of the vault, for links in the preview.
pub fn completion_documentation(
    vault: &Snapshot,
    subject: &CompletionSubject,
    address: &dyn Fn(&VaultPath) -> String,
) -> Option<String> {
    let id = vault.find(&subject.path)?;
    let file = vault.file(id)?;
    let title = file.note().and_then(|note| note.title()).unwrap_or(file.path.file_name());
    let mut text = format!("**{}**\n\n{}", escape(&shortened(title)), escape(file.path.as_str()));
    let Some(note) = vault.note(id) else { return Some(text) };
    let place = find_fragment(subject.fragment.as_deref().unwrap_or_default(), &note);
    let part = place.part_of(&note).unwrap_or_else(|| body(&note));
    let start = preview(vault, &note, part, vault.settings().hover_preview_lines, address);
    if !start.trim().is_empty() {
        text.push_str("\n\n---\n\n");
        text.push_str(&start);
    }
    Some(text)
}
