//! What stands under the cursor: found once, here, for every feature.

use crate::syntax::{Block, Heading, LabelDefinition, LabelUse, Link, Parsed, Scalar, Tag, Timestamp};
use crate::text::{Placed, SortedByPlace, Span};
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

/// Finds the smallest thing that the cursor stands on; one at its right edge counts, unless another begins
/// there.
pub(crate) fn under_cursor(vault: &Snapshot, position: NotePosition) -> Option<UnderCursor<'_>> {
    let source = vault.note(position.note)?;
    let parsed = &source.note.parsed;
    let at = position.at;
    let timestamp = parsed.timestamps.touching(at).map(Element::Timestamp);
    let link = || parsed.links.touching(at).map(Element::Link);
    let label_use = || parsed.label_uses.touching(at).map(Element::LabelUse);
    let definition = || {
        let definition = parsed.label_definitions.touching(at);
        definition.filter(|one| label_part(one).touches(at)).map(Element::LabelDefinition)
    };
    let tag = || parsed.tags.touching(at).map(Element::Tag);
    let video = || parsed.video().filter(|video| video.span.touches(at)).map(Element::Video);
    let block = || parsed.blocks.touching(at).map(Element::Block);
    let anchor = || parsed.anchors.touching(at).copied().map(Element::Anchor);
    let name = || names(parsed).find(|name| name.span.touches(at)).map(Element::Name);
    let heading = || parsed.headings.touching(at).map(Element::Heading);
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
        Element::Block(block) => block.place(),
        Element::Anchor(span) | Element::FrontMatter(span) => span,
        Element::Video(scalar) | Element::Name(scalar) => scalar.span,
        Element::Heading(heading) => heading.span,
    }
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
