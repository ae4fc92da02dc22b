//! Decoding of the parts of links: escapes, character references and percent-encoding in the destination of a
//! Markdown link. A wikilink is read as written.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;
use pulldown_cmark::{Event, Parser};

use super::super::parsed::Link;

/// The longest character reference of HTML, `&CounterClockwiseContourIntegral;`, in bytes.
const LONGEST_REFERENCE: usize = 33;

/// Returns the decoded target or fragment of a link, given as `written` in the text.
pub fn decode_link_part<'a>(link: &Link, written: &'a str) -> Cow<'a, str> {
    if link.kind.is_wiki() { written.into() } else { decode_destination(written) }
}

/// Returns a decoded Markdown destination, or a part of it: `a b_c.md` for `a%20b\_c.md`.
pub fn decode_destination(written: &str) -> Cow<'_, str> {
    match unescape_destination(written) {
        Cow::Borrowed(address) => percent_decode_str(address).decode_utf8_lossy(),
        Cow::Owned(address) => percent_decode_str(&address).decode_utf8_lossy().into_owned().into(),
    }
}

/// Returns an address with its backslash escapes and character references decoded, as CommonMark reads it:
/// `a_b.md` for `a\_b.md`, `q&a.md` for `q&amp;a.md`. Percent-encoding is part of the address and stays.
pub fn unescape_destination(written: &str) -> Cow<'_, str> {
    if memchr::memchr2(b'\\', b'&', written.as_bytes()).is_none() {
        return written.into();
    }
    let mut out = String::with_capacity(written.len());
    let mut rest = written;
    while let Some((before, special)) =
        rest.find(['\\', '&']).and_then(|special| rest.split_at_checked(special))
    {
        out.push_str(before);
        rest = if let Some((reference, after)) = split_reference(special) {
            push_decoded(reference, &mut out);
            after
        } else if let Some(after) = special.strip_prefix('\\').filter(|after| is_escapable(after)) {
            push_first(after, &mut out)
        } else {
            push_first(special, &mut out)
        };
    }
    out.push_str(rest);
    out.into()
}

/// Returns whether a backslash before `after` escapes its first character.
fn is_escapable(after: &str) -> bool {
    after.starts_with(|c: char| c.is_ascii_punctuation())
}

/// Copies the first character and returns the rest.
fn push_first<'a>(text: &'a str, out: &mut String) -> &'a str {
    let mut characters = text.chars();
    out.extend(characters.next());
    characters.as_str()
}

/// Splits off a possible character reference at the start: `&amp;`, `&#233;`, `&#xE9;`.
pub(super) fn split_reference(text: &str) -> Option<(&str, &str)> {
    let name = text.strip_prefix('&')?;
    let length = name.bytes().take(LONGEST_REFERENCE).position(|byte| byte == b';')?;
    let is_name = |name: &str| !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let name = name.get(..length)?;
    is_name(name.strip_prefix('#').unwrap_or(name)).then(|| text.split_at_checked(length + 2))?
}

/// Appends the characters of a reference, or the text itself if it is none, as `&nothing;`.
fn push_decoded(reference: &str, out: &mut String) {
    for event in Parser::new(reference) {
        if let Event::Text(text) = event {
            out.push_str(&text);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_and_references_are_undone() {
        for (written, expected) in [
            (r"foo\_bar.md", "foo_bar.md"),
            (r"p\(1\).md", "p(1).md"),
            (r"a\\b", r"a\b"),
            (r"a\b\", r"a\b\"),
            ("q&amp;a.md", "q&a.md"),
            ("&ouml;&#246;&#xF6;&#XF6;", "öööö"),
            ("&CounterClockwiseContourIntegral;&nbsp;", "∳\u{a0}"),
            (r"\&amp;", "&amp;"),
            (r"&\amp;", r"&\amp;"),
            ("&amp;amp;", "&amp;"),
            ("q&a&b;c&;&#;&#x;&", "q&a&b;c&;&#;&#x;&"),
            ("&#0;", "\u{fffd}"),
            ("é&amp;é\\é", "é&é\\é"),
            ("", ""),
        ] {
            assert_eq!(unescape_destination(written), expected, "{written}");
        }
        assert!(matches!(unescape_destination("a%20b.md"), Cow::Borrowed(_)));
    }
}
