//! The outline of a note.

use crate::syntax::{Heading, LabelKind};
use crate::text::Span;
use crate::vault::{FileId, NoteRef, Snapshot};

/// A heading with what lies below it, or a place of a note that is listed with the headings.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DocumentSymbol {
    /// The heading's plain name, `(empty)` if it has none; `[label]` or `#tag`.
    pub name: String,
    /// What it is.
    pub kind: DocumentSymbolKind,
    /// Of a heading, its whole section; of others, all of them.
    pub span: Span,
    /// The heading itself, the label or the tag.
    pub focus: Span,
    /// The headings below it, and what is listed of its section, in the order of the text.
    pub children: Vec<DocumentSymbol>,
}

/// What a symbol of a note is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum DocumentSymbolKind {
    /// A heading with its level, 1 to 6.
    Heading(u8),
    /// The definition `[label]: destination`, if `outline.definitions` is on.
    LinkDefinition,
    /// A tag, if `outline.tags` is on.
    Tag,
}

/// The headings of a note as a tree, with definitions and tags below them as the settings say. Empty for
/// attachments. Linear in the number of symbols.
pub fn document_symbols(vault: &Snapshot, note: FileId) -> Vec<DocumentSymbol> {
    let Some(source) = vault.note(note) else { return Vec::new() };
    let mut symbols = headings(&source);
    if vault.settings().outline_definitions {
        symbols.extend(definitions(&source));
    }
    if vault.settings().outline_tags {
        symbols.extend(tags(&source));
    }
    // A heading comes before a tag in it, and the sort joins runs that are sorted.
    symbols.sort_by_key(|symbol| symbol.span.start);
    let mut top = Vec::new();
    let mut open: Vec<DocumentSymbol> = Vec::new();
    for symbol in symbols {
        while let Some(done) = open.pop_if(|above| !above.span.contains(symbol.span.start)) {
            close(done, &mut open, &mut top);
        }
        match symbol.kind {
            DocumentSymbolKind::Heading(_) => open.push(symbol),
            _ => close(symbol, &mut open, &mut top),
        }
    }
    while let Some(done) = open.pop() {
        close(done, &mut open, &mut top);
    }
    top
}

fn headings(source: &NoteRef<'_>) -> Vec<DocumentSymbol> {
    let parsed = &source.note.parsed;
    let sections = parsed.sections(source.note.text.end());
    let symbol = |(heading, span): (&Heading, Span)| {
        let name = parsed.heading_name(heading);
        DocumentSymbol {
            name: if name.is_empty() { "(empty)".to_owned() } else { name.to_owned() },
            kind: DocumentSymbolKind::Heading(heading.level),
            span,
            focus: heading.span,
            children: Vec::new(),
        }
    };
    parsed.headings.iter().zip(sections).map(symbol).collect()
}

fn definitions<'a>(source: &'a NoteRef<'_>) -> impl Iterator<Item = DocumentSymbol> + 'a {
    let definitions = source.note.parsed.label_definitions.iter();
    definitions.filter(|definition| definition.kind == LabelKind::Link).map(|definition| DocumentSymbol {
        name: format!("[{}]", source.note.slice(definition.label)),
        kind: DocumentSymbolKind::LinkDefinition,
        span: definition.span,
        focus: definition.label,
        children: Vec::new(),
    })
}

fn tags<'a>(source: &'a NoteRef<'_>) -> impl Iterator<Item = DocumentSymbol> + 'a {
    source.note.parsed.tags.iter().map(|tag| DocumentSymbol {
        name: format!("#{}", source.note.slice(tag.name)),
        kind: DocumentSymbolKind::Tag,
        span: tag.span,
        focus: tag.span,
        children: Vec::new(),
    })
}

fn close(done: DocumentSymbol, open: &mut [DocumentSymbol], top: &mut Vec<DocumentSymbol>) {
    open.last_mut().map_or(top, |above| &mut above.children).push(done);
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;
    use crate::config::Settings;
    use crate::ide::fixture;

    fn check(text: &str, settings: Settings, expected: &Expect) {
        let (vault, at) = fixture::with_settings(text, settings);
        let note = vault.note(at.note).unwrap();
        let mut said = String::new();
        draw(&document_symbols(&vault, at.note), 0, &note, &mut said);
        expected.assert_eq(&said);
    }

    fn draw(symbols: &[DocumentSymbol], depth: usize, note: &NoteRef<'_>, said: &mut String) {
        for symbol in symbols {
            let whole = note.note.slice(symbol.span);
            said.push_str(&format!("{}{} {whole:?}\n", "  ".repeat(depth), symbol.name));
            draw(&symbol.children, depth + 1, note, said);
        }
    }

    #[test]
    fn headings_nest_by_level() {
        check(
            "intro\n# A\n### Deep\n## B *b*\ntext\n# C\n#\n",
            Settings::default(),
            &expect![[r####"
            A "# A\n### Deep\n## B *b*\ntext\n"
              Deep "### Deep\n"
              B b "## B *b*\ntext\n"
            C "# C\n"
            (empty) "#\n"
        "####]],
        );
    }

    #[test]
    fn definitions_and_tags_lie_below_their_headings() {
        let text =
            "---\ntags: [one]\n---\n[a b]: c.md 'd'\n\n# A #two\n\n[^n]: text\n\n## B\n> [e]: f.md\n\n# C\n";
        check(
            text,
            Settings { outline_definitions: true, outline_tags: true, ..Settings::default() },
            &expect![[r####"
            #one "one"
            [a b] "[a b]: c.md 'd'"
            A #two "# A #two\n\n[^n]: text\n\n## B\n> [e]: f.md\n\n"
              #two "#two"
              B "## B\n> [e]: f.md\n\n"
                [e] "[e]: f.md"
            C "# C\n"
        "####]],
        );
        check(
            "[a]: b.md\n\n#c\n",
            Settings { outline_tags: true, ..Settings::default() },
            &expect![[r####"
            #c "#c"
        "####]],
        );
    }
}
