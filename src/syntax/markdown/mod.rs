//! Reads CommonMark and GFM in one pass of `pulldown-cmark`. All spans are those of the note.

mod blocks;
mod destination;
mod details;
mod headings;
mod html;
mod link;
mod structure;

use std::ops::Range;

use memchr::memmem;
use pulldown_cmark::{BrokenLink, CowStr, Event, LinkType, Options, Parser, RefDefs, Tag as Element, TagEnd};

use crate::text::{Offset, SortedByPlace, Span};

use super::clock::is_clock_like;
use super::parsed::{Block, Callout, LabelDefinition, LabelKind, LabelUse, Link, LinkKind};
use super::source::Source;
use blocks::{BlockIds, BlockKind};
use html::{may_have_names, read_names};
use link::{find_label_end, read_definition, read_reference_label};

pub use destination::{decode_destination, decode_link_part, unescape_destination};
pub(super) use headings::name_headings;
pub(super) use html::{TIMESTAMP_CLASS, read_start_tag};
pub(super) use link::{read_destination, with_destination};
pub use structure::{Structure, StructureKind, detailed_structure, structure};

/// A heading without its name, which depends on the wikilinks.
pub(super) struct RawHeading {
    pub(super) span: Span,
    pub(super) content: Span,
    pub(super) level: u8,
    /// Its range in [`Markdown::heading_texts`].
    pub(super) texts: Range<usize>,
}

/// A part of a heading and its plain text; `None` if that equals the source.
pub(super) struct HeadingText {
    pub(super) span: Span,
    pub(super) text: Option<Box<str>>,
}

/// The elements found.
#[derive(Default)]
pub(super) struct Markdown {
    pub(super) headings: Vec<RawHeading>,
    pub(super) heading_texts: Vec<HeadingText>,
    pub(super) links: Vec<Link>,
    pub(super) label_definitions: Vec<LabelDefinition>,
    pub(super) label_uses: Vec<LabelUse>,
    pub(super) blocks: Vec<Block>,
    pub(super) anchors: Vec<Span>,
    pub(super) callouts: Vec<Callout>,
    /// Code, math and HTML comments, in the order of their ends.
    pub(super) opaque: Vec<Span>,
    /// HTML with a `#`, which starts no tag there.
    pub(super) markup: Vec<Span>,
}

/// Returns the extensions of CommonMark in use.
pub(super) fn options() -> Options {
    Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_MATH
        | Options::ENABLE_GFM
}

/// Parses the note from `body` on.
pub(super) fn read(source: Source<'_>, body: usize) -> Markdown {
    let mut undefined: Vec<LabelUse> = Vec::new();
    let report_undefined = |link: BrokenLink<'_>| -> Option<(CowStr<'_>, CowStr<'_>)> {
        undefined.extend(undefined_label(
            source,
            body + link.span.start..body + link.span.end,
            link.link_type,
        ));
        None
    };
    let text = source.slice(body..source.len());
    let parser = Parser::new_with_broken_link_callback(text, options(), Some(report_undefined));
    let events = parser.into_offset_iter();
    let mut pass = Pass {
        source,
        found: Markdown::default(),
        heading: None,
        open_links: Vec::new(),
        block_ids: BlockIds::new(source, body),
        definitions: Definitions::new(source, body, events.reference_definitions()),
    };
    for (event, range) in events {
        pass.event(event, body + range.start..body + range.end);
    }
    let mut found = pass.finish();
    found.label_uses.append(&mut undefined);
    found
}

/// Returns a full or collapsed reference without a definition, unless it is like `a[i][j]`, `[1][2]` or two
/// timestamps.
fn undefined_label(source: Source<'_>, range: Range<usize>, link_type: LinkType) -> Option<LabelUse> {
    let range = match link_type {
        LinkType::Reference => range,
        LinkType::Collapsed => range.start..range.end + 2,
        _ => return None,
    };
    let before = source.slice(0..range.start).chars().next_back();
    if before.is_some_and(|c| c.is_alphanumeric() || matches!(c, '_' | '[' | ']' | ')')) {
        return None;
    }
    let label = read_reference_label(source, range.clone())?;
    let text = source.span(label);
    let is_number = text.bytes().all(|byte| byte.is_ascii_digit());
    if is_number || is_clock_like(text) || text.starts_with('^') {
        return None;
    }
    Some(LabelUse { kind: LabelKind::Link, span: range.into(), label })
}

/// A link or image that has not ended yet.
struct OpenLink {
    kind: LinkKind,
    link_type: LinkType,
    /// The end of its last child.
    inner_end: usize,
}

struct OpenHeading {
    level: u8,
    texts_start: usize,
    content: Option<Range<usize>>,
}

struct Pass<'a> {
    source: Source<'a>,
    found: Markdown,
    heading: Option<OpenHeading>,
    open_links: Vec<OpenLink>,
    block_ids: BlockIds,
    definitions: Definitions,
}

impl Pass<'_> {
    fn event(&mut self, event: Event<'_>, range: Range<usize>) {
        if !matches!(event, Event::End(_))
            && let Some(link) = self.open_links.last_mut()
        {
            link.inner_end = link.inner_end.max(range.end);
        }
        match event {
            Event::Start(element) => self.start(&element, range),
            Event::End(element) => self.end(element, range),
            Event::Text(text) => self.inline(range, Some(&text)),
            Event::Code(text) => {
                self.found.opaque.push(range.clone().into());
                self.inline(range, Some(&text));
            }
            Event::InlineMath(text) | Event::DisplayMath(text) => {
                if is_math(self.source, &range) {
                    self.found.opaque.push(range.clone().into());
                }
                self.inline(range, Some(&text));
            }
            Event::InlineHtml(_) => {
                self.html(range.clone());
                self.inline(range, None);
            }
            Event::SoftBreak | Event::HardBreak => self.inline(range, Some(" ")),
            Event::FootnoteReference(_) => self.inline(range, None),
            Event::Html(_) => self.definitions.reject(&range),
            Event::Rule | Event::TaskListMarker(_) => {}
        }
    }

    /// Handles an inline element of a paragraph or heading with the plain text `text`.
    fn inline(&mut self, range: Range<usize>, text: Option<&str>) {
        self.definitions.reject(&range);
        self.block_ids.inline(range.end);
        self.extend_heading(&range);
        if let Some(text) = text.filter(|_| self.heading.is_some()) {
            let is_verbatim = text == self.source.slice(range.clone());
            let text = (!is_verbatim).then(|| text.into());
            self.found.heading_texts.push(HeadingText { span: range.into(), text });
        }
    }

    fn start(&mut self, element: &Element<'_>, range: Range<usize>) {
        match element {
            Element::Heading { level, .. } => {
                let texts_start = self.found.heading_texts.len();
                self.heading = Some(OpenHeading { level: *level as u8, texts_start, content: None });
            }
            Element::Link { link_type, .. } => self.open_link(LinkKind::Inline, *link_type, &range),
            Element::Image { link_type, .. } => self.open_link(LinkKind::Image, *link_type, &range),
            Element::CodeBlock(_) => self.found.opaque.push(range.clone().into()),
            Element::HtmlBlock if is_verbatim(self.source.bytes(range.clone())) => {
                self.found.opaque.push(range.clone().into());
            }
            Element::HtmlBlock => self.html(range.clone()),
            Element::BlockQuote(_) => self.found.callouts.extend(read_callout(self.source, range.start)),
            Element::FootnoteDefinition(_) => {
                let span = self.source.trim_end(range.clone()).into();
                self.found.label_definitions.extend(read_footnote(self.source, span));
            }
            Element::Emphasis | Element::Strong | Element::Strikethrough => {
                self.extend_heading(&range);
                return;
            }
            _ => {}
        }
        if let Some(kind) = BlockKind::of(element) {
            self.block_ids.start(kind, range);
        }
    }

    fn extend_heading(&mut self, range: &Range<usize>) {
        if let Some(heading) = &mut self.heading {
            let content = heading.content.get_or_insert(range.clone());
            content.end = content.end.max(range.end);
        }
    }

    fn open_link(&mut self, kind: LinkKind, link_type: LinkType, range: &Range<usize>) {
        self.definitions.reject(&(range.start..range.start + 1));
        self.extend_heading(range);
        let inner_start = range.start + opening_length(kind);
        self.open_links.push(OpenLink { kind, link_type, inner_end: inner_start });
    }

    fn end(&mut self, element: TagEnd, range: Range<usize>) {
        match element {
            TagEnd::Heading(_) => self.end_heading(&range),
            TagEnd::Link | TagEnd::Image => {
                if let Some(link) = self.open_links.pop() {
                    self.end_link(&link, range);
                }
                return;
            }
            TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough => return,
            _ => {}
        }
        if BlockKind::is_block_end(element) {
            self.found.blocks.extend(self.block_ids.end(self.source));
        }
    }

    fn end_heading(&mut self, range: &Range<usize>) {
        let Some(heading) = self.heading.take() else {
            return;
        };
        let span = self.source.trim_end(range.clone()).into();
        let content = heading
            .content
            .map_or_else(|| empty_content(self.source, span), |content| self.source.trim(content).into());
        let (content, id) = split_heading_id(self.source, content);
        self.found.anchors.extend(id);
        let texts = heading.texts_start..self.found.heading_texts.len();
        self.found.headings.push(RawHeading { span, content, level: heading.level, texts });
    }

    fn end_link(&mut self, link: &OpenLink, range: Range<usize>) {
        let source = self.source;
        match link.link_type {
            LinkType::Autolink | LinkType::Email => {
                let target = Span::new(range.start + 1, range.end.saturating_sub(1));
                let span = range.into();
                let kind = LinkKind::Autolink;
                let link = Link { kind, is_external: true, span, target, fragment: None, display: None };
                self.found.links.push(link);
            }
            LinkType::Inline => {
                let display_start = range.start + opening_length(link.kind);
                let Some(close) = memmem::find(source.bytes(link.inner_end_in(&range)..range.end), b"](")
                else {
                    return;
                };
                let close = link.inner_end_in(&range) + close;
                let Some(destination) = read_destination(source, close + 2, range.end.saturating_sub(1))
                else {
                    return;
                };
                let display = Some(source.trim(display_start..close).into());
                self.found.links.push(with_destination(
                    source,
                    link.kind,
                    range.into(),
                    destination,
                    display,
                ));
            }
            LinkType::Reference | LinkType::Collapsed | LinkType::Shortcut => {
                // The range of a collapsed reference lacks its empty brackets.
                let has_brackets =
                    link.link_type == LinkType::Collapsed && source.starts_with(range.end, b"[]");
                let range = range.start..range.end + if has_brackets { 2 } else { 0 };
                let Some(label) = read_reference_label(source, range.clone()) else {
                    return;
                };
                self.found.label_uses.push(LabelUse { kind: LabelKind::Link, span: range.into(), label });
            }
            _ => {}
        }
    }

    /// Finds anchors, links, comments, `[` in attributes and `#` that start no tag.
    fn html(&mut self, range: Range<usize>) {
        let source = self.source;
        let html = source.bytes(range.clone());
        if memchr::memchr(b'#', html).is_some() {
            self.found.markup.push(range.clone().into());
        }
        let may_have_comments = memchr::memchr(b'!', html).is_some();
        let may_have_brackets = memchr::memchr(b'[', html).is_some();
        if !may_have_comments && !may_have_brackets && !may_have_names(html) {
            return;
        }
        let mut at = range.start;
        while let Some(open) = source.find(b'<', at..range.end) {
            if !source.starts_with(open, b"<!--") {
                let Markdown { anchors, links, .. } = &mut self.found;
                at = read_names(source, open, range.end, anchors, links);
                let tag = source.bytes(open..at);
                let is_timestamp = || memmem::find(tag, TIMESTAMP_CLASS).is_some();
                if memchr::memchr(b'[', tag).is_some() && !is_timestamp() {
                    self.found.opaque.push(Span::new(open, at));
                }
                continue;
            }
            let close = memmem::find(source.bytes(open + 4..range.end), b"-->");
            at = close.map_or(range.end, |close| open + 4 + close + 3);
            self.found.opaque.push(Span::new(open, at));
        }
    }

    fn finish(mut self) -> Markdown {
        self.definitions.finish(self.source, &mut self.found);
        self.found
    }
}

/// Returns whether the text of an HTML block is no Markdown: one that begins with `<pre>`, `<script>`,
/// `<style>` or `<textarea>` (CommonMark, "HTML blocks", the first kind).
fn is_verbatim(html: &[u8]) -> bool {
    let Some(tag) = html.trim_ascii_start().strip_prefix(b"<") else { return false };
    let length = tag.iter().position(|byte| !byte.is_ascii_alphabetic()).unwrap_or(tag.len());
    let name = tag.get(..length).unwrap_or_default();
    let verbatim: [&[u8]; 4] = [b"pre", b"script", b"style", b"textarea"];
    verbatim.iter().any(|one| name.eq_ignore_ascii_case(one))
}

/// Returns the length of `[` or `![`, in bytes.
fn opening_length(kind: LinkKind) -> usize {
    if kind == LinkKind::Image { 2 } else { 1 }
}

impl OpenLink {
    fn inner_end_in(&self, range: &Range<usize>) -> usize {
        self.inner_end.min(range.end)
    }
}

/// Returns the place of the content of an empty heading: after its `#`s and a space.
fn empty_content(source: Source<'_>, span: Span) -> Span {
    let marks = source.span(span).bytes().take_while(|byte| *byte == b'#').count();
    let at = span.start.to_usize() + marks;
    Span::new(at, at)
}

/// Returns the content of a heading without the attributes at its end, and the id that they give it. Pandoc,
/// mdBook, Hugo, Docusaurus, VitePress and kramdown write `{#id .class}`, others `[#id]`.
fn split_heading_id(source: Source<'_>, content: Span) -> (Span, Option<Span>) {
    let none = (content, None);
    let text = source.span(content);
    let Some(open) = text.rfind(if text.ends_with('}') { '{' } else { '[' }) else { return none };
    let inner = text.get(open + 1..text.len() - 1).unwrap_or_default();
    let is_attribute = |word: &str| word.len() > 1 && word.starts_with(['#', '.']);
    let mut words = inner.split_ascii_whitespace().filter(|word| *word != ":");
    let is_one = match text.bytes().last() {
        Some(b'}') => words.clone().next().is_some() && words.clone().all(is_attribute),
        Some(b']') => {
            inner.strip_prefix('#').is_some_and(|id| !id.is_empty() && !id.contains([' ', '#', '[']))
        }
        _ => false,
    };
    let name = text.get(..open).unwrap_or_default();
    if !is_one || name.trim().is_empty() || !name.ends_with(char::is_whitespace) {
        return none;
    }
    let start = content.start.to_usize();
    let id = words.find(|word| word.starts_with('#')).and_then(|word| {
        let at = start + open + 1 + inner.find(word)? + 1;
        Some(Span::new(at, at + word.len() - 1))
    });
    (source.trim(start..start + open).into(), id)
}

/// Returns whether a range is math. By the rule of Pandoc and Obsidian, which `pulldown-cmark` lacks, a `$`
/// before a digit closes no math, so that `$5 to US$10` is money.
fn is_math(source: Source<'_>, range: &Range<usize>) -> bool {
    !source.byte(range.end).is_some_and(|byte| byte.is_ascii_digit())
}

/// Reads the `[!note]` after the `>` at `at`.
fn read_callout(source: Source<'_>, at: usize) -> Option<Callout> {
    let rest = source.rest(at + 1);
    let open = at + 1 + rest.iter().position(|byte| !matches!(byte, b' ' | b'\t'))?;
    if source.byte(at) != Some(b'>') || !source.starts_with(open, b"[!") {
        return None;
    }
    let close = source.find(b']', open..source.line_end(open))?;
    let kind_end = source.find(b'|', open..close).unwrap_or(close);
    let kind = source.trim(open + 2..kind_end);
    (!kind.is_empty()).then(|| Callout { span: Span::new(open, close + 1), kind: kind.into() })
}

/// Reads the footnote definition `[^label]: text` at `span`.
fn read_footnote(source: Source<'_>, span: Span) -> Option<LabelDefinition> {
    let start = span.start.to_usize();
    let close = source.find(b']', span.range())?;
    Some(LabelDefinition { kind: LabelKind::Footnote, span, label: source.trim(start + 2..close).into() })
}

/// Reference definitions. The parser reports the first definition of each label. A later one is a text of the
/// same form that is part of no other element.
struct Definitions {
    spans: Vec<Span>,
    /// The possible starts of later definitions: each `[` at the start of a line with a `]:`.
    further: Vec<usize>,
    /// The number of starts in `further` before the last event.
    seen: usize,
    kept: usize,
}

impl Definitions {
    fn new(source: Source<'_>, body: usize, definitions: &RefDefs<'_>) -> Definitions {
        let definitions = definitions.iter();
        let mut spans: Vec<Span> = definitions
            .map(|(_, definition)| Span::new(body + definition.span.start, body + definition.span.end))
            .collect();
        spans.sort_unstable_by_key(|span| span.start);
        let further = if spans.is_empty() { Vec::new() } else { further_definitions(source, body, &spans) };
        Definitions { spans, further, seen: 0, kept: 0 }
    }

    /// Rejects the starts that the event at `range` shows to be text.
    fn reject(&mut self, range: &Range<usize>) {
        while let Some(&start) = self.further.get(self.seen) {
            if start >= range.end {
                return;
            }
            self.seen += 1;
            if start < range.start {
                self.further.swap(self.kept, self.seen - 1);
                self.kept += 1;
            }
        }
    }

    fn finish(&mut self, source: Source<'_>, found: &mut Markdown) {
        self.reject(&(usize::MAX..usize::MAX));
        self.further.truncate(self.kept);
        let further = self.further.iter().map(|&start| Span::new(start, source.line_end(start)));
        for span in self.spans.iter().copied().chain(further) {
            let span = source.trim_end(span.range()).into();
            let Some((label, link)) = read_definition(source, span) else {
                continue;
            };
            found.label_definitions.push(LabelDefinition { kind: LabelKind::Link, span, label });
            found.links.push(link);
        }
    }
}

fn further_definitions(source: Source<'_>, body: usize, known: &[Span]) -> Vec<usize> {
    let mut further = Vec::new();
    let mut floor = body;
    for hit in memmem::find_iter(source.rest(body), b"]:") {
        let hit = body + hit;
        if hit < floor {
            continue;
        }
        let line = source.line_start(hit, floor);
        let prefix = source.bytes(line..hit).iter().position(|byte| !matches!(byte, b' ' | b'\t' | b'>'));
        let start = line + prefix.unwrap_or_default();
        floor = source.line_end(hit);
        let is_label = source.byte(start) == Some(b'[')
            && source.byte(start + 1) != Some(b'^')
            && find_label_end(source, start + 1, hit + 1) == Some(hit);
        let is_known = known.starting_at(Offset::new(start)).is_some();
        if is_label && !is_known {
            further.push(start);
        }
    }
    further
}
