//! Tags in the text of a note, and bare addresses.

use std::ops::Range;

use memchr::memmem;
use unicode_normalization::char::is_combining_mark;

use crate::text::Span;

use super::parsed::{Link, LinkKind, Tag};
use super::source::Source;

/// Finds what has the form of a tag from `from` on, even in code, links and HTML, where it is not one.
pub(super) fn find_tags(source: Source<'_>, from: usize) -> Vec<Tag> {
    let mut tags = Vec::new();
    for sign in memchr::memchr_iter(b'#', source.rest(from)) {
        let sign = from + sign;
        let is_apart =
            sign == from || source.slice(from..sign).chars().next_back().is_some_and(char::is_whitespace);
        if !is_apart {
            continue;
        }
        let Some(name) = read_name(source, sign + 1) else {
            continue;
        };
        tags.push(Tag { span: Span::new(sign, name.end), name: name.into() });
    }
    tags
}

/// Returns whether a text, without `#`, can be the name of a tag.
pub fn is_tag_name(name: &str) -> bool {
    read_name(Source::new(name), 0).is_some_and(|found| found.len() == name.len())
}

/// Returns whether a character can stand in the name of a tag. Obsidian allows all but white space, the
/// punctuation of ASCII other than `_`, `-` and `/`, and two blocks of other punctuation.
pub fn is_tag_part(c: char) -> bool {
    match c {
        '_' | '-' | '/' => true,
        '\u{2000}'..='\u{206F}' | '\u{2E00}'..='\u{2E7F}' => false,
        _ => !(c.is_ascii_punctuation() || c.is_whitespace() || c.is_control()),
    }
}

/// Reads the name of a tag: letters, digits, emoji, `_`, `-` and `/`, not only digits (Obsidian's help, "Tag
/// format").
fn read_name(source: Source<'_>, start: usize) -> Option<Range<usize>> {
    let rest = source.slice(start..source.len());
    let name = rest.get(..rest.find(|c| !is_tag_part(c)).unwrap_or(rest.len()))?.trim_end_matches('/');
    let says_something = name.contains(|c: char| c.is_alphanumeric() || c == '_' || !c.is_ascii());
    let is_number = name.chars().all(char::is_numeric);
    // Of `#️⃣` the sign is a part.
    let is_emoji = name.starts_with(is_combining_mark);
    (says_something && !is_number && !is_emoji).then(|| start..start + name.len())
}

/// Finds bare `http` and `https` addresses as GFM's extended autolinks, even in code, links and HTML, where
/// they are not links.
pub(super) fn find_addresses(source: Source<'_>, from: usize) -> Vec<Link> {
    let mut links: Vec<Link> = Vec::new();
    let mut floor = from;
    for hit in memmem::find_iter(source.rest(from), b"://") {
        let hit = from + hit;
        let Some(start) = ["https", "http"].iter().find_map(|scheme| {
            let start = hit.checked_sub(scheme.len()).filter(|&start| start >= floor)?;
            source.slice(start..hit).eq_ignore_ascii_case(scheme).then_some(start)
        }) else {
            continue;
        };
        let before = source.slice(floor..start).chars().next_back();
        if before.is_some_and(|c| !(c.is_whitespace() || matches!(c, '*' | '_' | '~' | '('))) {
            continue;
        }
        let end = end_of_address(source, start, hit + 3);
        if end == hit + 3 {
            continue;
        }
        floor = end;
        let target = Span::new(start, end);
        let kind = LinkKind::Autolink;
        links.push(Link { kind, is_external: true, span: target, target, fragment: None, display: None });
    }
    links
}

/// Returns the end of an address: before white space or `<`, without the punctuation of the sentence around
/// it (GFM, "Autolinks").
fn end_of_address(source: Source<'_>, start: usize, floor: usize) -> usize {
    let rest = source.slice(floor..source.len());
    let length = rest.find(|c: char| c.is_whitespace() || matches!(c, '<' | '`' | '|')).unwrap_or(rest.len());
    let address = source.slice(start..floor + length);
    let count = |sought: u8| address.bytes().filter(|&byte| byte == sought).count();
    let (opened, mut closed) = (count(b'('), count(b')'));
    let mut end = address.len();
    for (at, c) in address.char_indices().rev() {
        match c {
            '?' | '!' | '.' | ',' | ':' | '*' | '_' | '~' | '\'' | '"' | ';' | ']' => {}
            ')' if closed > opened => closed -= 1,
            _ => break,
        }
        end = at;
    }
    (start + end).max(floor)
}
