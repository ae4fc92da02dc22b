//! How like names are to what a broken link says: by their words, of which rare ones say more than common
//! ones and order says nothing, by their letters, which finds misspellings, and by initials.

use std::ops::RangeInclusive;
use std::sync::{LazyLock, OnceLock};

use crate::vault::{Key, Letters, NameParts, PartsOfNames, Word, WordCounts, fold, loose, searchable};

use super::edit_distance::edit_distance;

/// What a word counts that is not the same, but begins the same.
const KIN: f64 = 0.7;

/// Names that are less like what is wanted by their words are not shown.
const LEAST_BY_WORDS: f64 = 0.45;

/// The same for a name that lacks the rarest word of what is wanted, or has a rarer one of its own.
const LEAST_WITHOUT_RAREST: f64 = 0.53;

/// If so much of one of two names is in the other, it does not matter which words the other has besides.
const WHOLE: f64 = 0.8;

/// A name with all words of what is wanted is so much more like it: one that lacks a word has another
/// subject.
const HAS_ALL: f64 = 0.1;

/// Words that say nothing about a subject, however few names have them.
const FUNCTION_WORDS: &str = "a about after also an and are as at be because been before being between but \
by can did do does during each for from had has have how if in into is it its more most not of on onto or \
our over per so such than that the their them then there these they this those through to under upon us \
versus via vs was we were what when where whether which while who whom whose why will with within without \
you your";

/// The hashes of their stems, in order.
static FUNCTION_WORDS_STEMS: LazyLock<Vec<u32>> = LazyLock::new(|| {
    let mut stems: Vec<u32> = Word::all_of(FUNCTION_WORDS).into_iter().map(Word::stem).collect();
    stems.sort_unstable();
    stems
});

/// How like a name is to its initials.
const INITIALS: f64 = 0.9;

/// A target of more words than this is a text, and what it means stands at its beginning.
const MOST_WORDS: usize = 32;

/// More wrong letters are no misspelling; in a short name a quarter of its letters are too many already.
const MOST_WRONG: usize = 6;

/// A misspelling of a name with more letters than this has some of its words right.
const FEW_LETTERS: usize = 16;

/// How much of the target such words are.
const LEAST_RIGHT: f64 = 0.1;

/// What a broken link says, ready to be compared with names.
pub(super) struct Wanted {
    pub(super) loose: String,
    pub(super) key: Key,
    pub(super) letters: Vec<char>,
    mask: Letters,
    /// The letters that a name has whose initials it is, in the singular.
    least_mask: Letters,
    /// The letters that a name has at most which is its initials, in the singular or plural.
    most_mask: Letters,
    /// The first of its words, and their letters.
    words: Vec<Word>,
    spellings: Vec<String>,
    initials: String,
    /// Its initials as a name of one word, in the singular and plural.
    as_word: Vec<Word>,
}

/// What a name has in common with what is wanted.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fit {
    /// What of the wanted words it has, or has kin of.
    right: Shared,
    /// How many letters may be wrong; `None` if more are for sure.
    wrong: Option<usize>,
    initials: Option<Initials>,
}

/// How like a name is to what is wanted.
pub(super) struct Likeness {
    pub(super) likeness: f64,
    pub(super) is_misspelling: bool,
}

impl Wanted {
    pub(super) fn new(name: &str) -> Wanted {
        let loose = loose(name);
        let mut spelled = Word::all_spelled(name);
        spelled.truncate(MOST_WORDS);
        let (words, spellings): (Vec<_>, Vec<_>) = spelled.into_iter().unzip();
        let initials = initials(name);
        let letters = loose.chars().collect();
        let as_word = match INITIALS_OF_WORDS.contains(&words.len()) {
            true => {
                [in_singular(&initials), &format!("{}s", in_singular(&initials))].map(Word::all_of).concat()
            }
            false => Vec::new(),
        };
        let least_mask = Letters::wanted(in_singular(&loose));
        let most_mask = Letters::wanted(&initials).and(Letters::wanted("s"));
        let mask = Letters::wanted(&loose);
        let key = Key::name(name);
        Wanted { loose, key, letters, mask, least_mask, most_mask, words, spellings, initials, as_word }
    }

    /// Whether a misspelling of it may have no word right, so that every name has to be compared.
    pub(super) fn is_short(&self) -> bool {
        self.letters.len() <= FEW_LETTERS
    }

    /// The words of names that are near, but for misspellings of a short one.
    pub(super) fn telling_words(&self, weights: &Weights<'_>) -> Vec<Word> {
        let telling = weights.telling.iter().filter_map(|index| self.words.get(*index));
        telling.chain(&self.as_word).copied().collect()
    }

    /// Calls `take` with each name that may be near enough and what it has in common with what is wanted. Of
    /// the names of a long one, only those with one of these words are looked at.
    pub(super) fn each_fit<'a>(
        &self,
        all: &'a PartsOfNames,
        words: &[Word],
        weights: &Weights<'_>,
        mut take: impl FnMut(usize, NameParts<'a>, Fit),
    ) {
        let mut sharing = Vec::new();
        words.iter().for_each(|word| sharing.extend(all.with_word(*word)));
        sharing.sort_unstable();
        sharing.dedup();
        let mut sharing = sharing.into_iter().peekable();
        if self.is_short() {
            for (index, parts) in all.iter().enumerate() {
                let words = if sharing.next_if_eq(&index).is_some() { parts.words } else { &[] };
                self.fit(&parts, words, weights).into_iter().for_each(|fit| take(index, parts, fit));
            }
        } else {
            for (index, parts) in sharing.filter_map(|index| Some((index, all.get(index)?))) {
                self.fit(&parts, parts.words, weights).into_iter().for_each(|fit| take(index, parts, fit));
            }
        }
    }

    /// Returns what a name has in common with what is wanted; `None` if it is not near, wherever it lies. Of
    /// its words, these are compared.
    pub(super) fn fit(&self, parts: &NameParts<'_>, words: &[Word], weights: &Weights<'_>) -> Option<Fit> {
        if parts.length == 0 {
            return None;
        }
        let (mut same, mut kin) = (0_u32, 0_u32);
        for word in words {
            for (index, wanted) in self.words.iter().enumerate() {
                same |= u32::from(wanted.stem() == word.stem()) << index;
                kin |= u32::from(wanted.is_related_to(*word)) << index;
            }
        }
        let right = if same | kin == 0 { Shared::default() } else { weights.shared(same, kin) };
        let has_right_words = right.share() >= LEAST_RIGHT;
        let wrong = (self.is_short() || has_right_words).then(|| self.wrong_letters(parts));
        let (wrong, initials) = (wrong.flatten(), self.initials_of(parts));
        // A name has no more of its own words in common than are found in it.
        let may_be_like = 2.0 * right.share() >= LEAST_BY_WORDS;
        let is_near = may_be_like || wrong.is_some() || initials.is_some();
        is_near.then_some(Fit { right, wrong, initials })
    }

    pub(super) fn likeness(
        &self,
        parts: &NameParts<'_>,
        fit: Fit,
        name: Option<&str>,
        weights: &Weights<'_>,
    ) -> Likeness {
        let by_words = self.by_words(parts, fit, weights);
        let by_letters = fit.wrong.zip(name).and_then(|(limit, name)| self.by_letters(name, limit, weights));
        let by_letters = by_letters.unwrap_or_default();
        let by_initials = match fit.initials.zip(name) {
            Some((which, name)) if self.fits_initials(which, name) => INITIALS,
            _ => 0.0,
        };
        let is_misspelling = by_letters > 0.0 && by_letters >= by_initials;
        Likeness { likeness: by_words.max(by_letters).max(by_initials), is_misspelling }
    }

    /// Twice what both have in common, of all that they have; 0 if that is not enough to be shown.
    fn by_words(&self, parts: &NameParts<'_>, fit: Fit, weights: &Weights<'_>) -> f64 {
        if 2.0 * fit.right.share() < LEAST_BY_WORDS {
            return 0.0;
        }
        let mut theirs = Shared::default();
        for word in parts.words {
            let counted = if self.words.iter().any(|wanted| wanted.stem() == word.stem()) {
                1.0
            } else if self.words.iter().any(|wanted| wanted.is_related_to(*word)) {
                KIN
            } else {
                0.0
            };
            theirs.add(weights.of(*word), counted);
        }
        let likeness = (fit.right.in_common + theirs.in_common) / (fit.right.all + theirs.all);
        let missing = fit.right.rarest_missing.max(theirs.rarest_missing);
        let is_whole = fit.right.share().max(theirs.share()) >= WHOLE;
        let has_rarest = fit.right.rarest >= missing;
        let least = if is_whole || has_rarest { LEAST_BY_WORDS } else { LEAST_WITHOUT_RAREST };
        let has_all = if fit.right.rarest_missing > 0.0 { 0.0 } else { HAS_ALL };
        if likeness >= least { (likeness + has_all).min(1.0) } else { 0.0 }
    }

    /// How many letters may be wrong; `None` if more are for sure.
    fn wrong_letters(&self, parts: &NameParts<'_>) -> Option<usize> {
        let limit = (self.letters.len().max(parts.length) / 4).min(MOST_WRONG);
        let is_near = self.letters.len().abs_diff(parts.length) <= limit
            && self.mask.least_distance(parts.letters) <= limit;
        is_near.then_some(limit)
    }

    fn by_letters(&self, name: &str, limit: usize, weights: &Weights<'_>) -> Option<f64> {
        let letters: Vec<char> = loose(name).chars().collect();
        let wrong = edit_distance(&self.letters, &letters, limit)?;
        let is_misspelling = wrong == 0 || self.is_misspelling(name, weights);
        is_misspelling.then(|| 1.0 - ratio(wrong, self.letters.len().max(letters.len())))
    }

    /// Whether what differs are letters in the words of a name, and not words that other names have.
    fn is_misspelling(&self, name: &str, weights: &Weights<'_>) -> bool {
        let theirs = Word::all_spelled(name);
        let is_theirs = |word: &Word| theirs.iter().any(|(one, _)| one.stem() == word.stem());
        let is_own = |word: &Word| self.words.iter().any(|one| one.stem() == word.stem());
        let own = self.words.iter().zip(&self.spellings).enumerate();
        let own: Vec<_> = own.filter(|(_, (word, _))| !is_theirs(word)).collect();
        let others: Vec<_> = theirs.iter().filter(|(word, _)| !is_own(word)).collect();
        let are_other_words = own.len() == others.len()
            && own.iter().all(|(index, (word, _))| weights.is_known(*index, **word));
        if are_other_words && !own.is_empty() {
            return false;
        }
        let own: Vec<char> = own.iter().flat_map(|(_, (_, letters))| letters.chars()).collect();
        let others: Vec<char> = others.iter().flat_map(|(_, letters)| letters.chars()).collect();
        let limit = (own.len().max(others.len()) / 2).max(1);
        edit_distance(&own, &others, limit).is_some()
    }

    /// Which of both may be the initials of the other, by their lengths and letters.
    fn initials_of(&self, parts: &NameParts<'_>) -> Option<Initials> {
        if self.words.len() == 1 && is_initials(self.letters.len(), parts.words.len()) {
            parts.letters.cover(self.least_mask).then_some(Initials::Wanted)
        } else if parts.words.len() == 1 && is_initials(parts.length, self.words.len()) {
            self.most_mask.cover(parts.letters).then_some(Initials::Name)
        } else {
            None
        }
    }

    /// Whether one is the initials of the other, in the singular or plural: `LLMs` of
    /// `large_language_models`.
    fn fits_initials(&self, which: Initials, name: &str) -> bool {
        match which {
            Initials::Wanted => in_singular(&self.loose) == in_singular(&initials(name)),
            Initials::Name => in_singular(&loose(name)) == in_singular(&self.initials),
        }
    }
}

/// What are the initials: what is wanted, or a name.
#[derive(Clone, Copy, Debug)]
enum Initials {
    Wanted,
    Name,
}

/// Of so many words there are initials.
const INITIALS_OF_WORDS: RangeInclusive<usize> = 2..=6;

/// Whether a word of so many letters can be the initials of so many words, in the singular or plural.
fn is_initials(letters: usize, words: usize) -> bool {
    INITIALS_OF_WORDS.contains(&words) && (letters == words || letters == words + 1)
}

/// Initials without the ending of a plural.
fn in_singular(initials: &str) -> &str {
    initials.strip_suffix('s').unwrap_or(initials)
}

fn initials(name: &str) -> String {
    let name = searchable(name);
    fold(&name).split(' ').filter_map(|word| word.chars().find(|char| char.is_alphanumeric())).collect()
}

/// The weight of words: the fewer names have one, the more.
pub(super) struct Weights<'a> {
    counts: &'a WordCounts,
    /// Whether a name has a word.
    has_word: &'a (dyn Fn(Word) -> bool + Sync),
    /// The same for each wanted word, once asked.
    known: Vec<OnceLock<bool>>,
    names: f64,
    /// The weights of words that few names have, by their number.
    of_count: Vec<f64>,
    wanted: Vec<f64>,
    all_wanted: f64,
    /// The wanted words without the common ones that alone make no name near.
    telling: Vec<usize>,
}

/// What one of two names has in common with the other, in weights of words.
#[derive(Clone, Copy, Default, Debug)]
struct Shared {
    all: f64,
    in_common: f64,
    /// The weight of the rarest word that the other has too, or has kin of, and of the rarest that it lacks.
    rarest: f64,
    rarest_missing: f64,
}

impl Shared {
    /// Adds a word, of which so much is counted as common.
    fn add(&mut self, weight: f64, counted: f64) {
        self.all += weight;
        self.in_common += counted * weight;
        let rarest = if counted > 0.0 { &mut self.rarest } else { &mut self.rarest_missing };
        *rarest = rarest.max(weight);
    }

    /// How much of all is in common.
    fn share(&self) -> f64 {
        if self.all > 0.0 { self.in_common / self.all } else { 0.0 }
    }
}

impl Weights<'_> {
    pub(super) fn new<'a>(
        counts: &'a WordCounts,
        has_word: &'a (dyn Fn(Word) -> bool + Sync),
        names: usize,
        wanted: &Wanted,
    ) -> Weights<'a> {
        let names = ratio(names + 1, 1);
        let of_count = (0..MEMORIZED_COUNTS).map(|count| weight_of(count, names)).collect();
        let mut weights = Weights {
            counts,
            has_word,
            known: vec![OnceLock::new(); wanted.words.len()],
            names,
            of_count,
            wanted: Vec::new(),
            all_wanted: 0.0,
            telling: Vec::new(),
        };
        weights.wanted = wanted.words.iter().map(|word| weights.of(*word)).collect();
        weights.all_wanted = weights.wanted.iter().sum();
        let mut lightest: Vec<(usize, f64)> = weights.wanted.iter().copied().enumerate().collect();
        lightest.sort_by(|(_, one), (_, other)| one.total_cmp(other));
        let mut left_out = 0.0;
        lightest.retain(|(_, weight)| {
            left_out += weight;
            left_out >= LEAST_RIGHT * weights.all_wanted
        });
        weights.telling = lightest.into_iter().map(|(index, _)| index).collect();
        weights
    }

    /// Whether a name has the wanted word at this index.
    fn is_known(&self, index: usize, word: Word) -> bool {
        let known = self.known.get(index).map(|known| *known.get_or_init(|| (self.has_word)(word)));
        known.unwrap_or_else(|| (self.has_word)(word))
    }

    /// 1 for a word that no name has, near 0 for one that most have or that only joins others.
    fn of(&self, word: Word) -> f64 {
        if FUNCTION_WORDS_STEMS.binary_search(&word.stem()).is_ok() {
            return LEAST_WEIGHT;
        }
        let with_word = self.counts.of(word);
        let known = self.of_count.get(with_word as usize).copied();
        known.unwrap_or_else(|| weight_of(with_word, self.names))
    }

    /// Returns what the wanted words that are the same and that have kin, a bit each, are of all of them.
    fn shared(&self, same: u32, kin: u32) -> Shared {
        let mut shared = Shared::default();
        for (index, weight) in self.wanted.iter().enumerate() {
            let counted = match 1_u32 << index {
                bit if same & bit != 0 => 1.0,
                bit if kin & bit != 0 => KIN,
                _ => 0.0,
            };
            shared.add(*weight, counted);
        }
        shared
    }
}

/// For so many counts of names the weights are computed once.
const MEMORIZED_COUNTS: u32 = 1024;

/// The weight of a word that says nothing.
const LEAST_WEIGHT: f64 = 0.01;

/// The weight of a word that so many of all names have.
fn weight_of(with_word: u32, names: f64) -> f64 {
    let share = (f64::from(with_word) + 1.0) / names;
    let rarity = (share.ln() / names.recip().ln()).clamp(LEAST_WEIGHT.sqrt(), 1.0);
    rarity * rarity
}

#[expect(clippy::cast_precision_loss, reason = "names and vaults are far smaller than 2^52")]
pub(super) fn ratio(part: usize, whole: usize) -> f64 {
    part as f64 / whole as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_rule_out_no_initials() {
        let names = [
            "LLMs",
            "LLM",
            "large language models",
            "S",
            "s s",
            "ss",
            "Élan vital",
            "EVs",
            "a.b c-d_e",
            "abcde",
        ];
        for name in names {
            let all = PartsOfNames::from_iter([name]);
            let parts = all.iter().next().unwrap();
            for wanted in names.map(Wanted::new) {
                for which in [Initials::Wanted, Initials::Name] {
                    let (of, words) = match which {
                        Initials::Wanted => (wanted.letters.len(), parts.words.len()),
                        Initials::Name => (parts.length, wanted.words.len()),
                    };
                    let is_one_word = match which {
                        Initials::Wanted => wanted.words.len() == 1,
                        Initials::Name => parts.words.len() == 1,
                    };
                    if is_one_word && is_initials(of, words) && wanted.fits_initials(which, name) {
                        assert!(wanted.initials_of(&parts).is_some(), "{name} {}", wanted.loose);
                    }
                }
            }
        }
    }
}
