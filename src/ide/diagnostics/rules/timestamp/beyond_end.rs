//! Timestamps after the end of their video.

use super::super::prelude::*;
use super::shift::{of_the_others, shift};

rule! {
    /// The timestamp is after the end of the video, as its notes show it, or after 12 hours.
    ///
    /// The end is the first of these that is known, and the message says which:
    ///
    /// 1. The `duration` that the front matter of this note, or of another note about the same video, gives;
    ///    the longest one counts.
    /// 2. Where the other notes about the video stop citing it: at least two of them, and two of five, end at
    ///    about the same moment and would have cited more; the timestamp is more than half as far again
    ///    behind it, it fits as minutes and seconds, and fewer than half as many notes reach as far.
    /// 3. 12 hours, the longest that a YouTube video can be.
    ///
    /// Often the units are shifted: `14:55:00` for 14 minutes and 55 seconds. If the video has that moment,
    /// the message says so, and a fix writes it, here or in the whole note. [What counts as
    /// evidence](timestamps.md#slipped-units).
    ///
    /// Example:
    ///
    /// ```markdown
    /// ---
    /// videoId: Rxmv7rT9leo
    /// duration: 52:10
    /// ---
    /// [14:55:00]
    /// ```
    ///
    /// After the fix *Change to 14:55 (minutes and seconds)*:
    ///
    /// ```markdown
    /// ---
    /// videoId: Rxmv7rT9leo
    /// duration: 52:10
    /// ---
    /// [00:14:55]
    /// ```
    "timestamp/beyond-end", Some(Severity::Warning), requires: Requires::AllReadable, is_about_timestamp: true
}

fn check<'a>(note: &NoteContext<'a>, findings: &mut Findings<'a>) -> Result<(), Cancelled> {
    for timestamp in note.timestamps()? {
        let Verdict::PastEnd { end, slipped } = timestamp.verdict else { continue };
        let Some(moment) = timestamp.timestamp.moment() else { continue };
        let end = match end {
            VideoEnd::Given { seconds } => format!("past the end of the video, {}", Moment { seconds }),
            VideoEnd::Cited { seconds, agreeing, notes } => format!(
                "far past {}, where {agreeing} of {notes} other notes stop citing the video",
                Moment { seconds }
            ),
            VideoEnd::Unknown => "past 12 hours, the maximum length of a YouTube video".to_owned(),
        };
        let meant = slipped.map(|slipped| format!("; as minutes and seconds it is {}", slipped.meant));
        let plausibility = note.plausibility()?;
        let is_own = plausibility.is_own(&note.source, timestamp.timestamp);
        let others = if is_own { of_the_others(plausibility) } else { String::new() };
        let message = format!("{moment} is {end}{}{others}", meant.unwrap_or_default());
        let mut finding = Finding::new(timestamp.value_span(), message);
        if let Some(slipped) = slipped {
            finding = finding.fixed_by(move |fixes| shift(&timestamp, slipped, fixes));
        }
        findings.push(finding);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::ide::diagnostics::testing::{check, check_timestamps, tag};

    #[test]
    fn two_videos_in_one_note() {
        check(
            "//- a.md\n---\nvideoId: Rxmv7rT9leo\nduration: 60\n---\n[0:59] [1:01] [2:00](https://youtu.be/aaaaaaaaaaa?t=120) \
             [1:30](https://youtu.be/Rxmv7rT9leo?t=90) [3:00](https://youtu.be/bbbbbbbbbbb?t=180)\n\
             //- b.md\n---\nvideoId: aaaaaaaaaaa\nduration: 90\n---\n",
            &expect![[r#"
                a.md:5 "1:01" timestamp/beyond-end: 1:01 is past the end of the video, 1:00; 2 of 3 timestamps in this note are past the end
                a.md:5 "120" timestamp/beyond-end: 2:00 is past the end of the video, 1:30
                a.md:5 "90" timestamp/beyond-end: 1:30 is past the end of the video, 1:00; 2 of 3 timestamps in this note are past the end
            "#]],
        );
    }

    #[test]
    fn timestamps() {
        let stamp = |value: &str, label: &str| {
            format!("<a class=\"yt-timestamp\" data-t=\"{value}\">{label}</a>\n\n")
        };
        let text = format!(
            "---\nvideoId: Rxmv7rT9leo\nduration: 1:00:00\n---\n{}{}{}{}{}{}{}{}<a class=\"yt-timestamp\" data-t=\"00:01:55\">[00:01:55]\n",
            stamp("00:01:55", "[00:01:55]"),
            stamp("HH:MM:SS", "[HH:MM:SS]"),
            stamp("00:01:55:12", "[00:01:55:12]"),
            stamp("00:75:10", "[00:75:10]"),
            stamp("00:01:55", "[00:02:00]"),
            stamp("00:01:55", "watch this"),
            stamp("00:01:55", ""),
            stamp("14:55:00", "[14:55:00]"),
        );
        check(
            &text,
            &expect![[r#"
                note.md:7 "HH:MM:SS" timestamp/malformed: Invalid timestamp `HH:MM:SS`: expected `H:MM:SS` or `M:SS`
                note.md:9 "00:01:55:12" timestamp/malformed: Invalid timestamp `00:01:55:12`: expected `H:MM:SS` or `M:SS` (read as 1:55)
                note.md:11 "00:75:10" timestamp/out-of-range: Invalid timestamp `00:75:10`: minutes or seconds above 59 (carried over: 1:15:10)
                note.md:13 "[00:02:00]" timestamp/label-mismatch: Label mismatch: the label is 2:00, the target is 1:55
                note.md:17 "<a class=\"yt-timestamp\" data-t=\"00:01:55\"></a>" timestamp/empty-label: Empty timestamp label
                note.md:19 "14:55:00" timestamp/beyond-end: 14:55:00 is past the end of the video, 1:00:00; as minutes and seconds it is 14:55
                note.md:21 "<a class=\"yt-timestamp\" data-t=\"00:01:55\">[00:01:55]" timestamp/unclosed: Unclosed timestamp: expected `>` and `</a>` on the same line
            "#]],
        );
        check(
            "[1:00](https://youtu.be/Rxmv7rT9leo?t=61) [x](https://youtu.be/short?t=1)\n",
            &expect![[r#"
                note.md:1 "1:00" timestamp/label-mismatch: Label mismatch: the label is 1:00, the target is 1:01
            "#]],
        );
    }

    #[test]
    fn slipped_units_are_shifted_here_or_in_the_note() {
        check_timestamps(
            "duration: 52:10\n",
            &format!(
                "{} {} [46:46:00] [3:14:11]\n[0:10:00] {}",
                tag("14:55:00", "[14:55:00]"),
                tag("16:20:00", "there"),
                tag("99:00:00", "x")
            ),
            &expect![[r#"
                timestamp/beyond-end
                ! Change to 14:55 (minutes and seconds)
                      <a class="yt-timestamp" data-t="00:14:55">[00:14:55]</a> <a class="yt-timestamp" data-t="16:20:00">there</a> [46:46:00] [3:14:11]
                  Change 4 timestamps in this note to minutes and seconds
                      <a class="yt-timestamp" data-t="00:14:55">[00:14:55]</a> <a class="yt-timestamp" data-t="00:16:20">there</a> [00:46:46] [0:03:14]
                timestamp/beyond-end
                ! Change to 16:20 (minutes and seconds)
                      <a class="yt-timestamp" data-t="14:55:00">[14:55:00]</a> <a class="yt-timestamp" data-t="00:16:20">there</a> [46:46:00] [3:14:11]
                  Change 4 timestamps in this note to minutes and seconds
                      <a class="yt-timestamp" data-t="00:14:55">[00:14:55]</a> <a class="yt-timestamp" data-t="00:16:20">there</a> [00:46:46] [0:03:14]
                timestamp/beyond-end
                ! Change to 46:46 (minutes and seconds)
                      <a class="yt-timestamp" data-t="14:55:00">[14:55:00]</a> <a class="yt-timestamp" data-t="16:20:00">there</a> [00:46:46] [3:14:11]
                  Change 4 timestamps in this note to minutes and seconds
                      <a class="yt-timestamp" data-t="00:14:55">[00:14:55]</a> <a class="yt-timestamp" data-t="00:16:20">there</a> [00:46:46] [0:03:14]
                timestamp/beyond-end
                  Change to 3:14 (minutes and seconds)
                      <a class="yt-timestamp" data-t="14:55:00">[14:55:00]</a> <a class="yt-timestamp" data-t="16:20:00">there</a> [46:46:00] [0:03:14]
                  Change 4 timestamps in this note to minutes and seconds
                      <a class="yt-timestamp" data-t="00:14:55">[00:14:55]</a> <a class="yt-timestamp" data-t="00:16:20">there</a> [00:46:46] [0:03:14]
                timestamp/beyond-end
            "#]],
        );
        check_timestamps(
            "",
            &tag("14:55:00", "[14:55:00]"),
            &expect![[r#"
                timestamp/beyond-end
                  Change to 14:55 (minutes and seconds)
                      <a class="yt-timestamp" data-t="00:14:55">[00:14:55]</a>
            "#]],
        );
        check_timestamps(
            "",
            "[14:55:00](https://youtu.be/Rxmv7rT9leo?t=53700s)",
            &expect![[r#"
                timestamp/beyond-end
                  Change to 14:55 (minutes and seconds)
                      [00:14:55](https://youtu.be/Rxmv7rT9leo?t=895s)
            "#]],
        );
    }
}
