//! Where in a note text is only text: words there can become a link, and are not said by anything else.

use crate::text::Span;
use crate::vault::NoteRef;

/// The stretches of a note that are no plain text, in order and apart: front matter, headings, links and
/// their labels, tags, timestamps, block ids, callout kinds, code, math, comments, HTML tags. Linear in the
/// note.
pub(super) fn other_than_prose(note: &NoteRef<'_>, text: &str) -> Vec<Span> {
    let parsed = &note.note.parsed;
    let mut taken: Vec<Span> = parsed.opaque.to_vec();
    taken.extend(parsed.front_matter.as_ref().map(|front_matter| front_matter.span));
    taken.extend(parsed.headings.iter().map(|heading| heading.span));
    taken.extend(parsed.links.iter().map(|link| link.span));
    taken.extend(parsed.label_uses.iter().map(|label| label.span));
    taken.extend(parsed.label_definitions.iter().map(|definition| definition.label));
    taken.extend(parsed.tags.iter().map(|tag| tag.span));
    taken.extend(parsed.timestamps.iter().map(|timestamp| timestamp.span));
    taken.extend(parsed.blocks.iter().map(|block| block.id));
    taken.extend(parsed.callouts.iter().map(|callout| callout.span));
    taken.extend(parsed.faults.iter().map(|fault| fault.span));
    taken.extend(html_tags(text));
    taken.sort_unstable();
    taken.dedup_by(|next, before| {
        let is_joined = next.start <= before.end;
        if is_joined {
            before.end = before.end.max(next.end);
        }
        is_joined
    });
    taken
}

/// What looks like an HTML tag: from a `<` before a letter, `/`, `!` or `?` to the `>` that ends it, which no
/// quoted attribute value holds. A tag that is not closed within its paragraph is none.
fn html_tags(text: &str) -> Vec<Span> {
    let bytes = text.as_bytes();
    let mut tags = Vec::new();
    let mut at = 0;
    while let Some(open) = memchr::memchr(b'<', bytes.get(at..).unwrap_or_default()) {
        let open = at + open;
        let begins_tag =
            bytes.get(open + 1).is_some_and(|byte| byte.is_ascii_alphabetic() || b"/!?".contains(byte));
        let end = if begins_tag { tag_end(bytes, open + 1) } else { None };
        tags.extend(end.map(|end| Span::new(open, end)));
        at = end.unwrap_or(open + 1);
    }
    tags
}

/// The place after the `>` of the tag whose inside begins at `start`.
fn tag_end(bytes: &[u8], start: usize) -> Option<usize> {
    let mut quote = None;
    let mut is_blank = false;
    for (at, byte) in bytes.iter().enumerate().skip(start) {
        match (byte, quote) {
            (b'>', None) => return Some(at + 1),
            (b'\n', _) if is_blank => return None,
            (b'"' | b'\'', None) if bytes.get(at.wrapping_sub(1)) == Some(&b'=') => quote = Some(*byte),
            (byte, Some(open)) if *byte == open => quote = None,
            _ => {}
        }
        is_blank = *byte == b'\n' || is_blank && byte.is_ascii_whitespace();
    }
    None
}
