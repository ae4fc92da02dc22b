//! Timestamps in notes that name no video.

use super::super::prelude::*;
use crate::ide::timestamps::video::video_of;
use crate::syntax::{is_video_id, video_in_address};

rule! {
    /// The note has timestamps but names no video.
    ///
    /// Its front matter has neither `videoId` (`video_id`) nor a YouTube `url` or `source`, so its timestamps
    /// lead nowhere. Reported once, at the first timestamp. If the note links to one video and no other, the
    /// fix names that one.
    ///
    /// Example:
    ///
    /// ```markdown
    /// <https://youtu.be/Rxmv7rT9leo>
    /// <a class="yt-timestamp" data-t="00:01:55">[00:01:55]</a>
    /// ```
    ///
    /// After the fix *Set `videoId` to `Rxmv7rT9leo`*:
    ///
    /// ```markdown
    /// ---
    /// videoId: Rxmv7rT9leo
    /// ---
    ///
    /// <https://youtu.be/Rxmv7rT9leo>
    /// <a class="yt-timestamp" data-t="00:01:55">[00:01:55]</a>
    /// ```
    "timestamp/no-video", Some(Severity::Warning), is_about_timestamp: true
}

fn check<'a>(note: &NoteContext<'a>, findings: &mut Findings<'a>) -> Result<(), Cancelled> {
    let parsed = &note.source.note.parsed;
    let first = parsed.timestamps.iter().find(|timestamp| timestamp.form() != TimestampForm::VideoLink);
    if let Some(first) = first.filter(|_| parsed.video().is_none()) {
        let message = "No video ID in this note's front matter (`videoId`)";
        findings.push(Finding::new(first.span, message).fixed_unsafely_by(name_video));
    }
    Ok(())
}

/// Never safe: a note may cite a video and have its own timestamps from another. Nothing is added to front
/// matter that is not YAML.
fn name_video(fixes: &mut FixContext<'_, '_>) -> Result<(), Cancelled> {
    let source = fixes.note.source;
    let note = source.note;
    if note.parsed.faults.iter().any(|fault| matches!(fault.kind, FaultKind::FrontMatter(_))) {
        return Ok(());
    }
    let Some(video) = only_linked_video(&source) else { return Ok(()) };
    // What YAML could take for a number or a list is quoted.
    let is_plain = video.starts_with(|char: char| char.is_ascii_alphabetic());
    let line = if is_plain { format!("videoId: {video}") } else { format!("videoId: \"{video}\"") };
    let breaks = if note.slice(Span::new(0, 4_096)).contains("\r\n") { "\r\n" } else { "\n" };
    let edit = match &note.parsed.front_matter {
        Some(front) => Edit::replace(Span::empty(front.content.end), format!("{line}{breaks}")),
        None => {
            let mark = if note.slice(Span::new(0, 3)).starts_with('\u{feff}') { 3 } else { 0 };
            let block = format!("---{breaks}{line}{breaks}---{breaks}{breaks}");
            Edit::replace(Span::new(mark, mark), block)
        }
    };
    fixes.edit_unless_worse(format!("Set `videoId` to `{video}`"), vec![edit], Applicability::Unsafe)?;
    Ok(())
}

/// Returns the video of all links to videos of the note, if it is one.
fn only_linked_video(source: &NoteRef<'_>) -> Option<String> {
    let parsed = &source.note.parsed;
    let timestamps =
        parsed.timestamps.iter().filter(|timestamp| timestamp.form() == TimestampForm::VideoLink);
    let linked = timestamps.filter_map(|timestamp| video_of(source, timestamp));
    let addresses = parsed.links.iter().filter(|link| link.is_external);
    let named =
        addresses.filter_map(|link| video_in_address(&source.note.slice(link.target)).map(str::to_owned));
    let mut videos: Vec<String> = linked.chain(named).filter(|video| is_video_id(video)).collect();
    videos.sort_unstable();
    videos.dedup();
    if videos.len() == 1 { videos.pop() } else { None }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::ide::diagnostics::testing::{check, check_note};

    #[test]
    fn notes_without_a_video() {
        check(
            "<a class=\"yt-timestamp\" data-t=\"13:00:00\">[13:00:00]</a> [1:55]\n",
            &expect![[r#"
                note.md:1 "<a class=\"yt-timestamp\" data-t=\"13:00:00\">[13:00:00]</a>" timestamp/no-video: No video ID in this note's front matter (`videoId`)
                note.md:1 "13:00:00" timestamp/beyond-end: 13:00:00 is past 12 hours, the maximum length of a YouTube video; as minutes and seconds it is 13:00
            "#]],
        );
        check(
            "---\nvideoId: abc\n---\n",
            &expect![[r#"
                note.md:2 "abc" video/bad-id: Invalid video ID `abc`: expected 11 characters (letters, digits, `-` or `_`)
            "#]],
        );
        check(
            "//- a.md\n---\nvideoId: Rxmv7rT9leo\n---\n[1:55]\n//- b.md\n---\nvideoId: Rxmv7rT9leo\nduration: 60\n---\n",
            &expect![[r#"
                a.md:4 "1:55" timestamp/beyond-end: 1:55 is past the end of the video, 1:00
            "#]],
        );
    }

    #[test]
    fn the_video_is_named_or_its_id_taken_out_of_an_address() {
        check_note(
            "[1:00](https://youtu.be/1xmv7rT9leo?t=60)\n\n<a class=\"yt-timestamp\" data-t=\"00:01:55\">[00:01:55]</a>\n",
            &expect![[r#"
                timestamp/no-video
                  Set `videoId` to `1xmv7rT9leo`
                      ---
                      videoId: "1xmv7rT9leo"
                      ---
            "#]],
        );
        check_note(
            "---\r\ntitle: T\r\n---\r\n<https://youtu.be/Rxmv7rT9leo>\r\n<a class=\"yt-timestamp\" data-t=\"00:01:55\">[00:01:55]</a>\r\n",
            &expect![[r#"
                timestamp/no-video
                  Set `videoId` to `Rxmv7rT9leo`
                      videoId: Rxmv7rT9leo
            "#]],
        );
        check_note(
            "[1:00](https://youtu.be/Rxmv7rT9leo?t=60) <https://youtu.be/aaaaaaaaaaa> <a class=\"yt-timestamp\" data-t=\"00:01:55\">[00:01:55]</a>\n",
            &expect![[r#"
                timestamp/no-video
            "#]],
        );
        check_note(
            "---\nvideoId: [1\n---\n[1:00](https://youtu.be/Rxmv7rT9leo?t=60) <a class=\"yt-timestamp\" data-t=\"00:01:55\">[00:01:55]</a>\n",
            &expect![[r#"
                note/bad-front-matter
                timestamp/no-video
            "#]],
        );
        check_note(
            "---\nvideoId: https://www.youtube.com/watch?v=Rxmv7rT9leo&t=5\n---\n",
            &expect![[r#"
                video/bad-id
                ! Change to `Rxmv7rT9leo`
                      videoId: Rxmv7rT9leo
            "#]],
        );
        check_note(
            "---\nvideoId: abc\n---\n",
            &expect![[r#"
            video/bad-id
        "#]],
        );
    }
}
