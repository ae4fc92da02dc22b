//! Videos: which notes are about one or point into it, how long it is, and every moment of it that is cited.
//!
//! All of it is found through the key of the video, as links are through those of their names, so its cost
//! grows with the notes of the video and not with the vault.

use crate::syntax::{Clock, Moment, Timestamp, TimestampForm, read_clock};
use crate::text::{SortedByPlace, Span};
use crate::vault::{Cancel, Cancelled, FileId, Key, NoteRef, Snapshot};

use crate::ide::note::sentence::Sentences;

/// What a vault knows of a video.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct VideoMoments {
    /// The note that stands for the video; `None` if no front matter names the video.
    pub note: Option<FileId>,
    /// What that note is called: its title, else its stem.
    pub title: Option<String>,
    /// How long the video is, in seconds: the longest `duration` that one of its notes gives.
    pub duration_seconds: Option<u32>,
    /// All moments that are cited, in their order in the video; those of one moment by path and place.
    pub moments: Vec<CitedMoment>,
}

/// A place of a note that cites a moment.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CitedMoment {
    /// The moment.
    pub moment: Moment,
    /// The note that cites it.
    pub note: FileId,
    /// The whole timestamp: `<a class="yt-timestamp" data-t="00:01:55">[00:01:55]</a>`.
    pub span: Span,
    /// The sentence that it stands in, as plain text without timestamps.
    pub sentence: String,
}

/// All moments of a video that the vault cites. Its cost grows with the notes of the video and their
/// timestamps.
pub fn moments(vault: &Snapshot, video: &str, cancel: &Cancel) -> Result<VideoMoments, Cancelled> {
    let mut notes = citing_notes(vault, video);
    notes.sort_by_key(|note| note.path);
    let mut moments = Vec::new();
    for note in &notes {
        cancel.check()?;
        let mut sentences = Sentences::of(note);
        let cited = timestamps_of(note, video).filter_map(|stamp| Some((stamp.moment()?, stamp.span)));
        moments.extend(cited.map(|(moment, span)| CitedMoment {
            moment,
            note: note.id,
            span,
            sentence: sentences.around(span),
        }));
    }
    moments.sort_by_key(|cited| cited.moment);
    let note = note_of_video(vault, video);
    Ok(VideoMoments {
        note: note.map(|note| note.id),
        title: note.map(|note| note.name().to_owned()),
        duration_seconds: duration_seconds(vault, video),
        moments,
    })
}

/// The id of the video that a timestamp is about: the one in its address, else the note's own.
pub(crate) fn video_of(source: &NoteRef<'_>, timestamp: &Timestamp) -> Option<String> {
    if timestamp.form() == TimestampForm::VideoLink {
        let parts = timestamp.parts(&source.note.slice(timestamp.span));
        return parts.video.map(|video| source.note.slice(video).into_owned());
    }
    source.note.parsed.video().map(|video| video.value.to_string())
}

/// Returns the address of a moment of a note's own video. `None` if `clock` is no clock, or the note has no
/// video.
pub fn address_of_moment(note: &NoteRef<'_>, clock: &str) -> Option<String> {
    let Clock::Moment(moment) = read_clock(clock) else { return None };
    Some(video_address(note.note.parsed.video_id()?, Some(moment.seconds)))
}

/// The address at which YouTube opens a video, at a moment in seconds if there is one.
pub(crate) fn video_address(video: &str, seconds: Option<u32>) -> String {
    let video: String =
        video.chars().filter(|char| char.is_ascii_alphanumeric() || matches!(char, '-' | '_')).collect();
    match seconds {
        Some(seconds) => format!("https://www.youtube.com/watch?v={video}&t={seconds}s"),
        None => format!("https://www.youtube.com/watch?v={video}"),
    }
}

/// Whether the front matter of a note names the video.
pub(crate) fn is_about(note: &NoteRef<'_>, video: &str) -> bool {
    note.note.parsed.video().is_some_and(|own| &*own.value == video)
}

/// The timestamps of a note that are about a video, in order.
pub(crate) fn timestamps_of<'a>(
    note: &NoteRef<'a>,
    video: &str,
) -> impl Iterator<Item = &'a Timestamp> + use<'a> {
    let (note, video, is_own) = (*note, video.to_owned(), is_about(note, video));
    note.note.parsed.timestamps.iter().filter(move |stamp| is_of(&note, stamp, &video, is_own))
}

/// Whether a timestamp is about a video; `is_own` is whether its note is.
fn is_of(note: &NoteRef<'_>, timestamp: &Timestamp, video: &str, is_own: bool) -> bool {
    match timestamp.form() {
        TimestampForm::VideoLink => video_of(note, timestamp).is_some_and(|of| of == video),
        TimestampForm::Tag | TimestampForm::WrappedTag | TimestampForm::Bare => is_own,
    }
}

/// The nearest timestamps before and behind one in its note that name a moment of the same video.
pub(crate) fn neighbours<'a>(
    note: &NoteRef<'a>,
    timestamp: &Timestamp,
    video: &str,
) -> [Option<&'a Timestamp>; 2] {
    let (stamps, is_own) = (&note.note.parsed.timestamps, is_about(note, video));
    let (before, behind) = stamps.split_at_offset(timestamp.span.start);
    let names_one = |stamp: &&Timestamp| stamp.moment().is_some() && is_of(note, stamp, video, is_own);
    [before.iter().rfind(names_one), behind.iter().skip(1).find(names_one)]
}

/// The timestamps of a note that name a moment of a video at most `tolerance` seconds away from `seconds`, in
/// order.
pub(crate) fn timestamps_near<'a>(
    note: &NoteRef<'a>,
    video: &str,
    seconds: u32,
    tolerance: u32,
) -> impl Iterator<Item = &'a Timestamp> + use<'a> {
    let (note, video, is_own) = (*note, video.to_owned(), is_about(note, video));
    let near = note.note.parsed.timestamps.iter().filter(move |stamp| {
        stamp.moment().is_some_and(|moment| moment.seconds.abs_diff(seconds) <= tolerance)
    });
    // Few are near, and only an address has to be read to know its video.
    near.filter(move |stamp| is_of(&note, stamp, &video, is_own))
}

/// The notes that name a video, in their front matter or in an address, in no particular order.
pub(crate) fn citing_notes<'a>(vault: &'a Snapshot, video: &str) -> Vec<NoteRef<'a>> {
    let key = Key::video(video);
    let mut notes: Vec<FileId> = vault.definers(key).iter().chain(vault.users(key)).copied().collect();
    notes.sort_unstable();
    notes.dedup();
    notes.into_iter().filter_map(|id| vault.note(id)).collect()
}

/// The notes whose front matter names a video, in no particular order.
pub(crate) fn notes_about<'a>(vault: &'a Snapshot, video: &'a str) -> impl Iterator<Item = NoteRef<'a>> {
    let notes = vault.definers(Key::video(video)).iter().filter_map(|id| vault.note(*id));
    notes.filter(move |note| is_about(note, video))
}

/// The longest duration that a note about the video gives, in seconds.
pub(crate) fn duration_seconds(vault: &Snapshot, video: &str) -> Option<u32> {
    let duration = |note: NoteRef<'_>| Some(note.note.parsed.front_matter.as_ref()?.duration?.1);
    notes_about(vault, video).filter_map(duration).max()
}

/// The note that stands for a video: of those whose front matter names it the one that gives its duration,
/// else the one that most of the others link to by its name, else the first by path.
pub(crate) fn note_of_video<'a>(vault: &'a Snapshot, video: &str) -> Option<NoteRef<'a>> {
    let about: Vec<FileId> = notes_about(vault, video).map(|note| note.id).collect();
    let is_among = |id: &&FileId| about.binary_search(id).is_ok();
    let rank = |note: &NoteRef<'_>| {
        let has_duration =
            note.note.parsed.front_matter.as_ref().is_some_and(|front| front.duration.is_some());
        let users = vault.users(Key::name(note.path.stem()));
        (has_duration, users.iter().filter(is_among).count())
    };
    let notes = about.iter().filter_map(|id| vault.note(*id)).map(|note| (rank(&note), note));
    let best = notes.max_by(|(rank, note), (other, best)| rank.cmp(other).then(best.path.cmp(note.path)));
    best.map(|(_, note)| note)
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;
    use crate::ide::fixture;

    const VIDEO: &str = "Rxmv7rT9leo";

    fn check(text: &str, expected: &Expect) {
        let (vault, _) = fixture::vault(&text.replace("VIDEO", VIDEO));
        let found = moments(&vault, VIDEO, &Cancel::new()).unwrap();
        let note = found.note.map(|note| fixture::path(&vault, note));
        let mut said = format!("{:?} in {note:?}, {:?} s\n", found.title, found.duration_seconds);
        for cited in found.moments {
            let written = vault.note(cited.note).unwrap().note.slice(cited.span).into_owned();
            let path = fixture::path(&vault, cited.note);
            said.push_str(&format!("{} {path} {written:?} {}\n", cited.moment, cited.sentence));
        }
        expected.assert_eq(&said);
    }

    #[test]
    fn all_moments_of_a_video_in_its_order() {
        check(
            "//- b.md\n---\nvideoId: VIDEO\nduration: 600\n---\n# Bee\nOne [1:50]. Two [0:10], [9:99] and [0:20](https://youtu.be/aaaaaaaaaaa?t=20).\n\
             //- a.md\n---\nsource: https://youtu.be/VIDEO\n---\nSaid <a class=\"yt-timestamp\" data-t=\"00:01:50\">[00:01:50]</a> there.\n\
             //- c.md\nAgain [1:50](https://youtu.be/VIDEO?t=110s) in [9:00](https://youtu.be/VIDEO?t=never).\n\
             //- d.md\n---\nvideoId: aaaaaaaaaaa\n---\n[0:30]\n",
            &expect![[r#"
                Some("Bee") in Some("b.md"), Some(600) s
                0:10 b.md "[0:10]" Two, and.
                1:50 a.md "<a class=\"yt-timestamp\" data-t=\"00:01:50\">[00:01:50]</a>" Said there.
                1:50 b.md "[1:50]" One.
                1:50 c.md "[1:50](https://youtu.be/Rxmv7rT9leo?t=110s)" Again in.
            "#]],
        );
    }

    #[test]
    fn the_note_that_the_others_link_to_stands_for_the_video() {
        check(
            "//- a.md\n---\nvideoId: VIDEO\n---\n[[hub]]\n//- b.md\n---\nvideoId: VIDEO\n---\n[[hub]] [[a]]\n\
             //- hub.md\n---\nvideoId: VIDEO\n---\nx\n//- other.md\n[[a]]\n//- more.md\n[[a]]\n",
            &expect![[r#"
                Some("hub") in Some("hub.md"), None s
            "#]],
        );
        check(
            "//- a.md\n[1:50](https://youtu.be/VIDEO?t=110s)\n",
            &expect![[r#"None in None, None s
1:50 a.md "[1:50](https://youtu.be/Rxmv7rT9leo?t=110s)" 
"#]],
        );
    }

    #[test]
    fn it_can_be_cancelled() {
        let (vault, _) = fixture::vault(&format!("---\nvideoId: {VIDEO}\n---\n[1:50]\n"));
        let cancel = Cancel::new();
        cancel.cancel();
        assert_eq!(moments(&vault, VIDEO, &cancel), Err(Cancelled));
    }
}
