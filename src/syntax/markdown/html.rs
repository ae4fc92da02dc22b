//! HTML start tags: their name, attributes and end, read leniently in one pass, and the anchors that `id` and
//! `name` attributes make.

use std::ops::Range;

use crate::text::Span;

use super::super::source::Source;

/// An HTML start tag.
pub(in crate::syntax) struct StartTag {
    /// The index after its last byte: after the `>`, or where it is malformed.
    pub(in crate::syntax) end: usize,
    /// Whether it has a `>` and closes all quotes.
    pub(in crate::syntax) is_closed: bool,
}

/// An attribute of a start tag.
pub(in crate::syntax) struct Attribute {
    /// `data-t`
    pub(in crate::syntax) name: Range<usize>,
    /// `00:01:55`, without quotes; `None` without a `=`.
    pub(in crate::syntax) value: Option<Range<usize>>,
}

fn ends_name(byte: u8) -> bool {
    byte.is_ascii_whitespace() || matches!(byte, b'=' | b'>' | b'<' | b'"' | b'\'')
}

/// Reads the start tag with its `<` at `at`, up to `end` at most, and calls `visit` with each attribute.
///
/// A tag ends at its `>`. If another `<` or the end comes first, or a quoted value contains a `<`, `>` or
/// line break, a delimiter is missing: the tag ends there, malformed.
pub(in crate::syntax) fn read_start_tag(
    source: Source<'_>,
    at: usize,
    end: usize,
    mut visit: impl FnMut(Attribute),
) -> StartTag {
    let length_until = |from: usize, stop: &dyn Fn(u8) -> bool| {
        let rest = source.bytes(from..end);
        rest.iter().position(|&byte| stop(byte)).unwrap_or(rest.len())
    };
    let mut at = at + 1 + length_until(at + 1, &ends_name);
    loop {
        at += length_until(at, &|byte| {
            !(byte.is_ascii_whitespace() || matches!(byte, b'/' | b'"' | b'\'' | b'='))
        });
        if at >= end {
            return StartTag { end: at.min(end), is_closed: false };
        }
        match source.byte(at) {
            Some(b'>') => return StartTag { end: at + 1, is_closed: true },
            Some(b'<') | None => return StartTag { end: at, is_closed: false },
            Some(_) => {}
        }
        let name = at..at + length_until(at, &ends_name);
        at = name.end;
        let sign = at + length_until(at, &|byte| !byte.is_ascii_whitespace());
        if sign >= end || source.byte(sign) != Some(b'=') {
            visit(Attribute { name, value: None });
            continue;
        }
        at = sign + 1;
        at += length_until(at, &|byte| !byte.is_ascii_whitespace());
        match source.byte(at).filter(|_| at < end) {
            Some(quote @ (b'"' | b'\'')) => {
                let value = at + 1
                    ..at + 1
                        + length_until(at + 1, &|byte| {
                            byte == quote || matches!(byte, b'<' | b'>' | b'\n' | b'\r')
                        });
                at = value.end;
                let is_closed = at < end && source.byte(at) == Some(quote);
                visit(Attribute { name, value: Some(value) });
                if !is_closed {
                    return StartTag { end: at, is_closed: false };
                }
                at += 1;
            }
            _ => {
                let value = at..at
                    + length_until(at, &|byte| {
                        byte.is_ascii_whitespace() || matches!(byte, b'>' | b'<' | b'"' | b'\'')
                    });
                at = value.end;
                visit(Attribute { name, value: Some(value) });
            }
        }
    }
}

/// Adds the values of all `id` and `name` attributes in the HTML at `range`.
pub(in crate::syntax) fn find_anchors(source: Source<'_>, range: Range<usize>, anchors: &mut Vec<Span>) {
    let mut at = range.start;
    while let Some(open) = source.find(b'<', at..range.end) {
        at = open + 1;
        if !source.byte(at).is_some_and(|byte| byte.is_ascii_alphabetic()) {
            continue;
        }
        let tag = read_start_tag(source, open, range.end, |attribute| {
            let name = source.slice(attribute.name);
            if !(name.eq_ignore_ascii_case("id") || name.eq_ignore_ascii_case("name")) {
                return;
            }
            let value = attribute.value.map(|value| source.trim(value));
            anchors.extend(value.filter(|value| !value.is_empty()).map(Span::from));
        });
        at = tag.end.max(at);
    }
}
