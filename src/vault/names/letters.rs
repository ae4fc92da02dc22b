//! Which letters a text holds, as a set of bits: most names that cannot match what is searched are ruled out
//! by one comparison.

use nucleo_matcher::chars::{normalize, to_lower_case};

/// Which letters a text holds, in 64 classes: a text that lacks a class of what is searched cannot match it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Letters(u64);

impl Letters {
    /// The letters that a text can be found by: with and without accents, in lower case. White space does not
    /// count.
    pub fn held(text: &str) -> Letters {
        let both = |char| class(to_lower_case(char)) | class(to_lower_case(normalize(char)));
        let classes =
            |char: char| if char.is_ascii() { class(char.to_ascii_lowercase()) } else { both(char) };
        Letters(text.chars().fold(0, |letters, char| letters | classes(char)))
    }

    /// The letters that a text must hold to match what was typed.
    pub fn wanted(typed: &str) -> Letters {
        Letters(typed.chars().fold(0, |letters, char| letters | class(to_lower_case(char))))
    }

    /// The letter that a text begins with, if it is one that counts.
    pub fn initial(text: &str) -> Letters {
        text.chars().next().map_or(Letters::default(), |char| Letters(class(to_lower_case(char))))
    }

    /// The letters of two texts.
    pub fn and(self, other: Letters) -> Letters {
        Letters(self.0 | other.0)
    }

    /// Whether all that is `wanted` is held here.
    pub fn cover(self, wanted: Letters) -> bool {
        self.0 & wanted.0 == wanted.0
    }

    /// How many letters must be added, dropped or replaced at least to get from one text to another that
    /// holds other letters: each change brings one class and takes one away at most.
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
