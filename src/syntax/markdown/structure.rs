//! The block structure of a note, for folding and selection ranges. Computed on demand, as nothing else needs
//! it.

use pulldown_cmark::{Event, Parser, Tag as Element};

use crate::text::{Placed, SortedByPlace, Span};

use super::super::parsed::Parsed;
use super::super::source::Source;
use super::options;

/// The kind of a block.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum StructureKind {
    /// A paragraph.
    Paragraph,
    /// A list as a whole.
    List,
    /// One item of a list, with its marker and all that belongs to it.
    Item,
    /// A quote or callout.
    Quote,
    /// A code block, fenced or indented.
    Code,
    /// A table.
    Table,
    /// A block of HTML.
    Html,
    /// A footnote definition.
    Footnote,
    /// A comment, `%% … %%` or `<!-- … -->`.
    Comment,
    /// Math between `$$`.
    Math,
}

/// A block.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Structure {
    /// The kind.
    pub kind: StructureKind,
    /// The whole block without line breaks and white space at its end: `> a\n> b` of a quote.
    pub span: Span,
}

impl Placed for Structure {
    fn place(&self) -> Span {
        self.span
    }
}

/// Returns the blocks of a note with this text, outer before inner ones, without headings and front matter,
/// which `parsed` has. Linear in the length of the text.
pub fn structure(text: &str, parsed: &Parsed) -> Vec<Structure> {
    let source = Source::new(text);
    let start = parsed.front_matter.as_ref().map_or(0, |front_matter| front_matter.span.end.to_usize());
    let mut blocks: Vec<Structure> = Vec::new();
    for opaque in &parsed.opaque {
        let written = source.span(*opaque);
        let kind = match written.get(..2) {
            Some("%%" | "<!") => StructureKind::Comment,
            Some("$$") => StructureKind::Math,
            _ => continue,
        };
        blocks.push(Structure { kind, span: *opaque });
    }
    let is_comment = |span: Span| {
        let around = blocks.containing(span.start);
        around.is_some_and(|block| block.kind == StructureKind::Comment && block.span.covers(span))
    };
    let mut found = Vec::new();
    for (event, range) in Parser::new_ext(source.slice(start..source.len()), options()).into_offset_iter() {
        if let Event::Start(element) = event
            && let Some(kind) = kind_of(&element)
        {
            let span = Span::from(source.trim_end(start + range.start..start + range.end));
            if !span.is_empty() && !is_comment(span) {
                found.push(Structure { kind, span });
            }
        }
    }
    blocks.append(&mut found);
    blocks.sort_by_key(|block| (block.span.start, std::cmp::Reverse(block.span.end)));
    blocks
}

fn kind_of(element: &Element<'_>) -> Option<StructureKind> {
    Some(match element {
        Element::Paragraph => StructureKind::Paragraph,
        Element::List(_) => StructureKind::List,
        Element::Item => StructureKind::Item,
        Element::BlockQuote(_) => StructureKind::Quote,
        Element::CodeBlock(_) => StructureKind::Code,
        Element::Table(_) => StructureKind::Table,
        Element::HtmlBlock => StructureKind::Html,
        Element::FootnoteDefinition(_) => StructureKind::Footnote,
        _ => return None,
    })
}
