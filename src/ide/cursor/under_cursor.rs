//! What stands under the cursor: found once, here, for every feature.

use crate::syntax::{Block, Heading, LabelDefinition, LabelUse, Link, Parsed, Scalar, Tag, Timestamp};
use crate::text::{Offset, Span};
use crate::vault::{NoteRef, Snapshot};

use crate::ide::place::NotePosition;

/// The thing under the cursor, in its note.
#[derive(Clone, Copy, Debug)]
pub(crate) struct UnderCursor<'a> {
    pub(crate) source: NoteRef<'a>,
    /// All of the thing, as it is highlighted.
    pub(crate) span: Span,
    pub(crate) thing: Element<'a>,
}

/// The kinds of thing that a cursor can stand on.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Element<'a> {
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
pub(crate) fn under_cursor(vault: &Snapshot, position: NotePosition) -> Option<UnderCursor<'_>> {
    let source = vault.note(position.note)?;
    let parsed = &source.note.parsed;
    let at = position.at;
    let timestamp = pick(&parsed.timestamps, at, |timestamp| timestamp.span).map(Element::Timestamp);
    let link = || pick(&parsed.links, at, |link| link.span).map(Element::Link);
    let label_use = || pick(&parsed.label_uses, at, |label| label.span).map(Element::LabelUse);
    let definition = || pick(&parsed.label_definitions, at, label_part).map(Element::LabelDefinition);
    let tag = || pick(&parsed.tags, at, |tag| tag.span).map(Element::Tag);
    let video = || parsed.video().filter(|video| video.span.touches(at)).map(Element::Video);
    let block = || pick(&parsed.blocks, at, block_id).map(Element::Block);
    let anchor = || pick(&parsed.anchors, at, |span| *span).copied().map(Element::Anchor);
    let name = || names(parsed).find(|name| name.span.touches(at)).map(Element::Name);
    let heading = || pick(&parsed.headings, at, |heading| heading.span).map(Element::Heading);
    let label = definition().filter(|_| timestamp.is_none());
    let found = label.or(timestamp).or_else(link).or_else(label_use).or_else(tag).or_else(block);
    let front_matter = || {
        let whole = parsed.front_matter.as_ref().map(|front_matter| front_matter.span);
        whole.filter(|span| span.touches(at)).map(Element::FrontMatter)
    };
    let found = found.or_else(anchor).or_else(video).or_else(name).or_else(heading).or_else(front_matter)?;
    Some(UnderCursor { source, span: span_of(found), thing: found })
}

fn span_of(thing: Element<'_>) -> Span {
    match thing {
        Element::Timestamp(timestamp) => timestamp.span,
        Element::Link(link) => link.span,
        Element::LabelUse(label) => label.span,
        Element::LabelDefinition(label) => label_part(label),
        Element::Tag(tag) => tag.span,
        Element::Block(block) => block_id(block),
        Element::Anchor(span) | Element::FrontMatter(span) => span,
        Element::Video(scalar) | Element::Name(scalar) => scalar.span,
        Element::Heading(heading) => heading.span,
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
