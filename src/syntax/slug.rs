//! Names that fragments go by: GitHub's slugs, Obsidian's heading texts, and labels as CommonMark compares them.

use caseless::Caseless;
use rustc_hash::FxHashMap;
use unicode_normalization::UnicodeNormalization;

use super::parsed::{Block, Heading, Parsed};
use super::source::Source;

/// The fragment that GitHub gives to a heading of that name: lower case, letters, digits, `_` and `-` kept, `-` for
/// each space, all else dropped.
pub fn slug(heading_name: &str) -> String {
    let mut slug = String::with_capacity(heading_name.len());
    for c in heading_name.trim().chars().flat_map(char::to_lowercase) {
        if c == ' ' {
            slug.push('-');
        } else if c.is_alphanumeric()
            || matches!(c, '_' | '-')
            || unicode_normalization::char::is_combining_mark(c)
        {
            slug.push(c);
        }
    }
    slug
}

/// The form in which labels of reference definitions and footnotes are compared: trimmed, white space folded to one
/// space, case folded (CommonMark, "matches").
pub fn fold_label(label: &str) -> String {
    let mut folded = String::with_capacity(label.len());
    for word in label.split_whitespace() {
        if !folded.is_empty() {
            folded.push(' ');
        }
        folded.extend(word.chars().default_case_fold());
    }
    folded
}

/// A heading's name or a fragment as Obsidian compares them: characters that cannot stand in a link and white space
/// count as one space, case and Unicode form do not count.
fn fold_heading(name: &str) -> String {
    let mut folded = String::with_capacity(name.len());
    let mut is_space_due = false;
    let mut characters = name.nfc().default_case_fold().nfc().peekable();
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

impl Parsed {
    /// The GitHub slugs of all headings in their order: `-1`, `-2` … are added to those that come again.
    pub fn slugs(&self) -> Vec<String> {
        let mut next_number: FxHashMap<String, u32> = FxHashMap::default();
        let mut slugs = Vec::with_capacity(self.headings.len());
        for heading in &self.headings {
            let plain = slug(self.heading_name(heading));
            let mut unique = plain.clone();
            while next_number.contains_key(&unique) {
                let number = next_number.entry(plain.clone()).or_insert(0);
                *number += 1;
                unique = format!("{plain}-{number}");
            }
            next_number.insert(unique.clone(), 0);
            slugs.push(unique);
        }
        slugs
    }

    /// The index of the heading that a fragment names, without its leading `#` and percent-decoded: by Obsidian's
    /// text form, `A#B` for the B below A, or else by its GitHub slug. The first that matches. Linear in the headings.
    pub fn find_heading(&self, fragment: &str) -> Option<usize> {
        if self.headings.is_empty() {
            return None;
        }
        self.find_heading_text(fragment).or_else(|| self.find_slug(fragment))
    }

    fn find_heading_text(&self, fragment: &str) -> Option<usize> {
        // A `#` may be part of a name (`C# in depth`), so the whole fragment is tried first.
        let whole = fold_heading(fragment);
        if whole.is_empty() {
            return None;
        }
        let names: Vec<[String; 2]> =
            self.headings.iter().map(|heading| self.folded_names(heading)).collect();
        let mut parts = fragment.split('#').map(fold_heading).filter(|part| !part.is_empty());
        let found = names.iter().position(|name| name.contains(&whole));
        if found.is_some() || !fragment.contains('#') {
            return found;
        }
        let parts: Vec<String> = parts.by_ref().collect();
        self.find_path(&names, &parts)
    }

    /// The first heading named by the last part that lies below one named by the part before it, and so on.
    fn find_path(&self, names: &[[String; 2]], parts: &[String]) -> Option<usize> {
        // The headings that the place being looked at lies below, each with how many parts are matched down to it.
        let mut above: Vec<(u8, usize)> = Vec::new();
        for (index, (heading, name)) in self.headings.iter().zip(names).enumerate() {
            while above.last().is_some_and(|(level, _)| *level >= heading.level) {
                above.pop();
            }
            let matched = above.last().map_or(0, |(_, matched)| *matched);
            let is_next = parts.get(matched).is_some_and(|part| name.contains(part));
            let matched = matched + usize::from(is_next);
            if is_next && matched == parts.len() {
                return Some(index);
            }
            above.push((heading.level, matched));
        }
        None
    }

    /// The name as it reads and as it is written; Obsidian links by the latter.
    fn folded_names(&self, heading: &Heading) -> [String; 2] {
        let name = self.heading_name(heading);
        let written = self.written_heading_name(heading);
        let folded = fold_heading(name);
        let folded_written = if written == name { folded.clone() } else { fold_heading(written) };
        [folded, folded_written]
    }

    fn find_slug(&self, fragment: &str) -> Option<usize> {
        let is_slug = !fragment.contains(char::is_whitespace);
        is_slug.then(|| self.slugs().iter().position(|slug| slug.as_str() == fragment))?
    }

    /// The block that bears an id (without its `^`), compared without case. `text` is that of the note.
    pub fn find_block(&self, id: &str, text: &str) -> Option<&Block> {
        let source = Source::new(text);
        self.blocks.iter().find(|block| source.span(block.id).eq_ignore_ascii_case(id))
    }

    /// The HTML `id` or `name` that a fragment names exactly. `text` is that of the note.
    pub fn find_anchor(&self, fragment: &str, text: &str) -> Option<crate::text::Span> {
        let source = Source::new(text);
        self.anchors.iter().copied().find(|anchor| source.span(*anchor) == fragment)
    }
}

#[cfg(test)]
#[allow(clippy::string_slice, reason = "a wrong span is a failing test")]
mod tests {
    use super::super::parse;
    use super::*;

    #[test]
    fn slugs_are_those_of_github() {
        for (name, expected) in [
            ("My Heading", "my-heading"),
            ("C++ & Rust: 2.0!", "c--rust-20"),
            ("Über_uns – Ça", "über_uns--ça"),
            ("", ""),
        ] {
            assert_eq!(slug(name), expected);
        }
        let parsed = parse("# A\n# a\n# A 1\n# a\n# A-1\n");
        assert_eq!(parsed.slugs(), ["a", "a-1", "a-1-1", "a-2", "a-1-2"]);
    }

    #[test]
    fn labels_are_compared_as_in_commonmark() {
        assert_eq!(fold_label("  Straße\n\t der  "), fold_label("STRASSE DER"));
    }

    #[test]
    fn fragments_find_headings() {
        let text = "# Part one\n## Intro: *why*?\n# Part two\n## Intro\n### [[x|Y]] C#\n# Cafe\u{301}\n";
        let parsed = parse(text);
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
            let heading =
                parsed.find_heading(fragment).map(|index| parsed.heading_name(&parsed.headings[index]));
            assert_eq!(heading, found, "{fragment}");
        }
    }

    #[test]
    fn fragments_find_blocks_and_anchors() {
        let text = "text ^Id-1\n\n<a id=\"Here\"></a>\n";
        let parsed = parse(text);
        assert_eq!(
            parsed.find_block("iD-1", text).map(|block| &text[block.span.range()]),
            Some("text ^Id-1")
        );
        assert_eq!(parsed.find_block("id-2", text), None);
        assert!(parsed.find_anchor("Here", text).is_some());
        assert!(parsed.find_anchor("here", text).is_none());
    }
}
