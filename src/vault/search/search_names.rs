//! The names of a file in the form that people search them by, kept ready because completion looks through
//! all of them at every letter that is typed.

use std::borrow::Cow;
use std::sync::Arc;

use rustc_hash::FxHashSet;

use crate::syntax::Parsed;
use crate::text::Text;
use crate::vault::names::{
    Key, KeyWord, Letters, NameParts, PartsOfNames, VaultPath, fold, key_words, searchable, sorted,
};

/// The names of one file, [`searchable`], and which letters its headings and tags hold.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SearchNames {
    /// A line each: the stem, the title (empty if it differs from the stem by case at most), the aliases.
    lines: Arc<str>,
    letters: Letters,
    headings: SearchHeadings,
    parts: PartsOfNames,
    /// A line for each tag, as it is written where it comes first.
    tags: Box<str>,
    tag_letters: Letters,
    /// The letters that names begin with.
    initials: Letters,
    stem_key: Key,
    folder_key: Key,
    /// The words of all names, sorted and without repeats.
    words: Box<[Key]>,
    /// How many of the words of the stem are long.
    long_words: u8,
}

/// The headings of a note, [`searchable`], one after another; empty in place of the one that is the title.
/// Which letters they hold lies apart, so that those that cannot match are passed over without a look at
/// their text.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
struct SearchHeadings {
    text: Box<str>,
    each: Box<[SearchHeading]>,
    /// All headings together.
    letters: Letters,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct SearchHeading {
    letters: Letters,
    /// Where it ends in the text of all, in bytes; it begins where the one before it ends.
    end: u32,
}

/// Which of a file's names.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum NameKind {
    /// The stem; the file name of an attachment.
    Stem,
    /// What [`Parsed::display_title`] says.
    Title,
    /// The alias of the front matter with this index.
    Alias(usize),
}

impl SearchNames {
    /// The names of a file at `path`.
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

    /// All names together, a line each.
    pub(crate) fn lines(&self) -> &str {
        &self.lines
    }

    /// The letters of all names together.
    pub fn letters(&self) -> Letters {
        self.letters
    }

    /// The letters that the names begin with, as far as [`Letters::initial`] tells them.
    pub fn initials(&self) -> Letters {
        self.initials
    }

    /// The same for all files of a folder, and another one for those of another folder: [`Key::path`] of it.
    /// Spares a look at the path, which lies elsewhere in memory.
    pub fn folder_key(&self) -> Key {
        self.folder_key
    }

    /// The headings that may hold what is wanted, [`searchable`] and with their indices, in order. The one
    /// that is the title is left out.
    pub fn headings_with(&self, wanted: Letters) -> impl Iterator<Item = (usize, &str)> {
        self.headings.holding(wanted).filter(|(_, name)| !name.is_empty())
    }

    /// The tags, without their `#` and each once; none if what is wanted is in none of them. The `#` counts
    /// as held.
    pub fn tags_with(&self, wanted: Letters) -> impl Iterator<Item = &str> {
        let tags = if self.tag_letters.cover(wanted) { &*self.tags } else { "" };
        tags.lines()
    }

    /// What links by the stem are filed under: [`Key::name`] of it.
    pub fn stem_key(&self) -> Key {
        self.stem_key
    }

    /// The keys of the words of all names, sorted and without repeats.
    pub fn words(&self) -> &[Key] {
        &self.words
    }

    /// How many words of four letters and more the stem has; at most 255.
    pub fn long_words(&self) -> u8 {
        self.long_words
    }

    /// Each name, the stem first. A title that differs from the stem by case at most is left out.
    pub fn iter(&self) -> impl Iterator<Item = (NameKind, &str)> {
        let kinds = [NameKind::Stem, NameKind::Title].into_iter().chain((0..).map(NameKind::Alias));
        let ends = memchr::memchr_iter(b'\n', self.lines.as_bytes()).chain([self.lines.len()]);
        let mut start = 0;
        let lines = ends.filter_map(move |end| self.lines.get(std::mem::replace(&mut start, end + 1)..end));
        kinds.zip(lines).filter(|(_, name)| !name.is_empty())
    }

    /// What each name is compared by, with its kind, in the same order, without touching the names
    /// themselves. Those without a letter or digit are left out.
    pub fn parts(&self) -> impl Iterator<Item = (NameKind, NameParts<'_>)> {
        let kinds = [NameKind::Stem, NameKind::Title].into_iter().chain((0..).map(NameKind::Alias));
        kinds.zip(self.parts.iter()).filter(|(_, parts)| parts.length > 0)
    }

    /// The name of that kind, [`searchable`]; `None` if there is none.
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

    /// Those that may hold what is wanted, with their indices.
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
        // A name that YAML folds over lines is none that anybody searches.
        if !name.contains(['\n', '\r']) && !known.contains(&name) {
            lines.push_str(&name);
            lines.push('\n');
            known.insert(name);
        }
    }
    lines
}
