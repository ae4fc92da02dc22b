//! Timestamps: which moment of a video a place in a note names.
//!
//! A vault has hundreds of thousands of them, so a [`Timestamp`] keeps its span and its moment only; the spans of
//! its parts are read again from its few bytes when somebody asks ([`Timestamp::parts`]).

use crate::text::Span;

/// A point in a video, in whole seconds from its start.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Moment {
    /// Seconds from the start of the video.
    pub seconds: u32,
}

/// How a timestamp is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
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
    /// The moment that it names, by `data-t`, the address's `t` or the bare label; `None` if that cannot be read.
    pub moment: Option<Moment>,
}

/// The parts of a timestamp. Spans are those of the note.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct TimestampParts {
    /// `00:01:55` of `data-t="00:01:55"`, or `115s` of `t=115s`. `None`: a tag without `data-t`, or a bare timestamp.
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

/// What a clock text says.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Clock {
    /// `H:MM:SS` or `M:SS` (any number of digits before the first colon, two after each; ASCII digits).
    Moment(Moment),
    /// Of that shape, but with minutes or seconds above 59 (`00:75:10`). `carried` is what it means if the excess
    /// carries over; `None` past `u32`.
    OutOfRange {
        /// The moment with the excess carried.
        carried: Option<Moment>,
    },
    /// Anything else. `reading` is what makes sense, where exactly one thing does: `00:01:55:12` read as
    /// `HH:MM:SS:FF`, stray characters and white space around a clock left out, `1.55` no.
    Malformed {
        /// The one sensible reading.
        reading: Option<Moment>,
    },
}

impl Timestamp {
    /// The parts of the timestamp, read from `text`, the text of its span.
    pub fn parts(&self, text: &str) -> TimestampParts {
        let _ = text;
        TimestampParts::default()
    }
}
