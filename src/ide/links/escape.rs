//! Parts of a Markdown destination, percent-encoded as their author does it.

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

/// What would not be read as part of a destination, or not by every reader.
const RESERVED: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'%')
    .add(b'&')
    .add(b'(')
    .add(b')')
    .add(b'<')
    .add(b'>')
    .add(b'[')
    .add(b'\\')
    .add(b']')
    .add(b'`');

/// What would, beyond that, end a path or make it an address.
const RESERVED_IN_PATHS: &AsciiSet = &RESERVED.add(b'#').add(b':').add(b'?');

/// Which part of a destination a text is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::ide) enum Part {
    Component,
    Fragment,
}

/// A text as a part of a destination that was `before`: letters beyond ASCII are readable as they are, and encoded only
/// where the author does so.
pub(in crate::ide) fn encode(text: &str, part: Part, before: &str) -> String {
    let reserved = match part {
        Part::Component => RESERVED_IN_PATHS,
        Part::Fragment => RESERVED,
    };
    let is_letter =
        |hex: &str| hex.starts_with(|first: char| matches!(first, '8'..='9' | 'a'..='f' | 'A'..='F'));
    let encodes_letters = before.split('%').skip(1).any(is_letter);
    let mut encoded = String::with_capacity(text.len());
    for char in text.chars() {
        if char.is_ascii() || encodes_letters {
            encoded.extend(utf8_percent_encode(char.encode_utf8(&mut [0; 4]), reserved));
        } else {
            encoded.push(char);
        }
    }
    encoded
}

/// A component as a part of a destination between `<` and `>`, where spaces may stand as they are.
pub(in crate::ide) fn encode_in_brackets(component: &str) -> String {
    let mut plain = String::with_capacity(component.len());
    for char in component.chars() {
        match char {
            '\\' | '<' | '>' | '&' => plain.extend(['\\', char]),
            '%' => plain.push_str("%25"),
            '#' => plain.push_str("%23"),
            other => plain.push(other),
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::decode_destination as decode;

    #[test]
    fn what_is_encoded_says_the_same() {
        for text in ["a b", "50% (x)", "é", "a:b#c?d", "<&>", "🦀"] {
            for before in ["x", "%20", "%C3%A9"] {
                for part in [Part::Component, Part::Fragment] {
                    assert_eq!(decode(&encode(text, part, before)), text);
                }
            }
        }
    }

    #[test]
    fn what_stands_in_brackets_says_the_same() {
        for text in ["a b", "50% (x)", "é", "a#c?d", "<&>", "a\\b"] {
            assert_eq!(decode(&encode_in_brackets(text)), text);
        }
    }

    #[test]
    fn letters_are_encoded_where_the_author_does_so() {
        let encoded = ["é", "%20", "%C3%A9"].map(|before| encode("ü b", Part::Component, before));
        assert_eq!(encoded, ["ü%20b", "ü%20b", "%C3%BC%20b"]);
    }
}
