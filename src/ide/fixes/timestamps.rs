//! Timestamps that name no moment, two moments, or one that the video does not have; and videos that are not named.
//!
//! No fix writes outside of its timestamp or, for the video, of the front matter. A fix is sure where the evidence leaves one
//! reading; what would only put another finding in the place of the one that it mends is not offered.

use crate::config::DiagnosticCode;
use crate::syntax::{Clock, Moment, Timestamp, TimestampForm, TimestampParts, read_clock};
use crate::text::Span;
use crate::vault::Cancelled;

use super::{Fix, FixContext};
use crate::ide::change::{Edit, VaultChange};
use crate::ide::timestamps::clock_text::{clock_in, clock_like, read_moment, write_moment, write_value};
use crate::ide::timestamps::plausibility::{End, Evidence, Verdict};

pub(super) fn fix(broken: &mut FixContext<'_>) -> Result<(), Cancelled> {
    broken.cancel.check()?;
    match broken.finding.code {
        DiagnosticCode::NoVideo => super::videos::name_video(broken)?,
        DiagnosticCode::BadVideoId => super::videos::take_id_of_address(broken)?,
        code => {
            let Some(stamp) = broken.stamp() else { return Ok(()) };
            match code {
                DiagnosticCode::MalformedTimestamp => broken.read_as_meant(&stamp)?,
                DiagnosticCode::TimestampOutOfRange => broken.carry(&stamp)?,
                DiagnosticCode::TimestampLabelMismatch => broken.settle_label(&stamp)?,
                DiagnosticCode::TimestampEmptyLabel => broken.write_label(&stamp)?,
                DiagnosticCode::UnclosedTimestamp => broken.close(&stamp)?,
                // Of a tag without its end nobody knows what it shows.
                DiagnosticCode::TimestampBeyondEnd | DiagnosticCode::SlippedUnits
                    if stamp.parts.is_closed =>
                {
                    broken.shift(&stamp)?;
                }
                _ => {}
            }
        }
    }
    Ok(())
}

/// The timestamp that a finding is about.
struct Stamp<'a> {
    timestamp: &'a Timestamp,
    parts: TimestampParts,
}

impl Stamp<'_> {
    fn labels(&self) -> impl Iterator<Item = Span> {
        [self.parts.label, self.parts.outer_label].into_iter().flatten()
    }
}

impl<'a> FixContext<'a> {
    fn stamp(&self) -> Option<Stamp<'a>> {
        let timestamps = &self.source.note.parsed.timestamps;
        let after = timestamps.partition_point(|one| one.span.start <= self.finding.span.start);
        let timestamp = timestamps.get(..after)?.last().filter(|one| one.span.covers(self.finding.span))?;
        let parts = timestamp.parts(&self.source.note.slice(timestamp.span));
        Some(Stamp { timestamp, parts })
    }

    /// What the note and the others about its video say; looked for once.
    fn evidence(&self) -> Result<&'a Evidence, Cancelled> {
        if let Some(known) = self.pass.evidence.get() {
            return Ok(known);
        }
        let evidence = Evidence::of(self.vault, &self.source, self.cancel)?;
        Ok(self.pass.evidence.get_or_init(|| evidence))
    }

    /// Whether the timestamp may name that moment without a new finding.
    fn takes(&self, stamp: &Stamp<'_>, moment: Moment, clock: &str) -> Result<bool, Cancelled> {
        Ok(self.evidence()?.accepts(&self.source, stamp.timestamp, moment, clock))
    }

    /// The labels that are clocks and name another moment.
    fn is_contradicted(&self, stamp: &Stamp<'_>, moment: Moment) -> bool {
        let clocks = stamp.labels().filter_map(|label| clock_in(&self.source, label));
        clocks.filter_map(|clock| read_moment(&self.source.note.slice(clock))).any(|shown| shown != moment)
    }

    /// Writes the one moment that a clock can mean, else the one that the label shows.
    fn read_as_meant(&mut self, stamp: &Stamp<'_>) -> Result<(), Cancelled> {
        let source = self.source;
        let value = match stamp.timestamp.form {
            TimestampForm::Tag | TimestampForm::WrappedTag | TimestampForm::VideoLink => stamp.parts.value,
            TimestampForm::Bare => None,
        };
        let Some(value) = value else { return Ok(()) };
        let written = source.note.slice(value);
        let read = read_moment(&written);
        if let Some(moment) = read
            && !self.is_contradicted(stamp, moment)
            && self.takes(stamp, moment, &clock_like(moment, &written))?
        {
            let edits = write_moment(&source, stamp.timestamp, &stamp.parts, moment, |shown| shown == moment);
            self.add_unless_worse(format!("Read it as {moment}"), edits, true)?;
        }
        let clocks = stamp.labels().filter_map(|label| clock_in(&source, label));
        let shown: Vec<Moment> = clocks
            .filter_map(|clock| match read_clock(&source.note.slice(clock)) {
                Clock::Moment(moment) => Some(moment),
                Clock::OutOfRange { .. } | Clock::Malformed { .. } => None,
            })
            .collect();
        let Some(shown) = shown.first().copied().filter(|first| shown.iter().all(|one| one == first)) else {
            return Ok(());
        };
        if read != Some(shown)
            && !self.is_contradicted(stamp, shown)
            && self.takes(stamp, shown, &clock_like(shown, &written))?
            && let Some(edit) = write_value(&source, stamp.timestamp, &stamp.parts, shown)
        {
            self.add_unless_worse(format!("Lead to {shown}, as the label says"), vec![edit], read.is_none())?;
        }
        Ok(())
    }

    /// Adds a fix that may take brackets away: without them a link before the timestamp may have no end on its line.
    fn add_unless_worse(&mut self, title: String, edits: Vec<Edit>, is_sure: bool) -> Result<(), Cancelled> {
        let note = self.source.note;
        let has_brackets = edits.iter().any(|edit| note.slice(edit.span).contains(['[', ']']));
        let change = VaultChange::in_note(self.source.id, edits);
        if !has_brackets || self.adds_no_finding(&change)? {
            self.add_change(title, change, is_sure);
        }
        Ok(())
    }

    /// Writes minutes and seconds above 59 as what they carry over to. Behind minutes and seconds, a number above 59 may as
    /// well count hundredths or frames: `03:19:64`.
    fn carry(&mut self, stamp: &Stamp<'_>) -> Result<(), Cancelled> {
        let source = self.source;
        let Some(span) = stamp.parts.value.or(stamp.parts.label) else { return Ok(()) };
        let written = source.note.slice(span);
        let Some(carried) = read_moment(&written) else { return Ok(()) };
        let says_same = |shown: Moment| shown == carried;
        let without_last = written.rsplit_once(':').map(|(rest, _)| read_clock(rest));
        let without_last = match without_last {
            Some(Clock::Moment(moment)) => Some(moment),
            _ => None,
        };
        if !self.is_contradicted(stamp, carried)
            && self.takes(stamp, carried, &clock_like(carried, &written))?
        {
            let is_known = matches!(self.evidence()?.end(), End::Given { .. });
            let is_sure = is_known && without_last.is_none();
            let edits = write_moment(&source, stamp.timestamp, &stamp.parts, carried, says_same);
            self.add(format!("Carry over to {carried}"), edits, is_sure);
        }
        let Some(moment) = without_last.filter(|_| written.matches(':').count() == 2) else { return Ok(()) };
        if !self.is_contradicted(stamp, carried)
            && self.takes(stamp, moment, &clock_like(moment, &written))?
        {
            let edits = write_moment(&source, stamp.timestamp, &stamp.parts, moment, says_same);
            self.add(format!("Read it as {moment}, minutes and seconds"), edits, false);
        }
        Ok(())
    }

    /// Lets the label or the link give way. Which is right is sure if one of them lies past the end of the video and, read
    /// as minutes and seconds, is what the other says.
    fn settle_label(&mut self, stamp: &Stamp<'_>) -> Result<(), Cancelled> {
        let source = self.source;
        let clock = clock_in(&source, self.finding.span);
        let Some((clock, moment)) = clock.zip(stamp.timestamp.moment) else { return Ok(()) };
        let written = source.note.slice(clock);
        let Some(shown) = read_moment(&written) else { return Ok(()) };
        let is_past = matches!(self.evidence()?.verdict(&source, stamp.timestamp), Verdict::PastEnd { .. });
        let is_slip_of =
            |slipped: Moment, meant: Moment| slipped.seconds >= 3600 && slipped.seconds / 60 == meant.seconds;
        let is_label_right = is_past && is_slip_of(moment, shown);
        let is_link_right = !is_past && is_slip_of(shown, moment);
        let lead = self.lead_to(stamp, shown, is_label_right)?;
        if !is_link_right {
            self.fixes.extend(lead.clone());
        }
        if !is_past {
            let edit = Edit::replace(clock, clock_like(moment, &written));
            self.add(format!("Show {moment}"), vec![edit], is_link_right);
        }
        if is_link_right {
            self.fixes.extend(lead);
        }
        Ok(())
    }

    /// Writes what the label shows where the timestamp leads, if no other label shows something else.
    fn lead_to(&self, stamp: &Stamp<'_>, shown: Moment, is_sure: bool) -> Result<Option<Fix>, Cancelled> {
        let source = self.source;
        let edit = write_value(&source, stamp.timestamp, &stamp.parts, shown);
        let Some(edit) = edit.filter(|_| !self.is_contradicted(stamp, shown)) else { return Ok(None) };
        let takes = match stamp.timestamp.form {
            TimestampForm::VideoLink => self.takes(stamp, shown, "")?,
            TimestampForm::Tag | TimestampForm::WrappedTag | TimestampForm::Bare => {
                self.takes(stamp, shown, &edit.new_text)?
            }
        };
        let change = VaultChange::in_note(source.id, vec![edit]);
        Ok(takes.then(|| Fix { title: format!("Lead to {shown}"), change, is_sure }))
    }

    /// `[00:01:55]` where the reader has nothing to click on; not sure of a moment that the video does not have.
    fn write_label(&mut self, stamp: &Stamp<'_>) -> Result<(), Cancelled> {
        let Some((moment, label)) = stamp.timestamp.moment.zip(stamp.parts.label) else { return Ok(()) };
        let verdict = self.evidence()?.verdict(&self.source, stamp.timestamp);
        let is_sure = !matches!(verdict, Verdict::PastEnd { .. });
        let value = stamp.parts.value.map(|value| self.source.note.slice(value));
        let clock = match stamp.timestamp.form {
            TimestampForm::Tag | TimestampForm::WrappedTag => {
                format!("[{}]", value.map_or_else(|| moment.clock(), |value| clock_like(moment, &value)))
            }
            TimestampForm::VideoLink | TimestampForm::Bare => moment.clock(),
        };
        self.add(format!("Show `{clock}`"), vec![Edit::replace(label, clock)], is_sure);
        Ok(())
    }

    /// Writes what is missing of a tag, where it holds a clock and what follows is the end of a tag as it is often garbled.
    fn close(&mut self, stamp: &Stamp<'_>) -> Result<(), Cancelled> {
        let span = stamp.timestamp.span;
        let written = self.source.note.slice(span);
        let is_wrapped = {
            let before = Span::new(span.start.to_usize().saturating_sub(2), span.start.to_usize());
            &*self.source.note.slice(before) == "]("
        };
        let Some((place, length, text)) = end_of_tag(&written, is_wrapped) else { return Ok(()) };
        let place = Span::between(span.start.plus(place), span.start.plus(place + length));
        let mut closed = written.to_string();
        closed.replace_range(
            place.start.to_usize() - span.start.to_usize()..place.end.to_usize() - span.start.to_usize(),
            &text,
        );
        let parsed = crate::syntax::parse(&closed);
        let Some(timestamp) = parsed.timestamps.first() else { return Ok(()) };
        let parts = timestamp.parts(&closed);
        let value = parts.value.and_then(|value| closed.get(value.range())).unwrap_or_default();
        let label = parts.label.and_then(|label| closed.get(label.range())).unwrap_or_default();
        let shown = read_moment(label.trim_start_matches('[').trim_end_matches(']'));
        let Some(moment) = timestamp.moment.filter(|_| parts.is_closed) else { return Ok(()) };
        if shown.is_none_or(|shown| shown == moment)
            && (stamp.timestamp.moment == Some(moment) || self.takes(stamp, moment, value)?)
        {
            self.add("Close this timestamp", vec![Edit::replace(place, text)], true);
        }
        Ok(())
    }

    /// Reads hours as minutes and minutes as seconds: here, and wherever else in the note that may be meant.
    fn shift(&mut self, stamp: &Stamp<'_>) -> Result<(), Cancelled> {
        let source = self.source;
        let evidence = self.evidence()?;
        let slipped = match evidence.verdict(&source, stamp.timestamp) {
            Verdict::PastEnd { slipped, .. } => slipped,
            Verdict::MayHaveSlipped(slipped) => Some(slipped),
            Verdict::Fine => None,
        };
        let Some(slipped) = slipped.filter(|slipped| !self.shows_another(stamp, slipped.meant)) else {
            return Ok(());
        };
        let write = |stamp: &Stamp<'_>, meant: Moment| {
            write_moment(&source, stamp.timestamp, &stamp.parts, meant, |shown| is_slip_of(shown, meant))
        };
        self.add(
            format!("Read it as {}, minutes and seconds", slipped.meant),
            write(stamp, slipped.meant),
            slipped.is_sure,
        );
        if evidence.past < 2 || self.pass.wants_sure_only {
            return Ok(());
        }
        let mut edits = Vec::new();
        let mut count = 0;
        for timestamp in &source.note.parsed.timestamps {
            self.cancel.check()?;
            let meant = match evidence.verdict(&source, timestamp) {
                Verdict::PastEnd { slipped: Some(slipped), .. } | Verdict::MayHaveSlipped(slipped) => {
                    slipped.meant
                }
                Verdict::PastEnd { .. } | Verdict::Fine => continue,
            };
            let other = Stamp { timestamp, parts: timestamp.parts(&source.note.slice(timestamp.span)) };
            if other.parts.is_closed && !self.shows_another(&other, meant) {
                count += 1;
                edits.extend(write(&other, meant));
            }
        }
        if count > 1 {
            self.add(format!("Read {count} timestamps of this note as minutes and seconds"), edits, false);
        }
        Ok(())
    }

    /// Whether a label names another moment than the one that is meant, slipped or not.
    fn shows_another(&self, stamp: &Stamp<'_>, meant: Moment) -> bool {
        let clocks = stamp.labels().filter_map(|label| clock_in(&self.source, label));
        let mut shown = clocks.filter_map(|clock| read_moment(&self.source.note.slice(clock)));
        shown.any(|shown| shown != meant && !is_slip_of(shown, meant))
    }
}

/// Whether a moment is another one whose minutes were taken for hours, whatever stands behind them.
fn is_slip_of(slipped: Moment, meant: Moment) -> bool {
    slipped.seconds >= 3600 && slipped.seconds / 60 == meant.seconds
}

/// What is missing of a tag: the place in it, how many bytes there go, and what comes instead. `None` if it cannot be told.
///
/// ```text
/// <a class="yt-timestamp" data-t="00:01:55]-[00:02:10]</a>      ">[00:01:55  comes behind the clock
/// <a class="yt-timestamp" data-t="00:01:55</a>                  ">[00:01:55]
/// <a class="yt-timestamp" data-t="00:01:55[00:01:55]</a>        ">
/// <a class="yt-timestamp" data-t="00:01:55">[00:01:55]</a)      </a>  instead of  </a)
/// <a class="yt-timestamp" data-t="00:01:55">[00:01:55]          </a>  at the end
/// ```
fn end_of_tag(tag: &str, is_wrapped: bool) -> Option<(usize, usize, String)> {
    let value = tag.find("data-t=")? + "data-t=".len();
    let quote = tag.get(value..)?.chars().next().filter(|char| matches!(char, '"' | '\''))?;
    let start = value + quote.len_utf8();
    let clock = clock_at(tag, start)?;
    let after = start + clock.len();
    let rest = tag.get(after..)?;
    if let Some(label) = rest.strip_prefix(quote).and_then(|rest| rest.strip_prefix('>')) {
        let shown = clock_at(label, 1).filter(|_| label.starts_with('['))?;
        let end = after + 2 + 1 + shown.len();
        let behind = tag.get(end..)?.strip_prefix(']')?;
        let close = if is_wrapped { "</a>)" } else { "</a>" };
        return match behind {
            "" => Some((end + 1, 0, "</a>".to_owned())),
            "</a)" | "</a" => Some((end + 1, behind.len(), close.to_owned())),
            _ if behind.starts_with(|char: char| !char.is_alphanumeric() && char != '<')
                || !behind.contains('<') =>
            {
                Some((end + 1, 0, "</a>".to_owned()))
            }
            _ => None,
        };
    }
    let missing = match rest {
        "</a>" => format!("{quote}>[{clock}]"),
        _ if rest.starts_with("]-[") || rest.starts_with("] - [") || rest.starts_with("]–[") => {
            format!("{quote}>[{clock}")
        }
        _ if rest.starts_with('[') => format!("{quote}>"),
        _ if rest.starts_with('>') => quote.to_string(),
        _ => {
            let label = rest.strip_prefix(quote)?.strip_prefix('[')?;
            return clock_at(label, 0).map(|_| (after + quote.len_utf8(), 0, ">".to_owned()));
        }
    };
    Some((after, 0, missing))
}

/// The clock that starts at a place: `00:01:55` or `1:55`.
fn clock_at(text: &str, start: usize) -> Option<&str> {
    let rest = text.get(start..)?;
    let end = rest.find(|char: char| !char.is_ascii_digit() && char != ':').unwrap_or(rest.len());
    let clock = rest.get(..end)?;
    matches!(read_clock(clock), Clock::Moment(_)).then_some(clock)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use expect_test::{Expect, expect};
    use proptest::prelude::*;

    use super::super::super::diagnostics::{Diagnostic, diagnostics};
    use super::super::{fixes, sure_fixes};
    use super::*;
    use crate::ide::fixture;
    use crate::vault::{Cancel, FileId, Snapshot};

    fn found(vault: &Snapshot, note: FileId) -> Vec<Diagnostic> {
        diagnostics(vault, note, &Cancel::new()).unwrap()
    }

    /// How often each code is found.
    fn codes(vault: &Snapshot, note: FileId) -> BTreeMap<&'static str, usize> {
        let mut codes = BTreeMap::new();
        for finding in found(vault, note) {
            *codes.entry(finding.code.as_str()).or_default() += 1;
        }
        codes
    }

    /// Law 6 within the note: the finding is gone, no other has come, and nothing is written outside of the timestamps that
    /// are named and the front matter.
    fn check_law(vault: &Snapshot, note: FileId, finding: &Diagnostic, fix: &Fix) {
        let after = fixture::changed(vault, &fix.change);
        let (before, after_codes) = (codes(vault, note), codes(&after, note));
        for (code, count) in &after_codes {
            let most = before.get(code).copied().unwrap_or_default();
            let most = most - usize::from(*code == finding.code.as_str());
            assert!(*count <= most, "{}: {code} {before:?} {after_codes:?}", fix.title);
        }
        let source = vault.note(note).unwrap();
        let parsed = &source.note.parsed;
        assert!(fix.change.is_within(note));
        for edit in fix.change.edits_of(note) {
            let is_in_timestamp = parsed.timestamps.iter().any(|stamp| stamp.span.covers(edit.span));
            let names_video = matches!(finding.code, DiagnosticCode::NoVideo | DiagnosticCode::BadVideoId);
            assert!(is_in_timestamp || names_video, "{edit:?}");
        }
    }

    /// Each fix of each finding of a note about a video: a sure one with `!`, and the lines that it changes.
    fn check(front_matter: &str, text: &str, expected: &Expect) {
        let video = if front_matter.contains("videoId") { "" } else { "videoId: Rxmv7rT9leo\n" };
        check_note(&format!("---\n{video}{front_matter}---\n{text}\n"), expected);
    }

    fn check_note(text: &str, expected: &Expect) {
        let (vault, at) = fixture::vault(text);
        let before = vault.note(at.note).unwrap().note.text.to_text();
        let mut said = String::new();
        for finding in found(&vault, at.note) {
            said.push_str(&format!("{}\n", finding.code.as_str()));
            for fix in fixes(&vault, at.note, &finding, &Cancel::new()).unwrap() {
                check_law(&vault, at.note, &finding, &fix);
                let after = fixture::changed(&vault, &fix.change).note(at.note).unwrap().note.text.to_text();
                let sure = if fix.is_sure { "! " } else { "  " };
                said.push_str(&format!("{sure}{}\n", fix.title));
                let changed = after.lines().filter(|line| !before.lines().any(|other| other == *line));
                changed.for_each(|line| said.push_str(&format!("      {line}\n")));
            }
        }
        expected.assert_eq(&said);
    }

    fn tag(value: &str, label: &str) -> String {
        format!("<a class=\"yt-timestamp\" data-t=\"{value}\">{label}</a>")
    }

    #[test]
    fn what_is_no_time_is_read_as_what_it_must_mean() {
        check(
            "",
            &tag("00:01:55:12", "[00:01:55:12]"),
            &expect![[r#"
            timestamp/malformed
            ! Read it as 1:55
                  <a class="yt-timestamp" data-t="00:01:55">[00:01:55]</a>
        "#]],
        );
        check(
            "",
            &tag("[0:20:03]", "[00:20:03]"),
            &expect![[r#"
            timestamp/malformed
            ! Read it as 20:03
                  <a class="yt-timestamp" data-t="00:20:03">[00:20:03]</a>
        "#]],
        );
        check(
            "",
            &tag("N/A", "[00:01:55]"),
            &expect![[r#"
                timestamp/malformed
                ! Lead to 1:55, as the label says
                      <a class="yt-timestamp" data-t="00:01:55">[00:01:55]</a>
            "#]],
        );
        check(
            "",
            &tag("HH:MM:SS", "[HH:MM:SS]"),
            &expect![[r#"
            timestamp/malformed
        "#]],
        );
        check(
            "",
            &tag("00:01:55:12", "[00:02:00]"),
            &expect![[r#"
            timestamp/malformed
              Lead to 2:00, as the label says
                  <a class="yt-timestamp" data-t="00:02:00">[00:02:00]</a>
        "#]],
        );
        check(
            "duration: 60\n",
            &tag("00:01:55:12", "there"),
            &expect![[r#"
            timestamp/malformed
        "#]],
        );
        check(
            "",
            "[1:55](https://youtu.be/Rxmv7rT9leo?t=never)",
            &expect![[r#"
            timestamp/malformed
            ! Lead to 1:55, as the label says
                  [1:55](https://youtu.be/Rxmv7rT9leo?t=115)
        "#]],
        );
    }

    #[test]
    fn brackets_stay_where_a_link_would_be_open_without_them() {
        check(
            "",
            &format!("[[gone {}", tag("[0:20:03]", "[[0:20:03]]")),
            &expect![[r#"
            timestamp/malformed
        "#]],
        );
    }

    #[test]
    fn what_is_above_59_is_carried() {
        check(
            "duration: 2:00:00\n",
            &tag("00:75:10", "[00:75:10]"),
            &expect![[r#"
            timestamp/out-of-range
            ! Carry over to 1:15:10
                  <a class="yt-timestamp" data-t="01:15:10">[01:15:10]</a>
        "#]],
        );
        check(
            "",
            "[1:75]",
            &expect![[r#"
            timestamp/out-of-range
              Carry over to 2:15
                  [2:15]
        "#]],
        );
        check(
            "duration: 2:00:00\n",
            &tag("14:55:70", "[14:55:70]"),
            &expect![[r#"
                timestamp/out-of-range
                  Read it as 14:55, minutes and seconds
                      <a class="yt-timestamp" data-t="00:14:55">[00:14:55]</a>
            "#]],
        );
        check(
            "",
            "[0:51:75]",
            &expect![[r#"
            timestamp/out-of-range
              Carry over to 52:15
                  [0:52:15]
              Read it as 0:51, minutes and seconds
                  [0:00:51]
        "#]],
        );
    }

    #[test]
    fn label_or_link_gives_way() {
        check(
            "",
            &tag("00:01:55", "[00:02:00]"),
            &expect![[r#"
            timestamp/label-mismatch
              Lead to 2:00
                  <a class="yt-timestamp" data-t="00:02:00">[00:02:00]</a>
              Show 1:55
                  <a class="yt-timestamp" data-t="00:01:55">[00:01:55]</a>
        "#]],
        );
        check(
            "duration: 1:00:00\n",
            &tag("14:21:00", "[00:14:21]"),
            &expect![[r#"
                timestamp/beyond-end
                ! Read it as 14:21, minutes and seconds
                      <a class="yt-timestamp" data-t="00:14:21">[00:14:21]</a>
                timestamp/label-mismatch
                ! Lead to 14:21
                      <a class="yt-timestamp" data-t="00:14:21">[00:14:21]</a>
            "#]],
        );
        check(
            "duration: 1:00:00\n",
            &tag("00:06:23", "[06:23:00]"),
            &expect![[r#"
            timestamp/label-mismatch
            ! Show 6:23
                  <a class="yt-timestamp" data-t="00:06:23">[00:06:23]</a>
        "#]],
        );
        check(
            "",
            "[1:55](https://youtu.be/Rxmv7rT9leo?t=2m0s)",
            &expect![[r#"
            timestamp/label-mismatch
              Lead to 1:55
                  [1:55](https://youtu.be/Rxmv7rT9leo?t=1m55s)
              Show 2:00
                  [2:00](https://youtu.be/Rxmv7rT9leo?t=2m0s)
        "#]],
        );
        check(
            "",
            &format!("[0:01:00]({})", tag("00:01:55", "[00:02:00]")),
            &expect![[r#"
            timestamp/label-mismatch
              Show 1:55
                  [0:01:55](<a class="yt-timestamp" data-t="00:01:55">[00:02:00]</a>)
            timestamp/label-mismatch
              Show 1:55
                  [0:01:00](<a class="yt-timestamp" data-t="00:01:55">[00:01:55]</a>)
        "#]],
        );
    }

    #[test]
    fn empty_labels_are_written() {
        check(
            "",
            &tag("1:55", ""),
            &expect![[r#"
            timestamp/empty-label
            ! Show `[1:55]`
                  <a class="yt-timestamp" data-t="1:55">[1:55]</a>
        "#]],
        );
        check(
            "",
            &tag("00:01:55", "[]"),
            &expect![[r#"
            timestamp/empty-label
            ! Show `[00:01:55]`
                  <a class="yt-timestamp" data-t="00:01:55">[00:01:55]</a>
        "#]],
        );
        check("", "[](https://youtu.be/Rxmv7rT9leo?t=2m0s)", &expect![[""]]);
    }

    #[test]
    fn starts_of_tags_are_mended() {
        let open = "<a class=\"yt-timestamp\" data-t=\"00:01:55";
        check(
            "",
            &format!("{open}]-[00:02:10]</a>. And"),
            &expect![[r#"
            timestamp/unclosed
            ! Close this timestamp
                  <a class="yt-timestamp" data-t="00:01:55">[00:01:55]-[00:02:10]</a>. And
        "#]],
        );
        check(
            "",
            &format!("{open}</a>"),
            &expect![[r#"
            timestamp/unclosed
            ! Close this timestamp
                  <a class="yt-timestamp" data-t="00:01:55">[00:01:55]</a>
        "#]],
        );
        check(
            "",
            &format!("{open}[00:01:55]</a>, x"),
            &expect![[r#"
            timestamp/unclosed
            ! Close this timestamp
                  <a class="yt-timestamp" data-t="00:01:55">[00:01:55]</a>, x
        "#]],
        );
    }

    #[test]
    fn ends_of_tags_are_mended() {
        let open = "<a class=\"yt-timestamp\" data-t=\"00:01:55";
        check(
            "",
            &format!("{open}\">[00:01:55]</a)"),
            &expect![[r#"
            timestamp/unclosed
            ! Close this timestamp
                  <a class="yt-timestamp" data-t="00:01:55">[00:01:55]</a>
        "#]],
        );
        check(
            "",
            &format!("[00:01:55]({open}\">[00:01:55]</a)"),
            &expect![[r#"
            timestamp/unclosed
            ! Close this timestamp
                  [00:01:55](<a class="yt-timestamp" data-t="00:01:55">[00:01:55]</a>)
        "#]],
        );
        check(
            "",
            &format!("{open}\">[00:01:55] and more words"),
            &expect![[r#"
            timestamp/unclosed
            ! Close this timestamp
                  <a class="yt-timestamp" data-t="00:01:55">[00:01:55]</a> and more words
        "#]],
        );
        check(
            "",
            &format!("{open}\">words"),
            &expect![[r#"
            timestamp/unclosed
        "#]],
        );
        check(
            "",
            &format!("{open}\">[00:02:00]"),
            &expect![[r#"
            timestamp/unclosed
        "#]],
        );
    }

    #[test]
    fn slipped_units_are_shifted_here_or_in_the_note() {
        check(
            "duration: 52:10\n",
            &format!(
                "{} {} [46:46:00] [3:14:11]\n[0:10:00] {}",
                tag("14:55:00", "[14:55:00]"),
                tag("16:20:00", "there"),
                tag("99:00:00", "x")
            ),
            &expect![[r#"
                timestamp/beyond-end
                ! Read it as 14:55, minutes and seconds
                      <a class="yt-timestamp" data-t="00:14:55">[00:14:55]</a> <a class="yt-timestamp" data-t="16:20:00">there</a> [46:46:00] [3:14:11]
                  Read 4 timestamps of this note as minutes and seconds
                      <a class="yt-timestamp" data-t="00:14:55">[00:14:55]</a> <a class="yt-timestamp" data-t="00:16:20">there</a> [00:46:46] [0:03:14]
                timestamp/beyond-end
                ! Read it as 16:20, minutes and seconds
                      <a class="yt-timestamp" data-t="14:55:00">[14:55:00]</a> <a class="yt-timestamp" data-t="00:16:20">there</a> [46:46:00] [3:14:11]
                  Read 4 timestamps of this note as minutes and seconds
                      <a class="yt-timestamp" data-t="00:14:55">[00:14:55]</a> <a class="yt-timestamp" data-t="00:16:20">there</a> [00:46:46] [0:03:14]
                timestamp/beyond-end
                ! Read it as 46:46, minutes and seconds
                      <a class="yt-timestamp" data-t="14:55:00">[14:55:00]</a> <a class="yt-timestamp" data-t="16:20:00">there</a> [00:46:46] [3:14:11]
                  Read 4 timestamps of this note as minutes and seconds
                      <a class="yt-timestamp" data-t="00:14:55">[00:14:55]</a> <a class="yt-timestamp" data-t="00:16:20">there</a> [00:46:46] [0:03:14]
                timestamp/beyond-end
                  Read it as 3:14, minutes and seconds
                      <a class="yt-timestamp" data-t="14:55:00">[14:55:00]</a> <a class="yt-timestamp" data-t="16:20:00">there</a> [46:46:00] [0:03:14]
                  Read 4 timestamps of this note as minutes and seconds
                      <a class="yt-timestamp" data-t="00:14:55">[00:14:55]</a> <a class="yt-timestamp" data-t="00:16:20">there</a> [00:46:46] [0:03:14]
                timestamp/beyond-end
            "#]],
        );
        check(
            "",
            &tag("14:55:00", "[14:55:00]"),
            &expect![[r#"
            timestamp/beyond-end
              Read it as 14:55, minutes and seconds
                  <a class="yt-timestamp" data-t="00:14:55">[00:14:55]</a>
        "#]],
        );
        check(
            "",
            "[14:55:00](https://youtu.be/Rxmv7rT9leo?t=53700s)",
            &expect![[r#"
            timestamp/beyond-end
              Read it as 14:55, minutes and seconds
                  [00:14:55](https://youtu.be/Rxmv7rT9leo?t=895s)
        "#]],
        );
    }

    #[test]
    fn the_video_is_named_or_its_id_taken_out_of_an_address() {
        check_note(
            "[1:00](https://youtu.be/1xmv7rT9leo?t=60)\n\n<a class=\"yt-timestamp\" data-t=\"00:01:55\">[00:01:55]</a>\n",
            &expect![[r#"
                timestamp/no-video
                  Name the video `1xmv7rT9leo`
                      ---
                      videoId: "1xmv7rT9leo"
                      ---
            "#]],
        );
        check_note(
            "---\r\ntitle: T\r\n---\r\n<https://youtu.be/Rxmv7rT9leo>\r\n<a class=\"yt-timestamp\" data-t=\"00:01:55\">[00:01:55]</a>\r\n",
            &expect![[r#"
                timestamp/no-video
                  Name the video `Rxmv7rT9leo`
                      videoId: Rxmv7rT9leo
            "#]],
        );
        check_note(
            "[1:00](https://youtu.be/Rxmv7rT9leo?t=60) <https://youtu.be/aaaaaaaaaaa> <a class=\"yt-timestamp\" data-t=\"00:01:55\">[00:01:55]</a>\n",
            &expect![[r#"
                timestamp/no-video
            "#]],
        );
        check_note(
            "---\nvideoId: [1\n---\n[1:00](https://youtu.be/Rxmv7rT9leo?t=60) <a class=\"yt-timestamp\" data-t=\"00:01:55\">[00:01:55]</a>\n",
            &expect![[r#"
                note/bad-front-matter
                timestamp/no-video
            "#]],
        );
        check_note(
            "---\nvideoId: https://www.youtube.com/watch?v=Rxmv7rT9leo&t=5\n---\n",
            &expect![[r#"
            video/bad-id
            ! Write the id, `Rxmv7rT9leo`
                  videoId: Rxmv7rT9leo
        "#]],
        );
        check_note(
            "---\nvideoId: abc\n---\n",
            &expect![[r#"
            video/bad-id
        "#]],
        );
    }

    /// Clocks that are right, slipped, malformed, out of range and past every end.
    fn clock() -> impl Strategy<Value = String> {
        prop_oneof![
            "0[0-9]:[0-5][0-9]:[0-5][0-9]",
            "[0-5][0-9]:[0-5][0-9]:00",
            "[0-9]{1,2}:[0-9]{2}",
            "0[0-9]:[0-9]{2}:[0-9]{2}",
            "00:[0-5][0-9]:[0-5][0-9]:[0-9]{2}",
            "\\[0:[0-5][0-9]:[0-5][0-9]\\]",
            Just("N/A".to_owned()),
            Just(String::new()),
        ]
    }

    fn stamp() -> impl Strategy<Value = String> {
        let label = prop_oneof![
            clock().prop_map(|clock| format!("[{clock}]")),
            Just("words".into()),
            Just(String::new())
        ];
        prop_oneof![
            clock().prop_map(|clock| tag(&clock, &format!("[{clock}]"))),
            (clock(), label).prop_map(|(value, label)| tag(&value, &label)),
            (clock(), clock())
                .prop_map(|(outer, value)| format!("[{outer}]({})", tag(&value, &format!("[{value}]")))),
            (clock(), 0..90_000_u32)
                .prop_map(|(clock, t)| format!("[{clock}](https://youtu.be/Rxmv7rT9leo?t={t}s)")),
            clock().prop_map(|clock| format!("[{clock}]")),
            clock().prop_map(|clock| format!("<a class=\"yt-timestamp\" data-t=\"{clock}]-[0:01:00]</a>")),
            clock().prop_map(|clock| format!("<a class=\"yt-timestamp\" data-t=\"{clock}\">[{clock}]</a)")),
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 256, ..ProptestConfig::default() })]

        /// Law 6 for timestamps.
        #[test]
        fn a_fix_mends_its_finding_and_breaks_nothing(
            front in prop::sample::select(vec!["", "duration: 1:30:00\n", "duration: 600\n"]),
            stamps in prop::collection::vec(stamp(), 1..7),
        ) {
            let text = format!("---\nvideoId: Rxmv7rT9leo\n{front}---\n{}\n", stamps.join(" and\n\n"));
            let (vault, at) = fixture::vault(&text);
            for finding in found(&vault, at.note) {
                for fix in fixes(&vault, at.note, &finding, &Cancel::new()).unwrap() {
                    check_law(&vault, at.note, &finding, &fix);
                }
            }
            let sure = sure_fixes(&vault, at.note, &|_| true, &Cancel::new()).unwrap();
            let after = fixture::changed(&vault, &sure.change);
            let (before, after) = (codes(&vault, at.note), codes(&after, at.note));
            let fewer = before.values().sum::<usize>() - after.values().sum::<usize>();
            prop_assert!(fewer >= sure.findings.len(), "{before:?} {after:?}");
        }
    }
}
