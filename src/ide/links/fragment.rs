//! The parts of a note by the fragments of links, and the fragments that name a part.

use std::borrow::Cow;
use std::cell::{OnceCell, RefCell};
use std::rc::Rc;

use rustc_hash::FxHashMap;

use crate::syntax::{Block, HeadingIndex, Link, Parsed, decode_link_part};
use crate::text::{Encoding, Offset, Position as TextPosition, Span, Text};
use crate::vault::{FileId, NoteRef, loose};

use crate::ide::links::escape::Position;
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
    /// Lines by their numbers.
    Lines(Span),
    /// The fragment is not in the note.
    Missing,
}

impl Place {
    /// Where the heading, block id or anchor begins; `None` for a note as a whole and for what is missing.
    pub(crate) fn start(self) -> Option<Offset> {
        match self {
            Place::Heading { heading, .. } => Some(heading.start),
            Place::Block { id, .. } => Some(id.start),
            Place::Anchor(span) | Place::Lines(span) => Some(span.start),
            Place::Whole | Place::Missing => None,
        }
    }

    /// The stretch of `target` to show for this place; `None` if the fragment is not in it.
    pub(crate) fn part_of(self, target: &NoteRef<'_>) -> Option<Span> {
        match self {
            Place::Whole => Some(body(target)),
            Place::Heading { section, .. } => Some(section),
            Place::Block { block, .. } => Some(block),
            Place::Anchor(span) => Some(Span::between(span.start, target.note.text.end())),
            Place::Lines(lines) => Some(lines),
            Place::Missing => None,
        }
    }
}

/// The places of one note by their fragments. What finds them is built when it is first asked for, linear in
/// the note, and serves all later questions.
pub(crate) struct Fragments<'a> {
    target: NoteRef<'a>,
    headings: OnceCell<HeadingIndex<'a>>,
    /// The loose names of all headings with their indexes, sorted.
    loose_names: OnceCell<Vec<(String, usize)>>,
    /// The slugs of all headings.
    slugs: OnceCell<Vec<String>>,
    /// The first block of each id in lower case.
    blocks: OnceCell<FxHashMap<String, &'a Block>>,
    /// The first anchor of each name.
    anchors: OnceCell<FxHashMap<Cow<'a, str>, Span>>,
}

/// The places of several notes: what finds those of one note is built once, however many links lead there.
#[derive(Default)]
pub(crate) struct FragmentCache<'a>(RefCell<FxHashMap<FileId, Rc<Fragments<'a>>>>);

impl<'a> FragmentCache<'a> {
    /// Returns the places of a note of the snapshot that the cache is for.
    pub(crate) fn of(&self, target: NoteRef<'a>) -> Rc<Fragments<'a>> {
        let mut known = self.0.borrow_mut();
        Rc::clone(known.entry(target.id).or_insert_with(|| Rc::new(Fragments::of(target))))
    }
}

impl<'a> Fragments<'a> {
    pub(crate) fn of(target: NoteRef<'a>) -> Fragments<'a> {
        Fragments {
            target,
            headings: OnceCell::new(),
            loose_names: OnceCell::new(),
            slugs: OnceCell::new(),
            blocks: OnceCell::new(),
            anchors: OnceCell::new(),
        }
    }

    /// Finds the fragment of a link of `source` that leads to this note.
    pub(crate) fn find_place(&self, source: &NoteRef<'_>, link: &Link) -> Place {
        let Some(written) = link.fragment.map(|span| source.note.slice(span)) else { return Place::Whole };
        let fragment = decode_link_part(link, &written);
        match self.find(&fragment) {
            Place::Missing if !link.kind.is_wiki() => {
                lines(&self.target.note.text, &fragment).map_or(Place::Missing, Place::Lines)
            }
            found => found,
        }
    }

    /// Finds a fragment, decoded and without its first `#`. Of a directive for browsers (`:~:text=…`) nothing
    /// is known, so that it does not count.
    pub(crate) fn find(&self, fragment: &str) -> Place {
        let fragment = fragment.split_once(":~:").map_or(fragment, |(before, _)| before);
        if fragment.trim().is_empty() {
            return Place::Whole;
        }
        if let Some(id) = fragment.strip_prefix('^') {
            let block = self.blocks().get(&id.trim().to_ascii_lowercase());
            return block.map_or(Place::Missing, |block| Place::Block { block: block.span, id: block.id });
        }
        let note = self.target.note;
        let heading = self.find_heading(fragment);
        let anchor = || self.anchors().get(fragment).copied();
        let with_id = |id: Span| {
            let index = note.parsed.headings.partition_point(|heading| heading.span.end <= id.start);
            note.parsed.headings.get(index).filter(|heading| heading.span.covers(id)).map(|_| index)
        };
        if let Some(index) = heading.or_else(|| with_id(anchor()?))
            && let Some(heading) = note.parsed.headings.get(index)
        {
            let section = self.headings().section(index, note.text.end());
            return Place::Heading { section, heading: heading.span };
        }
        // A note reference of Dendron: `#a,1:#b` is from below A to B.
        if anchor().is_none()
            && let Some(place) = start_of_range(fragment).map(|start| self.find(start))
            && place != Place::Missing
        {
            return place;
        }
        // Every page has a top.
        let missing = if fragment.eq_ignore_ascii_case("top") { Place::Whole } else { Place::Missing };
        anchor().map_or(missing, Place::Anchor)
    }

    /// Finds the heading that a fragment names, as its index in the note.
    pub(crate) fn find_heading(&self, fragment: &str) -> Option<usize> {
        let may_be_heading = !fragment.starts_with('^') && !fragment.trim().is_empty();
        if may_be_heading { self.headings().find(fragment) } else { None }
    }

    /// Names the heading at `index` in a fragment: by the first of the `preferred` texts that leads to it,
    /// else by its name, below as many of the headings above as it takes (`Parent#Child`), else by its GitHub
    /// slug. `None` if none of them leads there and can be written at `position`.
    pub(crate) fn name_heading(
        &self,
        index: usize,
        position: Position,
        preferred: impl IntoIterator<Item = String>,
    ) -> Option<String> {
        let parsed = &self.target.note.parsed;
        let leads_there = |text: &String| position.can_hold(text) && self.find_heading(text) == Some(index);
        preferred.into_iter().find(leads_there).or_else(|| {
            let name = parsed.heading_name(parsed.headings.get(index)?);
            let plain = plain_name(name);
            // Of two headings with one name neither is left to be the first of them: the other may be moved.
            let is_unique = self.is_unique(name);
            if is_unique && plain == name && position.can_hold(&plain) {
                return Some(plain);
            }
            let above = parents(parsed, index).into_iter().map(plain_name).rev();
            let nested = above.scan(plain.clone(), |below, parent| {
                *below = format!("{parent}#{below}");
                Some(below.clone())
            });
            let first = is_unique.then(|| plain.clone());
            let mut names = first.into_iter().chain(nested).chain([plain]);
            let slug = || self.slugs().get(index).filter(|slug| leads_there(slug)).cloned();
            names.find(leads_there).or_else(slug)
        })
    }

    /// Returns the GitHub slugs of all headings, in order.
    pub(crate) fn slugs(&self) -> &[String] {
        self.slugs.get_or_init(|| self.target.note.parsed.slugs())
    }

    /// Returns whether no other heading's name differs from this one only in what fragments may not tell
    /// apart.
    fn is_unique(&self, name: &str) -> bool {
        let name = loose(name);
        let (names, first) = (self.loose_names(), self.first_loose(&name));
        !name.is_empty() && names.get(first + 1).is_none_or(|(other, _)| *other != name)
    }

    /// Returns the only heading whose name has the letters and digits of `name`, as its index in the note.
    pub(crate) fn only_heading_like(&self, name: &str) -> Option<usize> {
        let (_, index) = self.loose_names().get(self.first_loose(&loose(name)))?;
        let found = self.target.note.parsed.headings.get(*index)?;
        let found = self.target.note.parsed.heading_name(found);
        (loose(found) == loose(name) && self.is_unique(found)).then_some(*index)
    }

    fn first_loose(&self, name: &str) -> usize {
        self.loose_names().partition_point(|(other, _)| other.as_str() < name)
    }

    fn loose_names(&self) -> &[(String, usize)] {
        self.loose_names.get_or_init(|| {
            let parsed = &self.target.note.parsed;
            let names = parsed.headings.iter().enumerate();
            let names = names.map(|(index, heading)| (loose(parsed.heading_name(heading)), index));
            let mut names: Vec<(String, usize)> = names.collect();
            names.sort_unstable();
            names
        })
    }

    fn headings(&self) -> &HeadingIndex<'a> {
        self.headings.get_or_init(|| self.target.note.parsed.heading_index())
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

/// Returns where a note reference of Dendron begins: `a` of `a:#b`, `a,1` and `a,1:#b`.
fn start_of_range(fragment: &str) -> Option<&str> {
    let start = fragment.split_once(":#").map_or(fragment, |(start, _)| start);
    let start = match start.rsplit_once(',') {
        Some((name, lines)) if !lines.is_empty() && lines.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => start,
    };
    (start.len() < fragment.len()).then_some(start)
}

/// Reads the numbers of lines as VS Code, GitHub and GitLab write them: `L10`, `L3-L5`, `L3C2-L5C8`, `10,4`,
/// `10-12`. Returns where they begin, to the end of the last of them.
fn lines(text: &Text, fragment: &str) -> Option<Span> {
    let (first, last) = fragment.split_once('-').unwrap_or((fragment, fragment));
    let ((first, column), (last, _)) = (line_and_column(first)?, line_and_column(last)?);
    let count = u32::try_from(text.line_count()).unwrap_or(u32::MAX);
    let index = |number: u32| number.clamp(1, count) - 1;
    let position = TextPosition { line: index(first), column: column.saturating_sub(1) };
    let start = text.offset(position, Encoding::Utf16);
    Some(Span::between(start, text.line(index(last.max(first)) as usize)?.end.max(start)))
}

/// Reads `L10`, `10,4` and `L10C4`; the column is 1 if there is none.
fn line_and_column(written: &str) -> Option<(u32, u32)> {
    let written = written.strip_prefix(['L', 'l']).unwrap_or(written);
    let number =
        |digits: &str| digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok())?;
    match written.split_once([',', 'C', 'c']) {
        Some((line, column)) => number(line).zip(number(column)),
        None => number(written).map(|line| (line, 1)),
    }
}

/// Finds the fragment of a link of `source` in `target`. Linear in `target`; see [`Fragments`] for many
/// links.
pub(crate) fn find_place(source: &NoteRef<'_>, link: &Link, target: &NoteRef<'_>) -> Place {
    Fragments::of(*target).find_place(source, link)
}

/// Returns the place of the id that a fragment names: that of an HTML element, or that of the heading that it
/// leads to.
pub(crate) fn anchor_of(target: &NoteRef<'_>, place: Place, fragment: &str) -> Option<Span> {
    match place {
        Place::Anchor(name) => Some(name),
        Place::Heading { heading, .. } => {
            let mut anchors = target.note.parsed.anchors.iter().copied();
            anchors.find(|name| heading.covers(*name) && target.note.slice(*name) == fragment)
        }
        _ => None,
    }
}

/// Finds a fragment, decoded and without its first `#`. Linear in `target`.
pub(crate) fn find_fragment(fragment: &str, target: &NoteRef<'_>) -> Place {
    Fragments::of(*target).find(fragment)
}

/// The names of the headings that the one at `index` lies below, outermost first.
pub(crate) fn parents(parsed: &Parsed, index: usize) -> Vec<&str> {
    let names = parsed.headings_above(index).map(|heading| parsed.heading_name(heading));
    let mut names: Vec<&str> = names.filter(|name| !name.is_empty()).collect();
    names.reverse();
    names
}

/// A heading's name as Obsidian writes it into links: what would end the link or the fragment becomes a
/// space.
pub(crate) fn plain_name(name: &str) -> String {
    let spaced =
        name.replace("[[", " ").replace("]]", " ").replace("%%", " ").replace(['#', '^', '|', '\\'], " ");
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ide::fixture;

    #[test]
    fn fragments_are_found_in_every_form() {
        let text = "# One {#first}\n\n## Two *b* { #second .wide }\n\n## Three [#third]\n\n## {#x}\n\n## Set {1}\n\n\
            ## L10\n\n<a id=\"Here\"></a> 𝄞 end\n";
        let (vault, at) = fixture::vault(&format!("//- note.md\n{text}//- a.md\n$0"));
        let note = vault.note(vault.find("note.md").unwrap()).unwrap();
        let source = vault.note(at.note).unwrap();
        let found = |link: &str| {
            let parsed = crate::syntax::parse(link);
            let source_note = std::sync::Arc::new(crate::vault::Note::new(link));
            let source = NoteRef { note: &source_note, ..source };
            match find_place(&source, &parsed.links[0], &note) {
                Place::Whole => "whole".to_owned(),
                Place::Missing => "missing".to_owned(),
                Place::Heading { heading, .. } => note.note.slice(heading).into_owned(),
                Place::Anchor(span) => format!("anchor {}", note.note.slice(span)),
                Place::Lines(span) => format!("lines {}", note.note.slice(span)),
                Place::Block { .. } => "block".to_owned(),
            }
        };
        for (fragment, expected) in [
            ("", "whole"),
            ("top", "whole"),
            (":~:text=any,thing", "whole"),
            ("first", "# One {#first}"),
            ("One", "# One {#first}"),
            ("one", "# One {#first}"),
            ("two-b:~:text=b", "## Two *b* { #second .wide }"),
            ("one:#^end", "# One {#first}"),
            ("two-b,1", "## Two *b* { #second .wide }"),
            ("one,x", "missing"),
            ("second", "## Two *b* { #second .wide }"),
            ("third", "## Three [#third]"),
            ("three", "## Three [#third]"),
            ("set-1", "## Set {1}"),
            ("Here", "anchor Here"),
            ("none", "missing"),
            ("L1", "lines # One {#first}"),
            ("l3", "lines ## Two *b* { #second .wide }"),
            ("L10", "## L10"),
            ("13,19", "lines 𝄞 end"),
            ("L13C19", "lines 𝄞 end"),
            ("99", "lines "),
            ("L2-L3", "lines \n## Two *b* { #second .wide }"),
            ("L3,4-5,6", "lines Two *b* { #second .wide }\n\n## Three [#third]"),
            ("L", "missing"),
            ("3x", "missing"),
            ("-", "missing"),
            ("99999999999999999999", "missing"),
        ] {
            assert_eq!(found(&format!("[x](note.md#{fragment})")), expected, "{fragment}");
        }
        assert_eq!(found("[[note#L1]]"), "missing");
        assert_eq!(found("[[note#Two b]]"), "## Two *b* { #second .wide }");
    }

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
