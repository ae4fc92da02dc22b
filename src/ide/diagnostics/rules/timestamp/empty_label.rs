//! Timestamps that show nothing.

use super::super::prelude::*;

rule! {
    /// The timestamp shows nothing.
    ///
    /// A reader has nothing to click on. The fix writes the moment as the label.
    ///
    /// Example:
    ///
    /// ```markdown
    /// ---
    /// videoId: Rxmv7rT9leo
    /// ---
    /// <a class="yt-timestamp" data-t="00:01:55"></a>
    /// ```
    ///
    /// After the fix *Add label `[00:01:55]`*:
    ///
    /// ```markdown
    /// ---
    /// videoId: Rxmv7rT9leo
    /// ---
    /// <a class="yt-timestamp" data-t="00:01:55">[00:01:55]</a>
    /// ```
    "timestamp/empty-label", Some(Severity::Information), is_about_timestamp: true
}

fn check<'a>(note: &NoteContext<'a>, findings: &mut Findings<'a>) -> Result<(), Cancelled> {
    for timestamp in note.closed_timestamps()? {
        if timestamp.parts.label.is_some_and(|label| shows_nothing(&note.source.note.slice(label))) {
            let finding = Finding::new(timestamp.timestamp.span, "Empty timestamp label");
            findings.push(finding.fixed_by(move |fixes| write_label(&timestamp, fixes)));
        }
    }
    Ok(())
}

/// Whether a label is white space, or brackets around it.
fn shows_nothing(label: &str) -> bool {
    label.chars().all(|char| char.is_whitespace() || matches!(char, '[' | ']'))
}

/// Not safe for a moment that the video does not have.
fn write_label(read: &ReadTimestamp<'_>, fixes: &mut FixContext<'_, '_>) -> Result<(), Cancelled> {
    let ReadTimestamp { timestamp, parts, .. } = read;
    let Some((moment, label)) = timestamp.moment().zip(parts.label) else { return Ok(()) };
    let value = parts.value.map(|value| fixes.note.source.note.slice(value));
    let clock = match timestamp.form() {
        TimestampForm::Tag | TimestampForm::WrappedTag => {
            format!("[{}]", value.map_or_else(|| moment.clock(), |value| clock_like(moment, &value)))
        }
        TimestampForm::VideoLink | TimestampForm::Bare => moment.clock(),
    };
    let applicability = Applicability::safe_if(!read.is_past_end());
    fixes.edit(format!("Add label `{clock}`"), vec![Edit::replace(label, clock)], applicability);
    Ok(())
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
