//! When two names are the same: exactly, folded, or loosely.

use std::borrow::Cow;

use unicode_normalization::{UnicodeNormalization, is_nfc};

/// A name in Unicode NFC and case-folded, so that two names that differ only in case or in the code points
/// they are spelled with fold to the same text.
pub fn fold(name: &str) -> Cow<'_, str> {
    if name.is_ascii() {
        if name.bytes().any(|byte| byte.is_ascii_uppercase()) {
            return Cow::Owned(name.to_ascii_lowercase());
        }
        return Cow::Borrowed(name);
    }
    let composed: Cow<'_, str> =
        if is_nfc(name) { name.into() } else { name.nfc().collect::<String>().into() };
    let folded = caseless::default_case_fold_str(&composed);
    if folded == name { Cow::Borrowed(name) } else { Cow::Owned(folded.nfc().collect()) }
}

/// The letters and digits of a name, folded: `Large_language-models!` and `large language models` are loosely
/// the same. Empty for a name without any (`🚀`), which is loosely the same as none.
pub fn loose(name: &str) -> String {
    if name.is_ascii() {
        let letters = name.bytes().filter(u8::is_ascii_alphanumeric);
        return letters.map(|byte| char::from(byte.to_ascii_lowercase())).collect();
    }
    fold(name).chars().filter(|char| char.is_alphanumeric()).collect()
}

/// A name in the form it is searched by: Unicode NFC, in its own case, with a space for each `_`, `-` or
/// white space.
///
/// ```text
/// Large_language-models  ->  Large language models
/// ```
pub fn searchable(name: &str) -> Cow<'_, str> {
    let is_plain = |byte: u8| {
        byte.is_ascii() && !matches!(byte, b'_' | b'-') && (byte == b' ' || !byte.is_ascii_whitespace())
    };
    if name.bytes().all(is_plain) {
        return Cow::Borrowed(name);
    }
    let spaced = |char: char| if matches!(char, '_' | '-') || char.is_whitespace() { ' ' } else { char };
    if name.is_ascii() || is_nfc(name) {
        name.chars().map(spaced).collect::<String>().into()
    } else {
        name.nfc().map(spaced).collect::<String>().into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folding_ignores_case_and_composition() {
        assert_eq!(fold("STRASSE"), fold("straße"));
        assert_eq!(fold("Cafe\u{301}"), fold("café"));
        assert!(matches!(fold("plain_name"), Cow::Borrowed(_)));
        assert_ne!(fold("a b"), fold("a_b"));
    }

    #[test]
    fn loose_names_are_letters_and_digits() {
        assert_eq!(loose("Large Language-Models (LLMs)"), loose("large_language_modelsllms"));
        assert_eq!(loose("\u{2068}Cleo\u{2069}"), "cleo");
        assert_eq!(loose("Größe 2"), "grösse2");
        assert_eq!(loose("🚀!"), "");
    }

    #[test]
    fn separators_and_code_points_do_not_count() {
        assert_eq!(searchable("Large_language-models\u{a0}x"), "Large language models x");
        assert_eq!(searchable("cafe\u{301}"), "café");
    }
}
