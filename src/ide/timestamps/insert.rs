//! Timestamps written where there were none: of a clock or an address in the text, or of a moment that is
//! named elsewhere.

use crate::syntax::{
    Clock, LinkKind, Moment, Parsed, TimestampForm, is_video_id, moment_in_address, parse, read_clock,
};
use crate::text::{Offset, SortedByPlace, Span};
use crate::vault::{Cancel, NoteRef, Snapshot};

use crate::ide::change::{ChangeError, ChangeFailure, Edit, VaultChange, edited};
use crate::ide::place::NotePosition;
use crate::ide::timestamps::forms::{keeps_moments, stands_alone, written};
use crate::ide::timestamps::next_moments::next_moments;
use crate::ide::timestamps::style::TimestampStyle;

/// Words in the text that name a moment and are no timestamp yet.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct NamedMoment {
    /// `1:55`, or all of `https://youtu.be/ID?t=115`, with its `<` and `>` if it has them.
    pub(crate) span: Span,
    moment: Moment,
    /// The video that the address names; `None` for a clock, which means that of the note.
    video: Option<String>,
}

/// The clocks and addresses within a stretch that name moments and are no timestamps yet, in order. Clocks
/// count in notes of a video only. Linear in the lines of the stretch.
pub(crate) fn named_moments(note: &NoteRef<'_>, within: Span) -> Vec<NamedMoment> {
    let mut found = if note.note.parsed.video_id().is_some() { clocks(note, within) } else { Vec::new() };
    let links = note.note.parsed.links.overlapping(within);
    found.extend(links.filter(|link| link.kind == LinkKind::Autolink).filter_map(|link| {
        let address = note.note.slice(link.target);
        let (video, moment) = moment_in_address(&address)?;
        let video = Some(video.to_owned()).filter(|video| is_video_id(video));
        video.map(|video| NamedMoment { span: link.span, moment, video: Some(video) })
    }));
    found.retain(|named| within.covers(named.span));
    found.sort_unstable_by_key(|named| named.span);
    found
}

/// Bare clocks in prose.
fn clocks(note: &NoteRef<'_>, within: Span) -> Vec<NamedMoment> {
    let text = &note.note.text;
    let line = |at: Offset| text.line(text.line_of(at)).unwrap_or_default();
    let lines = Span::between(line(within.start).start, line(within.end).end.max(within.end));
    let written = text.slice(lines);
    let mut found = Vec::new();
    let mut rest = &*written;
    while let Some(start) = rest.find(|char: char| char.is_ascii_digit()) {
        let (before, run) = rest.split_at_checked(start).unwrap_or_default();
        let length = run.find(|char: char| !(char.is_ascii_digit() || char == ':')).unwrap_or(run.len());
        let (run, behind) = run.split_at_checked(length).unwrap_or_default();
        let clock = run.trim_end_matches(':');
        let at = lines.start.plus(written.len() - rest.len() + start);
        let span = Span::between(at, at.plus(clock.len()));
        let is_apart = may_begin_behind(before.chars().next_back()) && may_end_before(behind);
        if let Clock::Moment(moment) = read_clock(clock)
            && is_apart
            && !is_something(note, span)
        {
            found.push(NamedMoment { span, moment, video: None });
        }
        // What was skipped ends the run, so the next one sees what stands before it.
        rest = behind;
    }
    found
}

/// Whether a clock may begin behind that character.
fn may_begin_behind(char: Option<char>) -> bool {
    char.is_none_or(|char| char.is_whitespace() || "([{\"'“„«*~|>–—-".contains(char))
}

/// Whether a clock may end before that text.
fn may_end_before(text: &str) -> bool {
    let mut chars = text.chars();
    match chars.next() {
        Some('.' | ',') => !chars.next().is_some_and(char::is_alphanumeric),
        Some(char) => !(char.is_alphanumeric() || "_/=%&".contains(char)),
        None => true,
    }
}

/// Whether a place has another meaning than its words.
fn is_something(note: &NoteRef<'_>, span: Span) -> bool {
    let parsed = &note.note.parsed;
    parsed.is_opaque(span.start)
        || parsed.front_matter.as_ref().is_some_and(|front_matter| front_matter.span.contains(span.start))
        || meaningful(parsed, span).next().is_some()
}

/// Whether a place lies within a thing that has another meaning than its words.
fn is_inside_something(note: &NoteRef<'_>, at: Offset) -> bool {
    let parsed = &note.note.parsed;
    let beside = Span::new(at.to_usize().saturating_sub(1), at.to_usize() + 1);
    meaningful(parsed, beside).any(|span| span.start < at && at < span.end)
        || parsed.front_matter.as_ref().is_some_and(|front_matter| front_matter.span.contains(at))
}

/// The timestamps, links, labels and tags that share something with a stretch.
fn meaningful(parsed: &Parsed, part: Span) -> impl Iterator<Item = Span> {
    let stamps = parsed.timestamps.overlapping(part).map(|stamp| stamp.span);
    let links = parsed.links.overlapping(part).map(|link| link.span);
    let labels = parsed.label_uses.overlapping(part).map(|label| label.span);
    let tags = parsed.tags.overlapping(part).map(|tag| tag.span);
    stamps.chain(links).chain(labels).chain(tags)
}

/// Writes what names moments as timestamps in the style of the note. What stands where none would be read is
/// left alone; none is written if the note would say other moments afterwards.
pub(crate) fn write_named(note: &NoteRef<'_>, style: &TimestampStyle, named: &[NamedMoment]) -> Vec<Edit> {
    let own = note.note.parsed.video_id();
    let edits = named.iter().filter_map(|named| {
        let video = named.video.as_deref().or(own)?;
        let (form, new_text) = timestamp(style, named.moment, video, own)?;
        let added = (named.span.start, named.moment);
        stands_alone(note, named.span, form).then(|| (Edit::replace(named.span, new_text), added))
    });
    let (edits, added): (Vec<Edit>, Vec<(Offset, Moment)>) = edits.unzip();
    if keeps_moments(note, &edits, &added) { edits } else { Vec::new() }
}

/// A timestamp of the note's own video in the style of the note, of another one as a link.
fn timestamp(
    style: &TimestampStyle,
    moment: Moment,
    video: &str,
    own: Option<&str>,
) -> Option<(TimestampForm, String)> {
    if own == Some(video) {
        return Some((style.form, style.write(moment, video)?));
    }
    let form = TimestampForm::VideoLink;
    Some((form, written(form, &style.clock(moment), video)?))
}

/// Whether what an edit writes is read as a timestamp of that moment. Linear in the note.
pub(crate) fn is_read(note: &NoteRef<'_>, edit: &Edit, moment: Moment) -> bool {
    let written = Span::between(edit.span.start, edit.span.start.plus(edit.new_text.len()));
    let read = parse(&edited(note.note, std::slice::from_ref(edit)));
    read.timestamps.iter().any(|stamp| stamp.span == written && stamp.moment() == Some(moment))
}

/// Inserts a timestamp at the cursor, in the style of the note and with a space to letters beside it.
/// `wanted` names the moment: seconds (`115`), a clock (`1:55`), or the address of a moment, as players give
/// it; without it it is the next one after the last timestamp before the cursor that other notes cite.
///
/// # Errors
///
/// If it names no moment, no other note cites a later one, the note has no video, or no timestamp would be
/// read there.
pub fn insert_timestamp(
    vault: &Snapshot,
    at: NotePosition,
    wanted: Option<&str>,
    cancel: &Cancel,
) -> Result<VaultChange, ChangeFailure> {
    let note = vault.note(at.note).ok_or(ChangeError::Gone)?;
    let own = note.note.parsed.video_id();
    let (moment, video) = match wanted {
        Some(wanted) => read_wanted(wanted).ok_or_else(|| ChangeError::NoMoment(wanted.to_owned()))?,
        None => (next_of_others(vault, &note, own, at.at, cancel)?, None),
    };
    let video = video.as_deref().or(own).ok_or(ChangeError::NoVideo)?;
    let style = TimestampStyle::of(vault, &note, at.at, cancel)?;
    let (_, stamp) = timestamp(&style, moment, video, own).ok_or(ChangeError::NoVideo)?;
    let line = note.note.text.line(note.note.text.line_of(at.at)).unwrap_or_default();
    let before = note.note.slice(Span::between(line.start, at.at));
    let behind = note.note.slice(Span::between(at.at, line.end));
    let is_apart = |char: char| char.is_whitespace() || "([{\"'“„«*_~|>".contains(char);
    let lead = if before.chars().next_back().is_none_or(is_apart) { "" } else { " " };
    let tail = if behind.starts_with(char::is_alphanumeric) { " " } else { "" };
    let edit = Edit::replace(Span::empty(at.at), format!("{lead}{stamp}{tail}"));
    if is_inside_something(&note, at.at)
        || !keeps_moments(&note, std::slice::from_ref(&edit), &[(at.at, moment)])
    {
        return Err(ChangeError::NoPlace.into());
    }
    let change = VaultChange::in_note(at.note, vec![edit]);
    change.check_writable(vault)?;
    Ok(change)
}

/// The next moment of the video that another note cites.
fn next_of_others(
    vault: &Snapshot,
    note: &NoteRef<'_>,
    own: Option<&str>,
    at: Offset,
    cancel: &Cancel,
) -> Result<Moment, ChangeFailure> {
    let found = next_moments(vault, note, own.ok_or(ChangeError::NoVideo)?, at, cancel)?;
    let mut later = found.iter().filter(|cited| cited.is_later);
    let next = later.find(|cited| cited.places.iter().any(|(other, _)| other.id != note.id));
    Ok(next.ok_or(ChangeError::NothingCited)?.moment)
}

/// Whether a text as a whole names a moment of a video: a clock (`1:55`) or the address of a moment, as
/// YouTube's player copies it. A mere number does not: what is in a clipboard may be any number.
pub fn is_moment_of_video(text: &str) -> bool {
    text.trim().parse::<u32>().is_err() && read_wanted(text).is_some()
}

fn read_wanted(wanted: &str) -> Option<(Moment, Option<String>)> {
    let wanted = wanted.trim();
    if let Some((video, moment)) = moment_in_address(wanted) {
        return is_video_id(video).then(|| (moment, Some(video.to_owned())));
    }
    if let Clock::Moment(moment) = read_clock(wanted) {
        return Some((moment, None));
    }
    wanted.parse().ok().map(|seconds| (Moment { seconds }, None))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::ide::fixture;

    const VIDEO: &str = "Rxmv7rT9leo";

    /// The cursor's note after a timestamp is inserted, or why none is.
    fn inserted(text: &str, wanted: Option<&str>) -> String {
        let others = format!(
            "//- b.md\n---\nvideoId: {VIDEO}\n---\n[0:30] and [2:00] [5:00]\n//- c.md\n[3:00](https://youtu.be/{VIDEO}?t=180)\n"
        );
        let (vault, at) = fixture::vault(&format!("//- a.md\n---\nvideoId: {VIDEO}\n---\n{text}\n{others}"));
        match insert_timestamp(&vault, at, wanted, &Cancel::new()) {
            Ok(change) => {
                let text = fixture::drawn(&vault, &change);
                text.replace(&format!("//- a.md\n---\nvideoId: {VIDEO}\n---\n"), "").trim_end().to_owned()
            }
            Err(ChangeFailure::Refused(error)) => error.to_string(),
            Err(ChangeFailure::Cancelled) => "cancelled".to_owned(),
        }
    }

    #[test]
    fn the_next_moment_that_others_cite_is_inserted() {
        assert_eq!(inserted("[0:10] x $0", None), "[0:10] x [0:30]");
        assert_eq!(inserted("[0:10] x$0 [1:00]", None), "[0:10] x [0:30] [1:00]");
        assert_eq!(inserted("[2:10] [4:00]\n\n($0) then", None), "[2:10] [4:00]\n\n([5:00]) then");
        assert_eq!(inserted("[2:10] ($0word", None), "[2:10] ([3:00] word");
        assert_eq!(inserted("[5:00] $0", None), "no other note cites a later moment of the video");
    }

    #[test]
    fn a_moment_that_is_named_is_inserted_in_the_style_of_the_note() {
        let tag = "<a class=\"yt-timestamp\" data-t=\"00:01:00\">[00:01:00]</a>";
        let text = format!("{tag} x $0");
        let next = tag.replace("00:01:00", "00:01:55");
        for wanted in [
            "115",
            "1:55",
            " 00:01:55 ",
            "https://youtu.be/Rxmv7rT9leo?t=115",
            "youtube.com/watch?v=Rxmv7rT9leo&t=1m55s",
        ] {
            assert_eq!(inserted(&text, Some(wanted)), format!("{tag} x {next}"), "{wanted}");
        }
        let other = inserted(&text, Some("https://youtu.be/aaaaaaaaaaa?t=115"));
        assert_eq!(other, format!("{tag} x [00:01:55](https://www.youtube.com/watch?v=aaaaaaaaaaa&t=115s)"));
        for nothing in ["", "1:75", "word", "https://youtu.be/Rxmv7rT9leo", "-5"] {
            assert_eq!(inserted(&text, Some(nothing)), format!("`{nothing}` names no moment of a video"));
        }
    }

    #[test]
    fn nothing_is_inserted_where_it_would_not_be_read() {
        for text in ["`x $0`", "[0:10]$0(x)", "```\n$0\n```", "[[x$0]]", "[x](b$0.md)", "#ta$0g", "[0:1$00]"]
        {
            assert_eq!(inserted(text, Some("115")), "no timestamp would be read here", "{text}");
        }
        let (vault, at) = fixture::vault("text $0");
        let insert = |wanted| insert_timestamp(&vault, at, wanted, &Cancel::new());
        assert_eq!(insert(Some("115")), Err(ChangeError::NoVideo.into()));
        assert_eq!(insert(None), Err(ChangeError::NoVideo.into()));
        assert!(insert(Some("https://youtu.be/Rxmv7rT9leo?t=115")).is_ok());
    }

    fn moments_of(text: &str) -> Vec<Option<u32>> {
        parse(text).timestamps.iter().map(|stamp| stamp.moment().map(|moment| moment.seconds)).collect()
    }

    proptest! {
        /// Wherever a timestamp is inserted, the note says that moment too, and else what it said.
        #[test]
        fn an_inserted_moment_is_read_and_no_other_changes(
            before in prop::collection::vec(prop::sample::select(fixture::MOMENT_PIECES.to_vec()), 0..8),
            behind in prop::collection::vec(prop::sample::select(fixture::MOMENT_PIECES.to_vec()), 0..8),
            seconds in 3000..4000_u32,
        ) {
            let front = format!("---\nvideoId: {VIDEO}\n---\n");
            let (before, behind) = (before.concat(), behind.concat());
            let (vault, at) = fixture::vault(&format!("{front}{before}$0{behind}"));
            let Ok(change) = insert_timestamp(&vault, at, Some(&seconds.to_string()), &Cancel::new()) else { return Ok(()) };
            let text = fixture::changed(&vault, &change).note(at.note).unwrap().note.text.to_text();
            let mut now = moments_of(&text);
            let place = now.iter().position(|moment| *moment == Some(seconds));
            prop_assert!(place.is_some(), "{}", text);
            now.remove(place.unwrap());
            prop_assert_eq!(now, moments_of(&format!("{front}{before}{behind}")), "{}", text);
        }

        /// Clocks and addresses become timestamps of the moments that they name, and nothing else changes.
        #[test]
        fn what_names_moments_becomes_timestamps_of_them(
            pieces in prop::collection::vec(prop::sample::select(fixture::MOMENT_PIECES.to_vec()), 0..12),
        ) {
            let (vault, at) = fixture::vault(&format!("---\nvideoId: {VIDEO}\n---\n{}", pieces.concat()));
            let note = vault.note(at.note).unwrap();
            let named = named_moments(&note, Span::between(Offset::ZERO, note.note.text.end()));
            let style = TimestampStyle::of(&vault, &note, Offset::ZERO, &Cancel::new()).unwrap();
            let edits = write_named(&note, &style, &named);
            let written = edits.len();
            let before = note.note.parsed.timestamps.len();
            let text = fixture::changed(&vault, &VaultChange::in_note(at.note, edits)).note(at.note).unwrap().note.text.to_text();
            prop_assert_eq!(moments_of(&text).len(), before + written, "{}", text);
        }
    }

    #[test]
    fn clocks_and_addresses_in_prose_name_moments() {
        let text = "---\nvideoId: Rxmv7rT9leo\ntitle: at 1:10\n---\nAt 1:55, (00:02:00) 2:10-2:20: **3:00** 1:75 1:2 10:00am x1:00 1:00.5 1:00:00:00 a/1:00\n\
            [4:00] `4:01` [4:02](x) [[4:03]] <a class=\"yt-timestamp\" data-t=\"00:04:04\">[4:04]</a> https://youtu.be/Rxmv7rT9leo?t=245 \
            <https://youtu.be/aaaaaaaaaaa?t=4m6s> https://youtu.be/Rxmv7rT9leo https://a.b/4:07 4:08.\n";
        let (vault, at) = fixture::vault(text);
        let note = vault.note(at.note).unwrap();
        let all = Span::between(Offset::ZERO, note.note.text.end());
        let found = named_moments(&note, all);
        let shown: Vec<String> = found
            .iter()
            .map(|named| format!("{} {}", note.note.slice(named.span), named.moment.seconds))
            .collect();
        assert_eq!(
            shown,
            [
                "1:55 115",
                "00:02:00 120",
                "2:10 130",
                "2:20 140",
                "3:00 180",
                "https://youtu.be/Rxmv7rT9leo?t=245 245",
                "<https://youtu.be/aaaaaaaaaaa?t=4m6s> 246",
                "4:08 248",
            ]
        );
        let second = named_moments(&note, found[1].span);
        assert_eq!(second, found[1..2]);
    }
}
