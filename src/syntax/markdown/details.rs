//! What lies within blocks and is selected as a whole: emphasis, code, and the rows and cells of tables. Each
//! span lies within the text.

use std::ops::Range;

use pulldown_cmark::{Event, Tag as Element, TagEnd};

use crate::text::Span;

use super::super::source::Source;

/// Collects the spans from the events of one pass.
pub(super) struct Details<'a> {
    source: Source<'a>,
    /// The rows of the table that has not ended yet, without its head.
    body: Option<Range<usize>>,
    /// All spans, none of them empty.
    pub(super) found: Vec<Span>,
}

impl<'a> Details<'a> {
    pub(super) fn new(source: Source<'a>) -> Details<'a> {
        Details { source, body: None, found: Vec::new() }
    }

    /// Takes an event with its range in the text.
    pub(super) fn event(&mut self, event: &Event<'_>, range: Range<usize>) {
        match event {
            Event::Start(Element::Emphasis) => self.between_marks(range, 1),
            Event::Start(Element::Strong) => self.between_marks(range, 2),
            Event::Start(Element::Strikethrough) => self.between_marks_of(b'~', range),
            Event::Code(_) => self.between_marks_of(b'`', range),
            Event::Start(Element::TableHead) => self.add(self.source.trim_end(range)),
            Event::Start(Element::TableRow) => {
                let row = self.source.trim_end(range);
                self.body.get_or_insert(row.start..row.end).end = row.end;
                self.add(row);
            }
            Event::Start(Element::TableCell) => self.cell(range),
            Event::End(TagEnd::Table) => {
                let body = self.body.take();
                self.found.extend(body.map(Span::from));
            }
            _ => {}
        }
    }

    fn between_marks_of(&mut self, mark: u8, range: Range<usize>) {
        let marks = self.source.bytes(range.clone()).iter().take_while(|byte| **byte == mark).count();
        self.between_marks(range, marks);
    }

    /// Adds `**bold**` and `bold`, with marks of that many bytes on both sides.
    fn between_marks(&mut self, range: Range<usize>, mark_bytes: usize) {
        self.add(range.start + mark_bytes..range.end.saturating_sub(mark_bytes));
        self.add(range);
    }

    /// Adds `text`, ` text ` and `| text |` of a cell, the last with those of its bars that are written.
    fn cell(&mut self, range: Range<usize>) {
        let start = range.start - usize::from(self.source.byte_before(range.start) == Some(b'|'));
        let end = range.end + usize::from(self.source.byte(range.end) == Some(b'|'));
        self.add(self.source.trim(range.clone()));
        self.add(range);
        self.add(start..end);
    }

    fn add(&mut self, range: Range<usize>) {
        if !range.is_empty() {
            self.found.push(range.into());
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::syntax::{detailed_structure, parse};

    fn check(text: &str, expected: &[&str]) {
        let (_, details) = detailed_structure(text, &parse(text));
        let written: Vec<&str> = details.iter().map(|span| text.get(span.range()).unwrap()).collect();
        assert_eq!(written, expected, "{text:?}");
    }

    #[test]
    fn emphasis_and_code_have_marks() {
        check("~~öl~~ and ~x~", &["öl", "~~öl~~", "x", "~x~"]);
        check("***both***", &["**both**", "***both***", "both", "**both**"]);
        check("# __a *b*__", &["a *b*", "__a *b*__", "b", "*b*"]);
        check("`` a`b `` `c`", &[" a`b ", "`` a`b ``", "c", "`c`"]);
        check("```\n*a*\n```\n2 * 3 * 4 \\*a* `open", &[]);
        check("---\ntitle: \"*a*\"\n---\n*ü*\r\n", &["ü", "*ü*"]);
    }

    #[test]
    fn tables_have_cells_rows_and_a_body() {
        check(
            "| a | b\r\n|-|-|\r\n| ä\\|b ||\r\n|c\r\n\r\nend",
            &[
                "| a | b",
                "a",
                " a ",
                "| a |",
                "b",
                " b",
                "| b", //
                "| ä\\|b ||",
                "ä\\|b",
                " ä\\|b ",
                "| ä\\|b |",
                "||", //
                "|c",
                "c",
                "c",
                "|c",
                "| ä\\|b ||\r\n|c",
            ],
        );
        check("a|b\n-|-\n", &["a|b", "a", "a", "a|", "b", "b", "|b"]);
    }
}
