//! Timestamps that are not a time.

use crate::config::{RuleSpec, Severity};
use crate::syntax::{Clock, Moment, TimestampForm, read_clock};
use crate::text::Span;
use crate::vault::Cancelled;

use super::super::rule;
use super::reading::{is_contradicted, is_plausible};
use crate::ide::change::{Edit, VaultChange};
use crate::ide::diagnostics::context::{NoteContext, ReadTimestamp};
use crate::ide::diagnostics::fix::{Applicability, Fix, FixContext};
use crate::ide::diagnostics::{Example, Finding, Findings};
use crate::ide::timestamps::clock_text::{clock_in, clock_like, read_moment, write_moment, write_value};

rule! {
    /// Not `H:MM:SS` or `M:SS`: `HH:MM:SS` left from a template, `1:2:3:4`, `N/A`, stray characters, or no
    /// `data-t` at all.
    ///
    /// Players do not start at it. If exactly one reading makes sense, the message names it and the fix
    /// writes it; another fix takes the time that the label shows.
    spec: RuleSpec::new("timestamp/malformed", Some(Severity::Error), "The timestamp is neither `H:MM:SS` nor `M:SS`."),
    is_about_timestamp: true,
    check: check,
    examples: &[Example {
        files: "---\nvideoId: Rxmv7rT9leo\n---\n<a class=\"yt-timestamp\" data-t=\"00:01:55:12\">[00:01:55]</a>\n",
        fix: Some((
            "Change to 1:55",
            "---\nvideoId: Rxmv7rT9leo\n---\n<a class=\"yt-timestamp\" data-t=\"00:01:55\">[00:01:55]</a>\n",
        )),
    }],
}

fn check<'a>(note: &NoteContext<'a>, findings: &mut Findings<'a>) -> Result<(), Cancelled> {
    for timestamp in note.timestamps()?.iter().filter(|timestamp| timestamp.parts.is_closed) {
        let fault = match (timestamp.timestamp.form, timestamp.clock) {
            (_, Some((span, Clock::Malformed { reading }))) => Some((span, Fault::Clock { span, reading })),
            (_, Some(_)) => None,
            (TimestampForm::VideoLink, None) if timestamp.timestamp.moment.is_none() => {
                Some((timestamp.parts.value.unwrap_or(timestamp.timestamp.span), Fault::Parameter))
            }
            (TimestampForm::VideoLink, None) => None,
            (_, None) => Some((timestamp.timestamp.span, Fault::NoValue)),
        };
        if let Some((span, fault)) = fault {
            findings.add(span, Malformed { timestamp: timestamp.clone(), fault });
        }
    }
    Ok(())
}

struct Malformed<'a> {
    timestamp: ReadTimestamp<'a>,
    fault: Fault,
}

#[derive(Clone, Copy)]
enum Fault {
    /// The text is not a clock.
    Clock { span: Span, reading: Option<Moment> },
    /// The `t` of an address is not a number of seconds.
    Parameter,
    /// The tag has no `data-t`.
    NoValue,
}

impl Finding for Malformed<'_> {
    fn message(&self, note: &NoteContext<'_>) -> String {
        match self.fault {
            Fault::Clock { span, reading } => {
                let meaning = reading.map(|moment| format!(" (read as {moment})")).unwrap_or_default();
                format!("Invalid timestamp `{}`: expected `H:MM:SS` or `M:SS`{meaning}", note.shown(span))
            }
            Fault::Parameter => "Invalid timestamp in the address: `t` is not a number of seconds".to_owned(),
            Fault::NoValue => "Invalid timestamp: `data-t` is missing".to_owned(),
        }
    }

    /// The one moment that a clock can mean, else the one that the label shows.
    fn fix(&self, fixes: &mut FixContext<'_, '_>) -> Result<(), Cancelled> {
        let source = fixes.note.source;
        let timestamp = &self.timestamp;
        // The value of a bare timestamp is its label.
        let Some(value) = timestamp.parts.value else { return Ok(()) };
        let written = source.note.slice(value);
        let read = read_moment(&written);
        if let Some(moment) = read
            && !is_contradicted(&source, timestamp, moment)
            && is_plausible(fixes.note, timestamp, moment, &clock_like(moment, &written))?
        {
            let is_same = |shown| shown == moment;
            let edits = write_moment(&source, timestamp.timestamp, &timestamp.parts, moment, is_same);
            add_unless_worse(fixes, format!("Change to {moment}"), edits, Applicability::Safe)?;
        }
        let clocks = timestamp.labels().filter_map(|label| clock_in(&source, label));
        let mut shown = clocks.filter_map(|clock| match read_clock(&source.note.slice(clock)) {
            Clock::Moment(moment) => Some(moment),
            Clock::OutOfRange { .. } | Clock::Malformed { .. } => None,
        });
        let Some(first) = shown.next().filter(|first| shown.all(|one| one == *first)) else { return Ok(()) };
        if read != Some(first)
            && !is_contradicted(&source, timestamp, first)
            && is_plausible(fixes.note, timestamp, first, &clock_like(first, &written))?
            && let Some(edit) = write_value(&source, timestamp.timestamp, &timestamp.parts, first)
        {
            let title = format!("Change to {first} (from the label)");
            add_unless_worse(fixes, title, vec![edit], Applicability::safe_if(read.is_none()))?;
        }
        Ok(())
    }
}

/// Adds a fix that may take brackets away: without them a link before the timestamp may have no end on its
/// line.
fn add_unless_worse(
    fixes: &mut FixContext<'_, '_>,
    title: String,
    edits: Vec<Edit>,
    applicability: Applicability,
) -> Result<(), Cancelled> {
    let note = fixes.note.source.note;
    let has_brackets = edits.iter().any(|edit| note.slice(edit.span).contains(['[', ']']));
    let change = VaultChange::in_note(fixes.note.source.id, edits);
    if !has_brackets || fixes.adds_no_diagnostic(&change)? {
        fixes.add(Fix::new(title, change, applicability));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::ide::diagnostics::testing::{check_timestamps, tag};

    #[test]
    fn what_is_no_time_is_read_as_what_it_must_mean() {
        check_timestamps(
            "",
            &tag("00:01:55:12", "[00:01:55:12]"),
            &expect![[r#"
                timestamp/malformed
                ! Change to 1:55
                      <a class="yt-timestamp" data-t="00:01:55">[00:01:55]</a>
            "#]],
        );
        check_timestamps(
            "",
            &tag("[0:20:03]", "[00:20:03]"),
            &expect![[r#"
                timestamp/malformed
                ! Change to 20:03
                      <a class="yt-timestamp" data-t="00:20:03">[00:20:03]</a>
            "#]],
        );
        check_timestamps(
            "",
            &tag("N/A", "[00:01:55]"),
            &expect![[r#"
                timestamp/malformed
                ! Change to 1:55 (from the label)
                      <a class="yt-timestamp" data-t="00:01:55">[00:01:55]</a>
            "#]],
        );
        check_timestamps(
            "",
            &tag("HH:MM:SS", "[HH:MM:SS]"),
            &expect![[r#"
            timestamp/malformed
        "#]],
        );
        check_timestamps(
            "",
            &tag("00:01:55:12", "[00:02:00]"),
            &expect![[r#"
                timestamp/malformed
                  Change to 2:00 (from the label)
                      <a class="yt-timestamp" data-t="00:02:00">[00:02:00]</a>
            "#]],
        );
        check_timestamps(
            "duration: 60\n",
            &tag("00:01:55:12", "there"),
            &expect![[r#"
            timestamp/malformed
        "#]],
        );
        check_timestamps(
            "",
            "[1:55](https://youtu.be/Rxmv7rT9leo?t=never)",
            &expect![[r#"
                timestamp/malformed
                ! Change to 1:55 (from the label)
                      [1:55](https://youtu.be/Rxmv7rT9leo?t=115)
            "#]],
        );
    }

    #[test]
    fn brackets_stay_where_a_link_would_be_open_without_them() {
        check_timestamps(
            "",
            &format!("[[gone {}", tag("[0:20:03]", "[[0:20:03]]")),
            &expect![[r#"
            timestamp/malformed
        "#]],
        );
    }
}
