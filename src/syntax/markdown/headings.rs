//! Names of headings: their plain text, with the display text or target of each wikilink.

use crate::text::{Offset, SortedByPlace, Span};

use super::super::parsed::{Heading, Link};
use super::super::source::Source;
use super::{HeadingText, RawHeading};

/// Returns the headings with their names, and the text that holds all names. `wikilinks` and `texts` are
/// sorted.
pub(in crate::syntax) fn name_headings(
    source: Source<'_>,
    raw: &[RawHeading],
    texts: &[HeadingText],
    wikilinks: &[Link],
) -> (Box<[Heading]>, Box<str>) {
    let length = raw.iter().map(|heading| heading.content.len()).sum();
    let mut names = Names { source, all: String::with_capacity(length), is_space_due: false, start: 0 };
    let mut headings = Vec::with_capacity(raw.len());
    for heading in raw {
        let texts = texts.get(heading.texts.clone()).unwrap_or_default();
        names.begin();
        names.push_heading(texts, wikilinks.starting_in(heading.content));
        let name = names.end();
        let written = names.written(heading.content, name);
        let RawHeading { span, content, level, .. } = *heading;
        headings.push(Heading { span, content, level, name, written });
    }
    (headings.into(), names.all.into())
}

struct Names<'a> {
    source: Source<'a>,
    all: String,
    is_space_due: bool,
    start: usize,
}

impl Names<'_> {
    fn begin(&mut self) {
        self.start = self.all.len();
        self.is_space_due = false;
    }

    fn push_heading(&mut self, texts: &[HeadingText], links: &[Link]) {
        let source = self.source;
        let mut links = links.iter().peekable();
        // The end of the text that has been added to the name, be it part of a link or not.
        let mut named = Offset::ZERO;
        for text in texts {
            while let Some(link) = links.next_if(|link| link.span.start < text.span.end) {
                if text.text.is_none() {
                    self.push(source.span(Span::between(named.max(text.span.start), link.span.start)));
                }
                self.push(source.span(shown(link)));
                named = named.max(link.span.end);
            }
            match &text.text {
                Some(read) if named <= text.span.start => self.push(read),
                None => self.push(source.span(Span::between(named.max(text.span.start), text.span.end))),
                Some(_) => {}
            }
        }
    }

    fn push(&mut self, text: &str) {
        let mut rest = text;
        while !rest.is_empty() {
            let word_end = rest.find(char::is_whitespace).unwrap_or(rest.len());
            let (word, others) = rest.split_at(word_end);
            if !word.is_empty() {
                if self.is_space_due {
                    self.all.push(' ');
                }
                self.all.push_str(word);
            }
            rest = others.trim_start();
            self.is_space_due = self.all.len() > self.start && rest.len() < others.len();
        }
    }

    fn end(&self) -> (u32, u32) {
        (to_u32(self.start), to_u32(self.all.len()))
    }

    /// Adds the Markdown of the name; returns the range of the name if they are equal.
    fn written(&mut self, content: Span, name: (u32, u32)) -> (u32, u32) {
        let written = self.source.span(content);
        if self.all.get(self.start..) == Some(written) {
            return name;
        }
        self.begin();
        self.push(written);
        self.end()
    }
}

/// Returns the visible part of a link.
fn shown(link: &Link) -> Span {
    let display = link.display.filter(|display| !display.is_empty());
    match (display, link.fragment) {
        (Some(display), _) => display,
        (None, Some(fragment)) => Span::between(link.target.start, fragment.end),
        (None, None) => link.target,
    }
}

/// Texts stay below 4 GiB, so this never saturates.
fn to_u32(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}
