//! What stands under the cursor: found once, here, for every feature.

use crate::syntax::{Block, Heading, LabelDefinition, LabelUse, Link, Parsed, Scalar, Tag, Timestamp};
use crate::text::{Offset, Span};
use crate::vault::{NoteRef, Snapshot};

use super::NotePosition;

/// The thing under the cursor, in its note.
#[derive(Clone, Copy, Debug)]
pub(super) struct UnderCursor<'a> {
    pub(super) source: NoteRef<'a>,
    /// All of the thing, as it is highlighted.
    pub(super) span: Span,
    pub(super) thing: Thing<'a>,
}

/// The kinds of thing that a cursor can stand on.
#[derive(Clone, Copy, Debug)]
pub(super) enum Thing<'a> {
    Timestamp(&'a Timestamp),
    Link(&'a Link),
    LabelUse(&'a LabelUse),
    LabelDefinition(&'a LabelDefinition),
    Tag(&'a Tag),
    /// The `^id` of a block.
    Block(&'a Block),
    /// The value of an HTML `id` or `name`.
    Anchor(Span),
    /// The `videoId` of the front matter.
    Video(&'a Scalar),
    /// A title or an alias in the front matter.
    Name(&'a Scalar),
    Heading(&'a Heading),
    /// Any other place of the front matter, which is about the note as a whole.
    FrontMatter(Span),
}

/// Finds the smallest thing that the cursor stands on; one at its right edge counts, unless another begins there.
pub(super) fn under_cursor(vault: &Snapshot, position: NotePosition) -> Option<UnderCursor<'_>> {
    let source = vault.note(position.note)?;
    let parsed = &source.note.parsed;
    let at = position.at;
    let timestamp = pick(&parsed.timestamps, at, |timestamp| timestamp.span).map(Thing::Timestamp);
    let link = || pick(&parsed.links, at, |link| link.span).map(Thing::Link);
    let label_use = || pick(&parsed.label_uses, at, |label| label.span).map(Thing::LabelUse);
    let definition = || pick(&parsed.label_definitions, at, label_part).map(Thing::LabelDefinition);
    let tag = || pick(&parsed.tags, at, |tag| tag.span).map(Thing::Tag);
    let video = || parsed.video().filter(|video| video.span.touches(at)).map(Thing::Video);
    let block = || pick(&parsed.blocks, at, block_id).map(Thing::Block);
    let anchor = || pick(&parsed.anchors, at, |span| *span).copied().map(Thing::Anchor);
    let name = || names(parsed).find(|name| name.span.touches(at)).map(Thing::Name);
    let heading = || pick(&parsed.headings, at, |heading| heading.span).map(Thing::Heading);
    let label = definition().filter(|_| timestamp.is_none());
    let found = label.or(timestamp).or_else(link).or_else(label_use).or_else(tag).or_else(block);
    let front_matter = || {
        let whole = parsed.front_matter.as_ref().map(|front_matter| front_matter.span);
        whole.filter(|span| span.touches(at)).map(Thing::FrontMatter)
    };
    let found = found.or_else(anchor).or_else(video).or_else(name).or_else(heading).or_else(front_matter)?;
    Some(UnderCursor { source, span: span_of(found), thing: found })
}

fn span_of(thing: Thing<'_>) -> Span {
    match thing {
        Thing::Timestamp(timestamp) => timestamp.span,
        Thing::Link(link) => link.span,
        Thing::LabelUse(label) => label.span,
        Thing::LabelDefinition(label) => label_part(label),
        Thing::Tag(tag) => tag.span,
        Thing::Block(block) => block_id(block),
        Thing::Anchor(span) | Thing::FrontMatter(span) => span,
        Thing::Video(scalar) | Thing::Name(scalar) => scalar.span,
        Thing::Heading(heading) => heading.span,
    }
}

/// `^id`
fn block_id(block: &Block) -> Span {
    Span::new(block.id.start.to_usize().saturating_sub(1), block.id.end.to_usize())
}

/// The names that a note gives itself.
fn names(parsed: &Parsed) -> impl Iterator<Item = &Scalar> {
    let front_matter = parsed.front_matter.as_deref();
    let aliases = front_matter.into_iter().flat_map(|front_matter| &front_matter.aliases);
    front_matter.and_then(|front_matter| front_matter.title.as_ref()).into_iter().chain(aliases)
}

/// `[label]` of a definition: the rest of it is a link or text of its own.
fn label_part(definition: &LabelDefinition) -> Span {
    Span::new(definition.span.start.to_usize(), definition.label.end.to_usize() + 1)
}

/// The last one that holds the cursor, else one that ends at it.
fn pick<T>(sorted: &[T], at: Offset, span: impl Fn(&T) -> Span) -> Option<&T> {
    let after = sorted.partition_point(|one| span(one).start <= at);
    // Spans of one kind nest at most once (an image in a link), so a few steps back are enough.
    let near = sorted.get(after.saturating_sub(4)..after)?;
    let inside = near.iter().rev().find(|one| span(one).contains(at));
    inside.or_else(|| near.iter().rev().find(|one| span(one).touches(at)))
}
