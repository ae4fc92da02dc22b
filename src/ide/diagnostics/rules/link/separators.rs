//! Names that are the same but for the characters between their words.

use crate::vault::loose;

/// Whether two loosely equal names have the same numbers and differ in nothing but spaces and punctuation:
/// `v1.2` and `v12` do not, nor do `C++` and `C`.
pub(super) fn is_same_but_for_separators(a: &str, b: &str) -> bool {
    let numbers = |name: &str| -> Vec<String> {
        let runs = name.split(|char: char| !char.is_numeric());
        runs.filter(|run| !run.is_empty()).map(str::to_owned).collect()
    };
    let signs = |name: &str| -> Vec<char> {
        let is_sign =
            |char: &char| !(char.is_alphanumeric() || char.is_whitespace() || PUNCTUATION.contains(*char));
        name.chars().filter(is_sign).collect()
    };
    loose(a) == loose(b) && numbers(a) == numbers(b) && signs(a) == signs(b)
}

const PUNCTUATION: &str = "_-–—.,;:!?'\"‘’“”()/&";
