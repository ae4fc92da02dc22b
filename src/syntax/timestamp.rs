//! Timestamps: places in a note that name a moment of a video.
//!
//! A vault has hundreds of thousands of them, so a [`Timestamp`] keeps only its span and its moment;
//! [`Timestamp::parts`] reads the spans of its parts again from its few bytes.

use std::ops::Range;

use memchr::memmem;

use crate::text::{Offset, Span};

use super::address::{read_time_parameter, read_video_address};
use super::clock::{Moment, is_clock_like, read_clock, read_exact_clock};
use super::markdown::{TIMESTAMP_CLASS, read_destination, read_start_tag};
use super::parsed::{Timestamp, TimestampForm, TimestampParts};
use super::source::{Source, Walk};

/// Finds all timestamp tags from `from` on, wrapped or not, outside of `opaque`.
pub(super) fn find_tags(source: Source<'_>, from: usize, opaque: &[Span]) -> Vec<Timestamp> {
    let mut opaque = Walk::new(opaque);
    let mut found: Vec<Timestamp> = Vec::new();
    let mut floor = from;
    let mut line_end = 0;
    for hit in memmem::find_iter(source.rest(from), TIMESTAMP_CLASS) {
        let hit = from + hit;
        // No byte is read again for the next match, or a long line would take quadratic time.
        let open = memchr::memrchr(b'<', source.bytes(floor..hit)).map(|at| floor + at);
        let before = floor;
        floor = floor.max(hit);
        if line_end < hit {
            line_end = source.line_end(hit);
        }
        let Some(open) = open else {
            continue;
        };
        if opaque.at(open).is_some() {
            continue;
        }
        let Some((end, parts)) = read_tag(source, open, line_end) else {
            continue;
        };
        let moment = parts.value.and_then(|value| read_clock(source.span(value)).moment());
        let wrapped = parts.is_closed.then(|| wrapping(source, before, open, end)).flatten();
        let timestamp = match wrapped {
            Some(range) => Timestamp::new(range.into(), TimestampForm::WrappedTag, moment),
            None => Timestamp::new(Span::new(open, end), TimestampForm::Tag, moment),
        };
        floor = timestamp.span.end.to_usize();
        found.push(timestamp);
    }
    found
}

/// The longest `[label](` that counts as the wrapping of a tag, in bytes.
const WRAPPING_MAX: usize = 64;

/// Returns the range of `[label](<a …>…</a>)` around the tag at `open..end`.
fn wrapping(source: Source<'_>, floor: usize, open: usize, end: usize) -> Option<Range<usize>> {
    let label_end = open.checked_sub(2)?;
    if !source.starts_with(label_end, b"](") || source.byte(end) != Some(b')') {
        return None;
    }
    let from = floor.max(label_end.saturating_sub(WRAPPING_MAX));
    let before = source.bytes(from..label_end);
    let start = from + memchr::memrchr3(b'[', b']', b'\n', before)?;
    (source.byte(start) == Some(b'[')).then_some(start..end + 1)
}

/// Reads the timestamp tag with its `<` at `open`: its end and its parts. `None` if it is another tag.
fn read_tag(source: Source<'_>, open: usize, limit: usize) -> Option<(usize, TimestampParts)> {
    if !is_anchor_tag(source, open) {
        return None;
    }
    let mut is_timestamp = false;
    let mut value = None;
    let tag = read_start_tag(source, open, limit, |attribute| {
        let name = source.bytes(attribute.name);
        if name.eq_ignore_ascii_case(b"class") {
            let classes = source.bytes(attribute.value.unwrap_or_default());
            is_timestamp |= classes.split(u8::is_ascii_whitespace).any(|class| class == TIMESTAMP_CLASS);
        } else if name.eq_ignore_ascii_case(b"data-t") && value.is_none() {
            value = attribute.value.map(Span::from);
        }
    });
    if !is_timestamp {
        return None;
    }
    let mut at = tag.end;
    let stop = loop {
        let Some(next) = source.find(b'<', at..limit) else {
            break limit;
        };
        if let Some(end) = end_of_closing_tag(source, next) {
            let label = tag.is_closed.then(|| Span::new(tag.end, next));
            let parts =
                TimestampParts { value, label, is_closed: tag.is_closed, ..TimestampParts::default() };
            return Some((end, parts));
        }
        if is_anchor_tag(source, next) {
            break next;
        }
        at = next + 1;
    };
    let end = source.trim_end(open..stop).end;
    Some((end, TimestampParts { value, ..TimestampParts::default() }))
}

/// Returns whether `<a` and white space are at `at`.
fn is_anchor_tag(source: Source<'_>, at: usize) -> bool {
    source.byte(at) == Some(b'<')
        && matches!(source.byte(at + 1), Some(b'a' | b'A'))
        && source.byte(at + 2).is_some_and(|byte| byte.is_ascii_whitespace())
}

/// Returns the end of the `</a>` at `at`.
fn end_of_closing_tag(source: Source<'_>, at: usize) -> Option<usize> {
    if !(source.starts_with(at, b"</a") || source.starts_with(at, b"</A")) {
        return None;
    }
    let end = source.skip_white_space(at + 3);
    (source.byte(end) == Some(b'>')).then_some(end + 1)
}

/// Returns the moment of a link that is a timestamp: its label has the form of a clock and its address is a
/// moment of a video.
pub(super) fn read_video_link(label: &str, address: &str) -> Option<Option<Moment>> {
    if !is_clock_like(label) {
        return None;
    }
    let time = read_video_address(address)?.time?;
    Some(address.get(time).and_then(read_time_parameter))
}

/// Reads the bare timestamp with its `[` at `at`.
pub(super) fn read_bare(source: Source<'_>, at: usize) -> Option<Timestamp> {
    let label_end = bare_end(source, at)?;
    let clock = read_exact_clock(source.slice(at + 1..label_end))?;
    let end = label_end + 1;
    let is_other = match source.byte(end) {
        Some(b'(' | b':') => true,
        // `[0:10][0:20]` are two timestamps, `[0:10][label]` is a link.
        Some(b'[') => bare_end(source, end).is_none(),
        _ => false,
    };
    if is_other || source.is_escaped(at) {
        return None;
    }
    Some(Timestamp::new(Span::new(at, end), TimestampForm::Bare, clock.moment()))
}

/// Returns the index of the `]` of the `[12:34]` at `at`.
fn bare_end(source: Source<'_>, at: usize) -> Option<usize> {
    let rest = source.rest(at + 1);
    let length = rest.iter().position(|byte| !(byte.is_ascii_digit() || *byte == b':'))?;
    (length > 2 && rest.get(length) == Some(&b']')).then_some(at + 1 + length)
}

impl Timestamp {
    /// Returns the parts of this timestamp, read from `text`, the text of its span. Spans are those of the
    /// note.
    pub fn parts(&self, text: &str) -> TimestampParts {
        let source = Source::new(text);
        let parts = match self.form() {
            TimestampForm::Tag => read_tag(source, 0, source.len()).map(|(_, parts)| parts),
            TimestampForm::WrappedTag => wrapped_parts(source),
            TimestampForm::VideoLink => video_link_parts(source),
            TimestampForm::Bare => {
                let label = Some(Span::new(1, source.len().saturating_sub(1)));
                Some(TimestampParts { label, is_closed: true, ..TimestampParts::default() })
            }
        };
        parts.unwrap_or_default().moved(self.span.start)
    }
}

fn wrapped_parts(source: Source<'_>) -> Option<TimestampParts> {
    let label_end = source.find(b']', 0..source.len())?;
    let (_, parts) = read_tag(source, label_end + 2, source.len())?;
    Some(TimestampParts { outer_label: Some(Span::new(1, label_end)), ..parts })
}

fn video_link_parts(source: Source<'_>) -> Option<TimestampParts> {
    let label_end = source.find(b']', 0..source.len())?;
    let destination = read_destination(source, label_end + 2, source.len())?;
    let address = read_video_address(source.slice(destination.clone()))?;
    let moved =
        |range: Range<usize>| Span::new(destination.start + range.start, destination.start + range.end);
    Some(TimestampParts {
        value: address.time.map(moved),
        label: Some(source.trim(1..label_end).into()),
        outer_label: None,
        video: Some(moved(address.video)),
        is_closed: true,
    })
}

impl TimestampParts {
    fn moved(self, by: Offset) -> TimestampParts {
        let moved = |span: Span| Span::between(by.plus(span.start.to_usize()), by.plus(span.end.to_usize()));
        TimestampParts {
            value: self.value.map(moved),
            label: self.label.map(moved),
            outer_label: self.outer_label.map(moved),
            video: self.video.map(moved),
            is_closed: self.is_closed,
        }
    }
}
