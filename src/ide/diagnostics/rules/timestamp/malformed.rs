//! Timestamps that are not a time.

use super::super::prelude::*;
use super::reading::{is_contradicted, is_plausible};
use crate::ide::timestamps::clock_text::clock_in;

rule! {
    /// The timestamp is neither `H:MM:SS` nor `M:SS`.
    ///
    /// `HH:MM:SS` left from a template, `1:2:3:4`, `N/A`, stray characters, or no `data-t` at all: players do
    /// not start at it. If exactly one reading makes sense, the message names it and the fix writes it;
    /// another fix takes the time that the label shows.
    ///
    /// Example:
    ///
    /// ```markdown
    /// ---
    /// videoId: Rxmv7rT9leo
    /// ---
    /// <a class="yt-timestamp" data-t="00:01:55:12">[00:01:55]</a>
    /// ```
    ///
    /// After the fix *Change to 1:55*:
    ///
    /// ```markdown
    /// ---
    /// videoId: Rxmv7rT9leo
    /// ---
    /// <a class="yt-timestamp" data-t="00:01:55">[00:01:55]</a>
    /// ```
    "timestamp/malformed", Some(Severity::Error), is_about_timestamp: true
}

fn check<'a>(note: &NoteContext<'a>, findings: &mut Findings<'a>) -> Result<(), Cancelled> {
    for timestamp in note.closed_timestamps()? {
        let (form, moment) = (timestamp.timestamp.form(), timestamp.timestamp.moment());
        let span = timestamp.timestamp.span;
        let (span, message) = match timestamp.clock {
            Some((span, Clock::Malformed { reading })) => {
                let meaning = reading.map(|moment| format!(" (read as {moment})")).unwrap_or_default();
                let written = note.shown(span);
                (span, format!("Invalid timestamp `{written}`: expected `H:MM:SS` or `M:SS`{meaning}"))
            }
            Some(_) => continue,
            None if form != TimestampForm::VideoLink => {
                (span, "Invalid timestamp: `data-t` is missing".to_owned())
            }
            None if moment.is_some() => continue,
            None => {
                let message = "Invalid timestamp in the address: `t` is not a number of seconds";
                (timestamp.parts.value.unwrap_or(span), message.to_owned())
            }
        };
        findings.push(Finding::new(span, message).fixed_by(move |fixes| read_as_meant(&timestamp, fixes)));
    }
    Ok(())
}

/// The one moment that a clock can mean, else the one that the label shows.
fn read_as_meant(timestamp: &ReadTimestamp<'_>, fixes: &mut FixContext<'_, '_>) -> Result<(), Cancelled> {
    let source = fixes.note.source;
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
    let exact = |label| read_clock(&source.note.slice(clock_in(&source, label)?)).moment();
    let Some(shown) = timestamp.labels().find_map(exact) else { return Ok(()) };
    if read != Some(shown)
        && !is_contradicted(&source, timestamp, shown)
        && is_plausible(fixes.note, timestamp, shown, &clock_like(shown, &written))?
        && let Some(edit) = write_value(&source, timestamp.timestamp, &timestamp.parts, shown)
    {
        let title = format!("Change to {shown} (from the label)");
        add_unless_worse(fixes, title, vec![edit], Applicability::safe_if(read.is_none()))?;
    }
    Ok(())
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
    if edits.iter().any(|edit| note.slice(edit.span).contains(['[', ']'])) {
        fixes.edit_unless_worse(title, edits, applicability)?;
    } else {
        fixes.edit(title, edits, applicability);
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
