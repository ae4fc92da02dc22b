//! Timestamps: which moment of a video a place in a note names.
//!
//! A vault has hundreds of thousands of them, so a [`Timestamp`] keeps its span and its moment only; the
//! spans of its parts are read again from its few bytes when somebody asks ([`Timestamp::parts`]).

use std::fmt;
use std::ops::Range;

use memchr::memmem;
use serde::{Deserialize, Serialize};

use crate::text::{Offset, Span};

use super::address::{read_time_parameter, read_video_address};
use super::html::read_start_tag;
use super::link::read_destination;
use super::source::{Source, Walk};

/// A point in a video, in whole seconds from its start.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Moment {
    /// Seconds from the start of the video.
    pub seconds: u32,
}

/// How a timestamp is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum TimestampForm {
    /// `<a class="yt-timestamp" data-t="00:01:55">[00:01:55]</a>`
    Tag,
    /// `[00:01:55](<a class="yt-timestamp" data-t="00:01:55">[00:01:55]</a>)`
    WrappedTag,
    /// `[00:01:55](https://www.youtube.com/watch?v=ID&t=115s)`
    VideoLink,
    /// `[00:01:55]` in a note that has a video.
    Bare,
}

/// A timestamp.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Timestamp {
    /// Everything, as shown at [`TimestampForm`]. A tag without its end: from `<a` to the end of the line.
    pub span: Span,
    /// How it is written.
    pub form: TimestampForm,
    /// The moment that it names, by `data-t`, the address's `t` or the bare label; `None` if that cannot be
    /// read.
    pub moment: Option<Moment>,
}

/// The parts of a timestamp. Spans are those of the note.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct TimestampParts {
    /// `00:01:55` of `data-t="00:01:55"`, or `115s` of `t=115s`. `None`: a tag without `data-t`, or a bare
    /// timestamp.
    pub value: Option<Span>,
    /// What the reader sees, brackets included: `[00:01:55]` between `>` and `</a>`, empty in `<a …></a>`;
    /// for a video link or a bare timestamp the clock without brackets, `00:01:55`.
    /// `None` for a tag without its end.
    pub label: Option<Span>,
    /// The clock in the outer brackets of the wrapped form: `00:01:55`.
    pub outer_label: Option<Span>,
    /// `ID` in the address of a video link.
    pub video: Option<Span>,
    /// Whether a tag has both its `>` and its `</a>`. Always true for the other forms.
    pub is_closed: bool,
}

/// What a clock text says.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Clock {
    /// `H:MM:SS` or `M:SS` (any number of digits before the first colon, two after each; ASCII digits).
    Moment(Moment),
    /// Of that shape, but with minutes or seconds above 59 (`00:75:10`). `carried` is what it means if the
    /// excess carries over; `None` past `u32`.
    OutOfRange {
        /// The moment with the excess carried.
        carried: Option<Moment>,
    },
    /// Anything else. `reading` is what makes sense, where exactly one thing does: `00:01:55:12` read as
    /// `HH:MM:SS:FF`, stray characters and white space around a clock left out, `1.55` no.
    Malformed {
        /// The one sensible reading.
        reading: Option<Moment>,
    },
}

impl Moment {
    /// The moment as it is written in `data-t`: `01:01:55`, hours always shown.
    pub fn clock(self) -> String {
        let (hours, minutes, seconds) = self.split();
        format!("{hours:02}:{minutes:02}:{seconds:02}")
    }

    fn split(self) -> (u32, u32, u32) {
        (self.seconds / 3600, self.seconds / 60 % 60, self.seconds % 60)
    }
}

/// `1:01:55`, or `1:55` below an hour.
impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.split() {
            (0, minutes, seconds) => write!(f, "{minutes}:{seconds:02}"),
            (hours, minutes, seconds) => write!(f, "{hours}:{minutes:02}:{seconds:02}"),
        }
    }
}

/// Reads the text of a clock; nothing is trimmed, for what is shown to a reader or handed to a script counts
/// as it stands.
pub fn read_clock(text: &str) -> Clock {
    read_exact_clock(text).unwrap_or_else(|| Clock::Malformed { reading: sensible_reading(text) })
}

/// `None` if the text does not have the shape of a clock or is too large for any video without being out of
/// range.
fn read_exact_clock(text: &str) -> Option<Clock> {
    let mut parts = text.split(':');
    let first = parts.next().filter(|part| is_number(part))?;
    let second = two_digits(parts.next()?)?;
    let third = parts.next().map(two_digits);
    if parts.next().is_some() || third == Some(None) {
        return None;
    }
    let first: Option<u32> = first.parse().ok();
    let (hours, minutes, seconds) = match third.flatten() {
        Some(seconds) => (first, Some(second), seconds),
        None => (Some(0), first, second),
    };
    let total = hours.and_then(|hours| {
        hours.checked_mul(60)?.checked_add(minutes?)?.checked_mul(60)?.checked_add(seconds)
    });
    let total = total.map(|seconds| Moment { seconds });
    if minutes.is_none_or(|minutes| minutes > 59) || seconds > 59 {
        return Some(Clock::OutOfRange { carried: total });
    }
    total.map(Clock::Moment)
}

fn is_number(part: &str) -> bool {
    !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit())
}

fn two_digits(part: &str) -> Option<u32> {
    if part.len() == 2 && is_number(part) { part.parse().ok() } else { None }
}

/// The one moment that the clocks in a malformed text name, if they agree and no other number stands there.
fn sensible_reading(text: &str) -> Option<Moment> {
    let mut reading = None;
    let mut before = None;
    for run in text.split_inclusive(|c: char| !(c.is_numeric() || c == ':')) {
        let clock = run.trim_end_matches(|c: char| !(c.is_numeric() || c == ':'));
        if !clock.is_empty() {
            let is_fraction = reading.is_some() && matches!(before, Some('.' | ',')) && is_number(clock);
            if !is_fraction {
                let moment =
                    read_run(clock).filter(|_| !matches!(before, Some('-' | '−')) || reading.is_some())?;
                if reading.is_some_and(|other| other != moment) {
                    return None;
                }
                reading = Some(moment);
            }
        }
        before = run.chars().next_back();
    }
    reading
}

/// Reads `00:01:55`, or `00:01:55:12` where the last part counts the frames of a second.
fn read_run(clock: &str) -> Option<Moment> {
    let clock = match clock.rsplit_once(':') {
        Some((rest, frames)) if rest.matches(':').count() == 2 => {
            two_digits(frames).filter(|&frames| frames < 60)?;
            rest
        }
        _ => clock,
    };
    match read_exact_clock(clock) {
        Some(Clock::Moment(moment)) => Some(moment),
        _ => None,
    }
}

/// Whether a text is made like a clock, be it a right one or not: digits and colons.
pub(super) fn is_clock_like(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit())
        && text.contains(':')
        && text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b':' | b'.' | b','))
}

/// What the value of `data-t` or a bare label names.
fn moment_of(clock: &str) -> Option<Moment> {
    match read_clock(clock) {
        Clock::Moment(moment) => Some(moment),
        Clock::OutOfRange { .. } | Clock::Malformed { .. } => None,
    }
}

/// Finds all tags from `from` on, wrapped or not. `opaque` is where none can be.
pub(super) fn find_tags(source: Source<'_>, from: usize, opaque: &[Span]) -> Vec<Timestamp> {
    let mut opaque = Walk::new(opaque);
    let mut found: Vec<Timestamp> = Vec::new();
    let mut floor = from;
    let mut line_end = 0;
    for hit in memmem::find_iter(source.rest(from), b"yt-timestamp") {
        let hit = from + hit;
        // No byte is looked at again for the next hit, or a long line would take the square of its length.
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
        let moment = parts.value.and_then(|value| moment_of(source.span(value)));
        let wrapped = parts.is_closed.then(|| wrapping(source, before, open, end)).flatten();
        let timestamp = match wrapped {
            Some(range) => Timestamp { span: range.into(), form: TimestampForm::WrappedTag, moment },
            None => Timestamp { span: Span::new(open, end), form: TimestampForm::Tag, moment },
        };
        floor = timestamp.span.end.to_usize();
        found.push(timestamp);
    }
    found
}

/// Longest `[label](` before a tag that counts as its wrapping, in bytes.
const WRAPPING_MAX: usize = 64;

/// The range of `[label](<a …>…</a>)` around the tag at `open..end`.
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

/// Reads the timestamp tag whose `<` stands at `open`: its end and its parts. `None` if it is another tag.
fn read_tag(source: Source<'_>, open: usize, limit: usize) -> Option<(usize, TimestampParts)> {
    if !is_anchor_tag(source, open) {
        return None;
    }
    let mut is_timestamp = false;
    let mut value = None;
    let tag = read_start_tag(source, open, limit, |attribute| {
        let name = source.slice(attribute.name);
        if name.eq_ignore_ascii_case("class") {
            let classes = source.slice(attribute.value.unwrap_or_default());
            is_timestamp |= classes.split_ascii_whitespace().any(|class| class == "yt-timestamp");
        } else if name.eq_ignore_ascii_case("data-t") && value.is_none() {
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
    let end = open + source.slice(open..stop).trim_end().len();
    Some((end, TimestampParts { value, ..TimestampParts::default() }))
}

/// Whether `<a` and white space stand at `at`.
fn is_anchor_tag(source: Source<'_>, at: usize) -> bool {
    source.byte(at) == Some(b'<')
        && matches!(source.byte(at + 1), Some(b'a' | b'A'))
        && source.byte(at + 2).is_some_and(|byte| byte.is_ascii_whitespace())
}

/// The end of the `</a>` at `at`.
fn end_of_closing_tag(source: Source<'_>, at: usize) -> Option<usize> {
    if !(source.starts_with(at, b"</a") || source.starts_with(at, b"</A")) {
        return None;
    }
    let end = source.skip_white_space(at + 3);
    (source.byte(end) == Some(b'>')).then_some(end + 1)
}

/// Whether a link is a timestamp, and then its moment: its label is made like a clock and its address is that
/// of a place in a video.
pub(super) fn read_video_link(label: &str, address: &str) -> Option<Option<Moment>> {
    if !is_clock_like(label) {
        return None;
    }
    let time = read_video_address(address)?.time?;
    Some(address.get(time).and_then(read_time_parameter))
}

/// The bare timestamp whose `[` stands at `at`.
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
    let moment = if let Clock::Moment(moment) = clock { Some(moment) } else { None };
    Some(Timestamp { span: Span::new(at, end), form: TimestampForm::Bare, moment })
}

/// Where the `]` of the `[12:34]` at `at` stands.
fn bare_end(source: Source<'_>, at: usize) -> Option<usize> {
    let rest = source.rest(at + 1);
    let length = rest.iter().position(|byte| !(byte.is_ascii_digit() || *byte == b':'))?;
    (length > 2 && rest.get(length) == Some(&b']')).then_some(at + 1 + length)
}

impl Timestamp {
    /// The parts of this timestamp, read again from `text`, the text of its span. Spans are those of the
    /// note.
    pub fn parts(&self, text: &str) -> TimestampParts {
        let source = Source::new(text);
        let parts = match self.form {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn moment(seconds: u32) -> Option<Moment> {
        Some(Moment { seconds })
    }

    #[test]
    fn clocks_are_read_as_they_stand() {
        for (text, clock) in [
            ("00:01:55", Clock::Moment(Moment { seconds: 115 })),
            ("1:55", Clock::Moment(Moment { seconds: 115 })),
            ("100:00:00", Clock::Moment(Moment { seconds: 360_000 })),
            ("00:75:10", Clock::OutOfRange { carried: moment(4510) }),
            ("1:75", Clock::OutOfRange { carried: moment(135) }),
            ("4294967295:00:60", Clock::OutOfRange { carried: None }),
            ("4294967295:00:00", Clock::Malformed { reading: None }),
            ("00:01:55:12", Clock::Malformed { reading: moment(115) }),
            ("00:01:55:60", Clock::Malformed { reading: None }),
            (" 1:55", Clock::Malformed { reading: moment(115) }),
            ("[1:55]", Clock::Malformed { reading: moment(115) }),
            ("1:55.250", Clock::Malformed { reading: moment(115) }),
            ("00:01:55]-[00:01:58", Clock::Malformed { reading: None }),
            ("-1:55", Clock::Malformed { reading: None }),
            ("1.55", Clock::Malformed { reading: None }),
            ("1:5", Clock::Malformed { reading: None }),
            ("1:2:3:4", Clock::Malformed { reading: None }),
            ("١:٥٥", Clock::Malformed { reading: None }),
            ("HH:MM:SS", Clock::Malformed { reading: None }),
            ("N/A", Clock::Malformed { reading: None }),
            ("", Clock::Malformed { reading: None }),
        ] {
            assert_eq!(read_clock(text), clock, "{text}");
        }
    }

    #[test]
    fn moments_are_shown_short_and_written_long() {
        for (seconds, shown, clock) in
            [(0, "0:00", "00:00:00"), (115, "1:55", "00:01:55"), (3715, "1:01:55", "01:01:55")]
        {
            assert_eq!(Moment { seconds }.to_string(), shown);
            assert_eq!(Moment { seconds }.clock(), clock);
        }
    }
}
