//! Where a video ends: as its notes say, or as far as they cite it.

use crate::syntax::{CitedExtent, Moment};
use crate::vault::{Cancel, Cancelled, NoteRef, Snapshot};

use crate::ide::timestamps::video::notes_about;

/// The longest video that YouTube takes: 12 hours (YouTube Help, "Upload videos longer than 15 minutes").
pub(crate) const LONGEST_VIDEO_SECONDS: u32 = 12 * 60 * 60;

/// Where a video ends, as far as the vault says.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum VideoEnd {
    /// After this many seconds, as a front matter says.
    Given {
        /// The duration.
        seconds: u32,
    },
    /// Other notes about the video stop citing it at about the same moment.
    Cited {
        /// The last of these moments.
        seconds: u32,
        /// How many other notes stop there.
        agreeing: usize,
        /// How many other notes cite enough moments to count.
        notes: usize,
    },
    /// No note says; a video has at most 12 hours.
    Unknown,
}

/// Up to where the other notes about a video cite it, those that cite enough, the shortest first.
pub(super) struct OtherNotes {
    extents: Vec<CitedExtent>,
}

impl OtherNotes {
    /// Moments that no video has are left out with their note: it cannot be trusted.
    pub(super) fn about(
        vault: &Snapshot,
        note: &NoteRef<'_>,
        video: &str,
        cancel: &Cancel,
    ) -> Result<OtherNotes, Cancelled> {
        let mut extents = Vec::new();
        for other in notes_about(vault, video).filter(|other| other.id != note.id) {
            cancel.check()?;
            let extent = other.note.cited_extent();
            extents.extend(extent.filter(|extent| extent.last.seconds <= LONGEST_VIDEO_SECONDS));
        }
        extents.sort_unstable_by_key(|extent| extent.last_exact);
        Ok(OtherNotes { extents })
    }

    /// Without any other note.
    pub(super) fn none() -> OtherNotes {
        OtherNotes { extents: Vec::new() }
    }

    /// Where many of the notes end: two at least, and two of five.
    pub(super) fn end(&self) -> VideoEnd {
        let agreeing = |end: u32| self.ending_near(end).map(|extent| extent.last_exact.seconds);
        let ends = self.extents.iter().map(|extent| extent.last_exact.seconds);
        // The earliest of equals: slipped units move a whole group of notes, and away.
        let best = ends.rev().max_by_key(|end| agreeing(*end).count());
        let Some((end, count)) = best.map(|end| (end, agreeing(end).count())) else {
            return VideoEnd::Unknown;
        };
        if count < 2 || count * 5 < self.extents.len() * 2 {
            return VideoEnd::Unknown;
        }
        let seconds = agreeing(end).max().unwrap_or(end);
        VideoEnd::Cited { seconds, agreeing: count, notes: self.extents.len() }
    }

    /// The notes that end at about the same moment, and not with a full minute from an hour on, which may
    /// have slipped.
    fn ending_near(&self, end_seconds: u32) -> impl Iterator<Item = &CitedExtent> {
        let near = end_seconds / 5 * 4..=end_seconds.saturating_add(end_seconds / 4);
        let ends_exactly = |extent: &&CitedExtent| extent.last == extent.last_exact;
        self.extents
            .iter()
            .filter(ends_exactly)
            .filter(move |extent| near.contains(&extent.last_exact.seconds))
    }

    /// Whether the notes leave no doubt that the video ends before the moment, where some of them end: two of
    /// these at least would have cited more of it, and more than twice as many as those that reach the
    /// moment, the citing note itself included unless its units may have slipped.
    pub(super) fn end_before(&self, end_seconds: u32, moment: Moment) -> bool {
        let is_end = |extent: &&CitedExtent| extent.ends_before(moment);
        let ending = self.ending_near(end_seconds).filter(is_end).count();
        let reaching = self.extents.iter().filter(|extent| reaches(extent, end_seconds, moment)).count();
        let reaching = reaching + usize::from(!moment.may_have_slipped());
        is_far_past(moment, end_seconds) && ending >= 2 && ending > 2 * reaching
    }

    /// Whether half of the notes, and one at least, cite the moment or later ones.
    pub(super) fn show(&self, moment: Moment) -> bool {
        let reaching = self.extents.iter().filter(|extent| extent.last >= moment).count();
        reaching > 0 && reaching * 2 >= self.extents.len()
    }
}

/// Whether a note shows that the video goes on to about the moment. A full minute from an hour on does not if
/// it fits the end as minutes and seconds.
fn reaches(extent: &CitedExtent, end_seconds: u32, moment: Moment) -> bool {
    let least = moment.seconds / 5 * 4;
    extent.last_exact.seconds >= least
        || extent.last.seconds >= least && extent.last.seconds / 60 > with_tolerance(end_seconds)
}

/// The last second that a video may have of which notes cite this one last: they need not cite the very end.
pub(super) fn with_tolerance(cited_seconds: u32) -> u32 {
    cited_seconds.saturating_add(cited_seconds / 10)
}

/// Half as much again: by less, the note may speak of a longer cut of the video.
pub(super) fn is_far_past(moment: Moment, end_seconds: u32) -> bool {
    moment.seconds > end_seconds.saturating_add(end_seconds / 2)
}
