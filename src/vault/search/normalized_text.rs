//! Normalized text: the form in which names are compared with text, with the rules for word boundaries.

use std::iter::once;

use aho_corasick::AhoCorasick;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::text::{Offset, Span};
use crate::vault::names::fold;

/// A text in Unicode NFC and case-folded, with one space for each run of white space, `_` and `-`, with `'`
/// for `’`, and without invisible characters (soft hyphens, marks of direction). Maps each of its bytes to
/// the source.
///
/// ```text
/// Large_language - Models, café  ->  large language models, café
/// ```
#[derive(Debug)]
pub(crate) struct NormalizedText<'a> {
    source: &'a str,
    text: String,
    /// For each byte of `text`, the character of `source` that it comes from, with its combining marks.
    origins: Vec<Span>,
}

impl<'a> NormalizedText<'a> {
    /// Normalizes a text. Linear in its length.
    pub(crate) fn of(source: &'a str) -> NormalizedText<'a> {
        let (text, origins) = (String::with_capacity(source.len()), Vec::with_capacity(source.len()));
        let mut normalized = NormalizedText { source, text, origins };
        let mut chars = source.char_indices().peekable();
        while let Some((at, char)) = chars.next() {
            let mut end = at + char.len_utf8();
            while let Some((at, mark)) = chars.next_if(|(_, next)| is_joined_to_the_letter_before(*next)) {
                end = at + mark.len_utf8();
            }
            normalized.push(char, Span::new(at, end));
        }
        normalized
    }

    /// Returns the normalized text.
    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }

    fn push(&mut self, char: char, origin: Span) {
        if matches!(char, '\n' | '\r') {
            self.put("\n", origin);
        } else if is_separator(char) {
            if !self.text.ends_with(' ') {
                self.put(" ", origin);
            }
        } else if char.is_ascii() && origin.len() == 1 {
            self.text.push(char.to_ascii_lowercase());
            self.origins.push(origin);
        } else if matches!(char, '\u{2019}') {
            self.put("'", origin);
        } else if !is_invisible(char) {
            let letter = self.source.get(origin.range()).unwrap_or_default();
            let is_alone = letter.len() == char.len_utf8();
            let folded = if is_alone && is_caseless(char) { letter.into() } else { fold(letter) };
            self.put(&folded, origin);
        }
    }

    fn put(&mut self, text: &str, origin: Span) {
        self.text.push_str(text);
        self.origins.resize(self.text.len(), origin);
    }

    /// Returns whether a name is whole words of the text.
    fn holds(&self, name: &str) -> bool {
        let mut from = 0;
        while let Some(at) = self.text.get(from..).and_then(|rest| rest.find(name)) {
            let at = from + at;
            if self.words(at, at + name.len()).is_some() {
                return true;
            }
            from = at + self.text.get(at..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8);
        }
        false
    }

    /// Returns the span in the source of the bytes `start..end` of the text; `None` unless they are whole
    /// characters there and whole words.
    pub(crate) fn words(&self, start: usize, end: usize) -> Option<Span> {
        let (first, last) = (self.origins.get(start)?, self.origins.get(end.checked_sub(1)?)?);
        let is_split = |left: usize, right: usize| self.origins.get(left) == self.origins.get(right);
        if start > 0 && is_split(start - 1, start) || is_split(end - 1, end) {
            return None;
        }
        let span = Span::between(first.start, last.end);
        let before = self.source.get(..span.start.to_usize())?.chars().rev();
        let after = self.source.get(span.end.to_usize()..)?.chars();
        let words = self.source.get(span.range())?;
        let letter = |char: char| !is_combining_mark(char);
        let begins_within = words.chars().next().is_some_and(|first| is_one_word(Before, first, before));
        let ends_within = words
            .chars()
            .rev()
            .find(|char| letter(*char))
            .is_some_and(|last| is_one_word(After, last, after));
        (!begins_within && !ends_within).then_some(span)
    }
}

/// A side of some words.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Before,
    After,
}

use Side::{After, Before};

/// Returns whether the word at the edge of some words continues beyond it. Two letters or digits are one
/// word, unless one of them is of a script without spaces between words; Korean joins particles to the end of
/// a word. A `_`, `.` or `@` between two letters joins them: `node.js`, `me@example.org` (UAX #29,
/// MidNumLet).
fn is_one_word(side: Side, edge: char, mut beyond: impl Iterator<Item = char>) -> bool {
    let Some(mut next) = beyond.find(|char| !is_invisible(*char)) else { return false };
    if side == Before && is_combining_mark(next) {
        next = beyond.find(|char| !is_combining_mark(*char)).unwrap_or(next);
    }
    let is_joint = matches!(next, '_' | '.' | '@');
    if is_joint {
        return is_spaced(edge) && beyond.next().is_some_and(is_spaced);
    }
    if is_katakana(edge) || is_katakana(next) {
        return is_katakana(edge) && is_katakana(next);
    }
    let is_particle = side == After && is_hangul(edge) && is_hangul(next);
    is_spaced(edge) && is_spaced(next) && !is_particle
}

/// Returns whether a character is a letter or digit of a script with spaces between words.
fn is_spaced(char: char) -> bool {
    char.is_alphanumeric() && !is_unspaced(char) && !is_katakana(char)
}

/// Returns whether a character stands for a syllable or a word, so that a short name of such characters is
/// specific.
pub(crate) fn is_syllable(char: char) -> bool {
    is_unspaced(char) || is_katakana(char) || is_hangul(char)
}

/// Returns whether a character is of a script without spaces between words (UAX #14, classes ID and SA),
/// Katakana aside.
fn is_unspaced(char: char) -> bool {
    matches!(char,
        '\u{0e00}'..='\u{0eff}'     // Thai, Lao
        | '\u{1000}'..='\u{109f}'   // Myanmar
        | '\u{1780}'..='\u{17ff}'   // Khmer
        | '\u{3005}'..='\u{3007}' | '\u{3040}'..='\u{309f}' // Hiragana
        | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' // Han
        | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

/// Returns whether a character is Katakana, which writes foreign words: a run of it is one word.
fn is_katakana(char: char) -> bool {
    matches!(char, '\u{30a1}'..='\u{30fa}' | '\u{30fc}'..='\u{30ff}' | '\u{31f0}'..='\u{31ff}' | '\u{ff66}'..='\u{ff9f}')
}

fn is_hangul(char: char) -> bool {
    matches!(char, '\u{1100}'..='\u{11ff}' | '\u{ac00}'..='\u{d7af}')
}

fn is_separator(char: char) -> bool {
    matches!(char, '_' | '-' | '\u{2010}' | '\u{2011}') || char.is_whitespace()
}

/// Returns whether a character is invisible: soft hyphens, joiners, marks of direction. In UTF-8 they start
/// with one of the bytes that [`invisible_places`] looks for.
fn is_invisible(char: char) -> bool {
    matches!(char, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// Returns whether a character belongs to the letter before it: combining marks, and the vowels and final
/// consonants of decomposed Korean syllables.
fn is_joined_to_the_letter_before(char: char) -> bool {
    !char.is_ascii() && (is_combining_mark(char) || matches!(char, '\u{1160}'..='\u{11ff}'))
}

fn is_caseless(char: char) -> bool {
    !char.is_lowercase() && !char.is_uppercase() && char.to_lowercase().next() == Some(char)
}

/// Returns whether a letter or digit of a normalized text comes only from itself or, in ASCII, also from its
/// capital and [`LIGATURES`].
fn is_written_one_way(char: char) -> bool {
    char.is_ascii_alphanumeric()
        || char.is_alphanumeric()
            && is_caseless(char)
            && once(char).nfd().eq(once(char))
            && !is_joined_to_the_letter_before(char)
}

/// Characters beyond ASCII that fold to letters of ASCII alone.
const LIGATURES: [(&str, &str); 11] = [
    ("\u{212a}", "k"),
    ("\u{17f}", "s"),
    ("\u{df}", "ss"),
    ("\u{1e9e}", "ss"),
    ("\u{fb00}", "ff"),
    ("\u{fb01}", "fi"),
    ("\u{fb02}", "fl"),
    ("\u{fb03}", "ffi"),
    ("\u{fb04}", "ffl"),
    ("\u{fb05}", "st"),
    ("\u{fb06}", "st"),
];

/// Finds the lines that hold one of some names at the speed of a byte search: it normalizes only those
/// that hold the longest stretch of a name or an invisible character, which may be inside of it.
#[derive(Debug)]
pub struct Prefilter {
    names: Vec<Box<str>>,
    /// Finds the stretches; `None` if one of them is too short to be selective.
    searcher: Option<AhoCorasick>,
}

/// The shortest stretch of a name that is selective, in bytes.
const MIN_STRETCH_BYTES: usize = 3;

impl Prefilter {
    /// Builds the prefilter of some normalized names.
    pub fn of<'a>(names: impl Iterator<Item = &'a str>) -> Prefilter {
        let names: Vec<Box<str>> = names.map(Box::from).collect();
        let mut searcher: Vec<&str> = Vec::new();
        for name in &names {
            let stretches = name.split(|char| !is_written_one_way(char));
            let longest = stretches.max_by_key(|stretch| stretch.len()).unwrap_or_default();
            if longest.len() < MIN_STRETCH_BYTES {
                return Prefilter { names, searcher: None };
            }
            let in_it = LIGATURES.iter().filter(|(_, letters)| longest.contains(letters));
            searcher.push(longest);
            searcher.extend(in_it.map(|(ligature, _)| *ligature));
        }
        let searcher = AhoCorasick::builder().ascii_case_insensitive(true).build(searcher).ok();
        Prefilter { names, searcher }
    }

    /// Returns the lines of a text in which one of the names is whole words, in order.
    pub fn lines(&self, text: &str) -> Vec<Span> {
        let line = |at: usize| {
            let (before, after) = text.as_bytes().split_at_checked(at).unwrap_or_default();
            let start = memchr::memrchr2(b'\n', b'\r', before).map_or(0, |at| at + 1);
            let end = memchr::memchr2(b'\n', b'\r', after).map_or(text.len(), |length| at + length);
            Span::new(start, end)
        };
        let mut lines = Vec::new();
        let mut add = |at: usize| {
            let is_read = |line: &Span| line.touches(Offset::new(at));
            if !lines.last().is_some_and(is_read) {
                lines.push(line(at));
            }
        };
        match &self.searcher {
            Some(searcher) => {
                searcher.find_iter(text).for_each(|found| add(found.start()));
                invisible_places(text).for_each(add);
                lines.sort_unstable();
                lines.dedup();
            }
            // In one piece, as most texts hold no name.
            None if !self.is_in(text) => {}
            None => {
                add(0);
                memchr::memchr2_iter(b'\n', b'\r', text.as_bytes()).for_each(|at| add(at + 1));
            }
        }
        lines.retain(|line| text.get(line.range()).is_some_and(|line| self.is_in(line)));
        lines
    }

    fn is_in(&self, text: &str) -> bool {
        let text = NormalizedText::of(text);
        self.names.iter().any(|name| text.holds(name))
    }
}

/// Returns the offsets of invisible characters.
fn invisible_places(text: &str) -> impl Iterator<Item = usize> {
    const LEADING_BYTES: [u8; 3] = [0xc2, 0xe2, 0xef];
    let [one, two, three] = LEADING_BYTES;
    let places = memchr::memchr3_iter(one, two, three, text.as_bytes());
    places.filter(|at| text.get(*at..).and_then(|rest| rest.chars().next()).is_some_and(is_invisible))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the source of `name` in `text`, if it is whole words there.
    fn found(text: &str, name: &str) -> Option<String> {
        let (normalized, name) = (NormalizedText::of(text), NormalizedText::of(name));
        let places = normalized.as_str().match_indices(name.as_str());
        let spans = places.filter_map(|(at, name)| normalized.words(at, at + name.len()));
        spans.filter_map(|span| Some(text.get(span.range())?.to_owned())).next()
    }

    #[test]
    fn case_separators_and_code_points_do_not_count() {
        assert_eq!(NormalizedText::of("Large_language -\tModels, x").as_str(), "large language models, x");
        for text in ["the Große  Straße!", "the GROSSE_STRASSE!", "the große-strasse!"] {
            assert_eq!(found(text, "Grosse Straße").map(|words| words.len() >= 13), Some(true), "{text}");
        }
        assert_eq!(found("ein cafe\u{301}.", "Caf\u{e9}"), Some("cafe\u{301}".into()));
        assert_eq!(found("the world\u{2019}s end", "world's end"), Some("world\u{2019}s end".into()));
        assert_eq!(found("\u{2068}Cleo\u{ad}Abram\u{2069}", "cleoabram"), Some("Cleo\u{ad}Abram".into()));
        assert_eq!(
            found("\u{1112}\u{1161}\u{11ab}\u{1100}\u{1173}\u{11af}", "한글").map(|it| it.len()),
            Some(18)
        );
    }

    #[test]
    fn a_name_is_words_of_their_own() {
        for text in
            ["art", "(art)", "non-art", "art's", "l'art", "**art**", "art.", "art\nx", "_art_", "1 art 2"]
        {
            assert_eq!(found(text, "art"), Some("art".into()), "{text}");
        }
        for text in
            ["party", "arts", "start", "art2", "an_art_x", "art.js", "my.art", "art@x", "cart", "arte\u{301}"]
        {
            assert_eq!(found(text, "art"), None, "{text}");
        }
        assert_eq!(found("caf\u{65}\u{301}", "cafe"), None);
        assert_eq!(found("C++, C", "c++"), Some("C++".into()));
        assert_eq!(found("a line\nbreak", "line break"), None);
        assert_eq!(found("Maß", "mas"), None);
    }

    fn is_match(prefilter: &Prefilter, text: &str) -> bool {
        !prefilter.lines(text).is_empty()
    }

    #[test]
    fn a_prefilter_matches_every_form_of_a_name() {
        let folded = |char: char| fold(char.encode_utf8(&mut [0; 4])).into_owned();
        let is_letters = |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric());
        let beyond_ascii = ('\u{80}'..=char::MAX).filter(|char| is_letters(&folded(*char)));
        let known: Vec<String> = LIGATURES.iter().map(|(ligature, _)| (*ligature).to_owned()).collect();
        let mut found: Vec<String> = beyond_ascii.map(|char| char.to_string()).collect();
        found.sort_by_key(|ligature| known.iter().position(|one| one == ligature));
        assert_eq!(found, known);
        for name in ["large models", "strasse", "office", "機械学習", "größe", "r", "한글"] {
            let prefilter = Prefilter::of([NormalizedText::of(name).as_str()].into_iter());
            for text in [
                name.to_owned(),
                name.to_uppercase(),
                name.nfd().collect(),
                name.replace("ss", "ß").replace("ffi", "ﬃ"),
            ] {
                assert!(is_match(&prefilter, &format!("so {text}!")), "{name} {text}");
            }
        }
        let prefilter = Prefilter::of(["large models of language", "vast kiosks"].into_iter());
        for text in [
            "x\nlanguage\nThe LARGE models: large-models\tof Language\n",
            "lar\u{ad}ge models of langua\u{200b}ge",
            "large model\u{17f} of language",
            "vast \u{212a}iosks",
            "language\rvast_kiosks",
        ] {
            assert!(is_match(&prefilter, text), "{text}");
        }
        for text in
            ["large models\nof language", "language models", "kiosks or\rvast", "vast kioskss", "\u{ad}", ""]
        {
            assert!(!is_match(&prefilter, text), "{text}");
        }
        assert!(is_match(&Prefilter::of(["c++"].into_iter()), "in C++"));
        assert!(is_match(&Prefilter::of(["nana na"].into_iter()), "nananana na, nana na"));
        for names in [["some name"], ["c++"]] {
            let [name] = names;
            let text = format!("{name}\r\nb {name}.\n\nx\r{name}");
            let (one, other) = (name.len() + 2, 2 * name.len() + 9);
            let expected = [(0, one - 2), (one, one + name.len() + 3), (other, other + name.len())];
            let lines = Prefilter::of(names.into_iter()).lines(&text);
            assert_eq!(lines, expected.map(|(start, end)| Span::new(start, end)), "{name}");
        }
    }

    #[test]
    fn invisible_characters_are_found_by_their_bytes() {
        let all: Vec<char> = ('\u{80}'..=char::MAX).filter(|char| is_invisible(*char)).collect();
        assert!(all.len() > 20);
        for char in all {
            assert_eq!(invisible_places(&format!("é“{char}’")).collect::<Vec<_>>(), [5], "{char:?}");
        }
    }

    #[test]
    fn scripts_without_spaces_need_none() {
        assert_eq!(found("深層機械学習の", "機械学習"), Some("機械学習".into()));
        assert_eq!(found("これはAIです", "ai"), Some("AI".into()));
        assert_eq!(found("新しいアニメの", "アニメ"), Some("アニメ".into()));
        assert_eq!(found("アニメーション", "アニメ"), None);
        assert_eq!(found("기계학습은", "기계학습"), Some("기계학습".into()));
        assert_eq!(found("비기계학습", "기계학습"), None);
        assert_eq!(found("ภาษาไทย", "ไทย"), Some("ไทย".into()));
        assert_eq!(found("машинное обучение", "обучение"), Some("обучение".into()));
        assert_eq!(found("переобучение", "обучение"), None);
    }
}
