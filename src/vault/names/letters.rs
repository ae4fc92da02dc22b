//! Sets of letters, as bits: one comparison rules out most names that a search cannot match.

use nucleo_matcher::chars::{normalize, to_lower_case};

/// The letters of a text, in 64 classes: a text that lacks a class of the searched text cannot match it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Letters(u64);

impl Letters {
    /// Returns the letters that a text can be matched by: with and without accents, in lower case. White
    /// space does not count.
    pub fn held(text: &str) -> Letters {
        if text.is_ascii() {
            return Letters(text.bytes().fold(0, |letters, byte| letters | class_of_ascii(byte)));
        }
        Letters(text.chars().fold(0, |letters, char| letters | classes(char)))
    }

    /// Returns the letters that a text must hold to match the typed text.
    pub fn wanted(typed: &str) -> Letters {
        Letters(typed.chars().fold(0, |letters, char| letters | class(to_lower_case(char))))
    }

    /// Returns the union of two sets.
    pub fn and(self, other: Letters) -> Letters {
        Letters(self.0 | other.0)
    }

    /// Returns whether all `wanted` letters are in the set.
    pub fn cover(self, wanted: Letters) -> bool {
        self.0 & wanted.0 == wanted.0
    }

    /// Returns whether all `wanted` letters but so many are in the set. An edit of a text removes at most
    /// one.
    pub fn cover_most(self, wanted: Letters, wrong: usize) -> bool {
        self.cover(wanted) || wrong > 0 && (wanted.0 & !self.0).count_ones() as usize <= wrong
    }

    /// Returns a lower bound of the edit distance between two texts with these letters: an edit adds at most
    /// one class and removes at most one.
    pub fn least_distance(self, other: Letters) -> usize {
        (self.0 & !other.0).count_ones().max((other.0 & !self.0).count_ones()) as usize
    }
}

/// The letters of a text at places where a match is worth more than elsewhere: at the start of a word.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Initials(u32);

impl Initials {
    /// Every letter.
    pub const ALL: Initials = Initials(u32::MAX);

    /// Returns the letters with which a text can begin a match that counts as the start of a word: those that
    /// follow anything but a letter or digit, digits that follow letters, and capitals that follow small
    /// letters. Of a text that is not ASCII, all letters.
    pub fn of_words(text: &str) -> Initials {
        if !text.is_ascii() {
            return Initials(text.chars().fold(0, |letters, char| letters | narrow(classes(char))));
        }
        let (mut before, mut initials) = (b' ', 0);
        for byte in text.bytes() {
            let starts = match byte {
                b'a'..=b'z' => !before.is_ascii_alphanumeric(),
                b'A'..=b'Z' => !before.is_ascii_uppercase() && !before.is_ascii_digit(),
                b'0'..=b'9' => !before.is_ascii_digit(),
                _ => true,
            };
            if starts {
                initials |= narrow(class_of_ascii(byte));
            }
            before = byte;
        }
        Initials(initials)
    }

    /// Returns the first letter of a text, if it has one; not white space.
    pub fn first(text: &str) -> Initials {
        Initials(text.chars().next().map_or(0, |char| narrow(class(to_lower_case(char)))))
    }

    /// Returns the union of two sets.
    pub fn and(self, other: Initials) -> Initials {
        Initials(self.0 | other.0)
    }

    /// Returns whether all `wanted` letters are in the set.
    pub fn cover(self, wanted: Initials) -> bool {
        self.0 & wanted.0 == wanted.0
    }
}

/// Returns 32 classes for 64, of which the letters from `a` to `z` keep theirs.
fn narrow(classes: u64) -> u32 {
    let others = classes >> 26;
    let folded =
        (others | others >> 6 | others >> 12 | others >> 18 | others >> 24 | others >> 30 | others >> 36)
            & 0b11_1111;
    u32::try_from(classes & 0x3FF_FFFF | folded << 26).unwrap_or(u32::MAX)
}

fn classes(char: char) -> u64 {
    class(to_lower_case(char)) | class(to_lower_case(normalize(char)))
}

fn class_of_ascii(byte: u8) -> u64 {
    #[expect(
        clippy::indexing_slicing,
        reason = "the index is below the length, and checked when this is compiled"
    )]
    const CLASSES: [u64; 128] = {
        let mut classes = [0; 128];
        let mut byte = 0_u8;
        while byte < 128 {
            classes[byte as usize] = class_of_lower_ascii(byte.to_ascii_lowercase());
            byte += 1;
        }
        classes
    };
    CLASSES.get(usize::from(byte)).copied().unwrap_or(0)
}

const fn class_of_lower_ascii(lower: u8) -> u64 {
    match lower {
        b'a'..=b'z' => 1 << (lower - b'a'),
        b'0'..=b'9' => 1 << (26 + lower - b'0'),
        b'\t'..=b'\r' | b' ' => 0,
        _ => 1 << (36 + lower % 28),
    }
}

fn class(lower: char) -> u64 {
    match lower {
        'a'..='z' => 1 << (u32::from(lower) - u32::from('a')),
        '0'..='9' => 1 << (26 + u32::from(lower) - u32::from('0')),
        _ if lower.is_whitespace() => 0,
        _ => 1 << (36 + u32::from(lower) % 28),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ascii_has_the_classes_of_all_characters() {
        for byte in 0..128_u8 {
            let char = char::from(byte);
            assert_eq!(class_of_ascii(byte), class(char.to_ascii_lowercase()), "{char:?}");
        }
    }

    #[test]
    fn words_begin_where_a_match_counts_more() {
        let wanted = |letters: &str| {
            letters.chars().fold(Initials::default(), |all, one| all.and(Initials::first(&one.to_string())))
        };
        for (text, initials) in [
            ("large Language models", "llm "),
            ("camelCase B2b x17", "ccb2x1 "),
            ("a/b #c (d) e's", "a/b#c(d)e's "),
            ("LLMs", "l"),
            ("", ""),
            ("zoë", "zoeë"),
        ] {
            assert_eq!(Initials::of_words(text), wanted(initials), "{text}");
        }
        assert!(!Initials::of_words("Large language").cover(Initials::first("a")));
    }

    #[test]
    fn letters_never_rule_out_what_the_matcher_would_find() {
        for char in (0..=u32::from(char::MAX)).filter_map(char::from_u32) {
            let held = Letters::held(char.encode_utf8(&mut [0; 4]));
            for typed in [char, to_lower_case(char), to_lower_case(normalize(char))] {
                let wanted = Letters::wanted(typed.encode_utf8(&mut [0; 4]));
                assert!(held.cover(wanted), "{typed:?} finds {char:?}");
            }
        }
        assert!(!Letters::held("résumé").cover(Letters::wanted("x")));
    }
}
