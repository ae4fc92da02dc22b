//! Lookup among the elements of a text that are sorted by where they start, each in the logarithm of their
//! number.
//!
//! Elements of one kind nest at most a few levels deep (an image in a link), so a lookup that needs the
//! element around a place looks a few elements back and no further.

use super::{Offset, Span};

/// How many elements before a place are looked at for one that reaches it.
const MAX_NESTING: usize = 4;

/// An element of a text.
pub trait Placed {
    /// The span that elements of its kind are sorted by: all of a link, `^id` of a block.
    fn place(&self) -> Span;
}

impl Placed for Span {
    fn place(&self) -> Span {
        *self
    }
}

/// Elements of one kind, sorted by where they start.
pub trait SortedByPlace {
    /// The kind of element.
    type Element;

    /// Splits into those that start before `at`, and those that start there or behind it.
    fn split_at_offset(&self, at: Offset) -> (&[Self::Element], &[Self::Element]);

    /// Returns the element that starts at `at`.
    fn starting_at(&self, at: Offset) -> Option<&Self::Element>;

    /// Returns those that start within `span`.
    fn starting_in(&self, span: Span) -> &[Self::Element];

    /// Returns those that share a byte with `span`, in order.
    fn overlapping(&self, span: Span) -> impl Iterator<Item = &Self::Element>;

    /// Returns the innermost element that the byte at `at` belongs to.
    fn containing(&self, at: Offset) -> Option<&Self::Element>;

    /// Returns the innermost element that the byte at `at` belongs to, else one that ends there: what a
    /// cursor is on.
    fn touching(&self, at: Offset) -> Option<&Self::Element>;
}

impl<T: Placed> SortedByPlace for [T] {
    type Element = T;

    fn split_at_offset(&self, at: Offset) -> (&[T], &[T]) {
        let before = self.partition_point(|one| one.place().start < at);
        self.split_at_checked(before).unwrap_or_default()
    }

    fn starting_at(&self, at: Offset) -> Option<&T> {
        self.split_at_offset(at).1.first().filter(|one| one.place().start == at)
    }

    fn starting_in(&self, span: Span) -> &[T] {
        let (_, behind) = self.split_at_offset(span.start);
        behind.split_at_offset(span.end).0
    }

    fn overlapping(&self, span: Span) -> impl Iterator<Item = &T> {
        let (before, behind) = self.split_at_offset(span.start);
        let near = last(before).iter().chain(behind);
        near.take_while(move |one| one.place().start < span.end).filter(move |one| one.place().overlaps(span))
    }

    fn containing(&self, at: Offset) -> Option<&T> {
        let (before, _) = self.split_at_offset(at.plus(1));
        last(before).iter().rfind(|one| one.place().contains(at))
    }

    fn touching(&self, at: Offset) -> Option<&T> {
        let (before, _) = self.split_at_offset(at.plus(1));
        let near = last(before);
        self.containing(at).or_else(|| near.iter().rfind(|one| one.place().touches(at)))
    }
}

/// The last few elements.
fn last<T>(elements: &[T]) -> &[T] {
    elements.get(elements.len().saturating_sub(MAX_NESTING)..).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_lookup_finds_what_a_walk_over_all_would() {
        let nested: Vec<Span> = [0..9, 2..4, 4..4, 9..12, 15..20, 16..17].map(Span::from).to_vec();
        let all = |fits: &dyn Fn(Span) -> bool| {
            nested.iter().copied().filter(|span| fits(*span)).collect::<Vec<Span>>()
        };
        for at in (0..22).map(Offset::new) {
            let (before, behind) = nested.split_at_offset(at);
            assert!(before.iter().all(|span| span.start < at) && behind.iter().all(|span| span.start >= at));
            assert_eq!(nested.starting_at(at), nested.iter().find(|span| span.start == at), "{at:?}");
            let inner = nested.iter().rfind(|span| span.contains(at));
            assert_eq!(nested.containing(at), inner, "{at:?}");
            let touched = inner.or_else(|| nested.iter().rfind(|span| span.touches(at)));
            assert_eq!(nested.touching(at), touched, "{at:?}");
            for span in (0..6).map(|length| Span::between(at, at.plus(length))) {
                let overlapping: Vec<Span> = nested.overlapping(span).copied().collect();
                assert_eq!(overlapping, all(&|one| one.overlaps(span)), "{span:?}");
                assert_eq!(nested.starting_in(span), all(&|one| span.contains(one.start)));
            }
        }
    }
}
