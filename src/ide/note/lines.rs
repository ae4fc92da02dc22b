//! Blocks that are put into a note or taken out of it with their lines, so that no blank line is missing or
//! left over.

use crate::text::Span;
use crate::vault::Note;

/// Returns the line break of a text: `\r\n` if it has one, else `\n`.
pub(crate) fn line_break(text: &str) -> &'static str {
    if text.contains("\r\n") { "\r\n" } else { "\n" }
}

/// Returns what to append to a text so that a block stands at its end, after a blank line.
pub(crate) fn appended_to(text: &str, block: &str, line_break: &str) -> String {
    let missing = match text.rsplit(['\n', '\r']).next() {
        _ if text.is_empty() => 0,
        Some(last_line) if !last_line.is_empty() => 2,
        _ if text.ends_with("\n\n") || text.ends_with("\n\r\n") => 0,
        _ => 1,
    };
    format!("{}{block}{line_break}", line_break.repeat(missing))
}

/// Returns a stretch with the rest of its last line, if it begins its first one; and with a blank line: the
/// one before it, if the note ends or a blank line follows, or the one after it at the start of the note.
pub(crate) fn whole_lines(note: &Note, span: Span) -> Span {
    let text = &note.text;
    let (first, last) = (text.line_of(span.start), text.line_of(span.end));
    let is_blank = |line: usize| text.line(line).is_none_or(|line| text.slice(line).trim().is_empty());
    let begins = |line: usize| text.line(line).map(|line| line.start);
    if begins(first) != Some(span.start) {
        return span;
    }
    let is_between = first > 0 && is_blank(first - 1) && is_blank(last + 1);
    let start = if is_between { begins(first - 1) } else { None };
    let is_top = first == 0 && is_blank(last + 1);
    let end = begins(last + if is_top { 2 } else { 1 });
    Span::between(start.unwrap_or(span.start), end.unwrap_or(text.end()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn appended_text_follows_a_blank_line() {
        for (text, appended) in [
            ("", "x\n"),
            ("a", "\n\nx\n"),
            ("a\n", "\nx\n"),
            ("a\n\n", "x\n"),
            ("a\r\nb", "\r\n\r\nx\r\n"),
            ("a\r\n", "\r\nx\r\n"),
            ("a\r\n\r\n", "x\r\n"),
        ] {
            assert_eq!(appended_to(text, "x", line_break(text)), appended, "{text:?}");
        }
    }
}
