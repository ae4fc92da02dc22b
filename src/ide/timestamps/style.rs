//! What the timestamps of a note look like, so that new ones look like them.

use crate::syntax::{Moment, Timestamp, TimestampForm};
use crate::text::Offset;
use crate::vault::{Cancel, Cancelled, NoteRef, Snapshot};

use crate::ide::timestamps::clock_text::clock_like;
use crate::ide::timestamps::forms::{clock_of, most_common, written};

/// How many timestamps of the vault are looked at for their most common form.
const MAX_TIMESTAMPS: usize = 2000;

/// What timestamps look like.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct TimestampStyle {
    /// How they are written.
    pub(crate) form: TimestampForm,
    /// A clock in the style of the others.
    clock: String,
}

impl TimestampStyle {
    /// The form that most timestamps of the note have, else most of the vault, and the clock of the nearest
    /// before `at` that has it. The timestamp that begins at `at` does not count: it is being written.
    pub(crate) fn of(
        vault: &Snapshot,
        note: &NoteRef<'_>,
        at: Offset,
        cancel: &Cancel,
    ) -> Result<TimestampStyle, Cancelled> {
        let own = || note.note.parsed.timestamps.iter().filter(move |stamp| !stamp.span.contains(at));
        if let Some(form) = most_common(&own()) {
            let same = || own().filter(|stamp| stamp.form() == form);
            let nearest = same().rfind(|stamp| stamp.span.end <= at);
            let clock = nearest.and_then(|stamp| clock_of(note, stamp));
            let clock = clock.or_else(|| same().find_map(|stamp| clock_of(note, stamp)));
            return Ok(TimestampStyle::new(form, clock));
        }
        let mut seen: Vec<(NoteRef<'_>, &Timestamp)> = Vec::new();
        for (index, other) in vault.notes().enumerate() {
            cancel.check_at(index)?;
            if other.id != note.id {
                seen.extend(other.note.parsed.timestamps.iter().map(|stamp| (other, stamp)));
            }
            if seen.len() >= MAX_TIMESTAMPS {
                break;
            }
        }
        let form = most_common(&seen.iter().map(|(_, stamp)| *stamp)).unwrap_or(TimestampForm::Tag);
        let mut same = seen.iter().filter(|(_, stamp)| stamp.form() == form);
        Ok(TimestampStyle::new(form, same.find_map(|(note, stamp)| clock_of(note, stamp))))
    }

    fn new(form: TimestampForm, clock: Option<String>) -> TimestampStyle {
        TimestampStyle { form, clock: clock.unwrap_or_else(|| "00:00:00".to_owned()) }
    }

    /// The clock of a moment.
    pub(crate) fn clock(&self, moment: Moment) -> String {
        clock_like(moment, &self.clock)
    }

    /// A timestamp of a video.
    pub(crate) fn write(&self, moment: Moment, video: &str) -> Option<String> {
        written(self.form, &self.clock(moment), video)
    }
}
