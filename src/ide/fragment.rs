//! Where the fragment of a link lies in the note that the link leads to.

use percent_encoding::percent_decode_str;

use crate::syntax::Link;
use crate::text::Span;
use crate::vault::NoteRef;

use super::preview::body;

/// The part of a note that a link names.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Place {
    /// All of it: the link has no fragment.
    Whole,
    Heading {
        section: Span,
        heading: Span,
    },
    Block {
        block: Span,
        id: Span,
    },
    /// The value of an HTML `id` or `name`.
    Anchor(Span),
    /// The fragment is not in the note.
    Missing,
}

impl Place {
    /// The stretch of `target` to show for this place; `None` if the fragment is not in it.
    pub(super) fn part_of(self, target: &NoteRef<'_>) -> Option<Span> {
        match self {
            Place::Whole => Some(body(target)),
            Place::Heading { section, .. } => Some(section),
            Place::Block { block, .. } => Some(block),
            Place::Anchor(span) => Some(Span::between(span.start, target.note.text.end())),
            Place::Missing => None,
        }
    }
}

/// Finds the fragment of a link of `source` in `target`.
pub(super) fn find_place(source: &NoteRef<'_>, link: &Link, target: &NoteRef<'_>) -> Place {
    let Some(written) = link.fragment.map(|span| source.note.slice(span)) else { return Place::Whole };
    let fragment =
        if link.kind.is_wiki() { written } else { percent_decode_str(&written).decode_utf8_lossy() };
    find_fragment(&fragment, target)
}

/// Finds a fragment, percent-decoded and without its first `#`.
pub(super) fn find_fragment(fragment: &str, target: &NoteRef<'_>) -> Place {
    let parsed = &target.note.parsed;
    if fragment.trim().is_empty() {
        return Place::Whole;
    }
    if let Some(id) = fragment.strip_prefix('^') {
        let same = |span: Span| target.note.slice(span).eq_ignore_ascii_case(id.trim());
        let block = parsed.blocks.iter().find(|block| same(block.id));
        return block.map_or(Place::Missing, |block| Place::Block { block: block.span, id: block.id });
    }
    if let Some(index) = parsed.find_heading(fragment)
        && let Some(heading) = parsed.headings.get(index)
    {
        let section = parsed.section(index, target.note.text.end());
        return Place::Heading { section, heading: heading.span };
    }
    let anchor = parsed.anchors.iter().find(|span| target.note.slice(**span) == fragment);
    anchor.map_or(Place::Missing, |span| Place::Anchor(*span))
}
