//! How well a name fits what was typed. Words may come in any order; case, accents that were not typed, and
//! the difference between `_`, `-` and a space do not count.

use std::cell::Cell;

use nucleo_matcher::chars::to_lower_case;
use nucleo_matcher::pattern::{AtomKind, CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Matcher, Utf32Str};

use crate::vault::{Initials, Letters, NameRow, searchable};

thread_local! {
    /// The matcher's working memory is 135 KB, so each thread keeps one.
    static SCRATCH: Cell<Option<Scratch>> = const { Cell::new(None) };
}

#[derive(Default)]
struct Scratch {
    matcher: Box<Matcher>,
    characters: Vec<char>,
}

/// What was typed, ready to be compared with many names.
pub(crate) struct Query {
    pattern: Pattern,
    /// What was typed as one name, in lower case.
    typed: String,
    letters: Letters,
    initial: Initials,
    /// The first letter of each word.
    word_initials: Box<[Initials]>,
    /// No name scores more.
    best_fuzzy: u32,
    scratch: Option<Scratch>,
}

/// What the matcher gives for a letter,
const LETTER: u32 = 16;
/// and at most for where it stands: at the start of a word. Counts twice for the first letter.
const PLACE: u32 = 10;

/// The most points of a word of so many letters: those of a name in which it starts a word.
pub(crate) fn best_of_letters(letters: usize) -> u32 {
    let letters = u32::try_from(letters).unwrap_or(u32::MAX / LETTER);
    letters.saturating_mul(LETTER + PLACE).saturating_add(PLACE)
}

/// How much work a comparison may be.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Effort {
    /// The best way that what was typed fits a name in which its letters stand together, else the first way:
    /// several times faster, and never better than the best way.
    Rough,
    /// The best way that it fits.
    Exact,
}

/// How well a name fits; the best is the greatest.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub(crate) struct Score {
    fuzzy: u32,
    closeness: Closeness,
}

/// How what was typed lies in a name.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub(crate) enum Closeness {
    /// Somewhere, maybe in pieces.
    #[default]
    Within,
    /// At its start.
    Prefix,
    /// It is the name.
    Exact,
}

impl Score {
    /// So many points, and how what was typed lies in the name.
    pub(crate) fn new(fuzzy: u32, closeness: Closeness) -> Score {
        Score { fuzzy, closeness }
    }

    /// The points of the matcher.
    pub(crate) fn fuzzy(self) -> u32 {
        self.fuzzy
    }

    /// How what was typed lies in the name.
    pub(crate) fn closeness(self) -> Closeness {
        self.closeness
    }
}

impl Query {
    /// A query for what was typed. Empty, or only separators: everything fits equally.
    pub(crate) fn new(typed: &str) -> Query {
        // A backslash escapes spaces for the pattern; no name holds one.
        let typed = typed.replace('\\', " ");
        let typed = searchable(&typed);
        let typed = typed.trim();
        let pattern = Pattern::new(typed, CaseMatching::Ignore, Normalization::Smart, AtomKind::Fuzzy);
        Query {
            best_fuzzy: pattern
                .atoms
                .iter()
                .map(|atom| best_of_letters(atom.needle_text().len()))
                .fold(0, u32::saturating_add),
            pattern,
            letters: Letters::wanted(typed),
            initial: Initials::first(typed),
            word_initials: typed.split_whitespace().map(Initials::first).collect(),
            typed: typed.chars().map(to_lower_case).collect(),
            scratch: SCRATCH.take(),
        }
    }

    /// Whether there is nothing to compare with.
    pub(crate) fn is_empty(&self) -> bool {
        self.typed.is_empty()
    }

    /// The letters that a name must hold to fit.
    pub(crate) fn letters(&self) -> Letters {
        self.letters
    }

    /// How well a name that is not kept ready fits; `None` if it does not, or if there is no name.
    pub(crate) fn score_name(&mut self, name: &str) -> Option<Score> {
        if name.is_empty() || !Letters::held(name).cover(self.letters) {
            return None;
        }
        self.score(&searchable(name), Effort::Exact)
    }

    /// How well a name fits, given as [`searchable`] makes it; `None` if it does not.
    pub(crate) fn score(&mut self, name: &str, effort: Effort) -> Option<Score> {
        self.score_if(name, Initials::ALL, effort, |_| true)
    }

    /// The same, but for names of which `is_worth_it` says that not even the best score is: that costs far
    /// less than the comparison. The initials are those of the words of the name, and maybe of others.
    pub(crate) fn score_if(
        &mut self,
        name: &str,
        initials: Initials,
        effort: Effort,
        is_worth_it: impl FnOnce(Score) -> bool,
    ) -> Option<Score> {
        let closeness = self.closeness(name);
        if !is_worth_it(Score { fuzzy: self.best_fuzzy(initials), closeness }) {
            return None;
        }
        if self.is_empty() {
            return Some(Score::default());
        }
        let Scratch { matcher, characters } = self.scratch.get_or_insert_default();
        // The names are composed, so their code points serve as they are, without the search for clusters
        // that `Utf32Str::new` would do for each.
        let haystack = if name.is_ascii() {
            Utf32Str::Ascii(name.as_bytes())
        } else {
            characters.clear();
            characters.extend(name.chars());
            Utf32Str::Unicode(characters)
        };
        let fuzzy = match effort {
            Effort::Exact => self.pattern.score(haystack, matcher)?,
            Effort::Rough => rough_score(&self.pattern, haystack, matcher)?,
        };
        Some(Score { fuzzy, closeness })
    }

    /// At most so well does any name of a file fit. Looks at no name.
    pub(crate) fn best_score_of(&self, names: NameRow<'_>) -> Score {
        if self.is_empty() {
            return Score::default();
        }
        let may_begin_so = names.first_letters().cover(self.initial);
        let closeness = if may_begin_so { Closeness::Exact } else { Closeness::Within };
        Score { fuzzy: self.best_fuzzy(names.initials()), closeness }
    }

    /// At most so many points has a name whose words have these initials: a word whose first letter stands
    /// nowhere at the start of one lacks what the place counts for that letter.
    fn best_fuzzy(&self, initials: Initials) -> u32 {
        let lacking = self.word_initials.iter().filter(|initial| !initials.cover(**initial)).count();
        let lacking = u32::try_from(lacking).unwrap_or(u32::MAX).saturating_mul(2 * PLACE);
        self.best_fuzzy.saturating_sub(lacking)
    }

    fn closeness(&self, name: &str) -> Closeness {
        if let (Some(typed), Some(begun)) = (self.typed.as_bytes().first(), name.as_bytes().first())
            && typed.is_ascii()
            && begun.is_ascii()
            && *typed != begun.to_ascii_lowercase()
        {
            return Closeness::Within;
        }
        let mut name = name.chars().map(to_lower_case);
        if !self.typed.chars().all(|typed| name.next() == Some(typed)) {
            return Closeness::Within;
        }
        if name.next().is_none() { Closeness::Exact } else { Closeness::Prefix }
    }
}

fn rough_score(pattern: &Pattern, haystack: Utf32Str<'_>, matcher: &mut Matcher) -> Option<u32> {
    matcher.config.ignore_case = true;
    let mut score = 0;
    for atom in &pattern.atoms {
        let needle = atom.needle_text();
        // As the pattern does it: accents count once they are typed.
        matcher.config.normalize = needle.is_ascii();
        if let (Utf32Str::Ascii(name), Utf32Str::Ascii(letters)) = (haystack, needle)
            && !holds_in_order(name, letters)
        {
            return None;
        }
        // Letters that stand together seldom fit worse than the first ones that fit, and are found sooner.
        let together = matcher.substring_match(haystack, needle);
        let found = together.or_else(|| matcher.fuzzy_match_greedy(haystack, needle))?;
        score += u32::from(found);
    }
    Some(score)
}

/// Whether a name holds these letters, of lower case, in this order.
fn holds_in_order(name: &[u8], letters: &[u8]) -> bool {
    let mut letters = letters.iter();
    let Some(mut wanted) = letters.next() else { return true };
    for byte in name {
        if byte.to_ascii_lowercase() == *wanted {
            match letters.next() {
                Some(next) => wanted = next,
                None => return true,
            }
        }
    }
    false
}

impl Drop for Query {
    fn drop(&mut self) {
        let scratch = self.scratch.take();
        // Fails only while the thread ends, when it is no longer needed.
        let _ = SCRATCH.try_with(|kept| kept.set(scratch));
    }
}

/// Keeps the `count` first by `key`, and all others that are equal to the last of them.
pub(crate) fn keep_first<T, K: Ord>(items: &mut Vec<T>, count: usize, key: impl Fn(&T) -> K) {
    if items.len() <= count {
        return;
    }
    let Some(last) = count.checked_sub(1) else { return items.clear() };
    let (_, worst, _) = items.select_nth_unstable_by_key(last, &key);
    let worst = key(worst);
    items.retain(|item| key(item) <= worst);
}

/// The best of many candidates that are met one after another, and whether another can still be one of them.
/// The best has the least rank.
pub(crate) struct Best<R, T> {
    wanted: usize,
    candidates: Vec<(R, T)>,
    /// There are enough that are as good as this.
    worst: Option<R>,
    /// At how many candidates the worse ones are dropped.
    full: usize,
}

impl<R: Ord + Copy, T> Best<R, T> {
    /// For as many as are wanted.
    pub(crate) fn new(wanted: usize) -> Best<R, T> {
        Best { wanted, candidates: Vec::new(), worst: None, full: wanted.saturating_mul(2) }
    }

    /// Whether there is room for a candidate of this rank.
    pub(crate) fn admits(&self, rank: R) -> bool {
        self.worst.is_none_or(|worst| rank <= worst)
    }

    /// Adds a candidate, if there is room for it.
    pub(crate) fn add(&mut self, rank: R, candidate: T) {
        if !self.admits(rank) {
            return;
        }
        self.candidates.push((rank, candidate));
        if self.candidates.len() >= self.full {
            keep_first(&mut self.candidates, self.wanted, |(rank, _)| *rank);
            self.worst = self.candidates.iter().map(|(rank, _)| *rank).max();
            // All that are equal to the last one stay, and may be many.
            self.full = self.candidates.len().saturating_mul(2);
        }
    }

    /// Adds the candidates of another search.
    pub(crate) fn merge(&mut self, other: Best<R, T>) {
        for (rank, candidate) in other.candidates {
            self.add(rank, candidate);
        }
    }

    /// As many as were wanted with their ranks, in no particular order, and all others that are equal to the
    /// last of them.
    pub(crate) fn into_candidates(mut self) -> Vec<(R, T)> {
        keep_first(&mut self.candidates, self.wanted, |(rank, _)| *rank);
        self.candidates
    }
}

#[cfg(test)]
mod tests {
    use proptest::{prop_assert, proptest};

    use super::*;

    /// The score of a name that may be at most this.
    fn score_and_bound(query: &mut Query, name: &str, effort: Effort) -> (Option<Score>, Option<Score>) {
        let mut best = None;
        let score = query.score_if(name, Initials::of_words(name), effort, |bound| {
            best = Some(bound);
            true
        });
        (score, best)
    }

    #[test]
    fn no_name_fits_better_than_the_best_score() {
        let names = [
            "a b",
            "Stamp",
            "to stamp",
            "stamp stamp",
            "s#t#a",
            "#stamp",
            "9 s9t9",
            "sTaMp",
            "Ströme",
            "xstamp",
            "tstAmp",
            "so Tall a map",
            "xS t a",
            "t9s",
            "/st",
            "(st)",
            "s.t",
            "aästS",
        ];
        for typed in ["s", "st", "stamp", "to st", "st st", "#st", "9s", "strö", "a b", "t", "mp", "9", ""] {
            for name in names {
                for effort in [Effort::Rough, Effort::Exact] {
                    let mut query = Query::new(typed);
                    let (score, best) = score_and_bound(&mut query, name, effort);
                    assert!(score <= best, "{typed:?} in {name:?}");
                    assert_eq!(query.score_if(name, Initials::ALL, effort, |_| false), None);
                }
            }
        }
        let (score, best) = score_and_bound(&mut Query::new("st"), "to stamp", Effort::Rough);
        assert_eq!(score, best);
    }

    proptest! {
        #[test]
        fn no_name_of_any_letters_fits_better_than_the_best_score(
            name in "[a-cA-C1_ .é/#]{0,12}",
            typed in "[a-cA-C1 .é#]{0,4}",
        ) {
            let name = searchable(&name);
            let mut query = Query::new(&typed);
            for effort in [Effort::Rough, Effort::Exact] {
                let (score, best) = score_and_bound(&mut query, &name, effort);
                prop_assert!(score <= best, "{:?} in {:?}: {:?}, not {:?}", typed, name, score, best);
                prop_assert!(score.is_none() || Letters::held(&name).cover(query.letters()));
            }
        }
    }
}
