//! The outline of a note.

use crate::text::Span;
use crate::vault::{FileId, Snapshot};

/// A heading with what lies below it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DocumentSymbol {
    /// The heading's plain name; `(empty)` if it has none.
    pub name: String,
    /// 1 to 6.
    pub level: u8,
    /// Its whole section.
    pub span: Span,
    /// The heading itself.
    pub focus: Span,
    /// The headings below it.
    pub children: Vec<DocumentSymbol>,
}

/// The headings of a note as a tree. Empty for attachments. Linear in the number of headings.
pub fn document_symbols(vault: &Snapshot, note: FileId) -> Vec<DocumentSymbol> {
    let Some(source) = vault.note(note) else { return Vec::new() };
    let parsed = &source.note.parsed;
    let mut top = Vec::new();
    let mut open: Vec<DocumentSymbol> = Vec::new();
    for (heading, span) in parsed.headings.iter().zip(parsed.sections(source.note.text.end())) {
        while let Some(done) = open.pop_if(|above| above.level >= heading.level) {
            close(done, &mut open, &mut top);
        }
        let name = parsed.heading_name(heading);
        open.push(DocumentSymbol {
            name: if name.is_empty() { "(empty)".to_owned() } else { name.to_owned() },
            level: heading.level,
            span,
            focus: heading.span,
            children: Vec::new(),
        });
    }
    while let Some(done) = open.pop() {
        close(done, &mut open, &mut top);
    }
    top
}

fn close(done: DocumentSymbol, open: &mut [DocumentSymbol], top: &mut Vec<DocumentSymbol>) {
    open.last_mut().map_or(top, |above| &mut above.children).push(done);
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;
    use crate::ide::fixture;

    #[test]
    fn headings_nest_by_level() {
        let (vault, at) = fixture::vault("intro\n# A\n### Deep\n## B *b*\ntext\n# C\n#\n");
        let note = vault.note(at.note).unwrap();
        let mut said = String::new();
        fn draw(
            symbols: &[DocumentSymbol],
            depth: usize,
            note: &crate::vault::NoteRef<'_>,
            said: &mut String,
        ) {
            for symbol in symbols {
                let whole = note.note.slice(symbol.span);
                said.push_str(&format!("{}{} {whole:?}\n", "  ".repeat(depth), symbol.name));
                draw(&symbol.children, depth + 1, note, said);
            }
        }
        draw(&document_symbols(&vault, at.note), 0, &note, &mut said);
        expect![[r####"
            A "# A\n### Deep\n## B *b*\ntext\n"
              Deep "### Deep\n"
              B b "## B *b*\ntext\n"
            C "# C\n"
            (empty) "#\n"
        "####]]
        .assert_eq(&said);
    }
}
