//! The search row of a file: its names, headings and tags in searchable form, precomputed because completion
//! searches all rows at every keystroke.

use std::borrow::Cow;
use std::sync::Arc;

use rustc_hash::FxHashSet;

use crate::syntax::Parsed;
use crate::text::Text;
use crate::vault::names::{
    Key, KeyWord, Letters, NameParts, PartsOfNames, VaultPath, fold, key_words, searchable, sorted,
};

/// The names of one file in [`searchable`] form, and the letters of its headings and tags.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SearchNames {
    /// One name a line: the stem, the title (empty if it differs from the stem at most by case), the aliases.
    lines: Arc<str>,
    letters: Letters,
    headings: SearchHeadings,
    parts: PartsOfNames,
    /// One tag a line, as its first occurrence writes it.
    tags: Box<str>,
    tag_letters: Letters,
    /// The first letters of the names.
    initials: Letters,
    stem_key: Key,
    folder_key: Key,
    /// The words of all names, sorted and without duplicates.
    words: Box<[Key]>,
    /// The number of long words of the stem.
    long_words: u8,
}

/// The headings of a note in [`searchable`] form, concatenated; empty in place of the one that is the title.
/// Their letters lie apart, so that headings that cannot match are skipped without reading their text.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
struct SearchHeadings {
    text: Box<str>,
    each: Box<[SearchHeading]>,
    /// The letters of all headings.
    letters: Letters,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct SearchHeading {
    letters: Letters,
    /// The end of its text among that of all headings, in bytes; it starts at the end of the one before.
    end: u32,
}

/// A name of a file.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum NameKind {
    /// The stem; the file name of an attachment.
    Stem,
    /// The [`Parsed::display_title`].
    Title,
    /// The alias of the front matter with this index.
    Alias(usize),
}

impl SearchNames {
    /// Builds the row of a file at `path`.
    pub(crate) fn new(path: &VaultPath, note: Option<(&Text, &Parsed)>) -> SearchNames {
        let parsed = note.map(|(_, parsed)| parsed);
        let mut lines = searchable(path.stem()).into_owned();
        let says_more = |title: &Cow<'_, str>| fold(title) != fold(&lines);
        let title = parsed.and_then(Parsed::display_title).map(searchable).filter(says_more);
        let front_matter = parsed.and_then(|parsed| parsed.front_matter.as_ref());
        let aliases = front_matter.map(|front_matter| &*front_matter.aliases).unwrap_or_default();
        if title.is_some() || !aliases.is_empty() {
            lines.push('\n');
            lines.push_str(title.as_deref().unwrap_or_default());
        }
        for alias in aliases {
            lines.push('\n');
            lines.push_str(&searchable(&alias.value));
        }
        let tags = note.map(|(text, parsed)| tag_lines(text, parsed)).unwrap_or_default();
        let is_long = |word: &KeyWord| word.is_long;
        SearchNames {
            words: sorted(key_words(&lines).into_iter().map(|word| word.key).collect()),
            long_words: u8::try_from(key_words(path.stem()).into_iter().filter(is_long).count())
                .unwrap_or(u8::MAX),
            letters: Letters::held(&lines),
            headings: parsed.map(SearchHeadings::new).unwrap_or_default(),
            parts: PartsOfNames::new(&lines),
            tag_letters: Letters::held("#").and(Letters::held(&tags)),
            tags: tags.into(),
            initials: lines.lines().fold(Letters::default(), |all, name| all.and(Letters::initial(name))),
            lines: lines.into(),
            stem_key: Key::name(path.stem()),
            folder_key: Key::path(path.folder()),
        }
    }

    /// Returns all names, one a line.
    pub(crate) fn lines(&self) -> &str {
        &self.lines
    }

    /// Returns the letters of all names together.
    pub fn letters(&self) -> Letters {
        self.letters
    }

    /// Returns the first letters of the names, see [`Letters::initial`].
    pub fn initials(&self) -> Letters {
        self.initials
    }

    /// Returns the [`Key::path`] of the folder, which identifies it without reading the path, which lies
    /// elsewhere in memory.
    pub fn folder_key(&self) -> Key {
        self.folder_key
    }

    /// Returns the headings that may match, in [`searchable`] form, with their indices, in order. Leaves out
    /// the one that is the title.
    pub fn headings_with(&self, wanted: Letters) -> impl Iterator<Item = (usize, &str)> {
        self.headings.holding(wanted).filter(|(_, name)| !name.is_empty())
    }

    /// Returns the tags, without their `#` and each once; none if none can match. The `#` counts as a letter
    /// of a tag.
    pub fn tags_with(&self, wanted: Letters) -> impl Iterator<Item = &str> {
        let tags = if self.tag_letters.cover(wanted) { &*self.tags } else { "" };
        tags.lines()
    }

    /// Returns the [`Key::name`] of the stem, the key of links by it.
    pub fn stem_key(&self) -> Key {
        self.stem_key
    }

    /// Returns the keys of the words of all names, sorted and without duplicates.
    pub fn words(&self) -> &[Key] {
        &self.words
    }

    /// Returns the number of words of the stem with at least four letters; at most 255.
    pub fn long_words(&self) -> u8 {
        self.long_words
    }

    /// Returns each name, the stem first. Leaves out a title that differs from the stem at most by case.
    pub fn iter(&self) -> impl Iterator<Item = (NameKind, &str)> {
        let kinds = [NameKind::Stem, NameKind::Title].into_iter().chain((0..).map(NameKind::Alias));
        let ends = memchr::memchr_iter(b'\n', self.lines.as_bytes()).chain([self.lines.len()]);
        let mut start = 0;
        let lines = ends.filter_map(move |end| self.lines.get(std::mem::replace(&mut start, end + 1)..end));
        kinds.zip(lines).filter(|(_, name)| !name.is_empty())
    }

    /// Returns the parts and the kind of each name, in order, without reading the names themselves. Leaves
    /// out names without a letter or digit.
    pub fn parts(&self) -> impl Iterator<Item = (NameKind, NameParts<'_>)> {
        let kinds = [NameKind::Stem, NameKind::Title].into_iter().chain((0..).map(NameKind::Alias));
        kinds.zip(self.parts.iter()).filter(|(_, parts)| parts.length > 0)
    }

    /// Returns the name of this kind in [`searchable`] form, if there is one.
    pub fn name(&self, kind: NameKind) -> Option<&str> {
        self.iter().find(|(one, _)| *one == kind).map(|(_, name)| name)
    }
}

impl SearchHeadings {
    fn new(parsed: &Parsed) -> SearchHeadings {
        let (mut text, mut each) = (String::new(), Vec::new());
        for (index, heading) in parsed.headings.iter().enumerate() {
            let name = parsed.heading_name(heading);
            let is_title = index == 0 && heading.level == 1 && parsed.display_title() == Some(name);
            let name = if is_title { Cow::Borrowed("") } else { searchable(name) };
            text.push_str(&name);
            let end = u32::try_from(text.len()).unwrap_or(u32::MAX);
            each.push(SearchHeading { letters: Letters::held(&name), end });
        }
        let letters = each.iter().fold(Letters::default(), |all, one| all.and(one.letters));
        SearchHeadings { text: text.into(), each: each.into(), letters }
    }

    /// Returns the headings that may match, with their indices.
    fn holding(&self, wanted: Letters) -> impl Iterator<Item = (usize, &str)> {
        let each = if self.letters.cover(wanted) { &*self.each } else { &[] };
        let mut start = 0;
        let places = each.iter().enumerate().map(move |(index, heading)| {
            let place = start..heading.end as usize;
            start = place.end;
            (index, heading.letters, place)
        });
        let holding = places.filter(move |(_, letters, _)| letters.cover(wanted));
        holding.filter_map(|(index, _, place)| Some((index, self.text.get(place)?)))
    }
}

fn tag_lines(text: &Text, parsed: &Parsed) -> String {
    let mut lines = String::new();
    let mut known = FxHashSet::default();
    for name in parsed.tags.iter().map(|tag| text.slice(tag.name)) {
        // A name with a line break, which YAML folds, is not searched for.
        if !name.contains(['\n', '\r']) && !known.contains(&name) {
            lines.push_str(&name);
            lines.push('\n');
            known.insert(name);
        }
    }
    lines
}
