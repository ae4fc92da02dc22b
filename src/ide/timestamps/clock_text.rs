//! Writing another moment where a timestamp has one, in the style of what stands there.

use crate::syntax::{Clock, Moment, Timestamp, TimestampForm, TimestampParts, read_clock};
use crate::text::Span;
use crate::vault::NoteRef;

use crate::ide::change::Edit;

/// The clock of a moment in the style of another: `00:02:10` like `00:01:55`, `2:10` like `1:55`. Below an
/// hour minutes alone do; from an hour on hours are always shown.
pub(crate) fn clock_like(moment: Moment, written: &str) -> String {
    let has_hours = written.matches(':').count() != 1 || moment.seconds >= 3600;
    let first = written.split(':').next().unwrap_or_default();
    let width = if first.bytes().all(|byte| byte.is_ascii_digit()) { first.len().clamp(1, 2) } else { 2 };
    let (minutes, seconds) = (moment.seconds / 60, moment.seconds % 60);
    if has_hours {
        format!("{:0width$}:{:02}:{seconds:02}", minutes / 60, minutes % 60)
    } else {
        format!("{minutes:0width$}:{seconds:02}")
    }
}

/// The `t` of an address in the style of another: `130s` like `115s`, `2m10s` like `1m55s`, else `130`.
pub(crate) fn time_parameter_like(moment: Moment, written: &str) -> String {
    let seconds = moment.seconds;
    if written.contains(['h', 'm', 'H', 'M']) {
        let (hours, minutes) = (seconds / 3600, seconds / 60 % 60);
        let hours = if hours > 0 { format!("{hours}h") } else { String::new() };
        return format!("{hours}{minutes}m{}s", seconds % 60);
    }
    format!("{seconds}{}", if written.ends_with(['s', 'S']) { "s" } else { "" })
}

/// Where a part of a timestamp holds a clock: `00:01:55` in `[00:01:55]`. `None` if it holds words.
pub(crate) fn clock_in(note: &NoteRef<'_>, label: Span) -> Option<Span> {
    let written = note.note.slice(label);
    let start = written.len() - written.trim_start().trim_start_matches('[').len();
    let clock = written.get(start..)?.trim_end().trim_end_matches(']');
    let is_clock = !clock.is_empty() && read_moment(clock).is_some();
    is_clock.then(|| Span::between(label.start.plus(start), label.start.plus(start + clock.len())))
}

/// What a clock means, be it well written or not; `None` if that is not one moment.
pub(crate) fn read_moment(clock: &str) -> Option<Moment> {
    match read_clock(clock) {
        Clock::Moment(moment) => Some(moment),
        Clock::OutOfRange { carried } => carried,
        Clock::Malformed { reading } => reading,
    }
}

/// Writes `moment` where the timestamp leads, and in the labels that name a moment which `is_same` takes for
/// the one that gives way. Labels of words or of other moments stay as they are.
pub(crate) fn write_moment(
    note: &NoteRef<'_>,
    timestamp: &Timestamp,
    parts: &TimestampParts,
    moment: Moment,
    is_same: impl Fn(Moment) -> bool,
) -> Vec<Edit> {
    let mut edits: Vec<Edit> = write_value(note, timestamp, parts, moment).into_iter().collect();
    for label in
        [parts.label, parts.outer_label].into_iter().flatten().filter_map(|label| clock_in(note, label))
    {
        let written = note.note.slice(label);
        if read_moment(&written).is_some_and(&is_same) {
            edits.push(Edit::replace(label, clock_like(moment, &written)));
        }
    }
    edits.retain(|edit| *note.note.slice(edit.span) != *edit.new_text);
    edits
}

/// Writes the moment where the timestamp leads; a bare one leads where its label says.
pub(crate) fn write_value(
    note: &NoteRef<'_>,
    timestamp: &Timestamp,
    parts: &TimestampParts,
    moment: Moment,
) -> Option<Edit> {
    let value = parts.value?;
    let written = note.note.slice(value);
    let is_parameter = timestamp.form() == TimestampForm::VideoLink;
    let like = if is_parameter { time_parameter_like } else { clock_like };
    Some(Edit::replace(value, like(moment, &written)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn moments_are_written_in_the_style_of_others() {
        for (seconds, style, written) in [
            (130, "00:01:55", "00:02:10"),
            (130, "0:01:55", "0:02:10"),
            (130, "1:55", "2:10"),
            (130, "01:55", "02:10"),
            (3730, "1:55", "1:02:10"),
            (3730, "00:01:55:12", "01:02:10"),
            (130, "HH:MM:SS", "00:02:10"),
            (360_000, "00:01:55", "100:00:00"),
        ] {
            assert_eq!(clock_like(Moment { seconds }, style), written, "{style}");
        }
        for (seconds, style, written) in [
            (130, "115", "130"),
            (130, "115s", "130s"),
            (130, "1m55s", "2m10s"),
            (3600, "1h2m3s", "1h0m0s"),
            (130, "01:55", "130"),
        ] {
            assert_eq!(time_parameter_like(Moment { seconds }, style), written, "{style}");
        }
    }

    proptest! {
        #[test]
        fn what_is_written_reads_as_the_same_moment(
            seconds in 0..4_000_000_u32,
            style in "[0-9]{1,3}(:[0-9]{2}){1,3}|[A-Z]{2}:[A-Z]{2}:[A-Z]{2}|[a-z:0-9]{0,9}",
        ) {
            let moment = Moment { seconds };
            prop_assert_eq!(read_clock(&clock_like(moment, &style)), Clock::Moment(moment));
        }
    }
}
