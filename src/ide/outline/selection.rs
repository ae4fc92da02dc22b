//! From a cursor outwards: word, part of a link, link, sentence, line, list item, paragraph, section, note.

use crate::syntax::{Structure, StructureKind, structure};
use crate::text::{Offset, Span};
use crate::vault::{Cancel, Cancelled, FileId, NoteRef, Snapshot};

use crate::ide::cursor::under_cursor::{Element, UnderCursor, under_cursor};
use crate::ide::note::body::body;
use crate::ide::note::sentence::sentence_ends;
use crate::ide::place::NotePosition;

/// For each place of a note what is selected around it step by step, the smallest first: each covers the one
/// before and is longer, and the last is the whole note. The first touches the place. Linear in the note for
/// each place; `None` for attachments.
pub fn selection_ranges(
    vault: &Snapshot,
    note: FileId,
    places: &[Offset],
    cancel: &Cancel,
) -> Result<Option<Vec<Vec<Span>>>, Cancelled> {
    let Some(source) = vault.note(note) else { return Ok(None) };
    let text = source.note.text.to_text();
    let blocks = structure(&text, &source.note.parsed);
    let around = |at: &Offset| {
        cancel.check()?;
        let mut steps = Steps { text: &text, at: *at, found: Vec::new() };
        steps.word();
        if let Some(found) = under_cursor(vault, NotePosition { note, at: *at }) {
            steps.thing(&found);
        }
        steps.blocks(&blocks);
        steps.outline(&source);
        Ok(steps.nested())
    };
    places.iter().map(around).collect::<Result<_, _>>().map(Some)
}

struct Steps<'a> {
    text: &'a str,
    at: Offset,
    found: Vec<Span>,
}

impl Steps<'_> {
    /// Those that touch the place and cover each other, the smallest first.
    fn nested(mut self) -> Vec<Span> {
        let whole = Span::new(0, self.text.len());
        self.found.push(whole);
        self.found.retain(|span| span.touches(self.at) && !span.is_empty() || *span == whole);
        self.found.sort_unstable_by_key(|span| (span.len(), span.start));
        let mut steps: Vec<Span> = Vec::new();
        for span in self.found {
            if steps.last().is_none_or(|inner| span.covers(*inner) && span != *inner) {
                steps.push(span);
            }
        }
        steps
    }

    fn word(&mut self) {
        let at = self.at.to_usize();
        let is_letter = |char: char| char.is_alphanumeric() || matches!(char, '_' | '\u{300}'..='\u{36f}');
        let (before, after) =
            (self.text.get(..at).unwrap_or_default(), self.text.get(at..).unwrap_or_default());
        let start = before.trim_end_matches(is_letter).len();
        let end = at + after.find(|char| !is_letter(char)).unwrap_or(after.len());
        self.found.push(Span::new(start, end));
    }

    /// A thing and its parts.
    fn thing(&mut self, found: &UnderCursor<'_>) {
        match found.thing {
            Element::Link(link) => {
                let fragment = link.fragment.unwrap_or(Span::empty(link.target.end));
                let destination = Span::between(link.target.start, fragment.end.max(link.target.end));
                let display = link.display.unwrap_or(destination);
                let ends = (destination.start.min(display.start), destination.end.max(display.end));
                self.found.extend([
                    link.target,
                    fragment,
                    destination,
                    display,
                    Span::between(ends.0, ends.1),
                ]);
            }
            Element::LabelUse(label) => self.found.push(label.label),
            Element::LabelDefinition(label) => self.found.extend([label.label, label.span]),
            Element::Tag(tag) => self.found.push(tag.name),
            Element::Block(block) => self.found.extend([block.id, block.span]),
            Element::Heading(heading) => self.found.push(heading.content),
            Element::Timestamp(timestamp) => {
                let parts = timestamp.parts(&found.source.note.slice(timestamp.span));
                let parts = [parts.value, parts.label, parts.outer_label, parts.video];
                self.found.extend(parts.into_iter().flatten());
            }
            Element::Anchor(_) | Element::Video(_) | Element::Name(_) | Element::FrontMatter(_) => {}
        }
        self.found.push(found.span);
    }

    fn blocks(&mut self, blocks: &[Structure]) {
        let at = self.at;
        for block in blocks.iter().filter(|block| block.span.touches(at)) {
            self.found.push(block.span);
            match block.kind {
                StructureKind::Paragraph => {
                    self.sentence(block.span);
                    self.line();
                }
                StructureKind::Code => {
                    self.found.extend(self.inside_fence(block.span));
                    self.line();
                }
                _ => self.line(),
            }
        }
    }

    /// The line without its indentation.
    fn line(&mut self) {
        let at = self.at.to_usize();
        let is_break = |char| matches!(char, '\n' | '\r');
        let start =
            self.text.get(..at).and_then(|before| before.rfind(is_break)).map_or(0, |found| found + 1);
        let rest = self.text.get(at..).unwrap_or_default();
        self.push_trimmed(start, at + rest.find(is_break).unwrap_or(rest.len()));
    }

    /// The stretch of a paragraph between ends of sentences.
    fn sentence(&mut self, paragraph: Span) {
        let written = self.text.get(paragraph.range()).unwrap_or_default();
        let mut start = paragraph.start.to_usize();
        let ends = sentence_ends(written, |_| false).map(|end| paragraph.start.to_usize() + end);
        for end in ends.chain([paragraph.end.to_usize()]) {
            if Span::new(start, end).contains(self.at) || end == self.at.to_usize() {
                self.push_trimmed(start, end);
                return;
            }
            start = end;
        }
    }

    fn push_trimmed(&mut self, start: usize, end: usize) {
        let written = self.text.get(start..end).unwrap_or_default();
        let start = start + (written.len() - written.trim_start().len());
        self.found.push(Span::new(start, start + written.trim().len()));
    }

    /// The lines between the fences of a code block.
    fn inside_fence(&self, code: Span) -> Option<Span> {
        let written = self.text.get(code.range())?;
        let first = written.find('\n')? + 1;
        let last = written.rfind('\n')?;
        let is_fenced = written.starts_with("```") || written.starts_with("~~~");
        let start = code.start.to_usize();
        (is_fenced && first <= last).then(|| Span::new(start + first, start + last))
    }

    fn outline(&mut self, source: &NoteRef<'_>) {
        let parsed = &source.note.parsed;
        let end = source.note.text.end();
        if let Some(front_matter) = &parsed.front_matter {
            self.found.extend([front_matter.content, front_matter.span]);
        }
        for (heading, section) in parsed.headings.iter().zip(parsed.sections(end)) {
            if section.contains(self.at) || section.touches(self.at) && section.end == end {
                self.push_trimmed(heading.span.end.to_usize(), section.end.to_usize());
                self.push_trimmed(section.start.to_usize(), section.end.to_usize());
            }
        }
        let body = body(source);
        self.push_trimmed(body.start.to_usize(), body.end.to_usize());
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};
    use proptest::prelude::*;

    use super::*;
    use crate::ide::fixture;

    fn check(text: &str, expected: &Expect) {
        let (vault, at) = fixture::vault(text);
        let note = vault.note(at.note).unwrap();
        let found = selection_ranges(&vault, at.note, &[at.at], &Cancel::new()).unwrap().unwrap();
        let lines: Vec<String> =
            found[0].iter().map(|span| format!("{:?}\n", note.note.slice(*span))).collect();
        expected.assert_eq(&lines.concat());
    }

    #[test]
    fn from_a_word_in_a_link_to_the_note() {
        check(
            "---\ntitle: T\n---\n# One\nFirst one. Second [[large mod$0els#Part|shown]] here!\nThird line.\n\n# Two\n",
            &expect![[r##"
                "models"
                "large models"
                "large models#Part"
                "large models#Part|shown"
                "[[large models#Part|shown]]"
                "Second [[large models#Part|shown]] here!"
                "First one. Second [[large models#Part|shown]] here!"
                "First one. Second [[large models#Part|shown]] here!\nThird line."
                "# One\nFirst one. Second [[large models#Part|shown]] here!\nThird line."
                "# One\nFirst one. Second [[large models#Part|shown]] here!\nThird line.\n\n# Two"
                "---\ntitle: T\n---\n# One\nFirst one. Second [[large models#Part|shown]] here!\nThird line.\n\n# Two\n"
            "##]],
        );
    }

    #[test]
    fn in_lists_quotes_and_code() {
        check(
            "- a\n- b wo$0rd\n  - c\n",
            &expect![[r#"
            "word"
            "- b word"
            "- b word\n  - c"
            "- a\n- b word\n  - c"
            "- a\n- b word\n  - c\n"
        "#]],
        );
        check(
            "> [!note] N\n> te$0xt\n",
            &expect![[r#"
            "text"
            "> text"
            "[!note] N\n> text"
            "> [!note] N\n> text"
            "> [!note] N\n> text\n"
        "#]],
        );
        check(
            "## A\n### B\n```rust\nlet a$0;\nlet b;\n```\n",
            &expect![[r####"
            "a"
            "let a;"
            "let a;\nlet b;"
            "```rust\nlet a;\nlet b;\n```"
            "### B\n```rust\nlet a;\nlet b;\n```"
            "## A\n### B\n```rust\nlet a;\nlet b;\n```"
            "## A\n### B\n```rust\nlet a;\nlet b;\n```\n"
        "####]],
        );
    }

    #[test]
    fn in_the_front_matter_and_in_nothing() {
        check(
            "---\ntitle: Lo$0ng Title\n---\ntext\n",
            &expect![[r#"
            "Long"
            "Long Title"
            "title: Long Title\n"
            "---\ntitle: Long Title\n---"
            "---\ntitle: Long Title\n---\ntext\n"
        "#]],
        );
        check(
            "$0",
            &expect![[r#"
            ""
        "#]],
        );
    }

    proptest! {
        #[test]
        fn steps_always_cover_each_other(text in "([#>a-c \\[\\]|\n`*-]|[.]|\\PC){0,60}", at in 0usize..60) {
            let (vault, position) = fixture::vault(&format!("//- n.md\n{}", text.replace("//-", "")));
            let written = vault.note(position.note).unwrap().note.text.to_text();
            let at = (at.min(written.len())..=written.len()).find(|at| written.is_char_boundary(*at)).unwrap();
            let steps = &selection_ranges(&vault, position.note, &[Offset::new(at)], &Cancel::new()).unwrap().unwrap()[0];
            prop_assert!(steps.first().unwrap().touches(Offset::new(at)));
            prop_assert!(steps.windows(2).all(|pair| pair[1].covers(pair[0]) && pair[0] != pair[1]));
            prop_assert_eq!(*steps.last().unwrap(), Span::new(0, written.len()));
        }
    }
}
