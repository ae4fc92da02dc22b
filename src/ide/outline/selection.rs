//! From a cursor outwards: word, emphasis, part of a link, link, cell, sentence, line, list item, paragraph,
//! section, note.

use crate::syntax::{Link, LinkKind, Parsed, Structure, StructureKind, detailed_structure};
use crate::text::{Offset, Span};
use crate::vault::{Cancel, Cancelled, FileId, NoteRef, Snapshot};

use crate::ide::cursor::under_cursor::{Element, UnderCursor, under_cursor};
use crate::ide::note::body::body;
use crate::ide::note::sentence::sentence_ends;
use crate::ide::place::NotePosition;

use super::link_parts::{definition_parts, link_parts, reference_text};

/// The most steps of a selection. Each lies in the one before in the JSON of the answer, which many clients
/// read to a depth of 128 only, some to less.
const MAX_STEPS: usize = 64;

/// For each place of a note what is selected around it step by step, the smallest first: each covers the one
/// before and is longer, and the last is the whole note. The first touches the place. There are at most 64;
/// of more, the smallest are kept. Linear in the note for each place; `None` for attachments.
pub fn selection_ranges(
    vault: &Snapshot,
    note: FileId,
    places: &[Offset],
    cancel: &Cancel,
) -> Result<Option<Vec<Vec<Span>>>, Cancelled> {
    let Some(source) = vault.note(note) else { return Ok(None) };
    let text = source.note.text.to_text();
    let (blocks, details) = detailed_structure(&text, &source.note.parsed);
    let around = |at: &Offset| {
        cancel.check()?;
        let mut steps = Steps { text: &text, at: *at, found: Vec::new(), loose: Vec::new() };
        steps.found.extend(details.iter().filter(|span| span.touches(*at)));
        steps.links(&source.note.parsed);
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
    /// What is an element of the note.
    found: Vec<Span>,
    /// What may end within an element, as a sentence does. It is left out if it does.
    loose: Vec<Span>,
}

impl Steps<'_> {
    /// Those that touch the place and cover each other, the smallest first.
    fn nested(mut self) -> Vec<Span> {
        let (at, whole) = (self.at, Span::new(0, self.text.len()));
        let is_step = |span: &Span| span.touches(at) && !span.is_empty() && *span != whole;
        self.found.retain(is_step);
        self.found.sort_unstable_by_key(|span| (span.len(), span.start));
        let mut steps: Vec<Span> = Vec::new();
        for span in &self.found {
            if steps.len() < MAX_STEPS
                && steps.last().is_none_or(|inner| span.covers(*inner) && span != inner)
            {
                steps.push(*span);
            }
        }
        let word = self.word(steps.first().copied().unwrap_or(whole));
        for span in self.loose.into_iter().chain([word]).filter(is_step) {
            let place = steps.partition_point(|step| step.len() < span.len());
            let (inner, outer) = (place.checked_sub(1).and_then(|place| steps.get(place)), steps.get(place));
            if inner.is_none_or(|inner| span.covers(*inner))
                && outer.is_none_or(|outer| outer.covers(span) && *outer != span)
            {
                steps.insert(place, span);
            }
        }
        steps.truncate(MAX_STEPS - 1);
        steps.push(whole);
        steps
    }

    /// The word at the place, as far as it lies in this span: without the marks of `_a word_`.
    fn word(&self, within: Span) -> Span {
        let at = self.at.to_usize();
        let is_letter = |char: char| char.is_alphanumeric() || matches!(char, '_' | '\u{300}'..='\u{36f}');
        let (before, after) =
            (self.text.get(..at).unwrap_or_default(), self.text.get(at..).unwrap_or_default());
        let start = before.trim_end_matches(is_letter).len();
        let end = at + after.find(|char| !is_letter(char)).unwrap_or(after.len());
        common(Span::new(start, end), within)
    }

    /// Links, references and definitions with their parts.
    fn links(&mut self, parsed: &Parsed) {
        let at = self.at;
        for link in parsed.links.iter().filter(|link| link.span.touches(at)) {
            self.found.extend(link_parts(self.text, link));
        }
        for label in parsed.label_uses.iter().filter(|label| label.span.touches(at)) {
            self.found.extend([label.label, label.span]);
            self.found.extend(reference_text(self.text, label));
        }
        for definition in parsed.label_definitions.iter().filter(|definition| definition.span.touches(at)) {
            let makes =
                |link: &&Link| link.kind == LinkKind::Definition && link.span.start == definition.span.start;
            let destination = parsed.links.iter().find(makes);
            self.found.extend(
                destination.into_iter().flat_map(|link| definition_parts(self.text, definition, link)),
            );
        }
    }

    /// A thing and its parts.
    fn thing(&mut self, found: &UnderCursor<'_>) {
        match found.thing {
            Element::LabelDefinition(label) => self.found.extend([label.label, label.span]),
            Element::Tag(tag) => self.found.push(tag.name),
            Element::Block(block) => self.found.extend([block.id, block.span]),
            Element::Heading(heading) => self.found.push(heading.content),
            Element::Timestamp(timestamp) => {
                let parts = timestamp.parts(&found.source.note.slice(timestamp.span));
                let parts = [parts.value, parts.label, parts.outer_label, parts.video];
                self.found.extend(parts.into_iter().flatten());
            }
            Element::Link(_)
            | Element::LabelUse(_)
            | Element::Anchor(_)
            | Element::Video(_)
            | Element::Name(_)
            | Element::FrontMatter(_) => {}
        }
        self.found.push(found.span);
    }

    fn blocks(&mut self, blocks: &[Structure]) {
        let at = self.at;
        let mut innermost: Option<Span> = None;
        for block in blocks.iter().filter(|block| block.span.touches(at)) {
            self.found.push(block.span);
            innermost = innermost.filter(|inner| inner.len() < block.span.len()).or(Some(block.span));
            match block.kind {
                StructureKind::Paragraph => self.sentence(block.span),
                StructureKind::Code => self.found.extend(self.inside_fence(block.span)),
                StructureKind::Table => self.loose.extend(self.with_indentation(block.span)),
                _ => {}
            }
        }
        let line = innermost.map(|block| common(self.line(), block));
        self.loose.extend(line);
    }

    /// The line without its indentation.
    fn line(&self) -> Span {
        let at = self.at.to_usize();
        let start = self.line_start(at);
        let rest = self.text.get(at..).unwrap_or_default();
        self.trimmed(start, at + rest.find(is_break).unwrap_or(rest.len()))
    }

    fn line_start(&self, at: usize) -> usize {
        self.text.get(..at).and_then(|before| before.rfind(is_break)).map_or(0, |found| found + 1)
    }

    /// The whole lines of a block that has only white space before it.
    fn with_indentation(&self, block: Span) -> Option<Span> {
        let start = self.line_start(block.start.to_usize());
        let indentation = self.text.get(start..block.start.to_usize())?;
        indentation.trim().is_empty().then(|| Span::new(start, block.end.to_usize()))
    }

    /// The stretch of a paragraph between ends of sentences.
    fn sentence(&mut self, paragraph: Span) {
        let written = self.text.get(paragraph.range()).unwrap_or_default();
        let mut start = paragraph.start.to_usize();
        let ends = sentence_ends(written, |_| false).map(|end| paragraph.start.to_usize() + end);
        for end in ends.chain([paragraph.end.to_usize()]) {
            if Span::new(start, end).contains(self.at) || end == self.at.to_usize() {
                self.loose.push(self.trimmed(start, end));
                return;
            }
            start = end;
        }
    }

    fn push_trimmed(&mut self, start: usize, end: usize) {
        let span = self.trimmed(start, end);
        self.found.push(span);
    }

    fn trimmed(&self, start: usize, end: usize) -> Span {
        let written = self.text.get(start..end).unwrap_or_default();
        let start = start + (written.len() - written.trim_start().len());
        Span::new(start, start + written.trim().len())
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
        let next_starts = parsed.headings.iter().skip(1).map(|next| next.span.start).chain([end]);
        for ((heading, section), next) in parsed.headings.iter().zip(parsed.sections(end)).zip(next_starts) {
            if section.contains(self.at) || section.touches(self.at) && section.end == end {
                // A heading, or the text below it, without the subsections and then with them.
                let is_in_heading = heading.span.touches(self.at);
                let start = if is_in_heading { section.start } else { heading.span.end };
                for end in [next.min(section.end), section.end] {
                    self.push_trimmed(start.to_usize(), end.to_usize());
                }
                self.push_trimmed(section.start.to_usize(), section.end.to_usize());
            }
        }
        let body = body(source);
        self.push_trimmed(body.start.to_usize(), body.end.to_usize());
    }
}

fn is_break(char: char) -> bool {
    matches!(char, '\n' | '\r')
}

/// What two spans have in common.
fn common(one: Span, other: Span) -> Span {
    Span::between(one.start.max(other.start), one.end.min(other.end))
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

    /// Checks the steps within the line of the cursor.
    fn check_line(text: &str, expected: &[&str]) {
        let (vault, at) = fixture::vault(text);
        let note = vault.note(at.note).unwrap();
        let found = selection_ranges(&vault, at.note, &[at.at], &Cancel::new()).unwrap().unwrap();
        let line = note.note.text.line(note.note.text.line_of(at.at)).unwrap();
        let inside = found[0].iter().filter(|span| line.covers(**span));
        let written: Vec<String> = inside.map(|span| note.note.slice(*span).into_owned()).collect();
        assert_eq!(written, expected, "{text}");
    }

    #[test]
    fn in_emphasis_and_code() {
        check_line(
            "ä **bold wo$0rds** end\n\n",
            &["words", "bold words", "**bold words**", "ä **bold words** end"],
        );
        check_line("_a wor$0d_ x\r\n\r\n", &["word", "a word", "_a word_", "_a word_ x"]);
        check_line("_a$0 word_ x\n\n", &["a", "a word", "_a word_", "_a word_ x"]);
        check_line(
            "~~a *b$0 c* d~~ x\n\n",
            &["b", "b c", "*b c*", "a *b c* d", "~~a *b c* d~~", "~~a *b c* d~~ x"],
        );
        check_line("x ``a b$0`` y\n\n", &["b", "a b", "``a b``", "x ``a b`` y"]);
        check_line("## A **b$0 c** d\n", &["b", "b c", "**b c**", "A **b c** d", "## A **b c** d"]);
        // A sentence that ends within emphasis is no step.
        check_line("A **b$0 c. D e** f.\n\n", &["b", "b c. D e", "**b c. D e**", "A **b c. D e** f."]);
    }

    #[test]
    fn in_the_parts_of_links() {
        let link = r#"[a b](<c d.md#e> "f g")"#;
        check_line(
            "[a b](<c d$0.md#e> \"f g\").\n\n",
            &[
                "d",
                "c d.md",
                "c d.md#e",
                "<c d.md#e>",
                "<c d.md#e> \"f g\"",
                "(<c d.md#e> \"f g\")",
                link,
                &format!("{link}."),
            ],
        );
        check_line(
            "[a b](<c d.md#e> \"f $0g\").\n\n",
            &["g", "f g", "\"f g\"", "<c d.md#e> \"f g\"", "(<c d.md#e> \"f g\")", link, &format!("{link}.")],
        );
        check_line(
            "x [![a b$0](p.png)](n.md)\n\n",
            &["b", "a b", "![a b](p.png)", "[![a b](p.png)](n.md)", "x [![a b](p.png)](n.md)"],
        );
        check_line(
            "x [a *b$0*][c d]\n\n[c d]: e.md\n",
            &["b", "*b*", "a *b*", "[a *b*][c d]", "x [a *b*][c d]"],
        );
        check_line(
            "[c d]: <e f$0.md> 'g h'\n\n",
            &["f", "e f.md", "<e f.md>", "[c d]: <e f.md>", "[c d]: <e f.md> 'g h'"],
        );
        check_line("[c d]: e.md 'g h$0'\n\n", &["h", "g h", "'g h'", "[c d]: e.md 'g h'"]);
    }

    #[test]
    fn in_cells_and_rows() {
        let table = "x\n\n| a | b |\n|---|---|\n| **c** | d e$0 f |\n| g | h |\n";
        check(
            table,
            &expect![[r#"
            "e"
            "d e f"
            " d e f "
            "| d e f |"
            "| **c** | d e f |"
            "| **c** | d e f |\n| g | h |"
            "| a | b |\n|---|---|\n| **c** | d e f |\n| g | h |"
            "x\n\n| a | b |\n|---|---|\n| **c** | d e f |\n| g | h |"
            "x\n\n| a | b |\n|---|---|\n| **c** | d e f |\n| g | h |\n"
        "#]],
        );
        check(
            "- x\n\n  | a$0 |\n  |---|\n  | b |\n",
            &expect![[r#"
            "a"
            " a "
            "| a |"
            "| a |\n  |---|\n  | b |"
            "  | a |\n  |---|\n  | b |"
            "- x\n\n  | a |\n  |---|\n  | b |"
            "- x\n\n  | a |\n  |---|\n  | b |\n"
        "#]],
        );
    }

    #[test]
    fn in_inner_quotes_and_lists() {
        check(
            "> a\n> > b$0 c\n> > d\n",
            &expect![[r#"
            "b"
            "b c"
            "b c\n> > d"
            "> b c\n> > d"
            "> a\n> > b c\n> > d"
            "> a\n> > b c\n> > d\n"
        "#]],
        );
        check(
            "- a\n\t- b\n\t- c$0\n\t\t- d\n",
            &expect![[r#"
            "c"
            "- c"
            "- c\n\t\t- d"
            "- b\n\t- c\n\t\t- d"
            "- a\n\t- b\n\t- c\n\t\t- d"
            "- a\n\t- b\n\t- c\n\t\t- d\n"
        "#]],
        );
        check(
            "> - a\r\n> \t- b$0\r\n",
            &expect![[r#"
            "b"
            "- b"
            "- a\r\n> \t- b"
            "> - a\r\n> \t- b"
            "> - a\r\n> \t- b\r\n"
        "#]],
        );
    }

    #[test]
    fn in_a_heading_with_subsections() {
        check(
            "# A\nb$0\n\n## C\nd\n# E\n",
            &expect![[r##"
            "b"
            "b\n\n## C\nd"
            "# A\nb\n\n## C\nd"
            "# A\nb\n\n## C\nd\n# E"
            "# A\nb\n\n## C\nd\n# E\n"
        "##]],
        );
        check(
            "# A$0\r\n\r\nb\r\n\r\n## C\r\nd\r\n",
            &expect![[r##"
            "A"
            "# A"
            "# A\r\n\r\nb"
            "# A\r\n\r\nb\r\n\r\n## C\r\nd"
            "# A\r\n\r\nb\r\n\r\n## C\r\nd\r\n"
        "##]],
        );
    }

    #[test]
    fn no_more_steps_than_a_client_can_read() {
        for text in ["> ".repeat(5000), "- ".repeat(5000), "*a **b ".repeat(900) + &"** *".repeat(900)] {
            let (vault, at) = fixture::vault(&format!("//- n.md\n{text}x\n"));
            let end = vault.note(at.note).unwrap().note.text.end();
            for place in [Offset::new(end.to_usize() - 2), Offset::new(6300)] {
                let steps = &selection_ranges(&vault, at.note, &[place], &Cancel::new()).unwrap().unwrap()[0];
                assert!(steps.len() <= MAX_STEPS && steps.last() == Some(&Span::between(Offset::ZERO, end)));
            }
        }
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
        fn steps_always_cover_each_other(text in "([#>a-c \\[\\]()<\"_~|\t\r\n`*-]|[.]|\\PC){0,60}", at in 0usize..60) {
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
