//! The matcher of names: finds in a text all names by which it mentions a note without a link.
//!
//! It depends on names alone. Snapshots share it until a name changes (see
//! [`Snapshot::name_matcher`](crate::vault::Snapshot)), so editing the text of a note costs nothing here.

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::text::Span;
use crate::vault::names::{FileId, VaultPath, last_component};
use crate::vault::search::{NameKind, NormalizedText, SearchNames, is_syllable};

/// An automaton over the names of notes.
#[derive(Debug, Default)]
pub struct NameMatcher {
    /// `None` if there is no name.
    automaton: Option<AhoCorasick>,
    names: Vec<Box<str>>,
    /// The notes with each name, sorted.
    notes: Vec<Box<[FileId]>>,
}

/// A name in a text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct NameInText<'a> {
    /// The words of the name in the text.
    pub span: Span,
    /// The name, normalized by [`normalized_name`].
    pub name: &'a str,
    /// The notes with this name, sorted.
    pub notes: &'a [FileId],
}

/// The least letters and digits of a name: "AI" and "R" are in every sentence of a vault about them. Where a
/// character is a syllable or a word, [`MIN_SYLLABLES`] are enough.
const MIN_LETTERS: usize = 3;
const MIN_SYLLABLES: usize = 2;
/// The most notes that a name can mean; with more, as `Introduction` has, it means none of them.
const MAX_NOTES_OF_A_NAME: usize = 8;
/// A name of a single word is common, and not looked for, if it is part of the names of more than this many
/// other notes ...
const MIN_USES_OF_COMMON_WORD: usize = 20;
/// ... and of more than one in this many notes.
const NOTES_PER_USE_OF_COMMON_WORD: usize = 100;

impl NameMatcher {
    /// Builds the matcher of the names of some notes. The cost grows with the names.
    pub(crate) fn of_notes<'a>(
        notes: impl Iterator<Item = (FileId, &'a VaultPath, &'a SearchNames)>,
    ) -> NameMatcher {
        let mut names: Vec<(String, FileId)> = Vec::new();
        for (id, path, own) in notes {
            names.extend(mention_names(path, own).into_iter().map(|name| (name, id)));
        }
        let common = common_words(&names);
        names.retain(|(name, _)| is_specific(name) && !common.contains(name.as_str()));
        NameMatcher::new(names)
    }

    fn new(mut names: Vec<(String, FileId)>) -> NameMatcher {
        names.sort_unstable();
        names.dedup();
        let mut name_matcher = NameMatcher::default();
        let same_name = |one: &(String, FileId), other: &(String, FileId)| one.0 == other.0;
        for notes in names.chunk_by(same_name).filter(|notes| notes.len() <= MAX_NOTES_OF_A_NAME) {
            if let Some((name, _)) = notes.first() {
                name_matcher.names.push(name.as_str().into());
                name_matcher.notes.push(notes.iter().map(|(_, id)| *id).collect());
            }
        }
        if !name_matcher.names.is_empty() {
            let mut builder = AhoCorasick::builder();
            // The smallest of the fast representations; a prefilter pays off for few names only.
            builder
                .kind(Some(AhoCorasickKind::ContiguousNFA))
                .prefilter(false)
                .match_kind(MatchKind::Standard);
            // Building fails only beyond 2^31 states, which no names that fit into memory have.
            name_matcher.automaton =
                builder.build(name_matcher.names.iter().map(|name| name.as_bytes())).ok();
        }
        name_matcher
    }

    /// Returns every name that is whole words of a text, overlapping ones included, ordered by their ends.
    /// Linear in the text and the number of matches.
    pub fn find<'a>(&'a self, text: &str) -> Vec<NameInText<'a>> {
        let Some(automaton) = &self.automaton else { return Vec::new() };
        let text = NormalizedText::of(text);
        let found = automaton.find_overlapping_iter(text.as_str()).filter_map(|found| {
            let span = text.words(found.start(), found.end())?;
            let name = self.names.get(found.pattern().as_usize())?;
            Some(NameInText { span, name, notes: self.notes.get(found.pattern().as_usize())? })
        });
        found.collect()
    }

    /// Returns the names of one note that are looked for. Linear in all names.
    pub fn names_of(&self, note: FileId) -> impl Iterator<Item = &str> {
        let own = self.names.iter().zip(&self.notes).filter(move |(_, notes)| notes.contains(&note));
        own.map(|(name, _)| &**name)
    }

    /// Returns how many names there are.
    pub fn len(&self) -> usize {
        self.names.len()
    }

    /// Returns whether there is no name.
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }
}

/// Returns the normalized names of a note: stem, title and aliases. The name of its folder replaces a stem
/// that the note of any folder may have (`index`, `README`).
fn mention_names(path: &VaultPath, own: &SearchNames) -> Vec<String> {
    let folder = path.stands_for_folder().map(last_component).filter(|_| path.is_index());
    let own = own.iter().filter(|(kind, _)| !(path.is_index() && *kind == NameKind::Stem));
    folder.into_iter().chain(own.map(|(_, name)| name)).map(normalized_name).collect()
}

/// Returns a name in the form of [`NormalizedText`], in which names are compared with text.
pub fn normalized_name(name: &str) -> String {
    NormalizedText::of(name).as_str().trim().to_owned()
}

/// Returns whether a name is specific enough to be looked for. A number alone is not.
fn is_specific(name: &str) -> bool {
    let letters = name.chars().filter(|char| char.is_alphanumeric()).count();
    let least = if name.chars().any(is_syllable) { MIN_SYLLABLES } else { MIN_LETTERS };
    letters >= least && name.chars().any(char::is_alphabetic)
}

/// Returns the names that are a single word and part of the names of very many notes.
fn common_words(names: &[(String, FileId)]) -> FxHashSet<Box<str>> {
    let is_word = |name: &&str| name.chars().all(char::is_alphanumeric);
    let mut uses: FxHashMap<&str, (usize, Option<FileId>)> =
        names.iter().map(|(name, _)| name.as_str()).filter(is_word).map(|word| (word, (0, None))).collect();
    let mut notes = FxHashSet::default();
    for (name, note) in names {
        notes.insert(note);
        for word in name.split(|char: char| !char.is_alphanumeric()).filter(|word| *word != name) {
            if let Some((count, last)) = uses.get_mut(word)
                && last.replace(*note) != Some(*note)
            {
                *count += 1;
            }
        }
    }
    let most = MIN_USES_OF_COMMON_WORD.max(notes.len() / NOTES_PER_USE_OF_COMMON_WORD);
    uses.into_iter().filter(|(_, (count, _))| *count > most).map(|(word, _)| word.into()).collect()
}
