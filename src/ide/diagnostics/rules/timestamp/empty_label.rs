//! Timestamps that show nothing.

use crate::config::{RuleSpec, Severity};
use crate::syntax::TimestampForm;
use crate::vault::Cancelled;

use super::super::rule;
use crate::ide::change::Edit;
use crate::ide::diagnostics::context::{NoteContext, ReadTimestamp};
use crate::ide::diagnostics::fix::{Applicability, FixContext};
use crate::ide::diagnostics::{Example, Finding, Findings};
use crate::ide::timestamps::clock_text::clock_like;
use crate::ide::timestamps::plausibility::Verdict;

rule! {
    /// `<a class="yt-timestamp" data-t="00:01:55"></a>` has no label.
    ///
    /// A reader has nothing to click on. The fix writes the moment as the label.
    spec: RuleSpec::new("timestamp/empty-label", Some(Severity::Information), "The timestamp shows nothing."),
    is_about_timestamp: true,
    check: check,
    examples: &[Example {
        files: "---\nvideoId: Rxmv7rT9leo\n---\n<a class=\"yt-timestamp\" data-t=\"00:01:55\"></a>\n",
        fix: Some((
            "Add label `[00:01:55]`",
            "---\nvideoId: Rxmv7rT9leo\n---\n<a class=\"yt-timestamp\" data-t=\"00:01:55\">[00:01:55]</a>\n",
        )),
    }],
}

fn check<'a>(note: &NoteContext<'a>, findings: &mut Findings<'a>) -> Result<(), Cancelled> {
    for timestamp in note.timestamps()?.iter().filter(|timestamp| timestamp.parts.is_closed) {
        if timestamp.parts.label.is_some_and(|label| shows_nothing(&note.source.note.slice(label))) {
            findings.add(timestamp.timestamp.span, EmptyLabel { timestamp: timestamp.clone() });
        }
    }
    Ok(())
}

/// Whether a label is white space, or brackets around it.
fn shows_nothing(label: &str) -> bool {
    label.chars().all(|char| char.is_whitespace() || matches!(char, '[' | ']'))
}

struct EmptyLabel<'a> {
    timestamp: ReadTimestamp<'a>,
}

impl Finding for EmptyLabel<'_> {
    fn message(&self, _note: &NoteContext<'_>) -> String {
        "Empty timestamp label".to_owned()
    }

    /// Not safe for a moment that the video does not have.
    fn fix(&self, fixes: &mut FixContext<'_, '_>) -> Result<(), Cancelled> {
        let ReadTimestamp { timestamp, parts, verdict, .. } = &self.timestamp;
        let Some((moment, label)) = timestamp.moment.zip(parts.label) else { return Ok(()) };
        let value = parts.value.map(|value| fixes.note.source.note.slice(value));
        let clock = match timestamp.form {
            TimestampForm::Tag | TimestampForm::WrappedTag => {
                format!("[{}]", value.map_or_else(|| moment.clock(), |value| clock_like(moment, &value)))
            }
            TimestampForm::VideoLink | TimestampForm::Bare => moment.clock(),
        };
        let applicability = Applicability::safe_if(!matches!(verdict, Verdict::PastEnd { .. }));
        fixes.edit(format!("Add label `{clock}`"), vec![Edit::replace(label, clock)], applicability);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::ide::diagnostics::testing::{check_fixes, check_timestamps, tag};

    #[test]
    fn empty_labels_are_written() {
        check_timestamps(
            "",
            &tag("1:55", ""),
            &expect![[r#"
                timestamp/empty-label
                ! Add label `[1:55]`
                      <a class="yt-timestamp" data-t="1:55">[1:55]</a>
            "#]],
        );
        check_timestamps(
            "",
            &tag("00:01:55", "[]"),
            &expect![[r#"
                timestamp/empty-label
                ! Add label `[00:01:55]`
                      <a class="yt-timestamp" data-t="00:01:55">[00:01:55]</a>
            "#]],
        );
        check_timestamps("", "[](https://youtu.be/Rxmv7rT9leo?t=2m0s)", &expect![[""]]);
    }

    #[test]
    fn a_timestamp_that_shows_nothing_shows_its_moment() {
        check_fixes(
            "---\nvideoId: aaaaaaaaaaa\n---\n<a class=\"yt-timestamp\" data-t=\"00:01:55\">$0</a>\n",
            &expect![[r#"
                ! Add label `[00:01:55]`
                //- note.md
                ---
                videoId: aaaaaaaaaaa
                ---
                <a class="yt-timestamp" data-t="00:01:55">[00:01:55]</a>
            "#]],
        );
    }
}
