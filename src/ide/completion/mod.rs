//! What could be written at the cursor: [`context`] finds out what belongs there, one function a kind of
//! thing offers it.

mod context;
mod documentation;
mod providers;
mod ranking;
#[cfg(test)]
mod tests;

use std::cmp::Reverse;

use crate::config::LinkFormat;
use crate::syntax::{LabelKind, LinkKind};
use crate::text::{Offset, Span};
use crate::vault::{Cancel, Cancelled, FileId, NoteRef, Resolution, Snapshot, searchable};

use crate::ide::change::Edit;
use crate::ide::links::link_writer::LinkWriter;
use crate::ide::place::NotePosition;
use crate::ide::search::matching::{Query, Score};
use crate::ide::search::typos::TypoQuery;
use context::{Context, Opening, Wanted};
use providers::{
    blocks, callouts, display_texts, files, fragments, front_matter, labels, markdown_links, paths, tags,
    timestamps,
};

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
    /// An HTML id, or the id of a heading.
    Anchor,
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
    let request = Request { vault, source, at: at.at, context, cancel };
    let mut drafts = match &request.context.wanted {
        Wanted::File(kind) => files::files(&request, *kind)?,
        Wanted::Heading(kind, target) => fragments::headings(&request, *kind, target)?,
        Wanted::Block(kind, target) => blocks::blocks(&request, *kind, target)?,
        Wanted::Display(kind, target) => display_texts::displays(&request, *kind, target)?,
        Wanted::AnyHeading => fragments::all_headings(&request)?,
        Wanted::AnyBlock => blocks::all_blocks(&request)?,
        Wanted::Path(destination) => paths::paths(&request, *destination)?,
        Wanted::Slug(target) => fragments::slugs(&request, target),
        Wanted::AnySlug(delimiter) => fragments::all_slugs(&request, *delimiter)?,
        Wanted::SlugBlock(target) => blocks::blocks(&request, LinkKind::Inline, target)?,
        Wanted::Tag => tags::tags(&request, "#")?,
        Wanted::Callout => callouts::callouts(&request)?,
        Wanted::Footnote => labels::labels(&request, LabelKind::Footnote, &request.context.typed),
        Wanted::Label => labels::labels(&request, LabelKind::Link, &request.context.typed),
        Wanted::Shortcut => labels::shortcuts(&request),
        Wanted::Timestamp(opening, clock) => {
            let mut drafts = timestamps::timestamps(&request, *opening, clock)?;
            if *opening == Opening::Bracket {
                drafts.extend(labels::shortcuts(&request));
            }
            drafts
        }
        Wanted::Key => front_matter::keys(&request),
        Wanted::Value(key) => front_matter::values(&request, key)?,
    };
    if request.vault.settings().completion_link_format == LinkFormat::Markdown {
        markdown_links::add(&request, &mut drafts);
    }
    let items = drafts.into_iter().map(|draft| request.context.item(draft)).collect();
    Ok(Completion { items, is_incomplete: true })
}

/// A completion request, as all providers get it.
struct Request<'a> {
    vault: &'a Snapshot,
    /// The note that is written in.
    source: NoteRef<'a>,
    /// The cursor.
    at: Offset,
    context: Context,
    cancel: &'a Cancel,
}

impl<'a> Request<'a> {
    fn max_items(&self) -> usize {
        self.vault.settings().completion_max_items
    }

    /// Returns the file that the target of a link means; the note itself if the target is empty.
    fn target_file(&self, kind: LinkKind, target: &str) -> Option<FileId> {
        if target.is_empty() {
            return Some(self.source.id);
        }
        match self.vault.resolve_target(self.source.path.folder(), kind, target) {
            Resolution::Found(found) => Some(found.best),
            _ => None,
        }
    }

    fn target_note(&self, kind: LinkKind, target: &str) -> Option<NoteRef<'a>> {
        self.vault.note(self.target_file(kind, target)?)
    }

    fn link_writer(&self) -> LinkWriter<'a> {
        LinkWriter::at(self.vault, &self.source, self.context.start())
    }

    /// Returns the items whose text matches what is typed, as [`Request::matching`] does.
    fn fitting<'i, T>(&self, items: &'i [T], text: impl for<'b> Fn(&'b T) -> &'b str) -> Vec<&'i T> {
        self.matching(&self.context.typed, items, text)
    }

    /// Returns the items whose text matches `typed`, best match first and in their own order among equals,
    /// at most [`Request::max_items`]. If none of them holds it, those that hold it misspelled are among
    /// them.
    fn matching<'i, T>(
        &self,
        typed: &str,
        items: &'i [T],
        text: impl for<'b> Fn(&'b T) -> &'b str,
    ) -> Vec<&'i T> {
        let scores = scores(&mut Query::new(typed), items, &text);
        let typos = TypoQuery::new(typed).and_then(|mut typos| {
            let is_spelled_right = any_holds(&mut typos, items, &scores, &text);
            typos.beside(is_spelled_right)
        });
        self.best(items, scores, typos, text)
    }

    /// Returns the items with the best of these scores, one each, and of those that this query gives them.
    fn best<'i, T>(
        &self,
        items: &'i [T],
        scores: Vec<Option<Score>>,
        typos: Option<TypoQuery>,
        text: impl for<'b> Fn(&'b T) -> &'b str,
    ) -> Vec<&'i T> {
        let mut typos = typos;
        let scored = scores.into_iter().zip(items).filter_map(|(score, item)| {
            let misspelled = typos.as_mut().and_then(|typos| typos.score(&searchable(text(item))));
            Some((Reverse(score.max(misspelled)?), item))
        });
        let mut found: Vec<_> = scored.collect();
        found.sort_by_key(|(score, _)| *score);
        found.truncate(self.max_items());
        found.into_iter().map(|(_, item)| item).collect()
    }
}

/// Returns how well the text of each item matches.
fn scores<T>(query: &mut Query, items: &[T], text: impl for<'b> Fn(&'b T) -> &'b str) -> Vec<Option<Score>> {
    items.iter().map(|item| query.score_name(text(item))).collect()
}

/// Whether the text of an item with a score holds what was typed as it is.
fn any_holds<T>(
    typos: &mut TypoQuery,
    items: &[T],
    scores: &[Option<Score>],
    text: impl for<'b> Fn(&'b T) -> &'b str,
) -> bool {
    let mut matching = items.iter().zip(scores).filter(|(_, score)| score.is_some());
    matching.any(|(item, _)| typos.stands_in(&searchable(text(item))))
}
