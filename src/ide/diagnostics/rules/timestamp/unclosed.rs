//! Timestamps without their end.

use super::super::prelude::*;
use super::reading::is_plausible;
use super::tag_end::missing_end;

rule! {
    /// The tag of the timestamp has no end.
    ///
    /// `<a class="yt-timestamp"` without its `>` or its `</a>` on the same line: browsers take the text that
    /// follows into the tag or the link. The fix writes what is missing where the tag holds a time and its
    /// end is garbled in a known way.
    ///
    /// Example:
    ///
    /// ```markdown
    /// ---
    /// videoId: Rxmv7rT9leo
    /// ---
    /// <a class="yt-timestamp" data-t="00:01:55">[00:01:55]</a)
    /// ```
    ///
    /// After the fix *Close timestamp*:
    ///
    /// ```markdown
    /// ---
    /// videoId: Rxmv7rT9leo
    /// ---
    /// <a class="yt-timestamp" data-t="00:01:55">[00:01:55]</a>
    /// ```
    "timestamp/unclosed", Some(Severity::Error), is_about_timestamp: true
}

fn check<'a>(note: &NoteContext<'a>, findings: &mut Findings<'a>) -> Result<(), Cancelled> {
    for timestamp in note.timestamps()?.filter(|timestamp| !timestamp.parts.is_closed) {
        let message = "Unclosed timestamp: expected `>` and `</a>` on the same line";
        let finding = Finding::new(timestamp.timestamp.span, message);
        findings.push(finding.fixed_by(move |fixes| close(&timestamp, fixes)));
    }
    Ok(())
}

fn close(unclosed: &ReadTimestamp<'_>, fixes: &mut FixContext<'_, '_>) -> Result<(), Cancelled> {
    let source = fixes.note.source;
    let span = unclosed.timestamp.span;
    let written = source.note.slice(span);
    let before = Span::new(span.start.to_usize().saturating_sub(2), span.start.to_usize());
    let is_wrapped = &*source.note.slice(before) == "](";
    let Some((at, length, text)) = missing_end(&written, is_wrapped) else { return Ok(()) };
    let mut closed = written.to_string();
    closed.replace_range(at..at + length, &text);
    let parsed = crate::syntax::parse(&closed);
    let Some(timestamp) = parsed.timestamps.first() else { return Ok(()) };
    let parts = timestamp.parts(&closed);
    let value = parts.value.and_then(|value| closed.get(value.range())).unwrap_or_default();
    let label = parts.label.and_then(|label| closed.get(label.range())).unwrap_or_default();
    let shown = read_moment(label.trim_start_matches('[').trim_end_matches(']'));
    let Some(moment) = timestamp.moment().filter(|_| parts.is_closed) else { return Ok(()) };
    if shown.is_none_or(|shown| shown == moment)
        && (unclosed.timestamp.moment() == Some(moment) || is_plausible(fixes.note, unclosed, moment, value)?)
    {
        let place = Span::between(span.start.plus(at), span.start.plus(at + length));
        fixes.edit("Close timestamp", vec![Edit::replace(place, text)], Applicability::Safe);
        // The tag may hide the outer label of a timestamp behind it.
        let line = source.note.text.line(source.note.text.line_of(span.start));
        if let Some(line) = line.filter(|_| written.ends_with("](")) {
            fixes.outdate(line);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::ide::diagnostics::safe_fixes;
    use crate::ide::diagnostics::testing::check_timestamps;
    use crate::ide::fixture;
    use crate::vault::Cancel;

    #[test]
    fn starts_of_tags_are_mended() {
        let open = "<a class=\"yt-timestamp\" data-t=\"00:01:55";
        check_timestamps(
            "",
            &format!("{open}]-[00:02:10]</a>. And"),
            &expect![[r#"
                timestamp/unclosed
                ! Close timestamp
                      <a class="yt-timestamp" data-t="00:01:55">[00:01:55]-[00:02:10]</a>. And
            "#]],
        );
        check_timestamps(
            "",
            &format!("{open}</a>"),
            &expect![[r#"
                timestamp/unclosed
                ! Close timestamp
                      <a class="yt-timestamp" data-t="00:01:55">[00:01:55]</a>
            "#]],
        );
        check_timestamps(
            "",
            &format!("{open}[00:01:55]</a>, x"),
            &expect![[r#"
                timestamp/unclosed
                ! Close timestamp
                      <a class="yt-timestamp" data-t="00:01:55">[00:01:55]</a>, x
            "#]],
        );
    }

    /// Nothing of a garbled end is left over.
    #[test]
    fn garbled_ends_go() {
        let open = "<a class=\"yt-timestamp\" data-t=\"00:01:55\">";
        for (end, closed) in [
            ("[00:01:55]", "[00:01:55]</a>"),
            ("[00:01:55]>, x", "[00:01:55]</a>, x"),
            ("[00:01:55]}}]. x", "[00:01:55]</a>. x"),
            ("[00:01:55]</sup>. x", "[00:01:55]</a>. x"),
            ("[00:01:55]]. x", "[00:01:55]</a>. x"),
            ("[00:01:55]</a", "[00:01:55]</a>"),
            ("[00:01:55] (x) y", "[00:01:55]</a> (x) y"),
            ("[00:01:55]x <b>", ""),
            ("00:01:55>. x", "00:01:55</a>. x"),
            ("00:01:55. x", ""),
        ] {
            let (vault, at) = fixture::vault(&format!("---\nvideoId: Rxmv7rT9leo\n---\n{open}{end}\n"));
            let safe = safe_fixes(&vault, at.note, &|_| true, &Cancel::new()).unwrap();
            let after = fixture::changed(&vault, &safe.change);
            let text = after.note(at.note).unwrap().note.text.to_text();
            let expected = if closed.is_empty() { end } else { closed };
            assert_eq!(text.lines().last(), Some(&*format!("{open}{expected}")), "{end}");
        }
    }

    #[test]
    fn ends_of_tags_are_mended() {
        let open = "<a class=\"yt-timestamp\" data-t=\"00:01:55";
        check_timestamps(
            "",
            &format!("{open}\">[00:01:55]</a)"),
            &expect![[r#"
                timestamp/unclosed
                ! Close timestamp
                      <a class="yt-timestamp" data-t="00:01:55">[00:01:55]</a>
            "#]],
        );
        check_timestamps(
            "",
            &format!("[00:01:55]({open}\">[00:01:55]</a)"),
            &expect![[r#"
                timestamp/unclosed
                ! Close timestamp
                      [00:01:55](<a class="yt-timestamp" data-t="00:01:55">[00:01:55]</a>)
            "#]],
        );
        check_timestamps(
            "",
            &format!("{open}\">[00:01:55] and more words"),
            &expect![[r#"
                timestamp/unclosed
                ! Close timestamp
                      <a class="yt-timestamp" data-t="00:01:55">[00:01:55]</a> and more words
            "#]],
        );
        check_timestamps(
            "",
            &format!("{open}\">words"),
            &expect![[r#"
            timestamp/unclosed
        "#]],
        );
        check_timestamps(
            "",
            &format!("{open}\">[00:02:00]"),
            &expect![[r#"
            timestamp/unclosed
        "#]],
        );
    }
}
