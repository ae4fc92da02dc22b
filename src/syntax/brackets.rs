//! Constructs with brackets beyond CommonMark: wikilinks, embeds, footnote uses and bare timestamps, found in
//! one pass over the `[` of a text.

use std::ops::Range;

use crate::text::Span;

use super::parsed::{Fault, FaultKind, LabelKind, LabelUse, Link, LinkKind, Timestamp};
use super::source::{Source, Walk};
use super::timestamp::read_bare;

/// The constructs found, in the order of the text.
#[derive(Default)]
pub(super) struct Brackets {
    pub(super) wikilinks: Vec<Link>,
    pub(super) footnote_uses: Vec<LabelUse>,
    pub(super) bare_timestamps: Vec<Timestamp>,
    pub(super) faults: Vec<Fault>,
}

/// The context of the pass; all spans sorted.
#[derive(Default)]
pub(super) struct Surroundings<'a> {
    /// Code, math and comments.
    pub(super) opaque: &'a [Span],
    /// Tags of timestamps.
    pub(super) timestamps: &'a [Timestamp],
    /// Markdown links and uses of labels.
    pub(super) markdown_links: &'a [Span],
    /// Links as in `[[1]](https://example.org)`, whose inner brackets are display text.
    pub(super) bracketed_links: &'a [Span],
    /// Whether a bare `[1:55]` is a timestamp.
    pub(super) has_video: bool,
}

/// Reads the constructs at each `[` in `range`.
pub(super) fn read(source: Source<'_>, range: Range<usize>, surroundings: &Surroundings<'_>) -> Brackets {
    let timestamps: Vec<Span> = surroundings.timestamps.iter().map(|timestamp| timestamp.span).collect();
    let mut timestamps = Walk::new(&timestamps);
    let mut opaque = Walk::new(surroundings.opaque);
    let mut markdown_links = Walk::new(surroundings.markdown_links);
    let mut bracketed_links = Walk::new(surroundings.bracketed_links);
    let mut found = Brackets::default();
    let mut at = range.start;
    while let Some(open) = source.find(b'[', at..range.end) {
        at = open + 1;
        let next = source.byte(at);
        if !matches!(next, Some(b'[' | b'^' | b'0'..=b'9')) {
            continue;
        }
        if let Some(span) = opaque.at(open).or_else(|| timestamps.at(open)) {
            at = at.max(span.end.to_usize());
            continue;
        }
        match next {
            Some(b'[') if source.byte(open + 2) == Some(b'[') || source.is_escaped(open) => {}
            Some(b'[') => {
                if let Some(span) = bracketed_links.at(open) {
                    at = span.end.to_usize();
                    continue;
                }
                at = open + 2;
                match read_double(source, open, range.end) {
                    DoubleBracket::Link(link) => {
                        at = link.span.end.to_usize();
                        if opaque.at(at - 1).is_none() {
                            found.wikilinks.push(link);
                        }
                    }
                    DoubleBracket::Fault(fault) if opaque.overlapping(&fault.span.range()).is_none() => {
                        found.faults.push(fault);
                    }
                    DoubleBracket::Fault(_) | DoubleBracket::Nothing => {}
                }
            }
            Some(b'^') => found.footnote_uses.extend(read_footnote_use(source, open, range.end)),
            _ if surroundings.has_video && source.byte_before(open) != Some(b'!') => {
                if let Some(timestamp) = read_bare(source, open)
                    && markdown_links.at(open).is_none()
                {
                    found.bare_timestamps.push(timestamp);
                }
            }
            _ => {}
        }
    }
    found
}

/// The construct at a `[[`.
enum DoubleBracket {
    Link(Link),
    Fault(Fault),
    Nothing,
}

/// Reads the construct at the `[[` at `open`. Looks no further than the next `[[` or line break, so that
/// reading a whole line is linear in its length.
fn read_double(source: Source<'_>, open: usize, limit: usize) -> DoubleBracket {
    let start = open + 2;
    let mut pipe = None;
    let mut depth = 0_u32;
    let mut at = start;
    let stop = loop {
        let Some(next) = source
            .bytes(at..limit)
            .iter()
            .position(|byte| matches!(byte, b'[' | b']' | b'|' | b'\n' | b'\r'))
        else {
            break limit;
        };
        let next = at + next;
        at = next + 1;
        let is_doubled = source.byte(next) == source.byte(at) && at < limit;
        match source.byte(next) {
            Some(b'|') => pipe = pipe.or(Some(next)),
            Some(b']') if depth > 0 => depth -= 1,
            Some(b']') if is_doubled => return closed(source, open, start..next, pipe),
            Some(b'[') if is_doubled => break next,
            // Names have no brackets, but display texts may: `[[note|see [1]]]`.
            Some(b'[') if pipe.is_some() => depth += 1,
            Some(b']') if ends_alone(source, at, limit) => break at,
            Some(b'[' | b']') => return DoubleBracket::Nothing,
            _ => break next,
        }
    };
    let name = source.slice(start..pipe.unwrap_or(stop).min(stop)).trim_end_matches(']').trim();
    if name.is_empty() || is_number_row(name) {
        return DoubleBracket::Nothing;
    }
    DoubleBracket::Fault(Fault { span: source.trim_end(open..stop).into(), kind: FaultKind::UnclosedLink })
}

/// Returns whether the `]` before `at` is one half of a `]]`, as editors that close brackets leave it behind:
/// not the end of a link's text (`[[1](a.md)]`), of a label or of a part of text in brackets (`[[a] b]`).
fn ends_alone(source: Source<'_>, at: usize, limit: usize) -> bool {
    let rest = source.bytes(at..limit);
    if rest.first().is_some_and(|next| matches!(next, b'(' | b'[' | b':')) {
        return false;
    }
    let mut depth = 0_usize;
    for (index, byte) in rest.iter().enumerate() {
        match byte {
            b'[' if rest.get(index + 1) == Some(&b'[') => return true,
            b'[' => depth += 1,
            b']' if depth == 0 => return false,
            b']' => depth -= 1,
            b'\n' | b'\r' => return true,
            _ => {}
        }
    }
    true
}

/// Returns whether a text is a row of numbers: `[[1, 2` is the start of a matrix and not a link.
pub fn is_number_row(name: &str) -> bool {
    name.contains(',')
        && name
            .bytes()
            .all(|byte| byte.is_ascii_digit() || matches!(byte, b',' | b' ' | b'.' | b'-' | b'+' | b'e'))
}

/// Returns the link `[[content]]`, with the `|` at `pipe`.
fn closed(source: Source<'_>, open: usize, content: Range<usize>, pipe: Option<usize>) -> DoubleBracket {
    let end = content.end + 2;
    let name_end = match pipe {
        // In tables the `|` of a link is written `\|`.
        Some(pipe) if source.byte_before(pipe) == Some(b'\\') => pipe - 1,
        Some(pipe) => pipe,
        None => content.end,
    };
    let name = content.start..name_end.max(content.start);
    if is_number_row(source.slice(name.clone()).trim()) {
        return DoubleBracket::Nothing;
    }
    let (target, fragment) = split_name(source, name);
    let is_embed = source.byte_before(open) == Some(b'!') && !source.is_escaped(open - 1);
    let span = Span::new(if is_embed { open - 1 } else { open }, end);
    if target.is_empty() && fragment.as_ref().is_none_or(Range::is_empty) {
        return DoubleBracket::Fault(Fault { span, kind: FaultKind::EmptyLink });
    }
    DoubleBracket::Link(Link {
        kind: if is_embed { LinkKind::Embed } else { LinkKind::Wikilink },
        is_external: is_address(source.slice(target.clone())),
        span,
        target: target.into(),
        fragment: fragment.map(Span::from),
        display: pipe.map(|pipe| source.trim(pipe + 1..content.end).into()),
    })
}

/// Returns whether a target is an address: `https://example.org` is one, `note: a story` is not.
fn is_address(target: &str) -> bool {
    target.contains("://") && super::address::has_scheme(target)
}

/// Returns target and fragment of the part before the `|`.
fn split_name(source: Source<'_>, name: Range<usize>) -> (Range<usize>, Option<Range<usize>>) {
    let (target, fragment) = split_wikilink_name(source.slice(name.clone()));
    let within = |part: Range<usize>| name.start + part.start..name.start + part.end;
    (within(target), fragment.map(within))
}

/// Returns the trimmed ranges of target and fragment in the part of a wikilink before its `|`: `note` and
/// `A#B` of ` note#A#B `. `None` for the fragment without a `#`. `[[^^id]]`, Obsidian's search of the vault,
/// has only a fragment.
pub fn split_wikilink_name(name: &str) -> (Range<usize>, Option<Range<usize>>) {
    let trimmed = |start: usize, end: usize| {
        let part = name.get(start..end).unwrap_or_default();
        let inset = part.len() - part.trim_start().len();
        let start = if inset == part.len() { start } else { start + inset };
        start..start + part.trim().len()
    };
    let whole = trimmed(0, name.len());
    let text = name.get(whole.clone()).unwrap_or_default();
    if text.starts_with("^^") {
        return (whole.start..whole.start, Some(whole));
    }
    match text.find('#').filter(|_| !is_address(text)) {
        Some(sign) => {
            let sign = whole.start + sign;
            (trimmed(whole.start, sign), Some(trimmed(sign + 1, whole.end)))
        }
        None => (whole, None),
    }
}

/// Reads the footnote use `[^label]` at `open`.
fn read_footnote_use(source: Source<'_>, open: usize, limit: usize) -> Option<LabelUse> {
    let start = open + 2;
    let length = source
        .bytes(start..limit)
        .iter()
        .position(|byte| matches!(byte, b'[' | b']' | b'^') || byte.is_ascii_whitespace())?;
    let end = start + length;
    if length == 0 || source.byte(end) != Some(b']') || source.is_escaped(open) {
        return None;
    }
    Some(LabelUse { kind: LabelKind::Footnote, span: Span::new(open, end + 1), label: Span::new(start, end) })
}
