//! One note in memory: its text, the parsed text, and the names that it defines and uses.

use std::borrow::Cow;

use crate::syntax::{self, CitedExtent, FrontMatter, Heading, Link, Parsed, TimestampForm};
use crate::text::{Offset, Span, Text};
use crate::vault::model::LinkConventions;
use crate::vault::names::NoteKeys;

/// A note. Immutable; an edit makes a new one.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Note {
    /// The text.
    pub text: Text,
    /// The parsed text; always that of `text`.
    pub parsed: Parsed,
    /// The keys that it defines and uses; always those of `text`.
    pub keys: NoteKeys,
    /// How its links are written; always those of `text`.
    pub conventions: LinkConventions,
    /// The first byte on disk that is not UTF-8. Such a note holds its text with each bad stretch replaced by
    /// U+FFFD and is never edited. The offset is that of the first U+FFFD.
    pub invalid_utf8: Option<Offset>,
}

impl Note {
    /// Parses a text. Linear in its length.
    pub fn new(text: &str) -> Note {
        Note::parsed_from(text, Text::from(text))
    }

    /// Parses a text that is on a rope already, which it keeps. Linear in its length.
    pub fn on_rope(text: Text) -> Note {
        Note::parsed_from(&text.to_text(), text)
    }

    fn parsed_from(written: &str, text: Text) -> Note {
        let parsed = syntax::parse(written);
        let keys = NoteKeys::new(written, &parsed);
        let conventions = LinkConventions::of(written, &parsed);
        Note { text, parsed, keys, conventions, invalid_utf8: None }
    }

    /// Parses the bytes of a file, which may not be UTF-8.
    pub fn from_bytes(bytes: &[u8]) -> Note {
        match std::str::from_utf8(bytes) {
            Ok(text) => Note::new(text),
            Err(error) => {
                let invalid_utf8 = Some(Offset::new(error.valid_up_to()));
                Note { invalid_utf8, ..Note::new(&String::from_utf8_lossy(bytes)) }
            }
        }
    }

    /// Returns the text of a span; see [`Text::slice`].
    pub fn slice(&self, span: Span) -> Cow<'_, str> {
        self.text.slice(span)
    }

    /// Returns what a reader calls the note, see [`Parsed::display_title`].
    pub fn title(&self) -> Option<&str> {
        self.parsed.display_title()
    }

    /// Returns up to where the note cites its own video; `None` if it cites too few moments to judge the
    /// length of the video by. Diagnostics of other notes about the video depend on this and on nothing else.
    pub fn cited_extent(&self) -> Option<CitedExtent> {
        let own = self.parsed.timestamps.iter().filter(|stamp| stamp.form() != TimestampForm::VideoLink);
        CitedExtent::of(own.filter_map(|stamp| stamp.moment()).collect())
    }

    /// Returns whether headings, blocks, anchors, names, video and duration are equal to those of `other`:
    /// all that other notes can refer to.
    pub(crate) fn has_outline_of(&self, other: &Note) -> bool {
        // Links name a heading by its plain text or by its Markdown.
        fn heading<'a>(note: &'a Note, heading: &Heading) -> (u8, [&'a str; 2]) {
            let names = [note.parsed.heading_name(heading), note.parsed.written_heading_name(heading)];
            (heading.level, names)
        }
        fn headings(note: &Note) -> impl Iterator<Item = (u8, [&str; 2])> {
            note.parsed.headings.iter().map(|one| heading(note, one))
        }
        fn blocks(note: &Note) -> impl ExactSizeIterator<Item = Span> {
            note.parsed.blocks.iter().map(|block| block.id)
        }
        fn anchors(note: &Note) -> impl ExactSizeIterator<Item = Span> {
            note.parsed.anchors.iter().copied()
        }
        let names = |front: Option<&FrontMatter>| -> Vec<Option<String>> {
            let Some(front) = front else { return Vec::new() };
            let aliases = front.aliases.iter().map(|alias| Some(alias.value.to_string()));
            let title = front.title.as_ref().map(|title| title.value.to_string());
            let video = front.video.as_ref().map(|video| video.value.to_string());
            let duration = front.duration.map(|(_, seconds)| seconds.to_string());
            let addresses = front.addresses.iter().map(|address| Some(address.to_string()));
            aliases.chain([title, video, duration]).chain(addresses).collect()
        };
        let both = Compared::new(self, other);
        headings(self).eq(headings(other))
            && both.say_the_same(blocks(self), blocks(other))
            && both.say_the_same(anchors(self), anchors(other))
            && names(self.parsed.front_matter.as_deref()) == names(other.parsed.front_matter.as_deref())
    }

    /// Returns whether the links are equal to those of `other`, in order: kind, target and fragment.
    pub(crate) fn has_references_of(&self, other: &Note) -> bool {
        let both = Compared::new(self, other);
        let same = |(mine, theirs): (&Link, &Link)| match (mine.fragment, theirs.fragment) {
            (Some(mine), Some(theirs)) => both.says_the_same(mine, theirs),
            (mine, theirs) => mine.is_none() && theirs.is_none(),
        };
        self.has_links_of(other) && self.parsed.links.iter().zip(&other.parsed.links).all(same)
    }

    /// Returns whether the links are equal to those of `other`, in order: kind and target.
    pub(crate) fn has_links_of(&self, other: &Note) -> bool {
        let (mine, theirs) = (&self.parsed.links, &other.parsed.links);
        let both = Compared::new(self, other);
        let same = |(mine, theirs): (&Link, &Link)| {
            mine.kind == theirs.kind && both.says_the_same(mine.target, theirs.target)
        };
        mine.len() == theirs.len() && mine.iter().zip(theirs).all(same)
    }
}

/// Two notes, of which one may be an edit of the other: what stands before and behind the edit is not read.
struct Compared<'a> {
    one: &'a Note,
    other: &'a Note,
    /// How many bytes are equal at the start.
    start: usize,
    /// How many bytes are equal at the end.
    end: usize,
}

impl<'a> Compared<'a> {
    fn new(one: &'a Note, other: &'a Note) -> Compared<'a> {
        let (start, end) = one.text.equal_ends(&other.text);
        Compared { one, other, start, end }
    }

    /// Returns whether a span of the one note holds the text that a span of the other does.
    fn says_the_same(&self, one: Span, other: Span) -> bool {
        let from_end = |note: &Note, span: Span| note.text.len().saturating_sub(span.start.to_usize());
        let (mine, theirs) = (from_end(self.one, one), from_end(self.other, other));
        let is_before = one == other && one.end.to_usize() <= self.start;
        let is_behind = mine == theirs && one.len() == other.len() && mine <= self.end;
        is_before || is_behind || self.one.slice(one) == self.other.slice(other)
    }

    fn say_the_same(
        &self,
        one: impl ExactSizeIterator<Item = Span>,
        other: impl ExactSizeIterator<Item = Span>,
    ) -> bool {
        one.len() == other.len() && one.zip(other).all(|(one, other)| self.says_the_same(one, other))
    }
}
