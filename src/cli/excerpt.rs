//! The line of a note as a terminal can show it, with a place in it marked.

use std::ops::Range;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Origin, Renderer, Snippet, Title};
use anstyle::{AnsiColor, Style};

use crate::text::{Encoding, Offset, Span, Text};

use super::terminal::{escape, painted, push_escaped};

/// Wider than any excerpt, so that the renderer does not cut it again.
const WIDTH: usize = 1_000;

/// Renders a title with a place below it: its path, line and column, and the line with the place marked.
/// For a file without text it is the path only. The result does not end with a line break.
pub(super) fn marked(title: Title<'_>, path: &str, text: &Text, span: Span, is_coloured: bool) -> String {
    let renderer = if is_coloured { Renderer::styled() } else { Renderer::plain() };
    let renderer = renderer.term_width(WIDTH).decor_style(DecorStyle::Ascii);
    let path = escape(path);
    if text.is_empty() {
        return renderer.render(&[Group::with_title(title).element(Origin::path(path))]);
    }
    let excerpt = Excerpt::new(text, span);
    let mark = AnnotationKind::Primary.span(excerpt.place);
    let snippet = Snippet::source(excerpt.text).line_start(excerpt.line).annotation(mark);
    let rendered = renderer.render(&[Group::with_title(title).element(snippet)]);
    // The renderer would count columns in the excerpt, so the line with the path is written here.
    let (title, rest) = rendered.split_once('\n').unwrap_or((&rendered, ""));
    let width = excerpt.line.to_string().len();
    let arrow = if is_coloured { painted(ARROW, "-->") } else { "-->".to_owned() };
    format!("{title}\n{:width$}{arrow} {path}:{}:{}\n{rest}", "", excerpt.line, excerpt.column)
}

/// The style of the renderer's own lines.
const ARROW: Style = AnsiColor::BrightBlue.on_default().bold();

/// The maximum number of characters before a place.
const MAX_BEFORE: usize = 36;

/// The maximum number of characters of an excerpt.
const MAX_CHARACTERS: usize = 96;

/// The line of a place, escaped and cut to the text around the place.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Excerpt {
    /// The text, with `…` where it is cut.
    text: String,
    /// The place in `text`, in bytes. Of a place of several lines it is the part on the first line.
    place: Range<usize>,
    /// Counted from 1.
    line: usize,
    /// Counted from 1, in characters of the note.
    column: usize,
}

impl Excerpt {
    /// Cuts out a place. The cost does not grow with the length of its line.
    fn new(text: &Text, span: Span) -> Excerpt {
        let position = text.position(span.start, Encoding::Utf32);
        let line = text.line(position.line as usize).unwrap_or_else(|| Span::empty(text.end()));
        let start = span.start.min(line.end).max(line.start);
        let end = span.end.min(line.end).max(start);
        let from = Offset::new(start.to_usize().saturating_sub(MAX_BEFORE * 4)).max(line.start);
        let before = text.slice(Span::between(from, start));
        let skipped = before.chars().count().saturating_sub(MAX_BEFORE);
        let is_cut_before = from > line.start || skipped > 0;
        let mut excerpt = EscapedText::new(if is_cut_before { "…" } else { "" });
        before.chars().skip(skipped).for_each(|char| excerpt.push(char));
        let place = excerpt.out.len();
        let rest = text.slice(Span::between(start, line.end.min(start.plus(MAX_CHARACTERS * 4 + 8))));
        let mut place_end = place;
        for (index, char) in rest.char_indices() {
            if excerpt.count >= MAX_CHARACTERS {
                excerpt.out.push('…');
                break;
            }
            excerpt.push(char);
            if start.plus(index) < end {
                place_end = excerpt.out.len();
            }
        }
        Excerpt {
            text: excerpt.out,
            place: place..place_end,
            line: position.line as usize + 1,
            column: position.column as usize + 1,
        }
    }
}

/// A text under construction, with the state that escaping the next character needs.
struct EscapedText {
    out: String,
    count: usize,
    before: Option<char>,
}

impl EscapedText {
    fn new(start: &str) -> EscapedText {
        EscapedText { out: start.to_owned(), count: 0, before: None }
    }

    fn push(&mut self, char: char) {
        if char == '\t' {
            self.out.push_str("    ");
        } else {
            push_escaped(&mut self.out, char, self.before);
        }
        self.before = Some(char);
        self.count += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lines_are_cut_around_the_place() {
        let line = format!("{}[[place]]{}", "ä".repeat(500), "é".repeat(500));
        let text = Text::from(format!("first\r\n{line}\r\n").as_str());
        let start = 7 + 1000;
        let excerpt = Excerpt::new(&text, Span::new(start, start + 9));
        assert_eq!((excerpt.line, excerpt.column), (2, 501));
        assert_eq!(excerpt.text.get(excerpt.place.clone()).unwrap(), "[[place]]");
        assert_eq!(excerpt.text, format!("…{}[[place]]{}…", "ä".repeat(36), "é".repeat(51)));
    }

    #[test]
    fn short_lines_are_shown_whole() {
        let text = Text::from("a\n\tb \x1bc\u{2028}d\ne");
        let excerpt = Excerpt::new(&text, Span::new(5, 11));
        assert_eq!(excerpt.text, "    b \\u{1b}c\\u{2028}d");
        assert_eq!(excerpt.text.get(excerpt.place.clone()).unwrap(), "\\u{1b}c\\u{2028}d");
        assert_eq!((excerpt.line, excerpt.column), (2, 4));
        let end = Excerpt::new(&text, Span::empty(text.end()));
        assert_eq!((end.text.as_str(), end.place, end.line, end.column), ("e", 1..1, 3, 2));
    }

    #[test]
    fn places_of_several_lines_show_their_first() {
        let text = Text::from("a b\nc");
        let excerpt = Excerpt::new(&text, Span::new(2, 5));
        assert_eq!((excerpt.text.as_str(), excerpt.place), ("a b", 2..3));
    }
}
