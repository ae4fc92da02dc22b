//! What lies below each heading of a note.

use crate::syntax::Heading;
use crate::text::{Offset, Span};

/// The section of each heading, up to the next heading of its level or above. Linear in the number of headings.
pub(crate) fn sections(headings: &[Heading], end: Offset) -> Vec<Span> {
    let mut found: Vec<Span> = headings.iter().map(|one| Span::between(one.span.start, end)).collect();
    let mut open: Vec<(usize, u8)> = Vec::new();
    for (index, heading) in headings.iter().enumerate() {
        while let Some((above, _)) = open.pop_if(|(_, level)| *level >= heading.level) {
            if let Some(section) = found.get_mut(above) {
                section.end = heading.span.start;
            }
        }
        open.push((index, heading.level));
    }
    found
}
