//! What a note says, with the exact span of every part. Texts stay in the note; only what a reader of *other*
//! notes needs without the text (heading names, front matter values) is copied here, for this is held for
//! every note.

use serde::{Deserialize, Serialize};

use crate::text::{Offset, Placed, SortedByPlace, Span};

use super::address::is_video_id;
use super::clock::Moment;

/// One note, read. Everything is in the order of the text.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Parsed {
    /// The YAML block at the top; `None` if the note has none.
    pub front_matter: Option<Box<FrontMatter>>,
    /// All headings, front matter excluded.
    pub headings: Box<[Heading]>,
    /// Everything that names a note, a file or an address.
    pub links: Box<[Link]>,
    /// `[label]: destination` and `[^label]: text`.
    pub label_definitions: Box<[LabelDefinition]>,
    /// `[text][label]`, `[label]`, `[^label]`, whether or not the label is defined.
    pub label_uses: Box<[LabelUse]>,
    /// `#tags`, those of the front matter included.
    pub tags: Box<[Tag]>,
    /// `^ids` of blocks.
    pub blocks: Box<[Block]>,
    /// Values of HTML `id` and `name` attributes: places that a fragment can name.
    pub anchors: Box<[Span]>,
    /// Timestamps of all forms.
    pub timestamps: Box<[Timestamp]>,
    /// Callouts, `> [!note]`.
    pub callouts: Box<[Callout]>,
    /// Where nothing is a link, tag or timestamp: code, math, comments. Sorted, not overlapping.
    pub opaque: Box<[Span]>,
    /// What is wrong with the note by itself, beyond its timestamps.
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
    /// 1 to 6.
    pub level: u8,
    /// Where [`Parsed::heading_name`] finds the plain name: `The name`.
    pub(super) name: (u32, u32),
    /// Where [`Parsed::written_heading_name`] finds `The *name*`.
    pub(super) written: (u32, u32),
}

/// What kind of link stands in the text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
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
}

impl LinkKind {
    /// Whether the link is written with `[[ ]]`.
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
    /// What kind of link it is.
    pub kind: LinkKind,
    /// Whether the target is an address with a scheme (`https:`, `mailto:`) and no place of the vault.
    pub is_external: bool,
    /// Everything, from the first delimiter (the `!` of an embed) to the last. For links in the front matter,
    /// the same within the YAML string. For a definition, from `[label]` to the end of its destination.
    pub span: Span,
    /// The target; empty, at the place where it would stand, if the link names a place of its own note
    /// (`[[#Heading]]`). Raw: percent-encoding, escapes and character references are not undone. External:
    /// the whole address with its fragment.
    pub target: Span,
    /// What follows the first `#` of a local link; `^id` for a block. `None` without a `#`.
    pub fragment: Option<Span>,
    /// What the reader sees, if it is written out. `None` without a `|` or for a definition.
    pub display: Option<Span>,
}

/// What kind of thing a label names.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum LabelKind {
    /// `[label]: destination`
    Link,
    /// `[^label]: text`
    Footnote,
}

/// The place that says what a label stands for.
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

/// A place that uses a label.
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

/// A block that other notes can point at.
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

/// A timestamp.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Timestamp {
    /// Everything, as shown at [`TimestampForm`]. A tag without its end: from `<a` to the end of the line.
    pub span: Span,
    /// How it is written.
    pub form: TimestampForm,
    /// The moment that it names, by `data-t`, the address's `t` or the bare label; `None` if that cannot be
    /// read.
    pub moment: Option<Moment>,
}

/// The parts of a timestamp. Spans are those of the note.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct TimestampParts {
    /// `00:01:55` of `data-t="00:01:55"`, or `115s` of `t=115s`. `None`: a tag without `data-t`, or a bare
    /// timestamp.
    pub value: Option<Span>,
    /// What the reader sees, brackets included: `[00:01:55]` between `>` and `</a>`, empty in `<a …></a>`;
    /// for a video link or a bare timestamp the clock without brackets, `00:01:55`.
    /// `None` for a tag without its end.
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

/// Something that is wrong with the note by itself.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fault {
    /// Where: the whole `[[]]`, from `[[` to the end of the line, or a place in the front matter.
    pub span: Span,
    /// What.
    pub kind: FaultKind,
}

/// What is wrong.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum FaultKind {
    /// `[[]]`, `[[ | display]]`: neither target nor fragment.
    EmptyLink,
    /// `[[name` without `]]` on the same line.
    UnclosedLink,
    /// The front matter is not YAML, or not a mapping; the text says why.
    FrontMatter(Box<str>),
    /// A known key holds a value of a kind that it cannot have; the text says what is expected.
    FrontMatterValue(Box<str>),
}

/// A string of the front matter.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Scalar {
    /// The value as it is written, without quotes.
    pub span: Span,
    /// What it says.
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
    /// `videoId`, `video_id`, or the id in a YouTube `url` or `source`; then the span is that of the id
    /// alone.
    pub video: Option<Scalar>,
    /// `duration` in seconds, with the span of its value.
    pub duration: Option<(Span, u32)>,
}

impl Parsed {
    /// The name of a heading of this note: its content as plain text, without markup and with white space
    /// folded to one space: `The name` for `## The *name*`.
    pub fn heading_name(&self, heading: &Heading) -> &str {
        let (start, end) = heading.name;
        self.heading_names.get(start as usize..end as usize).unwrap_or_default()
    }

    /// The content of a heading of this note as it is written: `The *name*`. Obsidian's links to a heading
    /// are made from it.
    pub fn written_heading_name(&self, heading: &Heading) -> &str {
        let (start, end) = heading.written;
        self.heading_names.get(start as usize..end as usize).unwrap_or_default()
    }

    /// Whether `at` lies in code, math or a comment, where nothing is a link. The end of such a stretch is
    /// outside.
    pub fn is_opaque(&self, at: Offset) -> bool {
        self.opaque.containing(at).is_some()
    }

    /// The video of the note, if the front matter names one.
    pub fn video(&self) -> Option<&Scalar> {
        self.front_matter.as_ref()?.video.as_ref()
    }

    /// Returns the id of the video of the note, if it can be that of a video.
    pub fn video_id(&self) -> Option<&str> {
        self.video().map(|video| &*video.value).filter(|id| is_video_id(id))
    }

    /// Returns what a reader calls the note: the title of its front matter, else its first heading of level
    /// 1. `None` if that is empty or neither is there.
    pub fn display_title(&self) -> Option<&str> {
        let heading = || self.headings.iter().find(|heading| heading.level == 1);
        let title = self.title().map(|title| &*title.value);
        title
            .or_else(|| heading().map(|heading| self.heading_name(heading)))
            .filter(|title| !title.is_empty())
    }

    /// The title that the front matter gives.
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
