//! Timestamps with minutes or seconds above 59.

use super::super::prelude::*;
use super::reading::{is_contradicted, is_plausible};

rule! {
    /// The timestamp has more than 59 minutes or seconds.
    ///
    /// Players read `00:75:10` in different ways or not at all. The fix carries the excess over; behind
    /// minutes and seconds, a number above 59 may as well count hundredths or frames (`03:19:64`), and
    /// another fix leaves it out.
    ///
    /// Example:
    ///
    /// ```markdown
    /// ---
    /// videoId: Rxmv7rT9leo
    /// ---
    /// <a class="yt-timestamp" data-t="00:75:10">[00:75:10]</a>
    /// ```
    ///
    /// After the fix *Change to 1:15:10 (carried over)*:
    ///
    /// ```markdown
    /// ---
    /// videoId: Rxmv7rT9leo
    /// ---
    /// <a class="yt-timestamp" data-t="01:15:10">[01:15:10]</a>
    /// ```
    "timestamp/out-of-range", Some(Severity::Error), is_about_timestamp: true
}

fn check<'a>(note: &NoteContext<'a>, findings: &mut Findings<'a>) -> Result<(), Cancelled> {
    for timestamp in note.closed_timestamps()? {
        if let Some((span, Clock::OutOfRange { carried })) = timestamp.clock {
            let meaning = carried.map(|moment| format!(" (carried over: {moment})")).unwrap_or_default();
            let written = note.shown(span);
            let message = format!("Invalid timestamp `{written}`: minutes or seconds above 59{meaning}");
            let finding = Finding::new(span, message);
            findings.push(finding.fixed_by(move |fixes| carry(&timestamp, span, carried, fixes)));
        }
    }
    Ok(())
}

fn carry(
    timestamp: &ReadTimestamp<'_>,
    span: Span,
    carried: Option<Moment>,
    fixes: &mut FixContext<'_, '_>,
) -> Result<(), Cancelled> {
    let (note, source) = (fixes.note, fixes.note.source);
    let written = source.note.slice(span);
    let is_possible = |moment: &Moment| !is_contradicted(&source, timestamp, *moment);
    let Some(carried) = carried.filter(is_possible) else { return Ok(()) };
    let write = |moment| {
        let is_same = |shown| shown == carried;
        write_moment(&source, timestamp.timestamp, &timestamp.parts, moment, is_same)
    };
    let without_last = written.rsplit_once(':').and_then(|(rest, _)| read_clock(rest).moment());
    if is_plausible(note, timestamp, carried, &clock_like(carried, &written))? {
        let is_end_known = matches!(note.plausibility()?.end(), VideoEnd::Given { .. });
        let applicability = Applicability::safe_if(is_end_known && without_last.is_none());
        fixes.edit(format!("Change to {carried} (carried over)"), write(carried), applicability);
    }
    let Some(moment) = without_last.filter(|_| written.matches(':').count() == 2) else { return Ok(()) };
    if is_plausible(note, timestamp, moment, &clock_like(moment, &written))? {
        let title = format!("Change to {moment} (minutes and seconds)");
        fixes.edit(title, write(moment), Applicability::Unsafe);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::ide::diagnostics::testing::{check_timestamps, tag};

    #[test]
    fn what_is_above_59_is_carried() {
        check_timestamps(
            "duration: 2:00:00\n",
            &tag("00:75:10", "[00:75:10]"),
            &expect![[r#"
                timestamp/out-of-range
                ! Change to 1:15:10 (carried over)
                      <a class="yt-timestamp" data-t="01:15:10">[01:15:10]</a>
            "#]],
        );
        check_timestamps(
            "",
            "[1:75]",
            &expect![[r#"
                timestamp/out-of-range
                  Change to 2:15 (carried over)
                      [2:15]
            "#]],
        );
        check_timestamps(
            "duration: 2:00:00\n",
            &tag("14:55:70", "[14:55:70]"),
            &expect![[r#"
                timestamp/out-of-range
                  Change to 14:55 (minutes and seconds)
                      <a class="yt-timestamp" data-t="00:14:55">[00:14:55]</a>
            "#]],
        );
        check_timestamps(
            "",
            "[0:51:75]",
            &expect![[r#"
                timestamp/out-of-range
                  Change to 52:15 (carried over)
                      [0:52:15]
                  Change to 0:51 (minutes and seconds)
                      [0:00:51]
            "#]],
        );
    }
}
