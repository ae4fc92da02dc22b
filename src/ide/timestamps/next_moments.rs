//! The moments of a note's video that the vault cites, in the order in which the note may cite them next.

use rustc_hash::FxHashMap;

use crate::syntax::Moment;
use crate::text::{Offset, Span};
use crate::vault::{Cancel, Cancelled, NoteRef, Snapshot};

use crate::ide::note::sentence::sentence_around;
use crate::ide::timestamps::video::{citing_notes, timestamps_of};

/// A moment and where it is cited.
pub(crate) struct NextMoment<'a> {
    /// The moment.
    pub(crate) moment: Moment,
    /// Whether it comes after the last moment that the note names before the place.
    pub(crate) is_later: bool,
    /// The timestamps that name it, in other notes by path first, then in the note itself.
    pub(crate) places: Vec<(NoteRef<'a>, Span)>,
}

impl NextMoment<'_> {
    /// The first sentence that says something at the moment, else what the first note is called.
    pub(crate) fn said(&self) -> Option<String> {
        let mut sentences = self.places.iter().map(|(note, span)| sentence_around(note, *span));
        let title = || self.places.first().map(|(note, _)| note.name().to_owned());
        sentences.find(|sentence| !sentence.is_empty()).or_else(title)
    }
}

/// All moments of the video that the vault cites, but for what is being written at `at`: those after the last
/// one that the note names before `at` in the order of the video, then the earlier ones. Its cost grows with
/// the timestamps of the video.
pub(crate) fn next_moments<'a>(
    vault: &'a Snapshot,
    source: &NoteRef<'_>,
    video: &str,
    at: Offset,
    cancel: &Cancel,
) -> Result<Vec<NextMoment<'a>>, Cancelled> {
    let mut notes = citing_notes(vault, video);
    notes.sort_by_key(|note| (note.id == source.id, note.path));
    let mut places: FxHashMap<Moment, Vec<(NoteRef<'a>, Span)>> = FxHashMap::default();
    for note in notes {
        cancel.check()?;
        let is_own = note.id == source.id;
        for stamp in timestamps_of(&note, video).filter(|stamp| !(is_own && stamp.span.contains(at))) {
            if let Some(moment) = stamp.moment() {
                places.entry(moment).or_default().push((note, stamp.span));
            }
        }
    }
    let before = timestamps_of(source, video).filter(|stamp| stamp.span.end <= at);
    let last = before.filter_map(|stamp| stamp.moment()).last();
    let cited = |(moment, places)| NextMoment { moment, is_later: Some(moment) > last, places };
    let mut found: Vec<NextMoment<'a>> = places.into_iter().map(cited).collect();
    found.sort_unstable_by_key(|cited| (!cited.is_later, cited.moment));
    Ok(found)
}
