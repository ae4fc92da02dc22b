//! Which timestamps of a note lie past the end of its video, and which of those had their units slip:
//! `14:55:00` for 14 minutes and 55 seconds.
//!
//! The shape alone says nothing, for there are videos of many hours. What counts is the duration that a note
//! gives, up to where the other notes of the video cite it, the longest video that YouTube takes, and the
//! other timestamps of the note.

use crate::syntax::{Clock, Moment, Timestamp, TimestampForm, read_clock};
use crate::text::Offset;
use crate::vault::{Cancel, Cancelled, NoteRef, Snapshot};

use crate::ide::timestamps::forms::clock_of;
use crate::ide::timestamps::video::{duration_seconds, video_of};
use crate::ide::timestamps::video_end::{
    LONGEST_VIDEO_SECONDS, OtherNotes, VideoEnd, is_far_past, with_tolerance,
};

/// In a note with fewer clocks that have hours, full minutes may be chance.
const MIN_CLOCKS: usize = 5;

/// What is to be thought of a timestamp.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Verdict {
    /// Nothing speaks against it.
    Fine,
    /// The video has no such moment.
    PastEnd {
        /// Where it ends.
        end: VideoEnd,
        /// The moment that is meant if the units slipped and the video has that moment.
        slipped: Option<Slipped>,
    },
    /// The video may have the moment, but the units of most others in the note slipped, and so may have
    /// these.
    MayHaveSlipped(Slipped),
}

/// A moment whose minutes were read as hours and its seconds as minutes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Slipped {
    /// The moment that is meant.
    pub(crate) meant: Moment,
    /// Whether that is the only thing that can be meant.
    pub(crate) is_sure: bool,
}

/// What a note and the others about its video say of its timestamps.
pub(crate) struct Plausibility {
    end: VideoEnd,
    others: OtherNotes,
    video: Option<String>,
    /// Durations of the other videos that the note links to.
    linked: Vec<(String, Option<u32>)>,
    /// How many moments of its own video the note cites.
    pub(crate) moments: usize,
    /// How many of them lie past the end.
    pub(crate) past: usize,
    /// How many of those fit if their units slipped.
    pub(crate) slipped: usize,
    /// How many of these leave no other reading by themselves.
    proven: usize,
    /// Whether those that are not past the end may have slipped as well.
    is_note_suspect: bool,
    /// The moments of its own video that do not lie past the end and are no full minutes, which may have
    /// slipped, in the order of the note.
    certain: Vec<(Offset, Moment)>,
}

/// A clock with hours, as it is written: `14:55:00`.
#[derive(Clone, Copy)]
struct Hours {
    moment: Moment,
    /// Read as minutes and seconds, and what stands behind them left out.
    meant: Moment,
    /// Whether nothing stands behind them: `14:55:00`, not `14:55:12`.
    is_whole: bool,
}

impl Verdict {
    /// Returns what the timestamp means if its units slipped.
    pub(crate) fn slipped(self) -> Option<Slipped> {
        match self {
            Verdict::PastEnd { slipped, .. } => slipped,
            Verdict::MayHaveSlipped(slipped) => Some(slipped),
            Verdict::Fine => None,
        }
    }
}

impl Plausibility {
    /// Looks at all timestamps of the note, and at the last moment of each other note about its video.
    pub(crate) fn of(
        vault: &Snapshot,
        note: &NoteRef<'_>,
        cancel: &Cancel,
    ) -> Result<Plausibility, Cancelled> {
        let video = note.note.parsed.video().map(|video| video.value.to_string());
        let others = match &video {
            Some(video) => OtherNotes::about(vault, note, video, cancel)?,
            None => OtherNotes::none(),
        };
        let given = video.as_ref().and_then(|video| duration_seconds(vault, video));
        let end = given.map_or_else(|| others.end(), |seconds| VideoEnd::Given { seconds });
        let mut plausibility = Plausibility {
            end,
            others,
            video,
            linked: linked_durations(vault, note),
            moments: 0,
            past: 0,
            slipped: 0,
            proven: 0,
            is_note_suspect: false,
            certain: Vec::new(),
        };
        plausibility.count(note, cancel)?;
        Ok(plausibility)
    }

    fn count(&mut self, note: &NoteRef<'_>, cancel: &Cancel) -> Result<(), Cancelled> {
        let mut hours: Vec<Hours> = Vec::new();
        for timestamp in &note.note.parsed.timestamps {
            cancel.check()?;
            let Some(moment) = timestamp.moment().filter(|_| self.is_own(note, timestamp)) else { continue };
            self.moments += 1;
            let written = hours_of(note, timestamp);
            hours.extend(written);
            if !self.is_past(moment, written) {
                if !moment.seconds.is_multiple_of(60) {
                    self.certain.push((timestamp.span.start, moment));
                }
                continue;
            }
            self.past += 1;
            self.slipped += usize::from(written.is_some_and(|hours| self.fits(hours.meant)));
            self.proven += usize::from(
                moment.seconds > LONGEST_VIDEO_SECONDS && written.is_some_and(|hours| hours.is_whole),
            );
        }
        let whole = hours.iter().filter(|hours| hours.is_whole).count();
        let last = hours.iter().map(|hours| hours.moment.seconds).max().unwrap_or_default();
        let most_slipped = self.slipped >= 3 && self.slipped * 2 >= hours.len();
        // One clock in sixty ends on a full minute. No author rounds the moments of hours of video to the
        // minute.
        let all_whole = self.end == VideoEnd::Unknown
            && hours.len() >= MIN_CLOCKS
            && whole * 10 >= hours.len() * 9
            && last >= 3 * 3600;
        self.is_note_suspect = most_slipped || all_whole;
        Ok(())
    }

    /// What is to be thought of a timestamp of the note.
    pub(crate) fn verdict(&self, note: &NoteRef<'_>, timestamp: &Timestamp) -> Verdict {
        let Some(moment) = timestamp.moment() else { return Verdict::Fine };
        if !self.is_own(note, timestamp) {
            return self.verdict_on_link(note, timestamp, moment);
        }
        let hours = hours_of(note, timestamp);
        if self.is_past(moment, hours) {
            let fitting = hours.filter(|hours| self.fits(hours.meant));
            let slipped =
                fitting.map(|hours| Slipped { meant: hours.meant, is_sure: self.is_sure(timestamp, hours) });
            return Verdict::PastEnd { end: self.end_for(moment), slipped };
        }
        match hours.filter(|hours| self.is_suspect(*hours)) {
            Some(hours) => Verdict::MayHaveSlipped(Slipped { meant: hours.meant, is_sure: false }),
            None => Verdict::Fine,
        }
    }

    /// Where the video of the note ends.
    pub(crate) fn end(&self) -> VideoEnd {
        self.end
    }

    /// Whether nothing would speak against the timestamp if it named that moment, written as `clock`.
    pub(crate) fn accepts(
        &self,
        note: &NoteRef<'_>,
        timestamp: &Timestamp,
        moment: Moment,
        clock: &str,
    ) -> bool {
        if !self.is_own(note, timestamp) {
            return moment.seconds <= self.last_second_of_link(note, timestamp).1;
        }
        let hours = Hours::read(moment, clock);
        !self.is_past(moment, hours) && !hours.is_some_and(|hours| self.is_suspect(hours))
    }

    /// Whether the timestamp is about the video of the note.
    pub(crate) fn is_own(&self, note: &NoteRef<'_>, timestamp: &Timestamp) -> bool {
        timestamp.form() != TimestampForm::VideoLink
            || self.video.is_some() && video_of(note, timestamp) == self.video
    }

    /// Where the video that a link names ends, and the last second that it can have.
    fn last_second_of_link(&self, note: &NoteRef<'_>, timestamp: &Timestamp) -> (VideoEnd, u32) {
        let video = video_of(note, timestamp);
        let linked = self.linked.iter().find(|(linked, _)| Some(linked) == video.as_ref());
        match linked.and_then(|(_, seconds)| *seconds) {
            Some(seconds) => (VideoEnd::Given { seconds }, seconds),
            None => (VideoEnd::Unknown, LONGEST_VIDEO_SECONDS),
        }
    }

    fn verdict_on_link(&self, note: &NoteRef<'_>, timestamp: &Timestamp, moment: Moment) -> Verdict {
        let (end, last_seconds) = self.last_second_of_link(note, timestamp);
        if moment.seconds <= last_seconds {
            return Verdict::Fine;
        }
        let hours = hours_of(note, timestamp).filter(|hours| hours.meant.seconds <= last_seconds);
        let slipped = hours.map(|hours| Slipped {
            meant: hours.meant,
            is_sure: hours.is_whole && end != VideoEnd::Unknown && is_far_past(moment, last_seconds),
        });
        Verdict::PastEnd { end, slipped }
    }

    fn is_past(&self, moment: Moment, hours: Option<Hours>) -> bool {
        match self.end {
            VideoEnd::Given { seconds } => moment.seconds > seconds,
            VideoEnd::Cited { .. } => {
                moment.seconds > LONGEST_VIDEO_SECONDS
                    || hours.is_some_and(|hours| self.is_past_others(moment) && self.fits(hours.meant))
            }
            VideoEnd::Unknown => moment.seconds > LONGEST_VIDEO_SECONDS,
        }
    }

    /// Whether the other notes leave no doubt that the video has no such moment.
    fn is_past_others(&self, moment: Moment) -> bool {
        matches!(self.end, VideoEnd::Cited { seconds, .. } if self.others.end_before(seconds, moment))
    }

    /// Whether no note shows that the video has a moment which it could have.
    fn is_doubtful(&self, moment: Moment) -> bool {
        match self.end {
            VideoEnd::Given { .. } => false,
            VideoEnd::Cited { .. } => !self.fits(moment) && !self.others.show(moment),
            VideoEnd::Unknown => !self.others.show(moment),
        }
    }

    /// Whether the units of a timestamp that is not past the end may have slipped as well.
    fn is_suspect(&self, hours: Hours) -> bool {
        self.is_note_suspect && hours.is_whole && self.is_doubtful(hours.moment) && self.fits(hours.meant)
    }

    /// The evidence that counts for a moment: what the notes say is said of moments that a video could have.
    fn end_for(&self, moment: Moment) -> VideoEnd {
        match self.end {
            VideoEnd::Cited { .. } if !self.is_past_others(moment) => VideoEnd::Unknown,
            end => end,
        }
    }

    /// Whether the video has the moment.
    fn fits(&self, moment: Moment) -> bool {
        match self.end {
            VideoEnd::Given { seconds } => moment.seconds <= seconds,
            VideoEnd::Cited { seconds, .. } => moment.seconds <= with_tolerance(seconds),
            VideoEnd::Unknown => moment.seconds <= LONGEST_VIDEO_SECONDS,
        }
    }

    fn is_sure(&self, timestamp: &Timestamp, hours: Hours) -> bool {
        hours.is_whole
            && !self.neighbours_contradict(timestamp, hours)
            && match self.end {
                VideoEnd::Given { seconds } => is_far_past(hours.moment, seconds),
                VideoEnd::Cited { seconds, .. } => {
                    self.is_past_others(hours.moment) && hours.meant.seconds <= seconds
                }
                VideoEnd::Unknown => self.proven >= 3 && self.proven == self.past,
            }
    }

    /// Whether the next certain moment before or behind the timestamp lies nearer to what is written than to
    /// what may be meant, for notes follow their videos. Nothing speaks for a moment that no video has.
    fn neighbours_contradict(&self, timestamp: &Timestamp, hours: Hours) -> bool {
        let at = self.certain.partition_point(|(start, _)| *start < timestamp.span.start);
        let (before, behind) = self.certain.split_at_checked(at).unwrap_or_default();
        let mut neighbours = before.last().into_iter().chain(behind.first());
        let is_possible = hours.moment.seconds <= LONGEST_VIDEO_SECONDS;
        is_possible
            && neighbours.any(|(_, near)| {
                near.seconds.abs_diff(hours.moment.seconds) < near.seconds.abs_diff(hours.meant.seconds)
            })
    }
}

/// The clock of a timestamp as it is written, if it has hours.
fn hours_of(note: &NoteRef<'_>, timestamp: &Timestamp) -> Option<Hours> {
    let moment = timestamp.moment().filter(|moment| moment.seconds >= 3600)?;
    Hours::read(moment, &clock_of(note, timestamp)?)
}

impl Hours {
    fn read(moment: Moment, written: &str) -> Option<Hours> {
        let has_hours = moment.seconds >= 3600
            && written.matches(':').count() == 2
            && read_clock(written) == Clock::Moment(moment);
        let meant = Moment { seconds: moment.seconds / 60 };
        has_hours.then_some(Hours { moment, meant, is_whole: moment.may_have_slipped() })
    }
}

/// The durations of the videos that the note links to, other than its own.
fn linked_durations(vault: &Snapshot, note: &NoteRef<'_>) -> Vec<(String, Option<u32>)> {
    let links = note.note.parsed.timestamps.iter().filter(|stamp| stamp.form() == TimestampForm::VideoLink);
    let mut videos: Vec<String> = links.filter_map(|link| video_of(note, link)).collect();
    videos.sort_unstable();
    videos.dedup();
    videos.into_iter().map(|video| (video.clone(), duration_seconds(vault, &video))).collect()
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;
    use crate::ide::fixture;

    /// What is thought of each timestamp of the first note; the others about the video end where `others`
    /// say.
    fn check(front_matter: &str, text: &str, others: &[&str], expected: &Expect) {
        let mut vault = format!("//- a.md\n---\nvideoId: Rxmv7rT9leo\n{front_matter}---\n{text}\n");
        for (number, last) in others.iter().enumerate() {
            let note = format!("---\nvideoId: Rxmv7rT9leo\n---\n[0:01] [0:02] [0:03] [0:04] [{last}]\n");
            vault.push_str(&format!("//- other{number}.md\n{note}"));
        }
        let (vault, at) = fixture::vault(&vault);
        let note = vault.note(at.note).unwrap();
        let evidence = Plausibility::of(&vault, &note, &Cancel::new()).unwrap();
        let line = |stamp: &Timestamp| {
            let slipped = |slipped: Slipped| {
                format!("{} {}", slipped.meant, if slipped.is_sure { "for sure" } else { "perhaps" })
            };
            let verdict = match evidence.verdict(&note, stamp) {
                Verdict::Fine => "fine".to_owned(),
                Verdict::PastEnd { end, slipped: found } => {
                    format!("past {end:?}, {}", found.map_or("no other".into(), slipped))
                }
                Verdict::MayHaveSlipped(found) => format!("suspect, {}", slipped(found)),
            };
            format!("{}: {verdict}\n", note.note.slice(stamp.span))
        };
        expected.assert_eq(&note.note.parsed.timestamps.iter().map(line).collect::<String>());
    }

    #[test]
    fn by_a_duration() {
        check(
            "duration: 1:30:00\n",
            "[1:30:00] [1:31:00] [14:55:00] [14:55:12] [99:00:00] [3:00:00](https://youtu.be/Rxmv7rT9leo?t=3h) [150:00]",
            &["9:00", "9:00"],
            &expect![[r#"
                [1:30:00]: fine
                [1:31:00]: past Given { seconds: 5400 }, 1:31 perhaps
                [14:55:00]: past Given { seconds: 5400 }, 14:55 for sure
                [14:55:12]: past Given { seconds: 5400 }, 14:55 perhaps
                [99:00:00]: past Given { seconds: 5400 }, no other
                [3:00:00](https://youtu.be/Rxmv7rT9leo?t=3h): past Given { seconds: 5400 }, 3:00 for sure
                [150:00]: fine
            "#]],
        );
    }

    #[test]
    fn by_where_other_notes_end() {
        check(
            "",
            "[0:10:00] [1:02:10] [9:00:00] [14:55:00]",
            &["9:50", "9:55", "9:58", "9:20:00"],
            &expect![[r#"
                [0:10:00]: fine
                [1:02:10]: past Cited { seconds: 598, agreeing: 3, notes: 4 }, 1:02 perhaps
                [9:00:00]: past Cited { seconds: 598, agreeing: 3, notes: 4 }, 9:00 for sure
                [14:55:00]: past Cited { seconds: 598, agreeing: 3, notes: 4 }, no other
            "#]],
        );
        check(
            "",
            "[1:02:00] [14:55:00]",
            &["9:50", "20:00", "9:20:00"],
            &expect![[r#"
            [1:02:00]: fine
            [14:55:00]: past Unknown, 14:55 perhaps
        "#]],
        );
    }

    /// Notes that cite few moments are about parts of the video, unless they show that they cite all of it.
    #[test]
    fn by_notes_that_cite_few_moments() {
        // Two notes about the beginning, others further on.
        check(
            "",
            "[1:33:10] [1:50:40] [2:20:31] [2:00:00]",
            &["27:10", "26:55", "0:50:10] [1:58:07", "1:31:02"],
            &expect![[r#"
                [1:33:10]: fine
                [1:50:40]: fine
                [2:20:31]: fine
                [2:00:00]: fine
            "#]],
        );
        // Two notes that cite few moments of a long time do not outweigh one exact clock.
        check(
            "",
            "[1:33:10] [1:33:00]",
            &["7:00] [14:00] [21:00] [27:10", "8:00] [16:00] [26:55"],
            &expect![[r#"
                [1:33:10]: fine
                [1:33:00]: past Cited { seconds: 1630, agreeing: 2, notes: 2 }, 1:33 perhaps
            "#]],
        );
        // What slipped in several notes alike shows nothing: their ends are sixty times those of the others.
        check(
            "",
            "[8:10:00]",
            &["9:50", "9:55", "9:20:00", "9:50:00", "8:59:00"],
            &expect![[r#"
                [8:10:00]: past Cited { seconds: 595, agreeing: 2, notes: 5 }, 8:10 for sure
            "#]],
        );
        // A certain moment beside it speaks for the hours.
        check(
            "",
            "[0:02:10] [1:09:00] [1:10:12]",
            &["9:50", "9:55"],
            &expect![[r#"
                [0:02:10]: fine
                [1:09:00]: past Cited { seconds: 595, agreeing: 2, notes: 2 }, 1:09 perhaps
                [1:10:12]: fine
            "#]],
        );
        check(
            "",
            "[0:02:10] [9:09:00] [0:09:41]",
            &["9:50", "9:55", "9:58"],
            &expect![[r#"
            [0:02:10]: fine
            [9:09:00]: past Cited { seconds: 598, agreeing: 3, notes: 3 }, 9:09 for sure
            [0:09:41]: fine
        "#]],
        );
    }

    #[test]
    fn by_the_other_timestamps_of_the_note() {
        check(
            "",
            "[14:55:00] [0:10:00]",
            &[],
            &expect![[r#"
            [14:55:00]: past Unknown, 14:55 perhaps
            [0:10:00]: fine
        "#]],
        );
        check(
            "",
            "[14:55:00] [16:20:00] [39:30:00] [9:10:00] [9:10:03] [0:10:00]",
            &[],
            &expect![[r#"
            [14:55:00]: past Unknown, 14:55 for sure
            [16:20:00]: past Unknown, 16:20 for sure
            [39:30:00]: past Unknown, 39:30 for sure
            [9:10:00]: suspect, 9:10 perhaps
            [9:10:03]: fine
            [0:10:00]: fine
        "#]],
        );
        check(
            "",
            "[1:55:00] [2:20:00] [2:30:00] [3:10:00] [3:10:00]",
            &[],
            &expect![[r#"
            [1:55:00]: suspect, 1:55 perhaps
            [2:20:00]: suspect, 2:20 perhaps
            [2:30:00]: suspect, 2:30 perhaps
            [3:10:00]: suspect, 3:10 perhaps
            [3:10:00]: suspect, 3:10 perhaps
        "#]],
        );
        check(
            "",
            "[1:55:00] [2:20:00] [2:30:00] [2:59:00] [2:10:00]",
            &[],
            &expect![[r#"
            [1:55:00]: fine
            [2:20:00]: fine
            [2:30:00]: fine
            [2:59:00]: fine
            [2:10:00]: fine
        "#]],
        );
    }

    #[test]
    fn of_other_videos() {
        check(
            "",
            "[3:00:00](https://youtu.be/aaaaaaaaaaa?t=3h) [13:00:00](https://youtu.be/bbbbbbbbbbb?t=13h)\n\
             //- b.md\n---\nvideoId: aaaaaaaaaaa\nduration: 1:00:00\n---\n",
            &[],
            &expect![[r#"
                [3:00:00](https://youtu.be/aaaaaaaaaaa?t=3h): past Given { seconds: 3600 }, 3:00 for sure
                [13:00:00](https://youtu.be/bbbbbbbbbbb?t=13h): past Unknown, 13:00 perhaps
            "#]],
        );
    }
}
