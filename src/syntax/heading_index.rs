//! An index of the headings of one note by the fragments that name them. Built for a lookup and dropped after
//! it, so that it costs a vault no memory.

use std::cell::OnceCell;

use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use crate::text::{Offset, Span, fold};

use super::parsed::{Heading, Parsed};
use super::slug::slug;

/// The headings of a note by fragments.
#[derive(Debug)]
pub struct HeadingIndex<'a> {
    parsed: &'a Parsed,
    /// The headings of each folded name.
    by_name: ByForm,
    /// The nesting of each heading, in order.
    nesting: Vec<Nesting>,
    /// The headings of each name without punctuation; built when it is first needed, as most fragments are
    /// names.
    by_words: OnceCell<ByForm>,
    /// The headings of each slug, with and without the number that tells equal ones apart, likewise.
    by_slug: OnceCell<ByForm>,
}

/// The indexes of headings by a form of their names, in order.
type ByForm = FxHashMap<String, SmallVec<[usize; 1]>>;

#[derive(Debug)]
struct Nesting {
    /// The heading that contains this one.
    parent: Option<usize>,
    /// The next heading that this one does not contain; the number of headings if there is none.
    end: usize,
}

impl Parsed {
    /// Builds an index of the headings by fragments. Linear in their number.
    pub fn heading_index(&self) -> HeadingIndex<'_> {
        HeadingIndex {
            parsed: self,
            by_name: self.headings_by(fold_heading),
            nesting: nesting(&self.headings),
            by_words: OnceCell::new(),
            by_slug: OnceCell::new(),
        }
    }

    /// Returns the section of each heading: from its start to the next heading that does not lie below it, or
    /// to the end of the text. Linear in the headings.
    pub fn sections(&self, text_end: Offset) -> Vec<Span> {
        let nesting = nesting(&self.headings);
        (0..nesting.len()).map(|index| section(&self.headings, &nesting, index, text_end)).collect()
    }

    /// Returns the headings that the one at `index` lies below, innermost first: five at most.
    pub fn headings_above(&self, index: usize) -> impl Iterator<Item = &Heading> {
        let parent = |heading: &Heading| self.headings.get(heading.parent?.get() as usize - 1);
        std::iter::successors(self.headings.get(index).and_then(parent), move |above| parent(above))
    }

    /// Returns the headings by a form of their names, as plain text and as Markdown; Obsidian links by the
    /// latter.
    fn headings_by(&self, form: fn(&str) -> String) -> ByForm {
        let mut found = ByForm::default();
        for (index, heading) in self.headings.iter().enumerate() {
            let (name, written) = (self.heading_name(heading), self.written_heading_name(heading));
            let plain = form(name);
            let other = Some(written).filter(|written| *written != name).map(form);
            let other = other.filter(|other| *other != plain);
            for name in std::iter::once(plain).chain(other) {
                found.entry(name).or_default().push(index);
            }
        }
        found
    }
}

impl HeadingIndex<'_> {
    /// Returns the index of the first heading that a fragment names; the fragment is decoded and without its
    /// leading `#`. Tries the text, then `A#B` for the B below A, then the text without punctuation, as
    /// Obsidian compares headings, then the GitHub slug in any case. Each part of an `A#B` may be in any of
    /// these forms. The cost does not grow with the number of headings, but with the headings that share the
    /// name of the rarest part of an `A#B`.
    pub fn find(&self, fragment: &str) -> Option<usize> {
        if self.nesting.is_empty() || fragment.trim().is_empty() {
            return None;
        }
        self.find_text(fragment)
            .or_else(|| self.worded(fragment).or_else(|| self.slugged(fragment))?.first())
            .copied()
    }

    /// Returns the section of the heading at `index`: from its start to the next heading that it does not
    /// contain, or to the end of the text.
    pub fn section(&self, index: usize, text_end: Offset) -> Span {
        section(&self.parsed.headings, &self.nesting, index, text_end)
    }

    fn find_text(&self, fragment: &str) -> Option<&usize> {
        // A `#` may be part of a name (`C# in depth`), so the whole fragment is tried first.
        let whole = fold_heading(fragment);
        if whole.is_empty() {
            return None;
        }
        let found = self.named(&whole).and_then(<[usize]>::first);
        if found.is_some() || !fragment.contains('#') {
            return found;
        }
        let parts = fragment.split('#').map(|part| (part.trim(), fold_heading(part)));
        let parts = parts.filter(|(_, folded)| !folded.is_empty()).map(|(part, folded)| {
            self.named(&folded).or_else(|| self.worded(part)).or_else(|| self.slugged(part)).unwrap_or(&[])
        });
        self.find_path(&parts.collect::<Vec<_>>())
    }

    /// Returns the first heading of the last part below one of the part before it, and so on. Each part is
    /// given as the headings with its name.
    fn find_path<'i>(&self, parts: &[&'i [usize]]) -> Option<&'i usize> {
        let (last, above) = parts.split_last()?;
        let top = above.first()?;
        let mut all = last.iter();
        if last.len() <= top.len() {
            return all.find(|index| self.is_below(**index, above));
        }
        // Of two headings of the top part, the first contains the other or ends before it, so the first match
        // is the first of all.
        let below_top = top.iter().flat_map(|top| {
            let end = self.nesting.get(*top).map_or(0, |nesting| nesting.end);
            let first = last.partition_point(|index| index <= top);
            last.get(first..).unwrap_or_default().iter().take_while(move |index| **index < end)
        });
        below_top.into_iter().find(|index| self.is_below(**index, above))
    }

    /// Returns whether the heading lies below one of the last of `parts`, that one below one of the part
    /// before, and so on.
    fn is_below(&self, index: usize, parts: &[&[usize]]) -> bool {
        let mut wanted = parts.iter().rev().peekable();
        let mut at = self.parent(index);
        while let (Some(part), Some(above)) = (wanted.peek(), at) {
            if part.binary_search(&above).is_ok() {
                wanted.next();
            }
            at = self.parent(above);
        }
        wanted.peek().is_none()
    }

    fn parent(&self, index: usize) -> Option<usize> {
        self.nesting.get(index)?.parent
    }

    fn named(&self, folded: &str) -> Option<&[usize]> {
        self.by_name.get(folded).map(|indexes| &**indexes)
    }

    /// Returns the headings that are a fragment but for punctuation.
    fn worded(&self, fragment: &str) -> Option<&[usize]> {
        let words = words_of_heading(fragment);
        let by_words = || self.parsed.headings_by(words_of_heading);
        Some(self.by_words.get_or_init(by_words).get(&words).filter(|_| !words.is_empty())?)
    }

    fn slugged(&self, fragment: &str) -> Option<&[usize]> {
        if fragment.contains(char::is_whitespace) {
            return None;
        }
        let by_slug = self.by_slug.get_or_init(|| {
            let mut by_slug = ByForm::default();
            for (index, own) in self.parsed.slugs().into_iter().enumerate() {
                // Below another heading, a heading needs no number to be told from its like. Where a slug
                // is the number of one heading and the text of another, its owner comes first.
                let name = self.parsed.headings.get(index).map(|heading| self.parsed.heading_name(heading));
                let plain = name.map(slug).filter(|plain| *plain != own);
                for slug in std::iter::once(own).chain(plain) {
                    by_slug.entry(slug).or_default().push(index);
                }
            }
            by_slug
        });
        Some(by_slug.get(&fragment.to_lowercase())?)
    }
}

fn section(headings: &[Heading], nesting: &[Nesting], index: usize, text_end: Offset) -> Span {
    let start = |index: usize| headings.get(index).map_or(text_end, |found| found.span.start);
    Span::between(start(index), nesting.get(index).map_or(text_end, |nesting| start(nesting.end)))
}

fn nesting(headings: &[Heading]) -> Vec<Nesting> {
    let mut all: Vec<Nesting> = Vec::with_capacity(headings.len());
    // The headings that may contain the next one, each with its level.
    let mut above: Vec<(u8, usize)> = Vec::new();
    for (index, heading) in headings.iter().enumerate() {
        while let Some((_, ended)) = above.pop_if(|(level, _)| *level >= heading.level) {
            if let Some(ended) = all.get_mut(ended) {
                ended.end = index;
            }
        }
        all.push(Nesting { parent: above.last().map(|(_, parent)| *parent), end: headings.len() });
        above.push((heading.level, index));
    }
    all
}

/// Returns the name of a heading, or a fragment, in the form in which Obsidian compares them: characters that
/// cannot be in a link and white space count as one space; case and Unicode form are ignored.
fn fold_heading(name: &str) -> String {
    let mut folded = String::with_capacity(name.len());
    let mut is_space_due = false;
    let name = fold(name);
    let mut characters = name.chars().peekable();
    while let Some(c) = characters.next() {
        let is_pair = |pair: char| c == pair && characters.peek() == Some(&pair);
        let is_space = c.is_whitespace()
            || matches!(c, '#' | '^' | '|' | ':' | '\\')
            || ['[', ']', '%'].into_iter().any(is_pair);
        if is_space {
            if matches!(c, '[' | ']' | '%') {
                characters.next();
            }
            is_space_due = true;
            continue;
        }
        if is_space_due && !folded.is_empty() {
            folded.push(' ');
        }
        is_space_due = false;
        folded.push(c);
    }
    folded
}

/// Returns the words of a heading, or a fragment: Obsidian compares them without punctuation
/// (`stripHeading` of its API), so that `[[note#Is this it]]` finds `## Is this it?`.
fn words_of_heading(name: &str) -> String {
    const PUNCTUATION: &str = "!\"#$%&()*+,.:;<=>?@^`{|}~/[]\\";
    let spaced: String = fold(name).chars().map(|c| if PUNCTUATION.contains(c) { ' ' } else { c }).collect();
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::super::parse;
    use super::*;

    #[test]
    fn headings_are_found_in_every_form() {
        let text = "# Set up\n## Is this it?\n### The \"big\" one (really)\n## a, d\n### x y    z & C++\n\
            # Wrap up\n## Is this it?\n### C\n### C++\n### Is this it\n# ?!\n";
        let parsed = parse(text);
        let headings = parsed.heading_index();
        for (fragment, found) in [
            // Without punctuation, which counts where it tells headings apart.
            ("a d", Some(3)),
            ("The big one really", Some(2)),
            ("C++", Some(8)),
            ("c", Some(7)),
            ("Is this it", Some(9)),
            ("is this it!", Some(1)),
            ("", None),
            ("?", None),
            // Slugs, in any case; each space has its own hyphen.
            ("Set-Up", Some(0)),
            ("IS-THIS-IT-1", Some(6)),
            ("x-y----z--c", Some(4)),
            ("x-y-z--c", None),
            // Paths, each part in any form.
            ("Wrap up#Is this it?", Some(6)),
            ("wrap-up#is-this-it", Some(6)),
            ("wrap-up#is-this-it-1", Some(6)),
            ("Wrap-Up#C++", Some(8)),
            ("set up#a d#x-y----z--c", Some(4)),
            ("Set up#is-this-it#The big one really", Some(2)),
            ("Set up#C++", None),
        ] {
            assert_eq!(headings.find(fragment), found, "{fragment}");
        }
    }

    #[test]
    fn fragments_find_headings() {
        let text = "# Part one\n## Intro: *why*?\n# Part two\n## Intro\n### [[x|Y]] C#\n# Cafe\u{301}\n";
        let parsed = parse(text);
        let headings = parsed.heading_index();
        for (fragment, found) in [
            ("Part one", Some("Part one")),
            ("part  ONE", Some("Part one")),
            ("part-two", Some("Part two")),
            ("Intro why?", Some("Intro: why?")),
            ("Intro *why*?", Some("Intro: why?")),
            ("Part two#Intro", Some("Intro")),
            ("Part one#Y C", None),
            ("Part two#Intro#x Y C", Some("Y C#")),
            ("Y C#", Some("Y C#")),
            ("Caf\u{e9}", Some("Cafe\u{301}")),
            ("", None),
            ("#", None),
            ("Nowhere", None),
        ] {
            let heading = headings.find(fragment).map(|index| parsed.heading_name(&parsed.headings[index]));
            assert_eq!(heading, found, "{fragment}");
        }
    }

    /// Finds the heading of a path by looking at every heading and everything above it.
    fn find_path_slowly(outline: &[(u8, char)], path: &[char]) -> Option<usize> {
        (0..outline.len()).find(|index| {
            let mut names = Vec::new();
            let mut level = u8::MAX;
            for (other, name) in outline[..=*index].iter().rev() {
                if *other < level {
                    level = *other;
                    names.push(*name);
                }
            }
            let mut wanted = path.iter().rev().peekable();
            let is_named = names.first() == wanted.peek().copied();
            for name in &names {
                wanted.next_if_eq(&name);
            }
            is_named && wanted.peek().is_none()
        })
    }

    #[test]
    fn paths_lead_to_the_first_heading_below_the_others() {
        let mut seed = 1_u32;
        let mut random = |below: u32| {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (seed >> 16) % below
        };
        let mut found_some = 0;
        for _ in 0..300 {
            let outline: Vec<(u8, char)> = (0..random(14))
                .map(|_| (u8::try_from(random(4)).unwrap() + 1, ['a', 'b', 'c'][random(3) as usize]))
                .collect();
            let lines =
                outline.iter().map(|(level, name)| format!("{} {name}\n", "#".repeat((*level).into())));
            let parsed = parse(&lines.collect::<String>());
            let headings = parsed.heading_index();
            for path in ["ab", "ba", "aa", "cb", "abc", "aab", "bcaa", "dab"] {
                let path: Vec<char> = path.chars().collect();
                let fragment = path.iter().map(char::to_string).collect::<Vec<_>>().join("#");
                let found = headings.find(&fragment);
                assert_eq!(found, find_path_slowly(&outline, &path), "{fragment} in {outline:?}");
                found_some += usize::from(found.is_some());
            }
        }
        assert!(found_some > 300, "{found_some}");
    }

    #[test]
    fn sections_end_where_the_next_heading_that_is_not_below_starts() {
        let text = "# A\n### B\n## C\n# D\nend\n";
        let parsed = parse(text);
        let headings = parsed.heading_index();
        let sections = (0..5).map(|index| headings.section(index, Offset::new(text.len())));
        let sections: Vec<&str> = sections.map(|span| text.get(span.range()).unwrap()).collect();
        assert_eq!(sections, ["# A\n### B\n## C\n", "### B\n", "## C\n", "# D\nend\n", ""]);
    }
}
