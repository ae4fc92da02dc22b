//! The result of parsing a note, with the exact span of every part. As it is held for every note, it copies
//! only what is needed without the text: heading names and front matter values.

use std::fmt;
use std::num::NonZeroU32;

use serde::{Deserialize, Serialize};

use crate::text::{Offset, Placed, SortedByPlace, Span};

use super::address::is_video_id;
use super::clock::Moment;

/// A parsed note. Every list is in the order of the text.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Parsed {
    /// The YAML block at the top; `None` if the note has none.
    pub front_matter: Option<Box<FrontMatter>>,
    /// All headings, front matter excluded.
    pub headings: Box<[Heading]>,
    /// Links to notes, files and addresses.
    pub links: Box<[Link]>,
    /// `[label]: destination` and `[^label]: text`.
    pub label_definitions: Box<[LabelDefinition]>,
    /// `[text][label]`, `[label]`, `[^label]`, whether or not the label is defined.
    pub label_uses: Box<[LabelUse]>,
    /// `#tags`, those of the front matter included.
    pub tags: Box<[Tag]>,
    /// `^ids` of blocks.
    pub blocks: Box<[Block]>,
    /// Values of HTML `id` and `name` attributes, which fragments can name.
    pub anchors: Box<[Span]>,
    /// Timestamps of all forms.
    pub timestamps: Box<[Timestamp]>,
    /// Callouts, `> [!note]`.
    pub callouts: Box<[Callout]>,
    /// Code, math and comments, in which there is no link, tag or timestamp. Sorted, not overlapping.
    pub opaque: Box<[Span]>,
    /// Syntax errors, other than those in timestamps.
    pub faults: Box<[Fault]>,
    /// The names of all headings, one after the other; see [`Parsed::heading_name`].
    pub(super) heading_names: Box<str>,
}

/// A heading, ATX (`## Name`) or setext.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Heading {
    /// The whole heading without its last line break: `## The *name* ##`.
    pub span: Span,
    /// Its content: `The *name*`.
    pub content: Span,
    /// The level, from 1 to 6.
    pub level: u8,
    /// The place among the headings, from 1, of the one that contains this one.
    pub(super) parent: Option<NonZeroU32>,
    /// The range of the plain name (`The name`) in `heading_names`.
    pub(super) name: (u32, u32),
    /// The range of the Markdown of the name (`The *name*`) in `heading_names`.
    pub(super) written: (u32, u32),
}

/// The kind of a link.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum LinkKind {
    /// `[[target#fragment|display]]`
    Wikilink,
    /// `![[target]]`
    Embed,
    /// `[display](target#fragment)`
    Inline,
    /// `![display](target)`
    Image,
    /// `[label]: target`, the destination of a reference definition.
    Definition,
    /// `<https://example.org>` or a bare address.
    Autolink,
    /// `<a href="target">`, `<img src="target">` and the like: the value of the attribute alone.
    Html,
}

impl LinkKind {
    /// Returns whether the link is written with `[[ ]]`.
    pub fn is_wiki(self) -> bool {
        matches!(self, LinkKind::Wikilink | LinkKind::Embed)
    }
}

/// A link. The spans of its parts are trimmed and without their delimiters:
///
/// ```text
/// ![[ a/b#Heading#Sub | shown ]]      [shown](<a b.md#heading>)
///     ^^^ ^^^^^^^^^^^   ^^^^^          ^^^^^   ^^^^^^ ^^^^^^^
///  target   fragment    display      display  target fragment
/// ```
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Link {
    /// The kind.
    pub kind: LinkKind,
    /// Whether the target is an address with a scheme (`https:`, `mailto:`) and not a path in the vault.
    pub is_external: bool,
    /// The whole link, with its delimiters and the `!` of an embed. In the front matter, the link within the
    /// YAML string. Of a definition, from `[label]` to the end of its destination.
    pub span: Span,
    /// The target as written: percent-encoding, escapes and character references are not decoded. Empty, at
    /// its place, if the link names a place of its own note (`[[#Heading]]`). Of an external link, the whole
    /// address with its fragment.
    pub target: Span,
    /// The part after the first `#` of a local link; `^id` for a block. `None` without a `#`.
    pub fragment: Option<Span>,
    /// The display text. `None` without a `|` and for a definition.
    pub display: Option<Span>,
}

impl Link {
    /// Returns the span of the target with the fragment: `b.md#part` of `[text](b.md#part)`.
    pub fn destination(&self) -> Span {
        Span::between(self.target.start, self.fragment.map_or(self.target.end, |fragment| fragment.end))
    }
}

/// The kind of a label.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum LabelKind {
    /// `[label]: destination`
    Link,
    /// `[^label]: text`
    Footnote,
}

/// The definition of a label.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LabelDefinition {
    /// Link or footnote.
    pub kind: LabelKind,
    /// The whole definition without its last line break.
    pub span: Span,
    /// The label without brackets and `^`. Labels are compared trimmed, case-folded and with white space
    /// folded to one space (CommonMark, "matches").
    pub label: Span,
}

/// A use of a label.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LabelUse {
    /// Link or footnote.
    pub kind: LabelKind,
    /// The whole use: `[text][label]`, `[label][]`, `[label]`, `[^label]`.
    pub span: Span,
    /// The label without brackets and `^`.
    pub label: Span,
}

/// A tag.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Tag {
    /// `#a/b` in the text, with its `#`; in front matter the same as `name`.
    pub span: Span,
    /// `a/b`
    pub name: Span,
}

/// A block with an id.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Block {
    /// The block that the id belongs to: the paragraph, list item, table, quote or code block.
    pub span: Span,
    /// `id`, without the `^`.
    pub id: Span,
}

/// How a timestamp is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum TimestampForm {
    /// `<a class="yt-timestamp" data-t="00:01:55">[00:01:55]</a>`
    Tag,
    /// `[00:01:55](<a class="yt-timestamp" data-t="00:01:55">[00:01:55]</a>)`
    WrappedTag,
    /// `[00:01:55](https://www.youtube.com/watch?v=ID&t=115s)`
    VideoLink,
    /// `[00:01:55]` in a note that has a video.
    Bare,
}

impl TimestampForm {
    /// Returns whether the form has an HTML tag.
    pub fn is_tag(self) -> bool {
        matches!(self, TimestampForm::Tag | TimestampForm::WrappedTag)
    }
}

/// A timestamp. Held in 12 bytes, as notes of videos consist of them.
#[derive(Clone, PartialEq, Eq)]
pub struct Timestamp {
    /// The whole timestamp, as shown at [`TimestampForm`]. Of a tag without its end, from `<a` to the end of
    /// the line.
    pub span: Span,
    /// The form in the lowest two bits. Above them, the seconds of the moment plus one; zero without a
    /// moment.
    form_and_moment: u32,
}

impl Timestamp {
    pub(super) fn new(span: Span, form: TimestampForm, moment: Option<Moment>) -> Timestamp {
        let form = match form {
            TimestampForm::Tag => 0,
            TimestampForm::WrappedTag => 1,
            TimestampForm::VideoLink => 2,
            TimestampForm::Bare => 3,
        };
        let moment = moment.map_or(0, |moment| moment.seconds.min(Moment::MAX_SECONDS) + 1);
        Timestamp { span, form_and_moment: moment << 2 | form }
    }

    /// Returns the form.
    pub fn form(&self) -> TimestampForm {
        match self.form_and_moment & 3 {
            0 => TimestampForm::Tag,
            1 => TimestampForm::WrappedTag,
            2 => TimestampForm::VideoLink,
            _ => TimestampForm::Bare,
        }
    }

    /// Returns the moment in `data-t`, in the parameter `t` of the address or in the bare label; `None` if it
    /// is not valid.
    pub fn moment(&self) -> Option<Moment> {
        let seconds = (self.form_and_moment >> 2).checked_sub(1)?;
        Some(Moment { seconds })
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} {:?} {:?}", self.form(), self.moment(), self.span)
    }
}

/// The parts of a timestamp. Spans are those of the note.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct TimestampParts {
    /// `00:01:55` of `data-t="00:01:55"`, or `115s` of `t=115s`. `None` for a tag without `data-t` and for a
    /// bare timestamp.
    pub value: Option<Span>,
    /// The visible text: `[00:01:55]` between `>` and `</a>`, with its brackets, empty in `<a …></a>`; of a
    /// video link or a bare timestamp the clock without brackets, `00:01:55`. `None` for a tag without its
    /// end.
    pub label: Option<Span>,
    /// The clock in the outer brackets of the wrapped form: `00:01:55`.
    pub outer_label: Option<Span>,
    /// `ID` in the address of a video link.
    pub video: Option<Span>,
    /// Whether a tag has both its `>` and its `</a>`. Always true for the other forms.
    pub is_closed: bool,
}

/// A callout.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Callout {
    /// `[!note]`
    pub span: Span,
    /// `note`
    pub kind: Span,
}

/// A syntax error.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fault {
    /// The whole `[[]]`, the text from `[[` to the end of the line, or a part of the front matter.
    pub span: Span,
    /// The kind of error.
    pub kind: FaultKind,
}

/// The kind of a syntax error.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum FaultKind {
    /// `[[]]`, `[[ | display]]`: neither target nor fragment.
    EmptyLink,
    /// `[[name` without `]]` on the same line.
    UnclosedLink,
    /// The front matter is not YAML, or not a mapping; the text explains the error.
    FrontMatter(Box<str>),
    /// The value of a known key is of the wrong kind; the text names the expected one.
    FrontMatterValue(Box<str>),
}

/// A string of the front matter.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Scalar {
    /// The value without its quotes.
    pub span: Span,
    /// The decoded value.
    pub value: Box<str>,
}

/// The YAML block between `---` lines at the top of a note.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct FrontMatter {
    /// From the first `---` to the end of the closing one.
    pub span: Span,
    /// The YAML between the two lines.
    pub content: Span,
    /// `title`
    pub title: Option<Scalar>,
    /// `aliases`, `alias`
    pub aliases: Box<[Scalar]>,
    /// The addresses that generators give the page of the note: `permalink`, `slug`, `url` without a scheme,
    /// `redirect_from` (Jekyll) and `id` (Docusaurus). Empty for most notes.
    pub addresses: Box<[Box<str>]>,
    /// `videoId`, `video_id`, or the id in a YouTube `url` or `source`; then the span is that of the id
    /// alone.
    pub video: Option<Scalar>,
    /// `duration` in seconds, with the span of its value.
    pub duration: Option<(Span, u32)>,
    /// How it is written.
    pub format: FrontMatterFormat,
}

/// How a front matter is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum FrontMatterFormat {
    /// YAML between lines `---`.
    #[default]
    Yaml,
    /// TOML between lines `+++`.
    Toml,
    /// Lines `key:: value` at the start of the note. They are Markdown as well; the spans of the whole front
    /// matter are empty, at the start of the note.
    Properties,
}

impl FrontMatter {
    /// Returns all addresses of the page of the note: those that are given as such, and the aliases that are
    /// addresses, as Hugo redirects from them.
    pub(crate) fn addresses(&self) -> impl Iterator<Item = &str> {
        let aliases = self.aliases.iter().map(|alias| &*alias.value).filter(|alias| alias.starts_with('/'));
        self.addresses.iter().map(|address| &**address).chain(aliases)
    }
}

impl Parsed {
    /// Returns the name of a heading of this note: its content as plain text, without markup and with white
    /// space folded to one space: `The name` for `## The *name*`.
    pub fn heading_name(&self, heading: &Heading) -> &str {
        let (start, end) = heading.name;
        self.heading_names.get(start as usize..end as usize).unwrap_or_default()
    }

    /// Returns the Markdown of the name of a heading: `The *name*`. Obsidian makes links to a heading from
    /// it.
    pub fn written_heading_name(&self, heading: &Heading) -> &str {
        let (start, end) = heading.written;
        self.heading_names.get(start as usize..end as usize).unwrap_or_default()
    }

    /// Returns whether the byte at `at` belongs to code, math or a comment, where there is no link.
    pub fn is_opaque(&self, at: Offset) -> bool {
        self.opaque.containing(at).is_some()
    }

    /// Returns the video that the front matter names, if any.
    pub fn video(&self) -> Option<&Scalar> {
        self.front_matter.as_ref()?.video.as_ref()
    }

    /// Returns the id of the video of the note, if it can be that of a video.
    pub fn video_id(&self) -> Option<&str> {
        self.video().map(|video| &*video.value).filter(|id| is_video_id(id))
    }

    /// Returns the title of the front matter, or else the first heading of level 1, as what a reader calls
    /// the note.
    /// `None` if that is empty or the note has neither.
    pub fn display_title(&self) -> Option<&str> {
        let heading = || self.headings.iter().find(|heading| heading.level == 1);
        let title = self.title().map(|title| &*title.value);
        title
            .or_else(|| heading().map(|heading| self.heading_name(heading)))
            .filter(|title| !title.is_empty())
    }

    /// Returns the title of the front matter, if it has one.
    pub fn title(&self) -> Option<&Scalar> {
        self.front_matter.as_ref()?.title.as_ref()
    }
}

macro_rules! placed_by_span {
    ($($element:ty),*) => {
        $(impl Placed for $element {
            fn place(&self) -> Span {
                self.span
            }
        })*
    };
}

placed_by_span!(Heading, Link, LabelDefinition, LabelUse, Tag, Timestamp);

impl Placed for Block {
    /// `^id`
    fn place(&self) -> Span {
        Span::new(self.id.start.to_usize().saturating_sub(1), self.id.end.to_usize())
    }
}
