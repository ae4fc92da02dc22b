//! The loose and the searchable form of a name.

use std::borrow::Cow;

use unicode_normalization::{UnicodeNormalization, is_nfc};

use crate::text::fold;

/// Returns the folded letters and digits of a name: `largelanguagemodels` for `Large_language-models!`. Empty
/// for a name without any (`🚀`).
pub fn loose(name: &str) -> String {
    if name.is_ascii() {
        let mut loose = String::with_capacity(name.len());
        loose.extend(loose_ascii(name).map(char::from));
        return loose;
    }
    fold(name).chars().filter(|char| char.is_alphanumeric()).collect()
}

/// Returns whether the [`loose`] form of a name is `wanted`, mostly without building it.
pub fn is_loosely(name: &str, wanted: &str) -> bool {
    if !name.is_ascii() {
        return loose(name) == wanted;
    }
    name.len() >= wanted.len() && loose_ascii(name).eq(wanted.bytes())
}

/// Returns the loose form of a name in ASCII, byte for byte.
pub(super) fn loose_ascii(name: &str) -> impl Iterator<Item = u8> {
    name.bytes().filter(u8::is_ascii_alphanumeric).map(|byte| byte.to_ascii_lowercase())
}

/// Returns a name in Unicode NFC with its case kept and a space for each `_`, `-` or white space.
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
    use crate::vault::names::{Key, Letters, Word};
    use crate::vault::search::normalized_name;

    #[test]
    fn loose_names_are_letters_and_digits() {
        assert_eq!(loose("Large Language-Models (LLMs)"), loose("large_language_modelsllms"));
        assert_eq!(loose("\u{2068}Cleo\u{2069}"), "cleo");
        assert_eq!(loose("Größe 2"), "grösse2");
        assert_eq!(loose("🚀!"), "");
        for name in DIFFICULT {
            for wanted in DIFFICULT.map(loose) {
                assert_eq!(is_loosely(name, &wanted), loose(name) == wanted, "{name:?} {wanted:?}");
            }
        }
    }

    /// Names that differ from others in one respect: case, code points, separators, punctuation, invisible
    /// characters, script.
    const DIFFICULT: [&str; 44] = [
        "",
        "🚀",
        "🚀!",
        "!",
        "a",
        "A",
        "a b",
        "a_b",
        "a-b",
        "A  B",
        "ab",
        "a\u{a0}b",
        "a\u{ad}b",
        "a\u{200b}b",
        "straße",
        "STRASSE",
        "Straße",
        "café",
        "cafe\u{301}",
        "CAFE\u{301}",
        "\u{1f0}",
        "j\u{30c}",
        "J\u{30c}",
        "\u{212b}",
        "å",
        "A\u{30a}",
        "ﬁn",
        "fin",
        "world's",
        "world’s",
        "worlds",
        "İ",
        "i\u{307}",
        "ı",
        "ς",
        "σ",
        "한글",
        "\u{1112}\u{1161}\u{11ab}\u{1100}\u{1173}\u{11af}",
        "機械",
        "機 械",
        "1",
        "１",
        "a\u{327}\u{301}",
        "a\u{301}\u{327}",
    ];

    #[test]
    fn equality_in_one_form_implies_equality_in_the_next() {
        let equal = |one: &str, other: &str| {
            let is_loose = !loose(one).is_empty() && loose(one) == loose(other);
            let is_canonical = one.nfc().eq(other.nfc());
            [
                (one == other, is_canonical, "exact, canonical"),
                (is_canonical, fold(one) == fold(other), "canonical, folded"),
                (
                    fold(one) == fold(other),
                    normalized_name(one) == normalized_name(other),
                    "folded, normalized",
                ),
                (
                    normalized_name(one) == normalized_name(other) && !loose(one).is_empty(),
                    is_loose,
                    "normalized, loose",
                ),
                (is_loose || fold(one) == fold(other), Key::name(one) == Key::name(other), "loose, key"),
                (is_canonical, searchable(one) == searchable(other), "canonical, searchable"),
                (
                    searchable(one) == searchable(other),
                    Letters::held(&searchable(one)) == Letters::held(&searchable(other)),
                    "searchable, letters",
                ),
                (fold(one) == fold(other), Word::all_of(one) == Word::all_of(other), "folded, words"),
                (fold(one) == fold(other), Key::tag(one) == Key::tag(other), "folded, tag"),
                (is_loose, Key::folder(one) == Key::folder(other), "loose, folder"),
            ]
        };
        for one in DIFFICULT {
            for other in DIFFICULT {
                for (first, next, forms) in equal(one, other) {
                    assert!(!first || next, "{forms}: {one:?} and {other:?}");
                }
            }
        }
    }

    #[test]
    fn the_forms_of_one_name() {
        let name = "Lücke_Ab's–1";
        assert_eq!((&*fold(name), &*normalized_name(name)), ("lücke_ab's–1", "lücke ab's–1"));
        assert_eq!((&*loose(name), &*searchable(name)), ("lückeabs1", "Lücke Ab's–1"));
        assert_eq!(Word::all_of(name), Word::all_of("lücke ab 1"));
    }

    #[test]
    fn each_form_ignores_more_than_the_one_before() {
        assert!(fold("Café") == fold("cafe\u{301}") && fold("a b") != fold("a_b"));
        assert!(
            normalized_name("a b") == normalized_name("a_b")
                && normalized_name("a b") != normalized_name("ab")
        );
        assert!(loose("a b!") == loose("ab") && loose("a b") != loose("a c"));
        assert_ne!(Key::name("🚀"), Key::name("✈"));
    }

    #[test]
    fn separators_and_code_points_do_not_count() {
        assert_eq!(searchable("Large_language-models\u{a0}x"), "Large language models x");
        assert_eq!(searchable("cafe\u{301}"), "café");
    }
}
