//! Obsidian's comments, `%% … %%`.

use memchr::memmem;

use crate::text::Span;

use super::source::{Source, Walk};

/// Finds the comments from `from` on. One that starts a line may contain empty lines, any other ends in its
/// own paragraph; an unclosed `%%` starts none. `opaque` is sorted and holds the spans in which `%%` means
/// nothing.
pub(super) fn find_comments(source: Source<'_>, from: usize, opaque: &[Span]) -> Vec<Span> {
    let mut opaque = Walk::new(opaque);
    let mut comments = Vec::new();
    let mut open: Option<usize> = None;
    let mut floor = from;
    for hit in memmem::find_iter(source.rest(from), b"%%") {
        let at = from + hit;
        if at < floor || opaque.at(at).is_some() || source.is_escaped(at) {
            continue;
        }
        floor = at + 2;
        match open {
            Some(start) if is_one_comment(source, start, at, from) => {
                comments.push(Span::new(start, at + 2));
                open = None;
            }
            _ => open = Some(at),
        }
    }
    comments
}

fn is_one_comment(source: Source<'_>, start: usize, end: usize, from: usize) -> bool {
    let before = source.bytes(from..start).iter().rev().find(|byte| !matches!(byte, b' ' | b'\t'));
    matches!(before, None | Some(b'\n' | b'\r')) || !has_empty_line(source.slice(start..end))
}

fn has_empty_line(text: &str) -> bool {
    text.lines().skip(1).any(|line| line.trim().is_empty())
}
