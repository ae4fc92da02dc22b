//! Sets of letters, as bits: one comparison rules out most names that a search cannot match.

use nucleo_matcher::chars::{normalize, to_lower_case};

/// The letters of a text, in 64 classes: a text that lacks a class of the searched text cannot match it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Letters(u64);

impl Letters {
    /// Returns the letters that a text can be matched by: with and without accents, in lower case. White
    /// space does not count.
    pub fn held(text: &str) -> Letters {
        let both = |char| class(to_lower_case(char)) | class(to_lower_case(normalize(char)));
        let classes =
            |char: char| if char.is_ascii() { class(char.to_ascii_lowercase()) } else { both(char) };
        Letters(text.chars().fold(0, |letters, char| letters | classes(char)))
    }

    /// Returns the letters that a text must hold to match the typed text.
    pub fn wanted(typed: &str) -> Letters {
        Letters(typed.chars().fold(0, |letters, char| letters | class(to_lower_case(char))))
    }

    /// Returns the first letter of a text, if it has a class.
    pub fn initial(text: &str) -> Letters {
        text.chars().next().map_or(Letters::default(), |char| Letters(class(to_lower_case(char))))
    }

    /// Returns the union of two sets.
    pub fn and(self, other: Letters) -> Letters {
        Letters(self.0 | other.0)
    }

    /// Returns whether all `wanted` letters are in the set.
    pub fn cover(self, wanted: Letters) -> bool {
        self.0 & wanted.0 == wanted.0
    }

    /// Returns a lower bound of the edit distance between two texts with these letters: an edit adds at most
    /// one class and removes at most one.
    pub fn least_distance(self, other: Letters) -> usize {
        (self.0 & !other.0).count_ones().max((other.0 & !self.0).count_ones()) as usize
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
