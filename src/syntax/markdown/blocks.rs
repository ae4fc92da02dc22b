//! Block ids, and the block that each belongs to. Candidates are found first, so that a note without any, as
//! most are, costs nothing more.

use std::ops::Range;

use pulldown_cmark::{Tag as Element, TagEnd};

use crate::text::Span;

use super::super::parsed::Block;
use super::super::source::Source;

/// The kinds of Markdown blocks that determine the block of an id.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum BlockKind {
    /// The note itself.
    Note,
    /// A paragraph, heading or table: an id at its end is its own.
    Text,
    /// A list item.
    Item,
    /// A quote or callout.
    Quote,
    /// A list, code, HTML or a footnote: an id after it may be its own.
    Other,
}

impl BlockKind {
    /// Returns the kind of an element; `None` if it is a part of a block.
    pub(super) fn of(element: &Element<'_>) -> Option<BlockKind> {
        match element {
            Element::Paragraph | Element::Heading { .. } | Element::Table(_) => Some(BlockKind::Text),
            Element::Item => Some(BlockKind::Item),
            Element::BlockQuote(_) => Some(BlockKind::Quote),
            Element::List(_)
            | Element::CodeBlock(_)
            | Element::HtmlBlock
            | Element::FootnoteDefinition(_) => Some(BlockKind::Other),
            _ => None,
        }
    }

    /// Returns whether the element that ends had a [`BlockKind`] at its start.
    pub(super) fn is_block_end(element: TagEnd) -> bool {
        matches!(
            element,
            TagEnd::Paragraph
                | TagEnd::Heading(_)
                | TagEnd::Table
                | TagEnd::Item
                | TagEnd::BlockQuote(_)
                | TagEnd::List(_)
                | TagEnd::CodeBlock
                | TagEnd::HtmlBlock
                | TagEnd::FootnoteDefinition
        )
    }
}

/// A block that is being read.
struct OpenBlock {
    kind: BlockKind,
    range: Range<usize>,
    /// The end of its own text, for a list item without paragraphs.
    text_end: Option<usize>,
    last_child: Option<Span>,
}

/// The ids of a note and the blocks around the current place.
pub(super) struct BlockIds {
    /// The ids without their `^`, sorted.
    ids: Vec<Span>,
    open: Vec<OpenBlock>,
}

impl BlockIds {
    pub(super) fn new(source: Source<'_>, body: usize) -> BlockIds {
        let ids: Vec<Span> = memchr::memchr_iter(b'^', source.rest(body))
            .filter_map(|at| read_id(source, body + at))
            .collect();
        let note = OpenBlock { kind: BlockKind::Note, range: 0..0, text_end: None, last_child: None };
        BlockIds { open: if ids.is_empty() { Vec::new() } else { vec![note] }, ids }
    }

    pub(super) fn inline(&mut self, end: usize) {
        if let Some(block) = self.open.last_mut() {
            block.text_end = Some(end);
        }
    }

    pub(super) fn start(&mut self, kind: BlockKind, range: Range<usize>) {
        if !self.open.is_empty() {
            self.open.push(OpenBlock { kind, range, text_end: None, last_child: None });
        }
    }

    /// The id that stands alone on the first line of a list item: `- ^id`, its text below.
    fn id_before_text(&self, source: Source<'_>, item: Span) -> Option<Span> {
        let id = *self.ids.get(self.ids.partition_point(|id| id.start < item.start))?;
        let marker = source.slice(item.start.to_usize()..id.start.to_usize().checked_sub(1)?).trim_end();
        let is_marker = !marker.contains(char::is_whitespace) && marker.ends_with(['-', '*', '+', '.', ')']);
        let behind = source.slice(id.end.to_usize()..item.end.to_usize().max(id.end.to_usize()));
        (is_marker && behind.trim_start_matches([' ', '\t']).starts_with(['\n', '\r'])).then_some(id)
    }

    /// Ends the innermost block. Returns the block of an id at its end.
    pub(super) fn end(&mut self, source: Source<'_>) -> Option<Block> {
        let block = self.open.pop()?;
        let span = source.trim_end(block.range.clone()).into();
        let found = self.block_of_id(source, &block, span);
        let parent = self.open.last_mut()?;
        let is_id_alone = found.as_ref().is_some_and(|found| !found.span.covers(span));
        if !is_id_alone {
            parent.last_child = Some(span);
        }
        found
    }

    fn block_of_id(&self, source: Source<'_>, block: &OpenBlock, span: Span) -> Option<Block> {
        if block.kind == BlockKind::Item
            && let Some(id) = self.id_before_text(source, span)
        {
            return Some(Block { span, id });
        }
        let end = match block.kind {
            BlockKind::Text => span.end.to_usize(),
            BlockKind::Item => source.trim_end(block.range.start..block.text_end?).end,
            BlockKind::Note | BlockKind::Quote | BlockKind::Other => return None,
        };
        let index = self.ids.binary_search_by_key(&end, |id| id.end.to_usize()).ok()?;
        let id = *self.ids.get(index)?;
        let mut ancestors = self.open.iter().rev().peekable();
        if block.kind == BlockKind::Text && id.start.to_usize() == span.start.to_usize() + 1 {
            return Some(Block { span: ancestors.next()?.last_child?, id });
        }
        let is_first_in_item =
            |parent: &&&OpenBlock| parent.kind == BlockKind::Item && parent.last_child.is_none();
        let mut owner = span;
        if block.kind == BlockKind::Text
            && let Some(item) = ancestors.next_if(|parent| is_first_in_item(&parent))
        {
            owner = source.trim_end(item.range.clone()).into();
        }
        while let Some(quote) = ancestors.next_if(|parent| parent.kind == BlockKind::Quote) {
            let quote = Span::from(source.trim_end(quote.range.clone()));
            if quote.end != owner.end {
                break;
            }
            owner = quote;
        }
        Some(Block { span: owner, id })
    }
}

/// Reads the id after the `^` at `at`: letters, digits and `-` up to the end of the line, with white space
/// before the `^`.
fn read_id(source: Source<'_>, at: usize) -> Option<Span> {
    let is_apart = source.byte_before(at).is_none_or(|byte| byte.is_ascii_whitespace() || byte == b'>');
    if !is_apart {
        return None;
    }
    let rest = source.rest(at + 1);
    let length =
        rest.iter().position(|byte| !(byte.is_ascii_alphanumeric() || *byte == b'-')).unwrap_or(rest.len());
    let after = rest.get(length..)?.iter().find(|byte| !matches!(byte, b' ' | b'\t'));
    (length > 0 && matches!(after, None | Some(b'\n' | b'\r'))).then(|| Span::new(at + 1, at + 1 + length))
}
