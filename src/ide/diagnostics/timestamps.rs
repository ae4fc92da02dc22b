//! Timestamps that name no moment, two moments, or one that the video does not have.

use crate::syntax::{Clock, Moment, Timestamp, TimestampForm, TimestampParts, is_video_id, read_clock};
use crate::text::Span;
use crate::vault::{Cancelled, Code};

use super::super::preview::shortened;
use super::super::videos::duration_seconds;
use super::Findings;

/// The longest video that YouTube takes: 12 hours (YouTube Help, "Upload videos longer than 15 minutes").
const LONGEST_VIDEO_SECONDS: u32 = 12 * 60 * 60;

pub(super) fn check(findings: &mut Findings<'_>) -> Result<(), Cancelled> {
    let source = findings.source;
    let parsed = &source.note.parsed;
    if let Some(video) = parsed.video() {
        findings.check_video(&video.value, video.span);
    }
    let end = findings.end_of_own_video();
    let is_own = |timestamp: &Timestamp| timestamp.form != TimestampForm::VideoLink;
    if let Some(first) = parsed.timestamps.iter().find(|timestamp| is_own(timestamp))
        && parsed.video().is_none()
    {
        let message = "The note has timestamps but names no video: `videoId` is missing in its front matter.";
        findings.add(Code::NoVideo, first.span, message);
    }
    for timestamp in &parsed.timestamps {
        findings.cancel.check()?;
        let parts = timestamp.parts(&source.note.slice(timestamp.span));
        findings.check_timestamp(timestamp, &parts);
        let (span, end) = (parts.value.or(parts.label).unwrap_or(timestamp.span), &end);
        let is_known = is_own(timestamp) || findings.names_own_video(&parts);
        findings.check_end(timestamp.moment, span, if is_known { *end } else { End::Unknown });
    }
    Ok(())
}

/// Whether a reader has nothing to click on: white space, or brackets around it.
fn shows_nothing(label: &str) -> bool {
    label.chars().all(|char| char.is_whitespace() || matches!(char, '[' | ']'))
}

/// Where a video ends.
#[derive(Clone, Copy)]
enum End {
    /// After this many seconds, as a front matter says.
    Seconds(u32),
    Unknown,
}

impl Findings<'_> {
    fn check_video(&mut self, id: &str, span: Span) {
        if !is_video_id(id) {
            let id = shortened(id);
            let message = format!("`{id}` is no YouTube video id: those are 11 letters, digits, `-` or `_`.");
            self.add(Code::BadVideoId, span, message);
        }
    }

    /// Where the video of the note ends, by all notes about it.
    fn end_of_own_video(&self) -> End {
        let video = self.source.note.parsed.video();
        let seconds = video.and_then(|video| duration_seconds(self.vault, &video.value));
        seconds.map_or(End::Unknown, End::Seconds)
    }

    fn names_own_video(&self, parts: &TimestampParts) -> bool {
        let own = self.source.note.parsed.video().map(|video| &*video.value);
        parts.video.is_some_and(|video| Some(&*self.source.note.slice(video)) == own)
    }

    fn check_timestamp(&mut self, timestamp: &Timestamp, parts: &TimestampParts) {
        let source = self.source;
        if !parts.is_closed {
            self.add(
                Code::UnclosedTimestamp,
                timestamp.span,
                "This timestamp is not closed: its `>` or `</a>` is missing.",
            );
            return;
        }
        if let Some(video) = parts.video {
            self.check_video(&source.note.slice(video), video);
        }
        match timestamp.form {
            TimestampForm::Tag | TimestampForm::WrappedTag => self.check_value(timestamp, parts),
            TimestampForm::VideoLink if timestamp.moment.is_none() => {
                let span = parts.value.unwrap_or(timestamp.span);
                self.add(
                    Code::MalformedTimestamp,
                    span,
                    "The address names no moment: `t` is not a number of seconds.",
                );
            }
            TimestampForm::Bare => self.check_bare(timestamp, parts),
            TimestampForm::VideoLink => {}
        }
        if parts.label.is_some_and(|label| shows_nothing(&source.note.slice(label))) {
            self.add(
                Code::TimestampEmptyLabel,
                timestamp.span,
                "This timestamp shows nothing: its label is empty.",
            );
        }
        for label in [parts.label, parts.outer_label].into_iter().flatten() {
            self.check_label(timestamp, label);
        }
    }

    fn check_value(&mut self, timestamp: &Timestamp, parts: &TimestampParts) {
        let source = self.source;
        let Some(value) = parts.value else {
            self.add(Code::MalformedTimestamp, timestamp.span, "This timestamp has no `data-t`.");
            return;
        };
        self.check_clock(&source.note.slice(value), value);
    }

    fn check_bare(&mut self, timestamp: &Timestamp, parts: &TimestampParts) {
        let source = self.source;
        let label = parts.label.unwrap_or(timestamp.span);
        self.check_clock(&source.note.slice(label), label);
    }

    fn check_clock(&mut self, written: &str, span: Span) {
        let clock = read_clock(written);
        let written = shortened(written);
        match clock {
            Clock::Moment(_) => {}
            Clock::OutOfRange { carried } => {
                let meaning =
                    carried.map(|moment| format!(" Carried over it is {moment}.")).unwrap_or_default();
                let message = format!("`{written}` has minutes or seconds above 59.{meaning}");
                self.add(Code::TimestampOutOfRange, span, message);
            }
            Clock::Malformed { reading } => {
                let meaning = reading.map(|moment| format!(" It reads like {moment}.")).unwrap_or_default();
                let message = format!("`{written}` is no time: write it as `H:MM:SS` or `M:SS`.{meaning}");
                self.add(Code::MalformedTimestamp, span, message);
            }
        }
    }

    /// A label that is a clock must name the same moment; prose is fine.
    fn check_label(&mut self, timestamp: &Timestamp, label: Span) {
        let Some(moment) = timestamp.moment else { return };
        let written = self.source.note.slice(label);
        let clock = written.trim().trim_start_matches('[').trim_end_matches(']');
        let shown = match read_clock(clock) {
            Clock::Moment(shown) => Some(shown),
            Clock::OutOfRange { carried } => carried,
            Clock::Malformed { reading } => reading,
        };
        if let Some(shown) = shown.filter(|shown| *shown != moment) {
            let message = format!("The label says {shown}, but the timestamp leads to {moment}.");
            self.add(Code::TimestampLabelMismatch, label, message);
        }
    }

    fn check_end(&mut self, moment: Option<Moment>, span: Span, end: End) {
        let Some(moment) = moment else { return };
        match end {
            End::Seconds(seconds) if moment.seconds > seconds => {
                let end = Moment { seconds };
                self.add(
                    Code::TimestampBeyondEnd,
                    span,
                    format!("{moment} is after the end of the video, {end}."),
                );
            }
            End::Unknown if moment.seconds > LONGEST_VIDEO_SECONDS => {
                let message = format!("{moment} is past 12 hours, the longest that a YouTube video can be.");
                self.add(Code::TimestampBeyondEnd, span, message);
            }
            End::Seconds(_) | End::Unknown => {}
        }
    }
}
