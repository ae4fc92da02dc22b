//! One note in memory: its text, the parsed text, and the names that it defines and uses.

use std::borrow::Cow;

use crate::syntax::{self, FrontMatter, Heading, Link, Moment, Parsed, TimestampForm};
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
        let parsed = syntax::parse(text);
        let keys = NoteKeys::new(text, &parsed);
        let conventions = LinkConventions::of(text, &parsed);
        Note { text: Text::from(text), parsed, keys, conventions, invalid_utf8: None }
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

    /// Returns the last moment that the note cites of its own video; `None` if it cites too few to judge the
    /// length of the video by. Diagnostics of other notes about the video depend on this moment and on no
    /// other.
    pub fn last_moment(&self) -> Option<Moment> {
        const TELLING_MOMENTS: usize = 5;
        let own = self.parsed.timestamps.iter().filter(|stamp| stamp.form() != TimestampForm::VideoLink);
        let (count, last) = own
            .filter_map(|stamp| stamp.moment())
            .fold((0, Moment { seconds: 0 }), |(count, last), moment| (count + 1, last.max(moment)));
        (count >= TELLING_MOMENTS).then_some(last)
    }

    /// Returns whether headings, blocks, anchors, names, video and duration are equal to those of `other`:
    /// all that other notes can refer to.
    pub(crate) fn has_outline_of(&self, other: &Note) -> bool {
        // Links name a heading by its plain text or by its Markdown.
        let heading = |note: &Note, heading: &Heading| {
            let names = [note.parsed.heading_name(heading), note.parsed.written_heading_name(heading)];
            (heading.level, names.map(str::to_owned))
        };
        let headings =
            |note: &Note| -> Vec<_> { note.parsed.headings.iter().map(|one| heading(note, one)).collect() };
        let spans_say = |note: &Note, spans: &mut dyn Iterator<Item = Span>| -> Vec<String> {
            spans.map(|span| note.slice(span).into_owned()).collect()
        };
        let blocks = |note: &Note| spans_say(note, &mut note.parsed.blocks.iter().map(|block| block.id));
        let anchors = |note: &Note| spans_say(note, &mut note.parsed.anchors.iter().copied());
        let names = |front: Option<&FrontMatter>| -> Vec<Option<String>> {
            let Some(front) = front else { return Vec::new() };
            let aliases = front.aliases.iter().map(|alias| Some(alias.value.to_string()));
            let title = front.title.as_ref().map(|title| title.value.to_string());
            let video = front.video.as_ref().map(|video| video.value.to_string());
            let duration = front.duration.map(|(_, seconds)| seconds.to_string());
            aliases.chain([title, video, duration]).collect()
        };
        headings(self) == headings(other)
            && blocks(self) == blocks(other)
            && anchors(self) == anchors(other)
            && names(self.parsed.front_matter.as_deref()) == names(other.parsed.front_matter.as_deref())
    }

    /// Returns whether the links are equal to those of `other`, in order: kind, target and fragment.
    pub(crate) fn has_references_of(&self, other: &Note) -> bool {
        let fragment = |note: &Note, link: &Link| link.fragment.map(|span| note.slice(span).into_owned());
        let links = self.parsed.links.iter().zip(&other.parsed.links);
        let mut fragments = links.map(|(mine, theirs)| (fragment(self, mine), fragment(other, theirs)));
        self.has_links_of(other) && fragments.all(|(mine, theirs)| mine == theirs)
    }

    /// Returns whether the links are equal to those of `other`, in order: kind and target.
    pub(crate) fn has_links_of(&self, other: &Note) -> bool {
        let (mine, theirs) = (&self.parsed.links, &other.parsed.links);
        let same = |(mine, theirs): (&Link, &Link)| {
            mine.kind == theirs.kind && self.slice(mine.target) == other.slice(theirs.target)
        };
        mine.len() == theirs.len() && mine.iter().zip(theirs).all(same)
    }
}
