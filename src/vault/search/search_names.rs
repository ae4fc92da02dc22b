//! The names of a file in searchable form.

use std::borrow::Cow;
use std::sync::Arc;

use crate::syntax::Parsed;
use crate::vault::names::{Key, VaultPath, fold, key_words, searchable, sorted};

/// The names of one file in [`searchable`] form, one a line.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SearchNames {
    /// The stem, the title (empty if it differs from the stem at most by case), the aliases.
    lines: Arc<str>,
    stem_key: Key,
    /// The number of long words of the stem.
    long_words: u8,
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
    /// Builds the names of a file at `path`.
    pub(crate) fn new(path: &VaultPath, parsed: Option<&Parsed>) -> SearchNames {
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
        let long_words = key_words(path.stem()).into_iter().filter(|word| word.is_long).count();
        SearchNames {
            long_words: u8::try_from(long_words).unwrap_or(u8::MAX),
            lines: lines.into(),
            stem_key: Key::name(path.stem()),
        }
    }

    /// Returns all names, one a line.
    pub(crate) fn lines(&self) -> &str {
        &self.lines
    }

    /// Returns the [`Key::name`] of the stem, the key of links by it.
    pub fn stem_key(&self) -> Key {
        self.stem_key
    }

    /// Returns the keys of the words of all names, sorted and without duplicates.
    pub fn words(&self) -> Box<[Key]> {
        sorted(key_words(&self.lines).into_iter().map(|word| word.key).collect())
    }

    /// Returns the number of words of the stem with at least four letters; at most 255.
    pub fn long_words(&self) -> u8 {
        self.long_words
    }

    /// Returns each name, the stem first. Leaves out a title that differs from the stem at most by case.
    pub fn iter(&self) -> impl Iterator<Item = (NameKind, &str)> {
        names_in(&self.lines)
    }

    /// Returns the name of this kind in [`searchable`] form, if there is one.
    pub fn name(&self, kind: NameKind) -> Option<&str> {
        self.iter().find(|(one, _)| *one == kind).map(|(_, name)| name)
    }
}

impl NameKind {
    /// Returns the kind of the name on a line of [`SearchNames::lines`].
    pub(super) fn of_line(line: usize) -> NameKind {
        match line {
            0 => NameKind::Stem,
            1 => NameKind::Title,
            _ => NameKind::Alias(line - 2),
        }
    }
}

/// Returns the names of a file, given one a line.
pub(super) fn names_in(lines: &str) -> impl Iterator<Item = (NameKind, &str)> {
    let names = lines.split('\n').enumerate().map(|(line, name)| (NameKind::of_line(line), name));
    names.filter(|(_, name)| !name.is_empty())
}
