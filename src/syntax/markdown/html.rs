//! HTML start tags: their name, attributes and end, read leniently in one pass, and the anchors that `id` and
//! `name` attributes make.

use std::ops::Range;

use crate::text::Span;

use super::super::parsed::{Link, LinkKind};
use super::super::source::Source;
use super::link::with_destination;

/// The class of the tags that are timestamps.
pub(in crate::syntax) const TIMESTAMP_CLASS: &[u8] = b"yt-timestamp";

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

/// What a byte is in a start tag.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    /// Of a name or a value.
    Other,
    WhiteSpace,
    Quote,
    Equals,
    Slash,
    /// `<` or `>`.
    Angle,
}

/// The class of each byte. A table, for every byte of a tag is looked at, and vaults are full of tags.
#[expect(clippy::indexing_slicing, reason = "at compile time, where it cannot fail at run time")]
const CLASSES: [Class; 256] = {
    let mut classes = [Class::Other; 256];
    let mut byte = 0_u8;
    while byte < 128 {
        classes[byte as usize] = match byte {
            b' ' | b'\t' | b'\n' | b'\r' | b'\x0C' => Class::WhiteSpace,
            b'"' | b'\'' => Class::Quote,
            b'=' => Class::Equals,
            b'/' => Class::Slash,
            b'<' | b'>' => Class::Angle,
            _ => Class::Other,
        };
        byte += 1;
    }
    classes
};

fn class(byte: u8) -> Class {
    CLASSES.get(usize::from(byte)).copied().unwrap_or(Class::Other)
}

fn ends_name(byte: u8) -> bool {
    !matches!(class(byte), Class::Other | Class::Slash)
}

fn ends_bare_value(byte: u8) -> bool {
    matches!(class(byte), Class::WhiteSpace | Class::Angle | Class::Quote)
}

fn starts_attribute(byte: u8) -> bool {
    matches!(class(byte), Class::Other | Class::Angle)
}

fn is_no_white_space(byte: u8) -> bool {
    class(byte) != Class::WhiteSpace
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
    let bytes = source.bytes(0..end);
    let mut at = first(bytes, at + 1, ends_name);
    loop {
        at = first(bytes, at, starts_attribute);
        match bytes.get(at) {
            Some(b'>') => return StartTag { end: at + 1, is_closed: true },
            Some(b'<') | None => return StartTag { end: at, is_closed: false },
            Some(_) => {}
        }
        let name = at..first(bytes, at, ends_name);
        at = name.end;
        let sign = first(bytes, at, is_no_white_space);
        if bytes.get(sign) != Some(&b'=') {
            visit(Attribute { name, value: None });
            continue;
        }
        at = first(bytes, sign + 1, is_no_white_space);
        match bytes.get(at) {
            Some(&quote @ (b'"' | b'\'')) => {
                let ends_value = |byte| byte == quote || matches!(byte, b'<' | b'>' | b'\n' | b'\r');
                let value = at + 1..first(bytes, at + 1, ends_value);
                at = value.end;
                let is_closed = bytes.get(at) == Some(&quote);
                visit(Attribute { name, value: Some(value) });
                if !is_closed {
                    return StartTag { end: at, is_closed: false };
                }
                at += 1;
            }
            _ => {
                let value = at..first(bytes, at, ends_bare_value);
                at = value.end;
                visit(Attribute { name, value: Some(value) });
            }
        }
    }
}

/// Returns the place of the first byte from `from` on that `is_wanted`; the end if there is none.
fn first(bytes: &[u8], from: usize, is_wanted: impl Fn(u8) -> bool) -> usize {
    let rest = bytes.get(from..).unwrap_or_default();
    rest.iter().position(|&byte| is_wanted(byte)).map_or(bytes.len(), |at| from + at)
}

/// Returns whether HTML may have attributes that name a place or a file: most of it has none, which is told
/// by what stands before each `=` alone.
pub(in crate::syntax) fn may_have_names(html: &[u8]) -> bool {
    const ENDS: [&[u8]; 6] = [b"id", b"name", b"href", b"src", b"set", b"poster"];
    memchr::memchr_iter(b'=', html).any(|equals| {
        let before = html.get(..equals).unwrap_or_default().trim_ascii_end();
        let ends_with = |end: &&[u8]| {
            let at = before.len().checked_sub(end.len());
            at.and_then(|at| before.get(at..)).is_some_and(|last| last.eq_ignore_ascii_case(end))
        };
        ENDS.iter().any(ends_with)
    })
}

/// Adds what the attributes of the tag with its `<` at `open` name: places of the note (`id`, `name`) and
/// files (`href`, `src`, `srcset`, `poster`). Returns the end of the tag.
pub(in crate::syntax) fn read_names(
    source: Source<'_>,
    open: usize,
    end: usize,
    anchors: &mut Vec<Span>,
    links: &mut Vec<Link>,
) -> usize {
    if !source.byte(open + 1).is_some_and(|byte| byte.is_ascii_alphabetic()) {
        return open + 1;
    }
    let element =
        source.slice(open + 1..first(source.bytes(0..end), open + 1, ends_name)).to_ascii_lowercase();
    let tag = read_start_tag(source, open, end, |attribute| {
        let Some(value) = attribute.value.map(|value| source.trim(value)).filter(|value| !value.is_empty())
        else {
            return;
        };
        match (&*element, &*source.slice(attribute.name).to_ascii_lowercase()) {
            (_, "id" | "name") => anchors.push(value.into()),
            ("a", "href") | ("img" | "video" | "audio" | "source", "src") | ("video", "poster") => {
                links.extend(link_to(source, value));
            }
            ("img" | "source", "srcset") => {
                let mut at = value.start;
                for candidate in source.slice(value).split(',') {
                    let address = source.trim(at..at + candidate.len());
                    let length = source.slice(address.clone()).find(char::is_whitespace);
                    let end = length.map_or(address.end, |length| address.start + length);
                    links.extend(link_to(source, address.start..end));
                    at += candidate.len() + 1;
                }
            }
            _ => {}
        }
    });
    tag.end.max(open + 1)
}

/// Returns the link at an address; `None` if it is empty or that of another host.
fn link_to(source: Source<'_>, address: Range<usize>) -> Option<Link> {
    let is_local = !address.is_empty() && !source.starts_with(address.start, b"//");
    is_local.then(|| with_destination(source, LinkKind::Html, address.clone().into(), address, None))
}
