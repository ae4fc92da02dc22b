//! Links whose target is a clock.

use super::super::prelude::*;
use crate::ide::timestamps::style::TimestampStyle;

rule! {
    /// The link names a clock: it is meant as a timestamp.
    ///
    /// `[[00:27:31]]`, `[[00:27:31|words]]` or `[words](#00:27:31)`, while neither a file nor a heading has
    /// that name. It leads nowhere, and players do not start at it. In a note with a video, the fix writes a
    /// timestamp in the form of the others; words stay before it. If the video cannot have the moment, it is
    /// read as minutes and seconds.
    ///
    /// Example:
    ///
    /// ```markdown
    /// ---
    /// videoId: Rxmv7rT9leo
    /// ---
    /// Sleep [[00:27:31|helps]].
    /// ```
    ///
    /// After the fix *Change to timestamp 27:31*:
    ///
    /// ```markdown
    /// ---
    /// videoId: Rxmv7rT9leo
    /// ---
    /// Sleep helps <a class="yt-timestamp" data-t="00:27:31">[00:27:31]</a>.
    /// ```
    "timestamp/as-link", Some(Severity::Warning), requires: Requires::Vault
}

fn check<'a>(note: &NoteContext<'a>, findings: &mut Findings<'a>) -> Result<(), Cancelled> {
    for resolved in note.links()? {
        let Some(moment) = resolved.clock else { continue };
        let link = resolved.link;
        let written = note.shown(link.fragment.unwrap_or(link.target));
        let finding = Finding::new(link.span, format!("Link to a clock: `{written}` is no timestamp"));
        findings.push(finding.fixed_unsafely_by(move |fixes| write_timestamp(link, moment, fixes)));
    }
    Ok(())
}

/// Writes the moment, or what it means as minutes and seconds if nothing else is possible.
fn write_timestamp(link: &Link, moment: Moment, fixes: &mut FixContext<'_, '_>) -> Result<(), Cancelled> {
    let NoteContext { vault, source, cancel, .. } = *fixes.note;
    let Some(video) = source.note.parsed.video_id() else { return Ok(()) };
    let style = TimestampStyle::of(vault, &source, link.span.start, cancel)?;
    let words = link.display.map(|display| source.note.slice(display));
    let words = words.filter(|words| read_moment(words).is_none());
    let slipped = moment.may_have_slipped().then_some(Moment { seconds: moment.seconds / 60 });
    for meant in [Some(moment), slipped].into_iter().flatten() {
        let Some(stamp) = style.write(meant, video) else { continue };
        let text = words.as_ref().map_or_else(|| stamp.clone(), |words| format!("{} {stamp}", words.trim()));
        let edits = vec![Edit::replace(link.span, text)];
        let title = format!("Change to timestamp {meant}");
        if fixes.edit_unless_worse(title, edits, Applicability::Unsafe)? {
            break;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::ide::diagnostics::testing::{check, check_timestamps};

    #[test]
    fn clocks_in_the_shape_of_links() {
        check(
            "//- a.md\n---\nvideoId: Rxmv7rT9leo\n---\n[[27:31:00]] [x](#00:27:02) [[00:27:31|text]] [y](1:55) [[1:30]] [[#1:40]] [[at 1:30]]\n\
             # 1:40\n//- 1:30.md\n",
            &expect![[r#"
                a.md:4 "[[27:31:00]]" timestamp/as-link: Link to a clock: `27:31:00` is no timestamp
                a.md:4 "[x](#00:27:02)" timestamp/as-link: Link to a clock: `00:27:02` is no timestamp
                a.md:4 "[[00:27:31|text]]" timestamp/as-link: Link to a clock: `00:27:31` is no timestamp
                a.md:4 "[y](1:55)" timestamp/as-link: Link to a clock: `1:55` is no timestamp
                a.md:4 "at 1:30" link/missing-note: Note not found: `at 1:30`
            "#]],
        );
    }

    #[test]
    fn they_become_timestamps() {
        check_timestamps(
            "",
            "[[00:27:31|text]]",
            &expect![[r#"
            timestamp/as-link
              Change to timestamp 27:31
                  text <a class="yt-timestamp" data-t="00:27:31">[00:27:31]</a>
        "#]],
        );
        check_timestamps(
            "",
            "[x](#00:27:02)",
            &expect![[r#"
            timestamp/as-link
              Change to timestamp 27:02
                  x <a class="yt-timestamp" data-t="00:27:02">[00:27:02]</a>
        "#]],
        );
        check_timestamps(
            "",
            "[[27:31:00]] [0:10]",
            &expect![[r#"
            timestamp/as-link
              Change to timestamp 27:31
                  [27:31] [0:10]
        "#]],
        );
    }
}
