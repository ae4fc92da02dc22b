//! Which texts can stand at which position of a link and how they are written there: one table for everything
//! that writes links.
//!
//! What [`Position::write`] returns is read back as the same text by `syntax::parse` and [`Position::read`].

use std::borrow::Cow;

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

use crate::syntax::{Link, LinkKind, decode_destination, is_number_row};
use crate::text::Span;
use crate::vault::NoteRef;

/// What some readers of Markdown would not read as part of a destination, in brackets or not.
const ANYWHERE: AsciiSet = with(CONTROLS, b"%&<>[\\]`");

/// What some readers would not read as part of a fragment.
const IN_FRAGMENTS: AsciiSet = with(&ANYWHERE, b" \"()");

/// What, beyond that, would end a path or make it an address.
const IN_PATHS: AsciiSet = with(&IN_FRAGMENTS, b"#:?");

/// The same between `<` and `>`.
const IN_BRACKETS: AsciiSet = with(&ANYWHERE, b"#:?");

/// The same between quotes in HTML.
const IN_ATTRIBUTES: AsciiSet = with(&IN_PATHS, b"'");

const fn with(set: &AsciiSet, mut others: &[u8]) -> AsciiSet {
    let mut all = set.add(b'%');
    while let [first, rest @ ..] = others {
        all = all.add(*first);
        others = rest;
    }
    all
}

/// A part of a link.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Position {
    /// `target` of `[[target#fragment|display]]`.
    Target,
    /// `fragment` of `[[target#fragment|display]]`.
    Fragment,
    /// `display` of `[[target#fragment|display]]`.
    Display,
    /// `text` of `[text](path#fragment)`.
    LinkText,
    /// `path` of `[text](path#fragment)`.
    Path(Encoding),
    /// `fragment` of `[text](path#fragment)`.
    EncodedFragment(Encoding),
    /// `label` of `[text][label]`.
    Label,
    /// `label` of `[^label]`.
    Footnote,
}

/// How a part of a destination is encoded.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct Encoding {
    pub(crate) delimiter: Delimiter,
    /// Whether letters beyond ASCII are encoded too. They are readable as they are, so only where the author
    /// does so.
    pub(crate) encodes_letters: bool,
}

/// What stands around a destination.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) enum Delimiter {
    /// `[text](path)`
    #[default]
    None,
    /// `[text](<path>)`, where spaces stand as they are.
    AngleBrackets,
    /// `<img src="path">`
    Quotes,
}

impl Encoding {
    /// The encoding of destinations that are written like `example`.
    pub(crate) fn like(example: &str, delimiter: Delimiter) -> Encoding {
        let is_letter =
            |hex: &str| hex.starts_with(|first: char| matches!(first, '8'..='9' | 'a'..='f' | 'A'..='F'));
        Encoding { delimiter, encodes_letters: example.split('%').skip(1).any(is_letter) }
    }

    /// The encoding of the destination of a link, of which `written` is a part.
    pub(crate) fn of(source: &NoteRef<'_>, link: &Link, written: &str) -> Encoding {
        let keeps_spaces = is_bracketed(source, link) && !written.contains("%20");
        let delimiter = match link.kind {
            LinkKind::Html => Delimiter::Quotes,
            _ if keeps_spaces => Delimiter::AngleBrackets,
            _ => Delimiter::None,
        };
        Encoding::like(written, delimiter)
    }

    fn encode<'a>(self, text: &'a str, reserved: &'static AsciiSet) -> Cow<'a, str> {
        if self.encodes_letters || text.is_ascii() {
            return utf8_percent_encode(text, reserved).into();
        }
        let pieces = text.split_inclusive(|char: char| !char.is_ascii()).map(|piece| {
            let ascii = piece.trim_end_matches(|char: char| !char.is_ascii());
            [
                utf8_percent_encode(ascii, reserved).into(),
                Cow::from(piece.get(ascii.len()..).unwrap_or_default()),
            ]
        });
        pieces.flatten().collect::<String>().into()
    }
}

impl Position {
    /// Returns the position of the target of a link, which is `written` so far.
    pub(crate) fn target_of(source: &NoteRef<'_>, link: &Link, written: &str) -> Position {
        if link.kind.is_wiki() {
            Position::Target
        } else {
            Position::Path(Encoding::of(source, link, written))
        }
    }

    /// Returns the position of the fragment of a link, which is `written` so far.
    pub(crate) fn fragment_of(link: &Link, written: &str) -> Position {
        if link.kind.is_wiki() {
            Position::Fragment
        } else {
            let is_html = link.kind == LinkKind::Html;
            let delimiter = if is_html { Delimiter::Quotes } else { Delimiter::None };
            Position::EncodedFragment(Encoding::like(written, delimiter))
        }
    }

    /// Returns whether no text at this position can have the character in it, in any form.
    pub(crate) fn rejects(self, char: char) -> bool {
        let reserved = match self {
            Position::Target => "[]|#",
            Position::Fragment => "[]|",
            Position::Display => "|",
            Position::LinkText => "",
            Position::Label => "[]\\`<",
            Position::Footnote => "[]\\`<^",
            Position::Path(_) | Position::EncodedFragment(_) => return false,
        };
        let is_shown = matches!(self, Position::Display | Position::LinkText);
        reserved.contains(char)
            || char.is_control() && !(is_shown && char == '\t')
            || self == Position::Footnote && char.is_whitespace()
    }

    /// Returns whether a text can stand at this position, escaped where it must be.
    pub(crate) fn can_hold(self, text: &str) -> bool {
        let is_trimmed = text.trim() == text;
        let fits = match self {
            Position::Target => {
                is_trimmed && !text.ends_with('\\') && !text.starts_with("^^") && !is_number_row(text)
            }
            Position::Fragment => is_trimmed && !text.ends_with('\\'),
            Position::Display => is_trimmed && !text.is_empty() && has_paired_brackets(text),
            Position::LinkText => is_trimmed,
            Position::Path(_) | Position::EncodedFragment(_) => true,
            Position::Label => is_trimmed && !text.is_empty() && !text.starts_with('^'),
            Position::Footnote => !text.is_empty(),
        };
        fits && !text.contains(|char| self.rejects(char))
    }

    /// Writes a text at this position; `None` if it cannot stand there.
    pub(crate) fn write(self, text: &str) -> Option<Cow<'_, str>> {
        let written = match self {
            Position::Path(encoding) => {
                let reserved = match encoding.delimiter {
                    Delimiter::None => &IN_PATHS,
                    Delimiter::AngleBrackets => &IN_BRACKETS,
                    Delimiter::Quotes => &IN_ATTRIBUTES,
                };
                encoding.encode(text, reserved)
            }
            Position::EncodedFragment(encoding) => encoding.encode(text, &IN_FRAGMENTS),
            Position::LinkText if text.contains(['[', ']', '\\']) => {
                text.replace('\\', "\\\\").replace('[', "\\[").replace(']', "\\]").into()
            }
            _ => text.into(),
        };
        self.can_hold(text).then_some(written)
    }

    /// Returns what is written at this position.
    pub(crate) fn read(self, written: &str) -> Cow<'_, str> {
        match self {
            Position::Path(_) | Position::EncodedFragment(_) => decode_destination(written),
            Position::LinkText if written.contains('\\') => {
                let mut read = String::with_capacity(written.len());
                let mut rest = written.chars().peekable();
                while let Some(char) = rest.next() {
                    let escaped = rest.next_if(|next| char == '\\' && matches!(next, '[' | ']' | '\\'));
                    read.push(escaped.unwrap_or(char));
                }
                read.into()
            }
            _ => written.into(),
        }
    }
}

/// Returns whether each bracket of a display text has its counterpart, and none of them makes a link of its
/// own or, for other readers of wikilinks, ends the link early.
fn has_paired_brackets(text: &str) -> bool {
    let mut depth = 0_usize;
    for char in text.chars() {
        match char {
            '[' => depth += 1,
            ']' if depth == 0 => return false,
            ']' => depth -= 1,
            _ => {}
        }
    }
    depth == 0 && !text.ends_with(']') && !["[[", "](", "]["].iter().any(|link| text.contains(link))
}

/// Returns whether the destination of a link stands between `<` and `>`.
pub(crate) fn is_bracketed(source: &NoteRef<'_>, link: &Link) -> bool {
    let before = Span::new(link.target.start.to_usize().saturating_sub(1), link.target.start.to_usize());
    !link.kind.is_wiki() && source.note.slice(before) == "<"
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::{Parsed, parse};

    const TEXTS: [&str; 51] = [
        "a",
        "a b",
        "a\tb",
        " a",
        "a ",
        "",
        "50% (x)",
        "é",
        "🦀",
        "%C3%A9",
        "a:b#c?d",
        "note: story",
        "ab:c",
        "<&>",
        "&amp;",
        "a\\b",
        "a\\",
        "\\a",
        "\\[a\\]",
        "a|b",
        "a\\|b",
        "#a",
        "a#",
        "^a",
        "^^a",
        "a^b",
        "[a]",
        "[",
        "]",
        "a]",
        "see [1]",
        "[1] see",
        "a [b] c",
        "[[a]]",
        "a]]b",
        "[a](b)",
        "[a][b]",
        "1, 2",
        "1,2e-3",
        "a`b",
        "`a`",
        "*a*",
        "%%a",
        "a%%b%%c",
        "$a$",
        "<b>",
        "<!-- a -->",
        "a\nb",
        "a\tb",
        "don't \"do\"",
        "../a/b.md",
    ];

    /// The note that has a text at a position, and where the parser finds that position.
    fn note(position: Position, written: &str) -> (String, fn(&Parsed) -> Option<Span>) {
        fn link_of(parsed: &Parsed) -> Option<&Link> {
            let [link] = &*parsed.links else { return None };
            (!link.is_external).then_some(link)
        }
        match position {
            Position::Target => (format!("[[{written}|x]]"), |parsed| Some(link_of(parsed)?.target)),
            Position::Fragment => (format!("[[a#{written}|x]]"), |parsed| link_of(parsed)?.fragment),
            Position::Display => (format!("[[a|{written}]]"), |parsed| link_of(parsed)?.display),
            Position::LinkText => (format!("[{written}](a.md)"), |parsed| link_of(parsed)?.display),
            Position::Path(Encoding { delimiter: Delimiter::AngleBrackets, .. }) => {
                (format!("[x](<{written}>)"), |parsed| Some(link_of(parsed)?.target))
            }
            Position::Path(_) => (format!("[x]({written})"), |parsed| Some(link_of(parsed)?.target)),
            Position::EncodedFragment(_) => {
                (format!("[x](a.md#{written})"), |parsed| link_of(parsed)?.fragment)
            }
            Position::Label => (format!("[x][{written}]\n\n[{written}]: a.md\n"), |parsed| {
                Some(parsed.label_uses.first()?.label)
            }),
            Position::Footnote => (format!("x[^{written}]\n\n[^{written}]: a\n"), |parsed| {
                Some(parsed.label_uses.first()?.label)
            }),
        }
    }

    #[test]
    fn what_is_written_is_read_back_as_the_same_text() {
        let mut encodings = Vec::new();
        for delimiter in [Delimiter::None, Delimiter::AngleBrackets, Delimiter::Quotes] {
            encodings.extend([false, true].map(|encodes_letters| Encoding { delimiter, encodes_letters }));
        }
        let mut positions = vec![
            Position::Target,
            Position::Fragment,
            Position::Display,
            Position::LinkText,
            Position::Label,
            Position::Footnote,
        ];
        positions.extend(encodings.iter().map(|encoding| Position::Path(*encoding)));
        positions.extend(encodings.iter().map(|encoding| Position::EncodedFragment(*encoding)));
        for position in positions {
            for text in TEXTS {
                let Some(written) = position.write(text) else { continue };
                let (note, find) = note(position, &written);
                let found = find(&parse(&note)).and_then(|span| note.get(span.range()));
                let read = found.map(|found| position.read(found));
                let is_empty = text.is_empty() && read.is_none();
                assert!(
                    is_empty || read.as_deref() == Some(text),
                    "{position:?} {text:?}: {note:?} {read:?}"
                );
            }
        }
    }

    #[test]
    fn each_position_has_what_cannot_stand_there() {
        for (position, rejected) in [
            (Position::Target, "a|b [a] a#b a\\ 1,2"),
            (Position::Fragment, "a|b [a] a\\"),
            (Position::Display, "a|b [a ]a [a] [[a]] [a](b)"),
            (Position::Label, "[a] a\\b `a` <a> ^a"),
            (Position::Footnote, "[a] a\\b `a` <a> a^b"),
        ] {
            for text in rejected.split(' ') {
                assert_eq!(position.write(text), None, "{position:?} {text}");
            }
        }
        assert_eq!(Position::Display.write("as [1] says").as_deref(), Some("as [1] says"));
        assert_eq!(Position::LinkText.write("[a]\\").as_deref(), Some("\\[a\\]\\\\"));
    }

    #[test]
    fn letters_are_encoded_where_the_author_does_so() {
        let encoded = ["é", "%20", "%C3%A9"].map(|example| {
            let position = Position::Path(Encoding::like(example, Delimiter::None));
            position.write("ü b").map(Cow::into_owned)
        });
        assert_eq!(encoded.map(Option::unwrap), ["ü%20b", "ü%20b", "%C3%BC%20b"]);
    }
}
