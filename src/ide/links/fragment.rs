//! Where the fragment of a link lies in the note that the link leads to.

use std::borrow::Cow;
use std::cell::OnceCell;

use rustc_hash::FxHashMap;

use crate::syntax::{Block, HeadingIndex, Link, Parsed, decode_link_part};
use crate::text::{Offset, Span};
use crate::vault::NoteRef;

use crate::ide::note::body::body;

/// The part of a note that a link names.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Place {
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
    pub(crate) fn part_of(self, target: &NoteRef<'_>) -> Option<Span> {
        match self {
            Place::Whole => Some(body(target)),
            Place::Heading { section, .. } => Some(section),
            Place::Block { block, .. } => Some(block),
            Place::Anchor(span) => Some(Span::between(span.start, target.note.text.end())),
            Place::Missing => None,
        }
    }
}

/// The places of one note by their fragments. What finds them is built when it is first asked for, linear in the note,
/// and serves all later questions.
pub(crate) struct Fragments<'a> {
    target: NoteRef<'a>,
    headings: OnceCell<HeadingIndex<'a>>,
    /// The first block of each id in lower case.
    blocks: OnceCell<FxHashMap<String, &'a Block>>,
    /// The first anchor of each name.
    anchors: OnceCell<FxHashMap<Cow<'a, str>, Span>>,
}

impl<'a> Fragments<'a> {
    pub(crate) fn of(target: NoteRef<'a>) -> Fragments<'a> {
        Fragments { target, headings: OnceCell::new(), blocks: OnceCell::new(), anchors: OnceCell::new() }
    }

    /// Finds the fragment of a link of `source` that leads to this note.
    pub(crate) fn find_place(&self, source: &NoteRef<'_>, link: &Link) -> Place {
        let Some(written) = link.fragment.map(|span| source.note.slice(span)) else { return Place::Whole };
        self.find(&decode_link_part(link, &written))
    }

    /// Finds a fragment, decoded and without its first `#`.
    pub(crate) fn find(&self, fragment: &str) -> Place {
        if fragment.trim().is_empty() {
            return Place::Whole;
        }
        if let Some(id) = fragment.strip_prefix('^') {
            let block = self.blocks().get(&id.trim().to_ascii_lowercase());
            return block.map_or(Place::Missing, |block| Place::Block { block: block.span, id: block.id });
        }
        let note = self.target.note;
        let headings = self.headings.get_or_init(|| note.parsed.heading_index());
        if let Some(index) = headings.find(fragment)
            && let Some(heading) = note.parsed.headings.get(index)
        {
            let section = headings.section(index, note.text.end());
            return Place::Heading { section, heading: heading.span };
        }
        self.anchors().get(fragment).map_or(Place::Missing, |span| Place::Anchor(*span))
    }

    fn blocks(&self) -> &FxHashMap<String, &'a Block> {
        self.blocks.get_or_init(|| {
            let note = self.target.note;
            let mut blocks = FxHashMap::default();
            for block in &note.parsed.blocks {
                blocks.entry(note.slice(block.id).to_ascii_lowercase()).or_insert(block);
            }
            blocks
        })
    }

    fn anchors(&self) -> &FxHashMap<Cow<'a, str>, Span> {
        self.anchors.get_or_init(|| {
            let note = self.target.note;
            let mut anchors = FxHashMap::default();
            for span in &note.parsed.anchors {
                anchors.entry(note.slice(*span)).or_insert(*span);
            }
            anchors
        })
    }
}

/// Finds the fragment of a link of `source` in `target`. Linear in `target`; see [`Fragments`] for many links.
pub(crate) fn find_place(source: &NoteRef<'_>, link: &Link, target: &NoteRef<'_>) -> Place {
    Fragments::of(*target).find_place(source, link)
}

/// Finds a fragment, decoded and without its first `#`. Linear in `target`.
pub(crate) fn find_fragment(fragment: &str, target: &NoteRef<'_>) -> Place {
    Fragments::of(*target).find(fragment)
}

/// The index of the heading that begins at a place.
pub(crate) fn position_of_heading(parsed: &Parsed, at: Offset) -> Option<usize> {
    parsed.headings.iter().position(|one| one.span.start == at)
}

/// The text forms of the heading at `index`: the name alone, and that below as few of those above it as tell it from others.
pub(crate) fn heading_texts(parsed: &Parsed, index: usize) -> Vec<String> {
    let name = |index: usize| parsed.headings.get(index).map_or("", |heading| parsed.heading_name(heading));
    let mut chain = name(index).to_owned();
    let mut texts = vec![chain.clone()];
    let mut level = parsed.headings.get(index).map_or(0, |heading| heading.level);
    for (at, heading) in parsed.headings.iter().enumerate().take(index).rev() {
        if heading.level < level {
            level = heading.level;
            chain = format!("{}#{chain}", name(at));
            texts.push(chain.clone());
        }
    }
    texts
}

/// Whether the fragment of a wikilink can say this.
pub(crate) fn is_writable_fragment(fragment: &str) -> bool {
    !fragment.contains(|char: char| matches!(char, '[' | ']' | '|') || char.is_control())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ide::fixture;

    #[test]
    fn fragments_find_blocks_and_anchors() {
        let (vault, at) = fixture::vault("text ^Id-1\n\nlater ^id-1\n\n<a id=\"Here\"></a>\n");
        let note = vault.note(at.note).unwrap();
        let found = |fragment: &str| match find_fragment(fragment, &note) {
            Place::Block { block, .. } => note.note.slice(block),
            Place::Anchor(span) => note.note.slice(span),
            Place::Missing => "missing".into(),
            other => panic!("{other:?}"),
        };
        for (fragment, expected) in
            [("^iD-1", "text ^Id-1"), ("^id-2", "missing"), ("Here", "Here"), ("here", "missing")]
        {
            assert_eq!(found(fragment), expected, "{fragment}");
        }
    }
}
