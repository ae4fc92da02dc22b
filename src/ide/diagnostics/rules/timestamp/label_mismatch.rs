//! Timestamps that show another moment than the one they lead to.

use super::super::prelude::*;
use super::reading::{is_contradicted, is_plausible, is_slip_of};
use crate::ide::timestamps::clock_text::{clock_in, clock_like, read_moment, write_value};
use crate::ide::timestamps::plausibility::Verdict;
use crate::syntax::{Moment, TimestampForm};

rule! {
    /// The label of the timestamp shows another moment than its target.
    ///
    /// One of the two is wrong, and a reader lands elsewhere than expected. Labels in prose are not compared.
    /// The fixes change the target or the label. Which is right is certain if one of them is past the end of
    /// the video and, read as minutes and seconds, is what the other says.
    ///
    /// Example:
    ///
    /// ```markdown
    /// ---
    /// videoId: Rxmv7rT9leo
    /// ---
    /// <a class="yt-timestamp" data-t="00:01:55">[00:02:00]</a>
    /// ```
    ///
    /// After the fix *Change label to 1:55*:
    ///
    /// ```markdown
    /// ---
    /// videoId: Rxmv7rT9leo
    /// ---
    /// <a class="yt-timestamp" data-t="00:01:55">[00:01:55]</a>
    /// ```
    "timestamp/label-mismatch", Some(Severity::Warning), is_about_timestamp: true
}

fn check<'a>(note: &NoteContext<'a>, findings: &mut Findings<'a>) -> Result<(), Cancelled> {
    for timestamp in note.closed_timestamps()? {
        let Some(target) = timestamp.timestamp.moment else { continue };
        for label in timestamp.labels() {
            let written = note.source.note.slice(label);
            let shown = read_moment(written.trim().trim_start_matches('[').trim_end_matches(']'));
            let Some(shown) = shown.filter(|shown| *shown != target) else { continue };
            let message = format!("Label mismatch: the label is {shown}, the target is {target}");
            let mismatch = LabelMismatch { timestamp: timestamp.clone(), label, shown, target };
            findings.add(Finding::new(label, message).fixed_by(move |fixes| mismatch.fix(fixes)));
        }
    }
    Ok(())
}

struct LabelMismatch<'a> {
    timestamp: ReadTimestamp<'a>,
    label: Span,
    shown: Moment,
    target: Moment,
}

impl LabelMismatch<'_> {
    fn fix(&self, fixes: &mut FixContext<'_, '_>) -> Result<(), Cancelled> {
        let source = fixes.note.source;
        let Some(clock) = clock_in(&source, self.label) else { return Ok(()) };
        let is_past = matches!(self.timestamp.verdict, Verdict::PastEnd { .. });
        let is_label_right = is_past && is_slip_of(self.target, self.shown);
        let is_target_right = !is_past && is_slip_of(self.shown, self.target);
        let change_target = self.change_target(fixes.note, Applicability::safe_if(is_label_right))?;
        let change_label = (!is_past).then(|| {
            let edit = Edit::replace(clock, clock_like(self.target, &source.note.slice(clock)));
            let change = VaultChange::in_note(source.id, vec![edit]);
            let applicability = Applicability::safe_if(is_target_right);
            Fix::new(format!("Change label to {}", self.target), change, applicability)
        });
        let ordered =
            if is_target_right { [change_label, change_target] } else { [change_target, change_label] };
        ordered.into_iter().flatten().for_each(|fix| fixes.add(fix));
        Ok(())
    }

    /// Writes what the label shows where the timestamp leads, if no other label shows something else.
    fn change_target(
        &self,
        note: &NoteContext<'_>,
        applicability: Applicability,
    ) -> Result<Option<Fix>, Cancelled> {
        let ReadTimestamp { timestamp, parts, .. } = &self.timestamp;
        let edit = write_value(&note.source, timestamp, parts, self.shown);
        let Some(edit) = edit.filter(|_| !is_contradicted(&note.source, &self.timestamp, self.shown)) else {
            return Ok(None);
        };
        let clock = if timestamp.form == TimestampForm::VideoLink { "" } else { &edit.new_text };
        let is_plausible = is_plausible(note, &self.timestamp, self.shown, clock)?;
        let change = VaultChange::in_note(note.source.id, vec![edit]);
        Ok(is_plausible.then(|| Fix::new(format!("Change target to {}", self.shown), change, applicability)))
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::ide::diagnostics::testing::{check_timestamps, tag};

    #[test]
    fn label_or_link_gives_way() {
        check_timestamps(
            "",
            &tag("00:01:55", "[00:02:00]"),
            &expect![[r#"
                timestamp/label-mismatch
                  Change target to 2:00
                      <a class="yt-timestamp" data-t="00:02:00">[00:02:00]</a>
                  Change label to 1:55
                      <a class="yt-timestamp" data-t="00:01:55">[00:01:55]</a>
            "#]],
        );
        check_timestamps(
            "duration: 1:00:00\n",
            &tag("14:21:00", "[00:14:21]"),
            &expect![[r#"
                timestamp/beyond-end
                ! Change to 14:21 (minutes and seconds)
                      <a class="yt-timestamp" data-t="00:14:21">[00:14:21]</a>
                timestamp/label-mismatch
                ! Change target to 14:21
                      <a class="yt-timestamp" data-t="00:14:21">[00:14:21]</a>
            "#]],
        );
        check_timestamps(
            "duration: 1:00:00\n",
            &tag("00:06:23", "[06:23:00]"),
            &expect![[r#"
                timestamp/label-mismatch
                ! Change label to 6:23
                      <a class="yt-timestamp" data-t="00:06:23">[00:06:23]</a>
            "#]],
        );
        check_timestamps(
            "",
            "[1:55](https://youtu.be/Rxmv7rT9leo?t=2m0s)",
            &expect![[r#"
                timestamp/label-mismatch
                  Change target to 1:55
                      [1:55](https://youtu.be/Rxmv7rT9leo?t=1m55s)
                  Change label to 2:00
                      [2:00](https://youtu.be/Rxmv7rT9leo?t=2m0s)
            "#]],
        );
        check_timestamps(
            "",
            &format!("[0:01:00]({})", tag("00:01:55", "[00:02:00]")),
            &expect![[r#"
                timestamp/label-mismatch
                  Change label to 1:55
                      [0:01:55](<a class="yt-timestamp" data-t="00:01:55">[00:02:00]</a>)
                timestamp/label-mismatch
                  Change label to 1:55
                      [0:01:00](<a class="yt-timestamp" data-t="00:01:55">[00:01:55]</a>)
            "#]],
        );
    }
}
