//! Timestamps that name no moment, two moments, or one that the video does not have.

use crate::config::DiagnosticCode;
use crate::syntax::{Clock, Moment, Timestamp, TimestampForm, TimestampParts, is_video_id, read_clock};
use crate::text::Span;
use crate::vault::Cancelled;

use super::Findings;
use crate::ide::note::title::shortened;
use crate::ide::timestamps::plausibility::{End, Evidence, Slipped, Verdict};

pub(super) fn check(findings: &mut Findings<'_>) -> Result<(), Cancelled> {
    let source = findings.source;
    let parsed = &source.note.parsed;
    if let Some(video) = parsed.video() {
        findings.check_video(&video.value, video.span);
    }
    if let Some(first) = parsed.timestamps.iter().find(|timestamp| timestamp.form != TimestampForm::VideoLink)
        && parsed.video().is_none()
    {
        let message = "The note has timestamps but names no video: `videoId` is missing in its front matter.";
        findings.add(DiagnosticCode::NoVideo, first.span, message);
    }
    if parsed.timestamps.is_empty() {
        return Ok(());
    }
    let evidence = Evidence::of(findings.vault, &source, findings.cancel)?;
    for timestamp in &parsed.timestamps {
        findings.cancel.check()?;
        let parts = timestamp.parts(&source.note.slice(timestamp.span));
        findings.check_timestamp(timestamp, &parts);
        findings.check_end(timestamp, &parts, &evidence);
    }
    Ok(())
}

/// Whether a reader has nothing to click on: white space, or brackets around it.
fn shows_nothing(label: &str) -> bool {
    label.chars().all(|char| char.is_whitespace() || matches!(char, '[' | ']'))
}

impl Findings<'_> {
    fn check_video(&mut self, id: &str, span: Span) {
        if !is_video_id(id) {
            let id = shortened(id);
            let message = format!("`{id}` is no YouTube video id: those are 11 letters, digits, `-` or `_`.");
            self.add(DiagnosticCode::BadVideoId, span, message);
        }
    }

    fn check_timestamp(&mut self, timestamp: &Timestamp, parts: &TimestampParts) {
        let source = self.source;
        if !parts.is_closed {
            self.add(
                DiagnosticCode::UnclosedTimestamp,
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
                    DiagnosticCode::MalformedTimestamp,
                    span,
                    "The address names no moment: `t` is not a number of seconds.",
                );
            }
            TimestampForm::Bare => self.check_bare(timestamp, parts),
            TimestampForm::VideoLink => {}
        }
        if parts.label.is_some_and(|label| shows_nothing(&source.note.slice(label))) {
            self.add(
                DiagnosticCode::TimestampEmptyLabel,
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
            self.add(DiagnosticCode::MalformedTimestamp, timestamp.span, "This timestamp has no `data-t`.");
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
                self.add(DiagnosticCode::TimestampOutOfRange, span, message);
            }
            Clock::Malformed { reading } => {
                let meaning = reading.map(|moment| format!(" It reads like {moment}.")).unwrap_or_default();
                let message = format!("`{written}` is no time: write it as `H:MM:SS` or `M:SS`.{meaning}");
                self.add(DiagnosticCode::MalformedTimestamp, span, message);
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
            self.add(DiagnosticCode::TimestampLabelMismatch, label, message);
        }
    }

    fn check_end(&mut self, timestamp: &Timestamp, parts: &TimestampParts, evidence: &Evidence) {
        let Some(moment) = timestamp.moment else { return };
        let span = parts.value.or(parts.label).unwrap_or(timestamp.span);
        match evidence.verdict(&self.source, timestamp) {
            Verdict::Fine => {}
            Verdict::PastEnd { end, slipped } => {
                let why = match end {
                    End::Given { seconds } => format!("after the end of the video, {}", Moment { seconds }),
                    End::Cited { seconds, agreeing, notes } => format!(
                        "long after {}, up to where {agreeing} of {notes} other notes cite the video",
                        Moment { seconds }
                    ),
                    End::Unknown => "past 12 hours, the longest that a YouTube video can be".to_owned(),
                };
                let reading = slipped.map(reading).unwrap_or_default();
                let is_own = evidence.is_own(&self.source, timestamp);
                let rest = if is_own { of_the_others(evidence) } else { String::new() };
                self.add(
                    DiagnosticCode::TimestampBeyondEnd,
                    span,
                    format!("{moment} is {why}.{reading}{rest}"),
                );
            }
            Verdict::MayHaveSlipped(slipped) => {
                let why = if evidence.past > 0 {
                    of_the_others(evidence)
                } else {
                    " Nearly all timestamps of this note from an hour on are full minutes.".to_owned()
                };
                let meant = slipped.meant;
                let message = format!("{moment} may stand for {meant}, minutes and seconds.{why}");
                self.add(DiagnosticCode::SlippedUnits, span, message);
            }
        }
    }
}

fn reading(slipped: Slipped) -> String {
    format!(" Read as minutes and seconds it is {}.", slipped.meant)
}

/// What the other timestamps of the note say, if there are some that are wrong as well.
fn of_the_others(evidence: &Evidence) -> String {
    let Evidence { past, slipped, moments, .. } = evidence;
    if *past < 2 {
        return String::new();
    }
    let fitting = match (past - slipped, slipped) {
        (0, _) => "; read as minutes and seconds they all fit".to_owned(),
        (_, 0) => String::new(),
        _ => format!("; read as minutes and seconds {slipped} of them fit"),
    };
    format!(" {past} of the {moments} timestamps of this note lie too late{fitting}.")
}
