//! Names of headings: their plain text, with the display text or target of each wikilink.

use std::num::NonZeroU32;

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
    let mut names = Names { source, all: String::with_capacity(length), spaces_due: 0, start: 0 };
    let mut headings = Vec::with_capacity(raw.len());
    // The headings that may contain the next one, each with its level.
    let mut above: Vec<(u8, Option<NonZeroU32>)> = Vec::new();
    for (heading, number) in raw.iter().zip(1_u32..) {
        let texts = texts.get(heading.texts.clone()).unwrap_or_default();
        names.begin();
        names.push_heading(texts, heading.content.end, wikilinks.starting_in(heading.content));
        let name = names.end();
        let written = names.written(heading.content, name);
        let RawHeading { span, content, level, .. } = *heading;
        while above.pop_if(|(other, _)| *other >= level).is_some() {}
        let parent = above.last().and_then(|(_, parent)| *parent);
        above.push((level, NonZeroU32::new(number)));
        headings.push(Heading { span, content, level, parent, name, written });
    }
    (headings.into(), names.all.into())
}

struct Names<'a> {
    source: Source<'a>,
    all: String,
    /// The white space since the last word.
    spaces_due: usize,
    start: usize,
}

impl Names<'_> {
    fn begin(&mut self) {
        self.start = self.all.len();
        self.spaces_due = 0;
    }

    /// Adds the texts that begin before `end`.
    fn push_heading(&mut self, texts: &[HeadingText], end: Offset, links: &[Link]) {
        let source = self.source;
        let mut links = links.iter().peekable();
        // The end of the text that has been added to the name, be it part of a link or not.
        let mut named = Offset::ZERO;
        for text in texts.iter().take_while(|text| text.span.start < end) {
            while let Some(link) = links.next_if(|link| link.span.start < text.span.end) {
                if text.text.is_none() {
                    self.push(source.span(Span::between(named.max(text.span.start), link.span.start)));
                }
                self.push(source.span(shown(link)));
                named = named.max(link.span.end);
            }
            let start = named.max(text.span.start);
            match &text.text {
                Some(read) if named <= text.span.start => self.push(read),
                None => self.push(source.span(Span::between(start, text.span.end.min(end).max(start)))),
                Some(_) => {}
            }
        }
    }

    /// Adds a text, with a space for each white space, but none at the ends of the name. A slug has a hyphen
    /// for each of them.
    fn push(&mut self, text: &str) {
        for part in text.split_inclusive(char::is_whitespace) {
            let word = part.trim_end();
            if !word.is_empty() {
                self.all.extend(std::iter::repeat_n(' ', self.spaces_due));
                self.all.push_str(word);
                self.spaces_due = 0;
            }
            self.spaces_due += usize::from(word.len() < part.len() && self.all.len() > self.start);
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
