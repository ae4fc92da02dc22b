//! Byte offsets and spans, in types of their own so that they are never mistaken for columns or counts.

use std::fmt;
use std::num::NonZeroU32;

/// A place in a note, in bytes from its start. Always on a `char` boundary of the text it belongs to.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Offset {
    /// One more than the offset, so that an `Option` of an offset or span is no larger.
    successor: NonZeroU32,
}

impl Offset {
    /// The start of every text.
    pub const ZERO: Offset = Offset { successor: NonZeroU32::MIN };

    /// Returns the offset of a byte index.
    ///
    /// Texts are capped below 4 GiB when they are read, so the index always fits; past that it saturates.
    pub fn new(bytes: usize) -> Offset {
        let bytes = u32::try_from(bytes).unwrap_or(u32::MAX);
        Offset { successor: NonZeroU32::MIN.saturating_add(bytes) }
    }

    /// Returns the offset as an index in bytes.
    pub fn to_usize(self) -> usize {
        self.successor.get() as usize - 1
    }

    /// Returns the offset `bytes` further on.
    pub fn plus(self, bytes: usize) -> Offset {
        Offset::new(self.to_usize().saturating_add(bytes))
    }
}

impl Default for Offset {
    fn default() -> Offset {
        Offset::ZERO
    }
}

impl fmt::Debug for Offset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.to_usize())
    }
}

/// A half-open stretch of a note in bytes: `start..end`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Span {
    /// The first byte.
    pub start: Offset,
    /// The byte after the last one; never before `start`.
    pub end: Offset,
}

impl Span {
    /// Returns the span from `start` to `end` in bytes. If the end is before the start, the span is empty at
    /// the start.
    pub fn new(start: usize, end: usize) -> Span {
        Span { start: Offset::new(start), end: Offset::new(end.max(start)) }
    }

    /// Returns the empty span at `at`.
    pub fn empty(at: Offset) -> Span {
        Span { start: at, end: at }
    }

    /// Returns the span between two offsets. If the end is before the start, the span is empty at the start.
    pub fn between(start: Offset, end: Offset) -> Span {
        Span { start, end: end.max(start) }
    }

    /// Returns the length in bytes.
    pub fn len(self) -> usize {
        self.end.to_usize() - self.start.to_usize()
    }

    /// Returns whether the span covers no byte.
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// Returns whether `at` lies in the span or at its end, as the cursor does when it touches it.
    pub fn touches(self, at: Offset) -> bool {
        self.start <= at && at <= self.end
    }

    /// Returns whether the byte at `at` belongs to the span.
    pub fn contains(self, at: Offset) -> bool {
        self.start <= at && at < self.end
    }

    /// Returns whether `other` lies wholly within.
    pub fn covers(self, other: Span) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// Returns whether the two share at least one byte.
    pub fn overlaps(self, other: Span) -> bool {
        self.start < other.end && other.start < self.end
    }

    /// Returns the stretch as a range of byte indices.
    pub fn range(self) -> std::ops::Range<usize> {
        self.start.to_usize()..self.end.to_usize()
    }
}

impl From<std::ops::Range<usize>> for Span {
    fn from(range: std::ops::Range<usize>) -> Span {
        Span::new(range.start, range.end)
    }
}

impl fmt::Debug for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}..{:?}", self.start, self.end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_offset_may_be_missing_at_no_cost() {
        assert_eq!(size_of::<Option<Span>>(), size_of::<[u32; 2]>());
        assert_eq!((Offset::default(), Offset::new(0).to_usize()), (Offset::ZERO, 0));
        assert!(Offset::new(1) < Offset::new(2) && Offset::new(usize::MAX) > Offset::new(1 << 31));
    }
}
