//! The text that is parsed, with reads for any index: outside the text or inside a character they return
//! nothing and never panic. Places are byte indices in these inner loops and become [`Span`]s at their end.

use std::ops::Range;

use crate::text::Span;

/// The text that is parsed.
#[derive(Clone, Copy)]
pub(super) struct Source<'a> {
    text: &'a str,
}

impl<'a> Source<'a> {
    pub(super) fn new(text: &'a str) -> Source<'a> {
        Source { text }
    }

    pub(super) fn text(self) -> &'a str {
        self.text
    }

    pub(super) fn len(self) -> usize {
        self.text.len()
    }

    pub(super) fn byte(self, at: usize) -> Option<u8> {
        self.text.as_bytes().get(at).copied()
    }

    /// Returns the byte before `at`; `None` at the start.
    pub(super) fn byte_before(self, at: usize) -> Option<u8> {
        self.byte(at.checked_sub(1)?)
    }

    pub(super) fn slice(self, range: Range<usize>) -> &'a str {
        self.text.get(range).unwrap_or_default()
    }

    pub(super) fn span(self, span: Span) -> &'a str {
        self.slice(span.range())
    }

    pub(super) fn bytes(self, range: Range<usize>) -> &'a [u8] {
        self.text.as_bytes().get(range).unwrap_or_default()
    }

    /// Returns the bytes from `at` on.
    pub(super) fn rest(self, at: usize) -> &'a [u8] {
        self.bytes(at..self.len())
    }

    pub(super) fn starts_with(self, at: usize, prefix: &[u8]) -> bool {
        self.rest(at).starts_with(prefix)
    }

    /// Returns the index of the first `needle` in the range.
    pub(super) fn find(self, needle: u8, range: Range<usize>) -> Option<usize> {
        let start = range.start;
        memchr::memchr(needle, self.bytes(range)).map(|at| start + at)
    }

    /// Returns the end of the line that `at` lies in, before its line break.
    pub(super) fn line_end(self, at: usize) -> usize {
        memchr::memchr2(b'\n', b'\r', self.rest(at)).map_or(self.len(), |length| at + length)
    }

    /// Returns the start of the line that `at` lies in, but not before `floor`.
    pub(super) fn line_start(self, at: usize, floor: usize) -> usize {
        memchr::memrchr2(b'\n', b'\r', self.bytes(floor..at)).map_or(floor, |before| floor + before + 1)
    }

    /// Returns the range without white space at its ends; empty at its start if there is nothing else.
    pub(super) fn trim(self, range: Range<usize>) -> Range<usize> {
        let text = self.slice(range.clone());
        let start = range.start + (text.len() - text.trim_start().len());
        let end = start + text.trim().len();
        if start == end { range.start..range.start } else { start..end }
    }

    /// Returns the range without white space at its end.
    pub(super) fn trim_end(self, range: Range<usize>) -> Range<usize> {
        let start = range.start;
        start..start + self.slice(range).trim_end().len()
    }

    /// Returns whether an odd number of backslashes precedes `at`, so that its character is literal.
    pub(super) fn is_escaped(self, at: usize) -> bool {
        let before = self.bytes(0..at);
        let other = before.iter().rev().position(|&byte| byte != b'\\').unwrap_or(before.len());
        other % 2 == 1
    }

    /// Returns the index of the first byte from `at` on that is not white space.
    pub(super) fn skip_white_space(self, at: usize) -> usize {
        let rest = self.rest(at);
        at + rest.iter().position(|byte| !byte.is_ascii_whitespace()).unwrap_or(rest.len())
    }
}

/// Looks up spans that overlap given ranges in one pass, for ranges with rising starts.
pub(super) struct Walk<'a> {
    spans: &'a [Span],
}

impl<'a> Walk<'a> {
    /// `spans` must be sorted and must not overlap.
    pub(super) fn new(spans: &'a [Span]) -> Walk<'a> {
        Walk { spans }
    }

    /// Returns the first span that shares a byte with the range. Ranges must be given with rising starts.
    pub(super) fn overlapping(&mut self, range: &Range<usize>) -> Option<Span> {
        while let Some((first, rest)) = self.spans.split_first() {
            if first.end.to_usize() > range.start {
                return (first.start.to_usize() < range.end).then_some(*first);
            }
            self.spans = rest;
        }
        None
    }

    /// Returns the span that holds the byte at `at`.
    pub(super) fn at(&mut self, at: usize) -> Option<Span> {
        self.overlapping(&(at..at + 1))
    }
}

/// Drops the items that overlap one of these spans. Both are sorted, and the spans do not overlap.
pub(super) fn drop_overlapping<T>(items: &mut Vec<T>, spans: &[Span], span: impl Fn(&T) -> Span) {
    let mut walk = Walk::new(spans);
    items.retain(|item| walk.overlapping(&span(item).range()).is_none());
}

/// Sorts spans and merges those that overlap.
pub(super) fn merge_overlapping(spans: &mut Vec<Span>) {
    if spans.is_sorted_by(|one, next| one.end <= next.start) {
        return;
    }
    spans.sort_unstable_by_key(|span| (span.start, span.end));
    spans.dedup_by(|next, kept| {
        let overlaps = next.start < kept.end;
        if overlaps {
            kept.end = kept.end.max(next.end);
        }
        overlaps
    });
}
