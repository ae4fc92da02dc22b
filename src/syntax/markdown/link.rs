//! The parts of Markdown links and definitions, of which `pulldown-cmark` reports only the whole.

use std::ops::Range;

use crate::text::Span;

use super::super::address::has_scheme;
use super::super::parsed::{Link, LinkKind};
use super::super::source::Source;
use super::destination::split_reference;

/// Reads the destination at `at` or after white space there: `a/b.md` of `a/b.md "title")`, `a b.md` of `<a
/// b.md>`. `None` if a `<` is not closed.
pub(in crate::syntax) fn read_destination(source: Source<'_>, at: usize, end: usize) -> Option<Range<usize>> {
    let start = skip_separator(source, at, end);
    if source.byte(start) == Some(b'<') && start < end {
        let mut at = start + 1;
        loop {
            at += memchr::memchr2(b'>', b'\\', source.bytes(at..end))?;
            if source.byte(at) == Some(b'>') {
                return Some(start + 1..at);
            }
            at += 2;
        }
    }
    let mut depth = 0_usize;
    let mut at = start;
    while at < end {
        match source.byte(at) {
            Some(b'\\') if source.byte(at + 1).is_some_and(|byte| byte.is_ascii_punctuation()) => at += 1,
            Some(b'(') => depth += 1,
            Some(b')') if depth == 0 => break,
            Some(b')') => depth -= 1,
            Some(byte) if byte <= b' ' => break,
            _ => {}
        }
        at += 1;
    }
    Some(start..at.min(end))
}

/// Skips white space, with at most one line break and the quote markers after it.
fn skip_separator(source: Source<'_>, at: usize, end: usize) -> usize {
    let rest = source.bytes(at..end);
    let line_break =
        rest.iter().position(|byte| !byte.is_ascii_whitespace() || matches!(byte, b'\n' | b'\r'));
    let length = match line_break {
        Some(length) if matches!(rest.get(length), Some(b'\n' | b'\r')) => {
            rest.iter().position(|byte| !(byte.is_ascii_whitespace() || *byte == b'>'))
        }
        other => other,
    };
    at + length.unwrap_or(rest.len())
}

/// Builds a link with the destination at `destination`; splits off the fragment if it is local.
pub(in crate::syntax) fn with_destination(
    source: Source<'_>,
    kind: LinkKind,
    span: Span,
    destination: Range<usize>,
    display: Option<Span>,
) -> Link {
    let is_external = has_scheme(source.slice(destination.clone()));
    let sign = find_fragment_sign(source, destination.clone()).filter(|_| !is_external);
    // Escaping a `#` does not make it part of a path: CommonMark drops the backslash from the address, not
    // the `#`.
    let target_end =
        sign.map(|sign| if source.is_escaped(sign) { (sign - 1).max(destination.start) } else { sign });
    Link {
        kind,
        is_external,
        span,
        target: Span::new(destination.start, target_end.unwrap_or(destination.end)),
        fragment: sign.map(|sign| Span::new(sign + 1, destination.end)),
        display,
    }
}

/// Returns the index of the first `#` of a destination outside of character references such as `&#233;`.
fn find_fragment_sign(source: Source<'_>, destination: Range<usize>) -> Option<usize> {
    let mut at = destination.start;
    loop {
        let sign = source.find(b'#', at..destination.end)?;
        let before = sign.saturating_sub(1);
        let is_reference = sign > destination.start
            && !source.is_escaped(before)
            && split_reference(source.slice(before..destination.end)).is_some();
        if !is_reference {
            return Some(sign);
        }
        at = sign + 1;
    }
}

/// Returns the index of the first `]` in `at..end` without a backslash before it.
pub(in crate::syntax) fn find_label_end(source: Source<'_>, mut at: usize, end: usize) -> Option<usize> {
    loop {
        at += memchr::memchr2(b']', b'\\', source.bytes(at..end))?;
        if source.byte(at) == Some(b']') {
            return Some(at);
        }
        at += 2;
    }
}

/// Reads the label and the destination of the definition `[label]: destination` at `span`.
pub(in crate::syntax) fn read_definition(source: Source<'_>, span: Span) -> Option<(Span, Link)> {
    let (start, end) = (span.start.to_usize(), span.end.to_usize());
    let label_end = find_label_end(source, start + 1, end)?;
    let destination = read_destination(source, label_end + 2, end)?;
    let is_quoted = destination.start > 0 && source.byte_before(destination.start) == Some(b'<');
    let link_end = destination.end + usize::from(is_quoted && source.byte(destination.end) == Some(b'>'));
    let link = with_destination(source, LinkKind::Definition, Span::new(start, link_end), destination, None);
    Some((source.trim(start + 1..label_end).into(), link))
}

/// Returns the label of a reference: `label` of `[text][label]`, of `[label][]` and of `[label]`.
pub(in crate::syntax) fn read_reference_label(source: Source<'_>, range: Range<usize>) -> Option<Span> {
    let start = range.start + usize::from(source.byte(range.start) == Some(b'!'));
    let is_collapsed = source.slice(range.clone()).ends_with("[]");
    let label_end = if is_collapsed { range.end.checked_sub(3)? } else { range.end.checked_sub(1)? };
    let mut open = label_end;
    loop {
        open = start + memchr::memrchr(b'[', source.bytes(start..open))?;
        if !source.is_escaped(open) {
            break;
        }
    }
    // The text of a collapsed or shortcut reference is its label, so it starts at the first bracket.
    Some(source.trim(open + 1..label_end).into())
}
