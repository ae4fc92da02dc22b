//! Which moment a timestamp can have been meant to lead to.

use super::super::prelude::*;

/// Whether the timestamp may lead to a moment, written as `clock`, without a new diagnostic.
pub(super) fn is_plausible(
    note: &NoteContext<'_>,
    timestamp: &ReadTimestamp<'_>,
    moment: Moment,
    clock: &str,
) -> Result<bool, Cancelled> {
    Ok(note.plausibility()?.accepts(&note.source, timestamp.timestamp, moment, clock))
}

/// Whether a label is a clock that names another moment.
pub(super) fn is_contradicted(source: &NoteRef<'_>, timestamp: &ReadTimestamp<'_>, moment: Moment) -> bool {
    timestamp.shown_moments(source).any(|shown| shown != moment)
}

/// Whether a moment is another one whose minutes were taken for hours, whatever follows them.
pub(super) fn is_slip_of(slipped: Moment, meant: Moment) -> bool {
    slipped.seconds >= 3600 && slipped.seconds / 60 == meant.seconds
}
