//! Combines the results of all readers of a note. Where two claim the same bytes, one wins here, so that no
//! byte is in two links or in a link and a timestamp.

use std::ops::Range;

use crate::text::{SortedByPlace, Span};

use super::brackets::{self, Brackets, Surroundings};
use super::comments::find_comments;
use super::front_matter;
use super::markdown::{self, Markdown, name_headings};
use super::parsed::{
    FrontMatter, FrontMatterFormat, LabelKind, LabelUse, Link, LinkKind, Parsed, Timestamp, TimestampForm,
};
use super::source::{Source, Walk, drop_overlapping, merge_overlapping};
use super::tags::{find_addresses, find_tags};
use super::timestamp::{self, read_video_link};

/// Parses a note.
pub(super) fn read(text: &str) -> Parsed {
    let source = Source::new(text);
    let cut = front_matter::cut(source);
    let found = match cut.front_matter {
        Some((span, content)) => Some(front_matter::read(source, span, content)),
        None => front_matter::read_properties(source, cut.body),
    };
    let has_video = found.as_ref().is_some_and(|found| found.front_matter.video.is_some());
    let mut parsed = Body::read(source, cut.body, has_video).finish(source);
    if let Some(found) = found {
        let FrontMatter { format, content, .. } = found.front_matter;
        // `[[name]]` is a table in TOML.
        let has_links = format == FrontMatterFormat::Yaml;
        let links = if has_links { links_of_front_matter(source, content) } else { Vec::new() };
        parsed.links = prepended(links, parsed.links);
        parsed.tags = prepended(found.tags, parsed.tags);
        if format == FrontMatterFormat::Properties {
            parsed.tags.sort_by_key(|tag| tag.span);
        }
        parsed.faults = prepended(found.faults, parsed.faults);
        parsed.front_matter = Some(Box::new(found.front_matter));
    }
    parsed
}

fn prepended<T>(mut first: Vec<T>, rest: Box<[T]>) -> Box<[T]> {
    if first.is_empty() {
        return rest;
    }
    first.extend(rest);
    first.into()
}

/// Returns the wikilinks and inline links in the YAML, outside its comments, in order.
fn links_of_front_matter(source: Source<'_>, content: Span) -> Vec<Link> {
    let holds = |sign: &[u8]| memchr::memmem::find(source.span(content).as_bytes(), sign).is_some();
    let (has_wikilinks, has_inline_links) = (holds(b"[["), holds(b"]("));
    if !has_wikilinks && !has_inline_links {
        return Vec::new();
    }
    let end = content.end.to_usize();
    let (mut comments, mut inline_links) = (Vec::new(), Vec::new());
    let mut line = content.start.to_usize();
    while line < end {
        let line_end = source.line_end(line).min(end);
        if source.slice(line..line_end).trim_start().starts_with('#') {
            comments.push(Span::new(line, line_end));
        } else if has_inline_links {
            push_inline_links(source, line..line_end, &mut inline_links);
        }
        line = line_end + 1;
    }
    let surroundings = Surroundings { opaque: &comments, ..Surroundings::default() };
    let mut links = brackets::read(source, content.range(), &surroundings).wikilinks;
    inline_links.retain(|one| !links.iter().any(|link| link.span.overlaps(one.span)));
    links.append(&mut inline_links);
    links.sort_by_key(|link| link.span);
    links
}

/// Reads the inline links on a line of YAML, `related: "[text](path.md)"`. A bracket right after a key, a
/// dash or a comma opens a list and no link.
fn push_inline_links(source: Source<'_>, line: Range<usize>, links: &mut Vec<Link>) {
    let mut start = line.start;
    while let Some(at) = memchr::memmem::find(source.bytes(start..line.end), b"](") {
        let (text_end, from) = (start + at, start + at + 2);
        let open = source.slice(start..text_end).rfind('[').map(|open| start + open);
        start = from;
        let Some(open) = open.filter(|open| !source.is_escaped(*open)) else { continue };
        let is_image = source.byte_before(open) == Some(b'!');
        let before = source.slice(line.start..open - usize::from(is_image)).trim_end();
        let is_list = before.is_empty() || before.ends_with([':', '-', ',', '[', '{']);
        let Some(destination) = markdown::read_destination(source, from, line.end) else { continue };
        let bracket = usize::from(source.byte(destination.end) == Some(b'>'));
        let end = destination.end + bracket;
        if is_list || destination.is_empty() || source.byte(end) != Some(b')') {
            continue;
        }
        start = end + 1;
        let span = Span::new(open - usize::from(is_image), start);
        let kind = if is_image { LinkKind::Image } else { LinkKind::Inline };
        let display = Some(Span::new(open + 1, text_end));
        links.push(markdown::with_destination(source, kind, span, destination, display));
    }
}

/// The note below its front matter.
struct Body {
    start: usize,
    markdown: Markdown,
    brackets: Brackets,
    /// Timestamp tags and video links; the bare timestamps are in `brackets`.
    timestamps: Vec<Timestamp>,
}

impl Body {
    fn read(source: Source<'_>, start: usize, has_video: bool) -> Body {
        let mut markdown = markdown::read(source, start);
        merge_overlapping(&mut markdown.opaque);
        drop_comments(source, start, &mut markdown);
        let mut timestamps = timestamp::find_tags(source, start, &markdown.opaque);
        let brackets = read_brackets(source, start, &markdown, &timestamps, has_video);
        drop_taken(&mut markdown, &brackets, &timestamps);
        take_video_links(source, &mut markdown, &mut timestamps);
        Body { start, markdown, brackets, timestamps }
    }

    fn finish(mut self, source: Source<'_>) -> Parsed {
        let wikilinks = &self.brackets.wikilinks;
        let markdown = &mut self.markdown;
        let (headings, heading_names) =
            name_headings(source, &markdown.headings, &markdown.heading_texts, wikilinks);
        if !wikilinks.is_empty() {
            let spans: Vec<Span> = wikilinks.iter().map(|link| link.span).collect();
            let mut spans = Walk::new(&spans);
            // A `$` or a backtick in the name of a note starts neither math nor code.
            markdown
                .opaque
                .retain(|opaque| spans.overlapping(&opaque.range()).is_none_or(|link| !link.covers(*opaque)));
        }
        let mut links = std::mem::take(&mut markdown.links);
        links.append(&mut self.brackets.wikilinks);
        let mut label_uses = std::mem::take(&mut markdown.label_uses);
        label_uses.append(&mut self.brackets.footnote_uses);
        let mut timestamps = self.timestamps;
        timestamps.append(&mut self.brackets.bare_timestamps);
        let mut parsed = Parsed {
            headings,
            heading_names,
            label_definitions: sorted(std::mem::take(&mut markdown.label_definitions), |definition| {
                definition.span
            }),
            blocks: sorted(std::mem::take(&mut markdown.blocks), |block| block.id),
            anchors: sorted(std::mem::take(&mut markdown.anchors), |anchor| *anchor),
            callouts: sorted(std::mem::take(&mut markdown.callouts), |callout| callout.span),
            timestamps: sorted(timestamps, |timestamp| timestamp.span),
            opaque: std::mem::take(&mut markdown.opaque).into(),
            faults: sorted(self.brackets.faults, |fault| fault.span),
            ..Parsed::default()
        };
        drop_definitions(&mut label_uses, &parsed);
        parsed.label_uses = sorted(label_uses, |label_use| label_use.span);
        let words = Words { links, markup: &markdown.markup, start: self.start };
        words.finish(source, &mut parsed);
        parsed
    }
}

/// Reads tags and bare addresses, which are valid only outside of everything else.
struct Words<'a> {
    links: Vec<Link>,
    markup: &'a [Span],
    start: usize,
}

impl Words<'_> {
    fn finish(mut self, source: Source<'_>, parsed: &mut Parsed) {
        let mut tags = find_tags(source, self.start);
        let mut addresses = find_addresses(source, self.start);
        if !tags.is_empty() || !addresses.is_empty() {
            let mut taken: Vec<Span> = parsed.opaque.to_vec();
            taken.extend(self.markup);
            taken.extend(self.links.iter().map(|link| link.span));
            taken.extend(parsed.label_uses.iter().map(|label_use| label_use.span));
            taken.extend(parsed.timestamps.iter().map(|timestamp| timestamp.span));
            merge_overlapping(&mut taken);
            drop_overlapping(&mut tags, &taken, |tag| tag.span);
            drop_overlapping(&mut addresses, &taken, |link| link.span);
        }
        self.links.append(&mut addresses);
        parsed.tags = tags.into();
        parsed.links = sorted(self.links, |link| link.span);
    }
}

fn sorted<T>(mut items: Vec<T>, span: impl Fn(&T) -> Span) -> Box<[T]> {
    let key = |item: &T| (span(item).start, span(item).end);
    if !items.is_sorted_by_key(key) {
        items.sort_by_key(key);
    }
    items.into()
}

/// Adds the comments to the opaque spans and drops the Markdown in them.
fn drop_comments(source: Source<'_>, start: usize, markdown: &mut Markdown) {
    let comments = find_comments(source, start, &markdown.opaque);
    if comments.is_empty() {
        return;
    }
    let is_comment = |place: Span| comments.containing(place.start).is_some();
    markdown.headings.retain(|heading| !is_comment(heading.span));
    markdown.blocks.retain(|block| !is_comment(block.id));
    markdown.anchors.retain(|anchor| !is_comment(*anchor));
    markdown.callouts.retain(|callout| !is_comment(callout.span));
    markdown.label_definitions.retain(|definition| !is_comment(definition.span));
    markdown.label_uses.retain(|label_use| !is_comment(label_use.span));
    markdown.links.retain(|link| !is_comment(link.span));
    markdown.opaque.extend(&comments);
    merge_overlapping(&mut markdown.opaque);
}

fn read_brackets(
    source: Source<'_>,
    start: usize,
    markdown: &Markdown,
    timestamps: &[Timestamp],
    has_video: bool,
) -> Brackets {
    let is_bracketed = |link: &&Link| link.is_external && source.span(link.span).starts_with("[[");
    let mut bracketed_links: Vec<Span> =
        markdown.links.iter().filter(is_bracketed).map(|link| link.span).collect();
    merge_overlapping(&mut bracketed_links);
    let mut markdown_links: Vec<Span> = Vec::new();
    if has_video {
        markdown_links.extend(markdown.links.iter().map(|link| link.span));
        markdown_links.extend(markdown.label_uses.iter().map(|label_use| label_use.span));
        merge_overlapping(&mut markdown_links);
    }
    let surroundings = Surroundings {
        opaque: &markdown.opaque,
        timestamps,
        markdown_links: &markdown_links,
        bracketed_links: &bracketed_links,
        has_video,
    };
    brackets::read(source, start..source.len(), &surroundings)
}

/// Drops the Markdown links and labels that overlap a wikilink or timestamp.
fn drop_taken(markdown: &mut Markdown, brackets: &Brackets, timestamps: &[Timestamp]) {
    if markdown.links.is_empty() && markdown.label_uses.is_empty() {
        return;
    }
    let mut taken: Vec<Span> = brackets.wikilinks.iter().map(|link| link.span).collect();
    taken.extend(timestamps.iter().chain(&brackets.bare_timestamps).map(|timestamp| timestamp.span));
    merge_overlapping(&mut taken);
    markdown.links.sort_by_key(|link| link.span.start);
    markdown.label_uses.sort_by_key(|label_use| label_use.span.start);
    drop_overlapping(&mut markdown.links, &taken, |link| link.span);
    drop_overlapping(&mut markdown.label_uses, &taken, |label_use| label_use.span);
}

/// Turns links into timestamps whose label is a clock and whose address is a moment of a video.
fn take_video_links(source: Source<'_>, markdown: &mut Markdown, timestamps: &mut Vec<Timestamp>) {
    markdown.links.retain(|link| {
        if link.kind != LinkKind::Inline || !link.is_external {
            return true;
        }
        let label = link.display.map(|display| source.span(display)).unwrap_or_default();
        let Some(moment) = read_video_link(label, source.span(link.target)) else {
            return true;
        };
        timestamps.push(Timestamp::new(link.span, TimestampForm::VideoLink, moment));
        false
    });
}

/// Drops the footnote uses at the start of a footnote definition, which has the same form.
fn drop_definitions(label_uses: &mut Vec<LabelUse>, parsed: &Parsed) {
    let definitions = &parsed.label_definitions;
    label_uses.retain(|label_use| {
        let is_definition = definitions.starting_at(label_use.span.start).is_some();
        label_use.kind == LabelKind::Link || !is_definition
    });
}
