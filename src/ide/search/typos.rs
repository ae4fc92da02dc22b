//! How well a name fits what was typed with a few letters wrong, or without its accents and punctuation.
//!
//! Looked for only where nothing holds what was typed as it is, so a right spelling costs nothing.

use nucleo_matcher::chars::{normalize, to_lower_case};

use crate::ide::search::edit_distance::distance_to_start;
use crate::ide::search::matching::{Closeness, Score, best_of_letters};
use crate::vault::{Letters, fold, searchable};

/// In fewer letters, or in a word of fewer, none is wrong: too many words are one letter away.
const FEWEST_LETTERS: usize = 4;
/// In so many letters two may be wrong.
const MANY_LETTERS: usize = 10;

/// What a wrong letter costs, in points of the matcher. As much as an abbreviation of two words costs, so
/// those come first; letters that stand here and there cost more.
const WRONG_LETTER: u32 = 30;
/// What the other spelling costs that has no letter wrong: another accent, a missing apostrophe or space.
const OTHER_SPELLING: u32 = 6;

/// What was typed, ready to be compared with names in which it is spelled otherwise.
#[derive(Clone)]
pub(crate) struct TypoQuery {
    /// The words, in [`plain`] letters.
    words: Vec<Vec<char>>,
    /// All words as one.
    joined: Vec<char>,
    letters: Letters,
    /// Whether it holds accents or punctuation, which a name may lack.
    has_marks: bool,
    /// Whether it holds a `#`, which only tags have and none lacks.
    is_tag: bool,
    /// How many letters may be wrong.
    wrong: usize,
    /// The points of a name that fits as well as any can.
    best: u32,
    name: PlainName,
}

impl TypoQuery {
    /// A query for what was typed, `None` if that is too short to be misspelled.
    pub(crate) fn new(typed: &str) -> Option<TypoQuery> {
        let typed = typed.replace(['\\', '/'], " ");
        let typed = searchable(&typed);
        let mut name = PlainName::default();
        let words = typed.split_whitespace().map(|word| {
            name.set(word);
            name.letters.clone()
        });
        let words: Vec<Vec<char>> = words.filter(|word| !word.is_empty()).collect();
        let joined = words.concat();
        let has_marks = !joined.is_empty() && has_marks(&typed);
        let wrong = match joined.len() {
            ..FEWEST_LETTERS => 0,
            FEWEST_LETTERS..MANY_LETTERS => 1,
            _ => 2,
        };
        (wrong > 0 || has_marks).then(|| TypoQuery {
            letters: Letters::wanted(&joined.iter().collect::<String>()),
            best: words.iter().map(|word| best_of_letters(word.len())).fold(0, u32::saturating_add),
            words,
            joined,
            has_marks,
            is_tag: typed.contains('#'),
            wrong,
            name,
        })
    }

    /// The query for what is still to be found, given whether there is a name that holds what was typed as it
    /// is: then no letter is wrong, but accents and punctuation may be.
    pub(crate) fn beside(self, is_spelled_right: bool) -> Option<TypoQuery> {
        if !is_spelled_right {
            return Some(self);
        }
        self.has_marks.then_some(TypoQuery { wrong: 0, ..self })
    }

    /// Whether each word that was typed stands in the name: a short one at the start of a word, for inside of
    /// words any few letters are found.
    pub(crate) fn stands_in(&mut self, name: &str) -> bool {
        self.name.set(name);
        let (name, held) = (&self.name, &self.name.letters);
        self.words.iter().all(|word| {
            let is_long = word.len() > FEWEST_LETTERS;
            is_long && held.windows(word.len()).any(|letters| letters == word)
                || name.rests().any(|rest| rest.starts_with(word))
        })
    }

    /// The letters that a name must hold to fit, but for [`TypoQuery::wrong`].
    pub(crate) fn letters(&self) -> Letters {
        self.letters
    }

    /// How many letters may be wrong.
    pub(crate) fn wrong(&self) -> usize {
        self.wrong
    }

    /// No name fits better.
    pub(crate) fn best_score(&self) -> Score {
        Score::new(self.best.saturating_sub(OTHER_SPELLING), Closeness::Exact)
    }

    /// How well a name fits; `None` if it does not.
    pub(crate) fn score(&mut self, name: &str) -> Option<Score> {
        if self.is_tag && !name.contains('#') {
            return None;
        }
        self.name.set(name);
        let letters = &self.name.letters;
        let mut best = self.as_one_word();
        if self.words.len() > 1 && best.is_none_or(|(wrong, _)| wrong > 0) {
            let by_words = self.by_words().map(|wrong| (wrong, Closeness::Within));
            best = best.into_iter().chain(by_words).min_by_key(|(wrong, _)| *wrong);
        }
        let (wrong, mut closeness) = best?;
        if wrong == 0 && closeness == Closeness::Prefix && letters.len() == self.joined.len() {
            closeness = Closeness::Exact;
        }
        let cost = u32::try_from(wrong).unwrap_or(u32::MAX).saturating_mul(WRONG_LETTER) + OTHER_SPELLING;
        Some(Score::new(self.best.saturating_sub(cost), closeness))
    }

    /// How many letters are wrong at the start of the word where the fewest are, with all that was typed as
    /// one word, which finds words that were run together or divided; and whether it is the first.
    fn as_one_word(&self) -> Option<(usize, Closeness)> {
        let mut best = None;
        let mut limit = self.wrong;
        for (index, rest) in self.name.rests().enumerate() {
            if let Some(wrong) = distance_to_start(&self.joined, rest, limit) {
                best = Some((wrong, if index == 0 { Closeness::Prefix } else { Closeness::Within }));
                let Some(fewer) = wrong.checked_sub(1) else { break };
                limit = fewer;
            }
        }
        best
    }

    /// How many letters are wrong in all words together, each at the start of any word.
    fn by_words(&self) -> Option<usize> {
        let mut all_wrong = 0;
        for word in &self.words {
            let left = self.wrong.checked_sub(all_wrong)?;
            let most = if word.len() < FEWEST_LETTERS { 0 } else { left };
            let starts = self.name.rests().filter_map(|rest| distance_to_start(word, rest, most));
            all_wrong += starts.min()?;
        }
        Some(all_wrong)
    }
}

/// A name as its letters and digits without accents, in lower case: what is left of it however it is spelled.
#[derive(Clone, Default)]
struct PlainName {
    letters: Vec<char>,
    /// Where words start among the letters.
    starts: Vec<usize>,
}

impl PlainName {
    /// Takes a name, in the memory of the one before.
    fn set(&mut self, name: &str) {
        self.letters.clear();
        self.starts.clear();
        let mut before = ' ';
        let folded;
        let name = if name.is_ascii() {
            name
        } else {
            folded = fold(name);
            &*folded
        };
        for char in name.chars() {
            if !char.is_alphanumeric() {
                // The letters behind an apostrophe are no word.
                before = if matches!(char, '\'' | '’') { before } else { ' ' };
                continue;
            }
            let is_start = !before.is_alphanumeric()
                || char.is_ascii_uppercase() && before.is_ascii_lowercase()
                || char.is_ascii_digit() != before.is_ascii_digit();
            if is_start {
                self.starts.push(self.letters.len());
            }
            self.letters.push(plain(char));
            before = char;
        }
    }

    /// The letters from the start of each word on.
    fn rests(&self) -> impl Iterator<Item = &[char]> {
        self.starts.iter().filter_map(|start| self.letters.get(*start..))
    }
}

fn plain(char: char) -> char {
    if char.is_ascii() { char.to_ascii_lowercase() } else { to_lower_case(normalize(char)) }
}

/// Whether something was typed that names may lack: an accent, an apostrophe, a dot.
fn has_marks(typed: &str) -> bool {
    let is_plain = |char: char| {
        let is_letter = char.is_alphanumeric() && (char.is_ascii() || plain(char) == to_lower_case(char));
        is_letter || char.is_whitespace() || char == '#'
    };
    !typed.chars().all(is_plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether the name is found with letters wrong, or with another spelling of what has no letters.
    fn finds(typed: &str, name: &str) -> bool {
        TypoQuery::new(typed).and_then(|mut typos| typos.score(&searchable(name))).is_some()
    }

    #[test]
    fn a_few_letters_may_be_wrong() {
        for (typed, name) in [
            ("lagnuage", "Language models"),
            ("alnguage", "large_language-models"),
            ("lanxuage", "language"),
            ("lanuage", "language"),
            ("languuage", "language"),
            ("from", "form of life"),
            ("lagn mod", "models of language"),
            ("effect_sof", "effects_of_sleep"),
            ("machinelaerning", "machine learning"),
            ("machin elearnign", "machine learning"),
            ("transfromr", "transformer"),
            ("transfromre", "transformer"),
            ("projetc", "MyProjectPlan"),
            ("#poject", "#projects"),
        ] {
            assert!(finds(typed, name), "{typed:?} in {name:?}");
        }
        for (typed, name) in [
            ("lagnuaeg", "language"),
            ("lganu", "language"),
            ("anguaeg", "language"),
            ("fro", "for"),
            ("hwo sleep", "how to sleep"),
            ("#poject", "projects"),
            ("transfmroer", "transfers"),
        ] {
            assert!(!finds(typed, name), "{typed:?} in {name:?}");
        }
    }

    #[test]
    fn accents_and_punctuation_do_not_count() {
        let same = ["Vow's apple", "Vow’s apple", "Vows apple"];
        for (typed, names) in [
            ("Vow's ap", &same[..]),
            ("vow’s ap", &same),
            ("vows ap.", &same),
            ("v1.2", &["v12 notes", "notes of v1.2"]),
            ("Dr. Smi", &["Dr Smith", "dr. Smith"]),
            ("U.S.", &["US policy", "Policy of the U.S."]),
            ("Émile", &["Emile Zola", "Émile"]),
            ("Straße", &["strasse", "STRASSE 5"]),
            ("straßen", &["strassen"]),
        ] {
            for name in names {
                assert!(finds(typed, name), "{typed:?} in {name:?}");
                let beside = TypoQuery::new(typed).and_then(|typos| typos.beside(true));
                let score = beside.and_then(|mut typos| typos.score(name));
                assert!(score.is_some(), "{typed:?} in {name:?}");
            }
        }
        assert!(TypoQuery::new("emile").and_then(|typos| typos.beside(true)).is_none());
        assert!(TypoQuery::new("abc").is_none() && TypoQuery::new("'.").is_none());
    }

    #[test]
    fn the_fewer_letters_are_wrong_the_better() {
        let mut typos = TypoQuery::new("v.1.2x").unwrap();
        let scores =
            ["v12x", "v12x notes", "notes v12x", "v12 notes", "notes v12"].map(|name| typos.score(name));
        assert!(scores.is_sorted_by(|one, other| one > other), "{scores:?}");
        assert!(scores.iter().all(|score| *score <= Some(typos.best_score())));
    }

    #[test]
    fn a_right_spelling_is_known() {
        for (typed, name, expected) in [
            ("lang", "large_language", true),
            ("guage", "large_language", true),
            ("model larg", "large_models", true),
            ("lagn", "large_language", false),
            ("of lang", "profile of language", true),
            ("of lang", "profile language", false),
            ("vow's", "vows", true),
        ] {
            let mut typos = TypoQuery::new(typed).unwrap();
            assert_eq!(typos.stands_in(&searchable(name)), expected, "{typed:?} in {name:?}");
        }
    }

    #[test]
    fn letters_rule_out_nothing_that_is_found() {
        let names = ["Language models", "Vow's apple", "Émile", "STRASSE 5", "v1.2", "straßen"];
        for name in names {
            let held = Letters::held(&searchable(name));
            for typed in
                ["lagnuage", "lanxuage", "Vows", "vow’s", "emile", "émiel", "strasse", "v1.2", "v.12"]
            {
                let Some(mut typos) = TypoQuery::new(typed) else { continue };
                let is_found = typos.score(&searchable(name)).is_some();
                assert!(
                    !is_found || held.cover_most(typos.letters(), typos.wrong()),
                    "{typed:?} in {name:?}"
                );
            }
        }
    }
}
