//! The words of names and of prose, compared by their singular. Suggestions for an unresolved link compare
//! the words of all names; completion finds the files whose names share words with the text before the
//! cursor.

use std::borrow::Cow;
use std::hash::{Hash, Hasher};

use rustc_hash::FxHasher;

use crate::vault::names::{Key, Letters, fold, loose};

/// A word of a name, as a hash: two different words collide once in four billion times.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Word {
    stem: u32,
    /// The hash of its first letters; 0 for a word that is hardly longer.
    start: u32,
}

/// Words with this many equal first letters are related: `medita` of `meditation`, `meditative`.
const START_LETTERS: usize = 6;

impl Word {
    /// Returns the words of a name in order: the stretches between anything other than letters and digits.
    /// Case and plural are ignored.
    ///
    /// ```text
    /// Studies_of-LLMs  ->  study, of, llm
    /// ```
    pub fn all_of(name: &str) -> Vec<Word> {
        let mut words = Vec::new();
        each_stem(name, |stem| words.push(Word::new(stem)));
        words
    }

    /// Returns the words of a name as [`Word::all_of`] does, each with its letters: folded, in the singular.
    pub fn all_spelled(name: &str) -> Vec<(Word, String)> {
        let mut words = Vec::new();
        each_stem(name, |stem| words.push((Word::new(stem), stem.to_owned())));
        words
    }

    fn new(stem: &str) -> Word {
        let start = stem.char_indices().nth(START_LETTERS).and_then(|(end, _)| stem.get(..end));
        Word { stem: hash(stem), start: start.map_or(0, hash) }
    }

    /// Returns the hash of the singular, which equal words share.
    pub fn stem(self) -> u32 {
        self.stem
    }

    /// Returns the hash that equal and related words share.
    pub fn common_hash(self) -> u32 {
        if self.start == 0 { self.stem } else { !self.start }
    }

    /// Returns whether two different words start with the same letters.
    pub fn is_related_to(self, other: Word) -> bool {
        self.start == other.start && self.start != 0
    }
}

/// A word of a text, as a key of the index.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct KeyWord {
    /// The key of the files with this word in a name.
    pub key: Key,
    /// Whether it has at least four letters. Shorter words carry little meaning: `of`, `the`, `and`.
    pub is_long: bool,
}

/// Letters of a long word.
const LONG: usize = 4;

/// Returns the words of a text as [`Word::all_of`] divides it, without single letters.
///
/// ```text
/// The K-hole: NMDA_receptors  ->  the hole nmda receptor
/// ```
pub fn key_words(text: &str) -> Vec<KeyWord> {
    let mut words = Vec::new();
    each_stem(text, |stem| {
        if stem.chars().nth(1).is_some() {
            words.push(KeyWord { key: Key::word(stem), is_long: stem.chars().nth(LONG - 1).is_some() });
        }
    });
    words
}

/// Calls `take` with each word of a text, folded and in the singular.
fn each_stem(text: &str, mut take: impl FnMut(&str)) {
    let text = fold(text);
    let words = text.split(|char: char| !char.is_alphanumeric() && !matches!(char, '\'' | '’'));
    let words = words.filter(|word| word.chars().any(char::is_alphanumeric));
    words.for_each(|word| take(&singular(word)));
}

fn hash(word: &str) -> u32 {
    let mut hasher = FxHasher::default();
    word.hash(&mut hasher);
    // The high half is mixed best; 0 means that there is no start.
    u32::try_from(hasher.finish() >> 32).unwrap_or(u32::MAX).max(1)
}

/// Returns a word without the ending of an English plural or genitive. Applied to any other word, it at worst
/// drops a letter, in every name alike.
fn singular(word: &str) -> Cow<'_, str> {
    let plain = word.trim_end_matches("'s").trim_end_matches("’s");
    if plain.contains(['\'', '’']) {
        return Cow::Owned(singular(&plain.replace(['\'', '’'], "")).into_owned());
    }
    let word = plain;
    let long = |stem: &str| stem.chars().count() > 2;
    if let Some(stem) = word.strip_suffix("ies").filter(|stem| long(stem)) {
        return Cow::Owned(format!("{stem}y"));
    }
    let hissing = |stem: &&str| ["s", "x", "z", "ch", "sh"].iter().any(|end| stem.ends_with(end));
    if let Some(stem) = word.strip_suffix("es").filter(hissing).filter(|stem| long(stem)) {
        return Cow::Borrowed(stem);
    }
    match word.strip_suffix('s') {
        Some(stem) if long(stem) && !stem.ends_with(['s', 'u', 'i']) => Cow::Borrowed(stem),
        _ => Cow::Borrowed(word),
    }
}

/// The parts of one name that comparisons use.
#[derive(Clone, Copy, Debug)]
pub struct NameParts<'a> {
    /// Its words, in order.
    pub words: &'a [Word],
    /// Its letters and digits.
    pub letters: Letters,
    /// The number of its letters and digits.
    pub length: usize,
}

/// The parts of some names in a row of memory, in order.
#[derive(Debug, Default)]
pub struct PartsOfNames {
    names: Box<[OneName]>,
    words: Box<[Word]>,
    /// For each word, the highest bits of its common hash and, in the [`INDEX_BITS`] below them, the index of
    /// its name; sorted.
    by_word: Box<[u32]>,
}

/// Names with higher indices than these bits hold are not found by their words: among a few files there are
/// never so many.
const INDEX_BITS: u32 = 20;

#[derive(Clone, Copy, Debug)]
struct OneName {
    letters: Letters,
    length: u32,
    /// The end of its words among those of all names.
    end: u32,
}

impl PartsOfNames {
    /// Returns the words of all names.
    pub fn words(&self) -> &[Word] {
        &self.words
    }

    /// Returns the parts of each name, in order.
    pub fn iter(&self) -> impl Iterator<Item = NameParts<'_>> {
        let mut start = 0;
        self.names.iter().map(move |name| {
            let words = self.words.get(start..name.end as usize).unwrap_or_default();
            start = name.end as usize;
            NameParts { words, letters: name.letters, length: name.length as usize }
        })
    }

    /// Returns the parts of one name.
    pub fn get(&self, index: usize) -> Option<NameParts<'_>> {
        let name = self.names.get(index)?;
        let start = index.checked_sub(1).and_then(|before| self.names.get(before)).map_or(0, |name| name.end);
        let words = self.words.get(start as usize..name.end as usize).unwrap_or_default();
        Some(NameParts { words, letters: name.letters, length: name.length as usize })
    }

    /// Returns the indices of the names with words that are equal or related to this one, and of a few
    /// others; some more than once. Mostly, two or three places of memory are read.
    pub fn with_word(&self, word: Word) -> impl Iterator<Item = usize> {
        let bits = word.common_hash() >> INDEX_BITS;
        let is_before = |place: usize| self.by_word.get(place).is_some_and(|one| one >> INDEX_BITS < bits);
        // Hashes are spread evenly, so it is near.
        let mut first = (self.by_word.len() * bits as usize) >> (u32::BITS - INDEX_BITS);
        while first > 0 && !is_before(first - 1) {
            first -= 1;
        }
        while is_before(first) {
            first += 1;
        }
        let from_first = self.by_word.get(first..).unwrap_or_default().iter();
        let having = from_first.take_while(move |one| **one >> INDEX_BITS == bits);
        having.map(|one| (one & ((1 << INDEX_BITS) - 1)) as usize)
    }
}

impl<'a> FromIterator<&'a str> for PartsOfNames {
    fn from_iter<T: IntoIterator<Item = &'a str>>(names: T) -> Self {
        let mut builder = PartsBuilder::default();
        names.into_iter().for_each(|name| builder.push(name));
        builder.build()
    }
}

/// Collects the parts of names one after another.
#[derive(Debug, Default)]
pub(crate) struct PartsBuilder {
    names: Vec<OneName>,
    words: Vec<Word>,
}

impl PartsBuilder {
    /// Adds the parts of a name.
    pub(crate) fn push(&mut self, name: &str) {
        each_stem(name, |stem| self.words.push(Word::new(stem)));
        let loose = loose(name);
        self.names.push(OneName {
            letters: Letters::wanted(&loose),
            length: narrow(loose.chars().count()),
            end: narrow(self.words.len()),
        });
    }

    /// Adds the parts of a name as they were built before.
    pub(crate) fn push_parts(&mut self, parts: NameParts<'_>) {
        self.words.extend_from_slice(parts.words);
        let NameParts { letters, length, .. } = parts;
        self.names.push(OneName { letters, length: narrow(length), end: narrow(self.words.len()) });
    }

    /// Returns how many names there are.
    pub(crate) fn len(&self) -> usize {
        self.names.len()
    }

    pub(crate) fn build(self) -> PartsOfNames {
        let mut by_word = Vec::with_capacity(self.words.len());
        let mut start = 0;
        for (name, index) in self.names.iter().zip(0..1 << INDEX_BITS) {
            let words = self.words.get(start..name.end as usize).unwrap_or_default();
            start = name.end as usize;
            by_word.extend(words.iter().map(|word| word.common_hash() >> INDEX_BITS << INDEX_BITS | index));
        }
        by_word.sort_unstable();
        PartsOfNames { names: self.names.into(), words: self.words.into(), by_word: by_word.into() }
    }
}

fn narrow(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_plural_and_genitive_do_not_count() {
        for (left, right) in [
            ("Studies_of-LLMs", "study of llm"),
            ("boxes, classes", "Box class"),
            ("Einstein's theory", "einsteins_theory"),
            ("women’s", "women"),
            ("nasas x59", "nasa-x59"),
            ("Größen", "GRÖSSEN"),
        ] {
            assert_eq!(Word::all_of(left), Word::all_of(right), "{left}");
        }
        assert_ne!(Word::all_of("bus"), Word::all_of("bu"));
        assert_ne!(Word::all_of("as"), Word::all_of("a"));
        assert_eq!(Word::all_of("…!"), []);
    }

    #[test]
    fn words_are_the_same_in_prose_and_in_names() {
        assert_eq!(key_words("The NMDA receptor's"), key_words("the_nmda-Receptors"));
        assert_eq!(key_words("Gas über 5 a b2"), key_words("gas ÜBER b2"));
        assert_ne!(key_words("gas"), key_words("ga"));
        assert_eq!(key_words("… — a !"), []);
    }

    #[test]
    fn related_words_start_alike() {
        let is_related = |left: &str, right: &str| Word::new(left).is_related_to(Word::new(right));
        assert!(is_related("meditation", "meditative"));
        assert!(!is_related("mediation", "meditation"));
        assert!(!is_related("mind", "mind"));
    }

    #[test]
    fn each_name_has_its_own_parts() {
        let all = PartsOfNames::from_iter(["one two", "", "three"]);
        let parts: Vec<_> = all.iter().map(|name| (name.words.len(), name.length)).collect();
        assert_eq!(parts, [(2, 6), (0, 0), (1, 5)]);
    }

    #[test]
    fn names_are_found_by_their_words() {
        let texts = ["Meditations", "", "on meditative mind", "one and one", "mind"];
        let all = PartsOfNames::from_iter(texts);
        for word in ["meditation", "one", "mind", "two", "mindful"].map(Word::new) {
            let held = |word: &Word, of: &Word| word == of || word.is_related_to(*of);
            let having = |(index, parts): (usize, NameParts<'_>)| {
                parts.words.iter().any(|one| held(one, &word)).then_some(index)
            };
            let mut found: Vec<_> = all.with_word(word).collect();
            found.dedup();
            assert_eq!(found, all.iter().enumerate().filter_map(having).collect::<Vec<_>>());
        }
    }
}
