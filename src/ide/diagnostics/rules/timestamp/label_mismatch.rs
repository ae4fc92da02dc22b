//! Timestamps that show another moment than the one they lead to.

use super::super::prelude::*;
use super::reading::{is_contradicted, is_plausible, is_slip_of};
use crate::ide::timestamps::clock_text::clock_in;

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
        let Some(target) = timestamp.timestamp.moment() else { continue };
        for label in timestamp.labels() {
            let Some(clock) = clock_in(&note.source, label) else { continue };
            let shown = read_moment(&note.source.note.slice(clock)).filter(|shown| *shown != target);
            let Some(shown) = shown else { continue };
            let message = format!("Label mismatch: the label is {shown}, the target is {target}");
            let mismatch = LabelMismatch { timestamp, clock, shown, target };
            findings.push(Finding::new(label, message).fixed_by(move |fixes| mismatch.fix(fixes)));
        }
    }
    Ok(())
}

struct LabelMismatch<'a> {
    timestamp: ReadTimestamp<'a>,
    /// The clock in the label.
    clock: Span,
    shown: Moment,
    target: Moment,
}

impl LabelMismatch<'_> {
    fn fix(&self, fixes: &mut FixContext<'_, '_>) -> Result<(), Cancelled> {
        let is_past = self.timestamp.is_past_end();
        let is_label_right = is_past && is_slip_of(self.target, self.shown);
        let is_target_right = !is_past && is_slip_of(self.shown, self.target);
        if is_target_right {
            self.change_label(fixes, Applicability::Safe);
        }
        self.change_target(fixes, Applicability::safe_if(is_label_right))?;
        if !is_past && !is_target_right {
            self.change_label(fixes, Applicability::Unsafe);
        }
        Ok(())
    }

    fn change_label(&self, fixes: &mut FixContext<'_, '_>, applicability: Applicability) {
        let clock = clock_like(self.target, &fixes.note.source.note.slice(self.clock));
        let edit = Edit::replace(self.clock, clock);
        fixes.edit(format!("Change label to {}", self.target), vec![edit], applicability);
    }

    /// Writes what the label shows where the timestamp leads, if no other label shows something else.
    fn change_target(
        &self,
        fixes: &mut FixContext<'_, '_>,
        applicability: Applicability,
    ) -> Result<(), Cancelled> {
        let ReadTimestamp { timestamp, parts, .. } = self.timestamp;
        let source = fixes.note.source;
        let edit = write_value(&source, timestamp, &parts, self.shown);
        let edit = edit.filter(|_| !is_contradicted(&source, &self.timestamp, self.shown));
        let Some(edit) = edit else { return Ok(()) };
        let clock = if timestamp.form() == TimestampForm::VideoLink { "" } else { &edit.new_text };
        if is_plausible(fixes.note, &self.timestamp, self.shown, clock)? {
            fixes.edit(format!("Change target to {}", self.shown), vec![edit], applicability);
        }
        Ok(())
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
