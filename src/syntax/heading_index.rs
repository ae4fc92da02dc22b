//! An index of the headings of one note by the fragments that name them. Built for a lookup and dropped after
//! it, so that it costs a vault no memory.

use std::cell::OnceCell;

use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use crate::text::{Offset, Span, fold};

use super::parsed::{Heading, Parsed};

/// The headings of a note by fragments.
#[derive(Debug)]
pub struct HeadingIndex<'a> {
    parsed: &'a Parsed,
    /// The headings of each folded name, in order.
    by_name: FxHashMap<String, SmallVec<[usize; 1]>>,
    /// The nesting of each heading, in order.
    nesting: Vec<Nesting>,
    /// The first heading of each slug, computed on first use: most fragments are names.
    by_slug: OnceCell<FxHashMap<String, usize>>,
}

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
        let mut by_name: FxHashMap<String, SmallVec<[usize; 1]>> = FxHashMap::default();
        for (index, heading) in self.headings.iter().enumerate() {
            for name in self.folded_names(heading).into_iter().flatten() {
                by_name.entry(name).or_default().push(index);
            }
        }
        HeadingIndex { parsed: self, by_name, nesting: nesting(&self.headings), by_slug: OnceCell::new() }
    }

    /// Returns the section of each heading: from its start to the next heading that does not lie below it, or
    /// to the end of the text. Linear in the headings.
    pub fn sections(&self, text_end: Offset) -> Vec<Span> {
        let nesting = nesting(&self.headings);
        (0..nesting.len()).map(|index| section(&self.headings, &nesting, index, text_end)).collect()
    }

    /// Returns the headings that the one at `index` lies below, innermost first.
    pub fn headings_above(&self, index: usize) -> impl Iterator<Item = &Heading> {
        let before = self.headings.split_at_checked(index).unwrap_or_default();
        let mut level = before.1.first().map_or(0, |heading| heading.level);
        before.0.iter().rev().filter(move |heading| {
            let is_above = heading.level < level;
            level = level.min(heading.level);
            is_above
        })
    }

    /// Returns the folded name as plain text and, where it differs, as Markdown; Obsidian links by the
    /// latter.
    fn folded_names(&self, heading: &Heading) -> [Option<String>; 2] {
        let name = self.heading_name(heading);
        let written = self.written_heading_name(heading);
        let folded = fold_heading(name);
        let folded_written =
            if written == name { None } else { Some(fold_heading(written)).filter(|other| *other != folded) };
        [Some(folded), folded_written]
    }
}

impl HeadingIndex<'_> {
    /// Returns the index of the first heading that a fragment names; the fragment is decoded and without its
    /// leading `#`. Tries Obsidian's form (the text, or `A#B` for the B below A), then the GitHub slug. The
    /// cost does not grow with the number of headings, but with the headings that share the name of the
    /// rarest part of an `A#B`.
    pub fn find(&self, fragment: &str) -> Option<usize> {
        if self.nesting.is_empty() {
            return None;
        }
        self.find_text(fragment).or_else(|| self.find_slug(fragment))
    }

    /// Returns the section of the heading at `index`: from its start to the next heading that it does not
    /// contain, or to the end of the text.
    pub fn section(&self, index: usize, text_end: Offset) -> Span {
        section(&self.parsed.headings, &self.nesting, index, text_end)
    }

    fn find_text(&self, fragment: &str) -> Option<usize> {
        // A `#` may be part of a name (`C# in depth`), so the whole fragment is tried first.
        let whole = fold_heading(fragment);
        if whole.is_empty() {
            return None;
        }
        let found = self.named(&whole).first().copied();
        if found.is_some() || !fragment.contains('#') {
            return found;
        }
        let parts = fragment.split('#').map(fold_heading).filter(|part| !part.is_empty());
        let parts: Vec<&[usize]> = parts.map(|part| self.named(&part)).collect();
        self.find_path(&parts)
    }

    /// Returns the first heading of the last part below one of the part before it, and so on. Each part is
    /// given as the headings with its name.
    fn find_path(&self, parts: &[&[usize]]) -> Option<usize> {
        let (last, above) = parts.split_last()?;
        let top = above.first()?;
        let mut all = last.iter();
        if last.len() <= top.len() {
            return all.find(|index| self.is_below(**index, above)).copied();
        }
        // Of two headings of the top part, the first contains the other or ends before it, so the first match
        // is the first of all.
        let below_top = top.iter().flat_map(|top| {
            let end = self.nesting.get(*top).map_or(0, |nesting| nesting.end);
            let first = last.partition_point(|index| index <= top);
            last.get(first..).unwrap_or_default().iter().take_while(move |index| **index < end)
        });
        below_top.into_iter().find(|index| self.is_below(**index, above)).copied()
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

    fn named(&self, folded: &str) -> &[usize] {
        self.by_name.get(folded).map_or(&[], |indexes| indexes)
    }

    fn find_slug(&self, fragment: &str) -> Option<usize> {
        if fragment.contains(char::is_whitespace) {
            return None;
        }
        let by_slug = self.by_slug.get_or_init(|| {
            let slugs = self.parsed.slugs().into_iter().enumerate();
            // Later headings first, so that the first heading of a slug remains.
            slugs.rev().map(|(index, slug)| (slug, index)).collect()
        });
        by_slug.get(fragment).copied()
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

#[cfg(test)]
mod tests {
    use super::super::parse;
    use super::*;

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
