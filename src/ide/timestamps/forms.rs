//! The four forms of timestamps, one written as another: moment and label stay what they are.
//!
//! A timestamp whose label or attributes another form has no place for is left alone, so that the way back
//! gives the same bytes; only an address of the video may come back in another spelling.

use crate::syntax::{Clock, Moment, Timestamp, TimestampForm, is_video_id, parse, read_clock};
use crate::text::{Offset, Span};
use crate::vault::{Cancel, Cancelled, NoteRef};

use crate::ide::change::{Edit, edited};
use crate::ide::timestamps::video::{is_about, video_address, video_of};

/// All forms, in the order of the specification of notes.
pub(crate) const FORMS: [TimestampForm; 4] =
    [TimestampForm::Tag, TimestampForm::WrappedTag, TimestampForm::VideoLink, TimestampForm::Bare];

/// What a timestamp says, in any form.
struct Content {
    /// `00:01:55`
    clock: String,
    /// What the reader sees in a tag: `[00:01:55]`, or words.
    label: String,
}

/// The timestamp in another form. `None` if it has that form already, is not well written, or would lose
/// something.
pub(crate) fn in_form(note: &NoteRef<'_>, timestamp: &Timestamp, form: TimestampForm) -> Option<String> {
    if timestamp.form() == form {
        return None;
    }
    let video = note.note.parsed.video().map(|video| &*video.value).filter(|video| is_video_id(video))?;
    let content = read(note, timestamp).filter(|content| names_moment_of(timestamp, &content.clock))?;
    let has_room = form.is_tag() || content.label == format!("[{}]", content.clock);
    let written = write(&content, form, video).filter(|_| has_room)?;
    stands_alone(note, timestamp.span, form).then_some(written)
}

/// A timestamp of the video with that clock in both moment and label. `None` if the clock is not well
/// written.
pub(crate) fn written(form: TimestampForm, clock: &str, video: &str) -> Option<String> {
    write(&Content { clock: clock.to_owned(), label: format!("[{clock}]") }, form, video)
}

fn write(content: &Content, form: TimestampForm, video: &str) -> Option<String> {
    let Content { clock, label } = content;
    let Clock::Moment(moment) = read_clock(clock) else { return None };
    let tag = format!("<a class=\"yt-timestamp\" data-t=\"{clock}\">{label}</a>");
    Some(match form {
        TimestampForm::Tag => tag,
        TimestampForm::WrappedTag => format!("[{clock}]({tag})"),
        TimestampForm::VideoLink => format!("[{clock}]({})", video_address(video, Some(moment.seconds))),
        TimestampForm::Bare => format!("[{clock}]"),
    })
}

/// Reads a timestamp of the video of the note that holds nothing which only its own form can hold.
fn read(note: &NoteRef<'_>, timestamp: &Timestamp) -> Option<Content> {
    let slice = |span: Span| note.note.slice(span).into_owned();
    let written = slice(timestamp.span);
    let parts = timestamp.parts(&written);
    let video = video_of(note, timestamp)?;
    if !is_about(note, &video) {
        return None;
    }
    let label = slice(parts.label?);
    let content = if timestamp.form().is_tag() {
        Content { clock: slice(parts.value?), label }
    } else {
        Content { label: format!("[{label}]"), clock: label }
    };
    let is_all = match timestamp.form() {
        TimestampForm::VideoLink => {
            let clock = &content.clock;
            let address = written.strip_prefix('[')?.strip_prefix(clock.as_str())?.strip_prefix("](")?;
            is_plain_address(address.strip_suffix(')')?, &video)
        }
        form => write(&content, form, &video).as_ref() == Some(&written),
    };
    is_all.then_some(content)
}

/// Whether an address names the video and a time, and nothing else.
fn is_plain_address(address: &str, video: &str) -> bool {
    let address =
        address.strip_prefix("https://").or_else(|| address.strip_prefix("http://")).unwrap_or(address);
    let address = address.strip_prefix("www.").or_else(|| address.strip_prefix("m.")).unwrap_or(address);
    let short =
        address.strip_prefix("youtu.be/").and_then(|rest| rest.strip_prefix(video)?.strip_prefix('?'));
    let long = address.strip_prefix("youtube.com/watch?v=").and_then(|rest| {
        rest.strip_prefix(video)?.trim_start_matches("&amp;").trim_start_matches('&').into()
    });
    let time = short.or(long).and_then(|rest| rest.strip_prefix("t="));
    time.is_some_and(|time| time.bytes().all(|byte| byte.is_ascii_alphanumeric()))
}

/// Whether a timestamp in that form would be read in that place. Next to brackets, tags and escapes its own
/// brackets may be those of a link, a label, a footnote or an image, now or when the neighbor has changed its
/// form.
pub(crate) fn stands_alone(note: &NoteRef<'_>, span: Span, form: TimestampForm) -> bool {
    let before = Span::between(Offset::new(span.start.to_usize().saturating_sub(4)), span.start);
    let before = note.note.slice(before);
    let after = note.note.slice(Span::between(span.end, span.end.plus(4)));
    let is_plain = |char: Option<char>| {
        char.is_none_or(|char| {
            char.is_whitespace() || char.is_alphanumeric() || ".,;:*|\"'–—-…“”".contains(char)
        })
    };
    let (first, last) = (after.chars().next(), before.chars().next_back());
    let begins = is_plain(last) || last == Some('(') && !before.ends_with("](") || last == Some(')');
    let ends = is_plain(first) || matches!(first, Some(')' | '!' | '?'));
    begins && ends && !(form == TimestampForm::Bare && first == Some(':'))
}

/// One timestamp in another form, if the note says the same moments afterwards.
pub(crate) fn one_in_form(note: &NoteRef<'_>, timestamp: &Timestamp, form: TimestampForm) -> Option<Edit> {
    let edit = Edit::replace(timestamp.span, in_form(note, timestamp, form)?);
    keeps_moments(note, std::slice::from_ref(&edit), &[]).then_some(edit)
}

/// All timestamps of the note that can be, in a form; none if the note would say other moments afterwards, as
/// in Markdown that is broken.
pub(crate) fn all_in_form(
    note: &NoteRef<'_>,
    form: TimestampForm,
    cancel: &Cancel,
) -> Result<Vec<Edit>, Cancelled> {
    let mut edits = Vec::new();
    for timestamp in &note.note.parsed.timestamps {
        cancel.check()?;
        edits.extend(in_form(note, timestamp, form).map(|written| Edit::replace(timestamp.span, written)));
    }
    if !keeps_moments(note, &edits, &[]) {
        edits.clear();
    }
    Ok(edits)
}

/// Whether the note cites the same moments after the edits, which are in order, with those that the edits
/// add.
pub(super) fn keeps_moments(note: &NoteRef<'_>, edits: &[Edit], added: &[(Offset, Moment)]) -> bool {
    let own = note.note.parsed.timestamps.iter().map(|stamp| (stamp.span.start, stamp.moment()));
    let added = added.iter().map(|(at, moment)| (*at, Some(*moment)));
    let mut expected: Vec<(Offset, Option<Moment>)> = added.chain(own).collect();
    // What is inserted right before a timestamp comes first.
    expected.sort_by_key(|(at, _)| *at);
    let after = parse(&edited(note.note, edits));
    after.timestamps.iter().map(|stamp| stamp.moment()).eq(expected.into_iter().map(|(_, moment)| moment))
}

/// The form that most timestamps have; of equals the one that stands first in [`FORMS`]. `None` without any.
pub(crate) fn most_common<'a>(
    stamps: &(impl Iterator<Item = &'a Timestamp> + Clone),
) -> Option<TimestampForm> {
    let count = |form: &TimestampForm| stamps.clone().filter(|stamp| stamp.form() == *form).count();
    FORMS.into_iter().rev().max_by_key(count).filter(|form| count(form) > 0)
}

/// The clock of a timestamp as it is written: `00:01:55`. `None` if it does not name the moment.
pub(crate) fn clock_of(note: &NoteRef<'_>, timestamp: &Timestamp) -> Option<String> {
    let parts = timestamp.parts(&note.note.slice(timestamp.span));
    let clock = if timestamp.form().is_tag() { parts.value } else { parts.label };
    Some(note.note.slice(clock?).into_owned()).filter(|clock| names_moment_of(timestamp, clock))
}

/// Whether a clock is well written and names the moment of a timestamp.
fn names_moment_of(timestamp: &Timestamp, clock: &str) -> bool {
    timestamp.moment().map(Clock::Moment) == Some(read_clock(clock))
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};
    use proptest::prelude::*;

    use super::*;
    use crate::ide::change::VaultChange;
    use crate::ide::fixture;
    use crate::ide::timestamps::clock_text::{clock_like, write_moment};
    use crate::vault::Snapshot;

    fn note_of(text: &str) -> (Snapshot, crate::ide::place::NotePosition) {
        fixture::vault(&format!("---\nvideoId: Rxmv7rT9leo\n---\n{text}\n"))
    }

    /// The first timestamp of a text in all other forms.
    fn check(text: &str, expected: &Expect) {
        let (vault, at) = note_of(text);
        let note = vault.note(at.note).unwrap();
        let stamp = &note.note.parsed.timestamps[0];
        let line = |form| in_form(&note, stamp, form).map(|written| format!("{form:?}: {written}\n"));
        expected.assert_eq(&FORMS.into_iter().filter_map(line).collect::<String>());
    }

    #[test]
    fn each_form_in_all_others() {
        check(
            "<a class=\"yt-timestamp\" data-t=\"00:01:55\">[00:01:55]</a>",
            &expect![[r#"
            WrappedTag: [00:01:55](<a class="yt-timestamp" data-t="00:01:55">[00:01:55]</a>)
            VideoLink: [00:01:55](https://www.youtube.com/watch?v=Rxmv7rT9leo&t=115s)
            Bare: [00:01:55]
        "#]],
        );
        check(
            "[1:55](<a class=\"yt-timestamp\" data-t=\"1:55\">[1:55]</a>)",
            &expect![[r#"
            Tag: <a class="yt-timestamp" data-t="1:55">[1:55]</a>
            VideoLink: [1:55](https://www.youtube.com/watch?v=Rxmv7rT9leo&t=115s)
            Bare: [1:55]
        "#]],
        );
        check(
            "[1:55](https://youtu.be/Rxmv7rT9leo?t=1m55s)",
            &expect![[r#"
            Tag: <a class="yt-timestamp" data-t="1:55">[1:55]</a>
            WrappedTag: [1:55](<a class="yt-timestamp" data-t="1:55">[1:55]</a>)
            Bare: [1:55]
        "#]],
        );
        check(
            "[00:01:55]",
            &expect![[r#"
            Tag: <a class="yt-timestamp" data-t="00:01:55">[00:01:55]</a>
            WrappedTag: [00:01:55](<a class="yt-timestamp" data-t="00:01:55">[00:01:55]</a>)
            VideoLink: [00:01:55](https://www.youtube.com/watch?v=Rxmv7rT9leo&t=115s)
        "#]],
        );
    }

    #[test]
    fn what_another_form_has_no_place_for() {
        check(
            "<a class=\"yt-timestamp\" data-t=\"00:01:55\">words</a>",
            &expect![[r#"
            WrappedTag: [00:01:55](<a class="yt-timestamp" data-t="00:01:55">words</a>)
        "#]],
        );
        for text in [
            "<a class=\"yt-timestamp\" id=\"x\" data-t=\"00:01:55\">[00:01:55]</a>",
            "<a data-t=\"00:01:55\" class=\"yt-timestamp\">[00:01:55]</a>",
            "<a class='yt-timestamp' data-t=\"00:01:55\">[00:01:55]</a>",
            "<a class=\"yt-timestamp\" data-t=\"00:01:55:12\">[00:01:55:12]</a>",
            "<a class=\"yt-timestamp\" data-t=\"00:75:55\">[00:75:55]</a>",
            "<a class=\"yt-timestamp\" data-t=\"00:01:55\">[00:01:55]",
            "[1:55](https://youtu.be/aaaaaaaaaaa?t=1m55s)",
            "[1:55](https://youtu.be/Rxmv7rT9leo?t=1m55s&list=x)",
            "[1:55](https://youtu.be/Rxmv7rT9leo?t=1m56s)",
            "[1:55](https://youtu.be/Rxmv7rT9leo?t=1m55s \"title\")",
            "[1:75]",
        ] {
            check(text, &expect![[""]]);
        }
        check("<a class=\"yt-timestamp\" data-t=\"00:01:55\">[00:01:55]</a>(x)", &expect![""]);
    }

    /// The text of the note with all timestamps in a form.
    fn converted(text: &str, form: TimestampForm) -> String {
        let (vault, at) = fixture::vault(text);
        let note = vault.note(at.note).unwrap();
        let edits = all_in_form(&note, form, &Cancel::new()).unwrap();
        fixture::changed(&vault, &VaultChange::in_note(at.note, edits))
            .note(at.note)
            .unwrap()
            .note
            .text
            .to_text()
    }

    fn moments(text: &str) -> Vec<Option<u32>> {
        let (vault, at) = fixture::vault(text);
        let stamps = &vault.note(at.note).unwrap().note.parsed.timestamps;
        stamps.iter().map(|stamp| stamp.moment().map(|moment| moment.seconds)).collect()
    }

    proptest! {
        /// What one form says, each other says, and the way back gives the same bytes.
        #[test]
        fn there_and_back_gives_the_same_bytes(
            clocks in prop::collection::vec("[0-9]{1,2}:[0-5][0-9]|[0-9]{1,3}:[0-5][0-9]:[0-5][0-9]", 1..5),
            between in prop::sample::select(vec![" ", " and\n", " (", ", ", ") – ", "!\n", "**"]),
            from in 0..4_usize,
            to in 0..4_usize,
        ) {
            let bare: Vec<String> = clocks.iter().map(|clock| format!("[{clock}]")).collect();
            let text = format!("---\nvideoId: Rxmv7rT9leo\n---\n{}\n", bare.join(between));
            let text = converted(&text, FORMS[from]);
            prop_assume!(moments(&text).len() == clocks.len());
            let there = converted(&text, FORMS[to]);
            prop_assert_eq!(moments(&there), moments(&text), "{}", there);
            prop_assert_eq!(converted(&there, FORMS[from]), text);
        }

        /// What is written reads as the same seconds, in every form and style of clock, and all of it is the
        /// timestamp.
        #[test]
        fn what_is_written_reads_as_the_same_seconds(
            seconds in 0..4_000_000_u32,
            style in "[0-9]{1,3}(:[0-5][0-9]){1,2}",
            form in 0..4_usize,
        ) {
            let moment = Moment { seconds };
            let stamp = written(FORMS[form], &clock_like(moment, &style), "Rxmv7rT9leo").unwrap();
            let text = format!("---\nvideoId: Rxmv7rT9leo\n---\nSaid {stamp}.\n");
            let read = parse(&text);
            prop_assert_eq!(read.timestamps.len(), 1, "{}", text);
            let found = &read.timestamps[0];
            prop_assert_eq!((found.moment(), found.form()), (Some(moment), FORMS[form]), "{}", text);
            prop_assert_eq!(text.get(found.span.range()), Some(&*stamp));
        }

        /// Another moment written in place of one reads as that moment, in the style of what stood there.
        #[test]
        fn a_moment_that_is_written_over_another_is_read(
            seconds in 0..4_000_000_u32,
            stamp in prop::sample::select(vec![
                "<a class=\"yt-timestamp\" data-t=\"00:01:55\">[00:01:55]</a>",
                "[1:55](<a class=\"yt-timestamp\" data-t=\"1:55\">[1:55]</a>)",
                "[1:55](https://youtu.be/Rxmv7rT9leo?t=1m55s)", "[00:01:55](https://youtu.be/Rxmv7rT9leo?t=115)",
                "[0:01:55](https://www.youtube.com/watch?v=Rxmv7rT9leo&t=115s)",
            ]),
        ) {
            let moment = Moment { seconds };
            let (vault, at) = note_of(stamp);
            let note = vault.note(at.note).unwrap();
            let old = &note.note.parsed.timestamps[0];
            let parts = old.parts(&note.note.slice(old.span));
            let edits = write_moment(&note, old, &parts, moment, |old| old.seconds == 115);
            let changed = fixture::changed(&vault, &VaultChange::in_note(at.note, edits));
            let changed = changed.note(at.note).unwrap();
            let stamps = &changed.note.parsed.timestamps;
            prop_assert_eq!(stamps.len(), 1);
            prop_assert_eq!((stamps[0].moment(), stamps[0].form()), (Some(moment), old.form()));
            prop_assert_eq!(clock_of(&changed, &stamps[0]).map(|clock| read_clock(&clock)), Some(Clock::Moment(moment)));
        }

        /// No text at all makes a conversion say something else.
        #[test]
        fn moments_stay_what_they_are(
            pieces in prop::collection::vec(prop::sample::select(vec![
                "[1:55]", "<a class=\"yt-timestamp\" data-t=\"0:01:56\">[0:01:56]</a>", "[1:57](https://youtu.be/Rxmv7rT9leo?t=117)",
                "[1:58](<a class=\"yt-timestamp\" data-t=\"1:58\">words</a>)", "(", ")", "[", "]", "!", "\\", ":", "`", " ", "\n", "[[a]]", "x",
            ]), 0..12),
            to in 0..4_usize,
        ) {
            let text = format!("---\nvideoId: Rxmv7rT9leo\n---\n{}\n", pieces.concat());
            let there = converted(&text, FORMS[to]);
            prop_assert_eq!(moments(&there), moments(&text), "{} -> {}", text, there);
        }
    }
}
