//! The words of a text as keys of the index, by which prose leads to the files that bear them in a name.

use super::{Key, fold};

/// Words of fewer letters say little: `of`, `the`, `and`.
const LONG: usize = 4;

/// A word.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct KeyWord {
    /// What the files that bear it in a name are filed under.
    pub key: Key,
    /// Whether it has four letters or more.
    pub is_long: bool,
}

/// The words of a text: letters and digits in a row, folded, without the `s` of a plural. Single letters are left out.
///
/// ```text
/// The K-hole: NMDA_receptors  ->  the hole nmda receptor
/// ```
pub fn key_words(text: &str) -> impl Iterator<Item = KeyWord> {
    let runs = text.split(|char: char| !char.is_alphanumeric());
    runs.filter(|run| run.chars().nth(1).is_some()).map(|run| {
        let folded = fold(run);
        let is_long = folded.chars().nth(LONG - 1).is_some();
        let singular = folded.strip_suffix('s').filter(|_| is_long);
        KeyWord { key: Key::word(singular.unwrap_or(&folded)), is_long }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_the_same_in_prose_and_in_names() {
        let of = |text| key_words(text).collect::<Vec<_>>();
        assert_eq!(of("The NMDA receptor's"), of("the_nmda-Receptors"));
        assert_eq!(of("Gas über 5 a b2"), of("gas ÜBER b2"));
        assert_ne!(of("gas"), of("ga"));
        assert_eq!(of("… — a !").len(), 0);
    }
}
