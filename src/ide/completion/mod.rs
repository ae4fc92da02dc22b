//! What could be written at the cursor: [`context`] finds out what belongs there, one function a kind of
//! thing offers it.

mod context;
mod documentation;
mod providers;
mod ranking;
#[cfg(test)]
mod tests;

use std::cmp::Reverse;

use crate::syntax::{LabelKind, LinkKind};
use crate::text::Span;
use crate::vault::{Cancel, Cancelled, FileId, Snapshot};

use crate::ide::change::Edit;
use crate::ide::place::NotePosition;
use crate::ide::search::matching::Query;
use context::{Context, Wanted};

pub use documentation::completion_documentation;

/// The answer to a completion request: at most `completion.maxItems` items, best first.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Completion {
    /// What fits, in the order to show.
    pub items: Vec<CompletionItem>,
    /// Whether the next letter needs a new request: in a link always, whether or not there was more. Not
    /// where nothing of ours belongs.
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
    /// What clients filter by: exactly what was typed, so that they neither drop nor reorder items. What
    /// stands between the start of `replace` and the cursor.
    pub filter: String,
    /// What is replaced; always on the cursor's line and around the cursor.
    pub replace: Span,
    /// What stands there afterwards.
    pub new_text: String,
    /// What [`completion_documentation`] describes; `None` if the item says all itself.
    pub subject: Option<CompletionSubject>,
    /// The block id that the item names and that has to be written yet.
    pub block_id: Option<NewBlockId>,
}

/// A block id that does not stand in its note yet.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NewBlockId {
    /// The note.
    pub note: FileId,
    /// The id, without `^`.
    pub id: String,
    /// What writes it.
    pub edit: Edit,
}

/// What kind of thing is offered.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum CompletionKind {
    /// A note.
    #[default]
    Note,
    /// A file that is no note.
    Attachment,
    /// A note that is linked but does not exist.
    UnresolvedName,
    /// A heading.
    Heading,
    /// A block.
    Block,
    /// What a link shows.
    Display,
    /// A folder on the way to a file.
    Folder,
    /// A tag.
    Tag,
    /// A kind of callout.
    Callout,
    /// A footnote, or the label of a reference.
    Label,
    /// A key of the front matter.
    Key,
    /// A value of the front matter.
    Value,
    /// A timestamp.
    Moment,
}

/// What an item is about, small enough to travel with it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum CompletionSubject {
    /// A file.
    File {
        /// Its path in its vault.
        path: String,
        /// The fragment in it: a heading's text or `^id`.
        fragment: Option<String>,
    },
    /// A tag, without its `#`.
    Tag(String),
    /// A moment of a video.
    Moment {
        /// The id of the video.
        video: String,
        /// Seconds from its start.
        seconds: u32,
    },
}

/// What could be written at the cursor. Empty where no link, tag, timestamp or other element belongs. Its
/// cost grows with the vault.
///
/// An answer in a link is always incomplete: items are chosen, ranked and filtered by what is typed now, so
/// the next letter asks again.
pub fn completion(vault: &Snapshot, at: NotePosition, cancel: &Cancel) -> Result<Completion, Cancelled> {
    cancel.check()?;
    let Some(source) = vault.note(at.note) else { return Ok(Completion::default()) };
    let Some(context) = Context::find(&source, at.at) else { return Ok(Completion::default()) };
    let items = match &context.wanted {
        Wanted::File(kind) => providers::files::files(vault, &source, at.at, *kind, &context, cancel)?,
        Wanted::Heading(kind, target) => {
            providers::fragments::headings(vault, &source, *kind, target, &context)
        }
        Wanted::Block(kind, target) => providers::blocks::blocks(vault, &source, *kind, target, &context),
        Wanted::Display(kind, target) => {
            providers::display_texts::displays(vault, &source, *kind, target, &context, cancel)?
        }
        Wanted::AnyHeading => providers::fragments::all_headings(vault, &source, &context, cancel)?,
        Wanted::AnyBlock => providers::blocks::all_blocks(vault, &source, &context, cancel)?,
        Wanted::Path(destination) => providers::paths::paths(vault, &source, *destination, &context, cancel)?,
        Wanted::Slug(target) => providers::fragments::slugs(vault, &source, target, &context),
        Wanted::SlugBlock(target) => {
            providers::blocks::blocks(vault, &source, LinkKind::Inline, target, &context)
        }
        Wanted::Tag => providers::tags::tags(vault, &source, "#", &context, cancel)?,
        Wanted::Callout => providers::callouts::callouts(vault, &source, &context, cancel)?,
        Wanted::Footnote => providers::labels::labels(vault, &source, LabelKind::Footnote, &context),
        Wanted::Label => providers::labels::labels(vault, &source, LabelKind::Link, &context),
        Wanted::Timestamp(opening, clock) => {
            providers::timestamps::timestamps(vault, &source, (*opening, clock), &context, cancel)?
        }
        Wanted::Key => providers::front_matter::keys(vault, &source, &context),
        Wanted::Value(key) => providers::front_matter::values(vault, &source, key, &context, cancel)?,
    };
    Ok(Completion { items, is_incomplete: true })
}

/// The texts that fit what was typed, the best first and equally good ones in the order in which they came;
/// as many as are shown.
fn fitting<'a, T>(
    vault: &Snapshot,
    typed: &str,
    from: &'a [T],
    text: impl for<'b> Fn(&'b T) -> &'b str,
) -> Vec<&'a T> {
    let mut query = Query::new(typed);
    let scored = from.iter().filter_map(|item| Some((Reverse(query.score_name(text(item))?), item)));
    let mut found: Vec<_> = scored.collect();
    found.sort_by_key(|(score, _)| *score);
    found.truncate(vault.settings().completion_max_items);
    found.into_iter().map(|(_, item)| item).collect()
}
