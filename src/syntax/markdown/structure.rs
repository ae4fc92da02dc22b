//! The block structure of a note, for folding and selection ranges. Computed on demand, as nothing else needs
//! it.

use std::ops::Range;

use pulldown_cmark::{Event, Parser, Tag as Element};

use crate::text::{Offset, Placed, SortedByPlace, Span};

use super::super::parsed::Parsed;
use super::super::source::Source;
use super::details::Details;
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
    /// The whole block without line breaks and white space at its end: `> a\n> b` of a quote. A list and an
    /// item begin with a marker.
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
    read(text, parsed, |_, _| {})
}

/// Returns the blocks as [`structure`] does, and what lies within them, in no order: emphasis and code with
/// their marks and without, and the rows and cells of tables. Linear in the length of the text.
pub fn detailed_structure(text: &str, parsed: &Parsed) -> (Vec<Structure>, Vec<Span>) {
    let mut details = Details::new(Source::new(text));
    let blocks = read(text, parsed, |event, range| details.event(event, range));
    (blocks, details.found)
}

/// Reads the blocks, and passes each event with its range in the text on.
fn read(text: &str, parsed: &Parsed, mut visit: impl FnMut(&Event<'_>, Range<usize>)) -> Vec<Structure> {
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
    // Indented code begins behind its indentation, so that it may begin as a comment does.
    let mut code_starts: Vec<Offset> = Vec::new();
    for (event, range) in Parser::new_ext(source.slice(start..source.len()), options()).into_offset_iter() {
        let range = start + range.start..start + range.end;
        if let Event::Start(element) = &event
            && let Some(kind) = kind_of(element)
        {
            let span = Span::from(written_range(source, kind, range.clone()));
            let is_like_comment = kind == StructureKind::Code && blocks.starting_at(span.start).is_some();
            if is_like_comment {
                code_starts.push(span.start);
            }
            if !span.is_empty() && (is_like_comment || !is_comment(span)) {
                found.push(Structure { kind, span });
            }
        }
        visit(&event, range);
    }
    blocks.retain(|block| code_starts.binary_search(&block.span.start).is_err());
    blocks.append(&mut found);
    blocks.sort_by_key(|block| (block.span.start, std::cmp::Reverse(block.span.end)));
    blocks
}

/// Returns the range without white space at its end. Below a tab, `pulldown-cmark` begins a list and its
/// items with the line break before, and others with a part of their indentation.
fn written_range(source: Source<'_>, kind: StructureKind, range: Range<usize>) -> Range<usize> {
    let range = source.trim_end(range);
    if !matches!(kind, StructureKind::List | StructureKind::Item) {
        return range;
    }
    let written = source.slice(range.clone());
    let marker = written.trim_start_matches(|char: char| char.is_whitespace() || char == '>');
    range.end - marker.len()..range.end
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
