//! Timestamps whose units slipped, `14:55:00` for 14 minutes and 55 seconds: read as minutes and seconds,
//! here and in the whole note.

use super::super::prelude::*;
use super::reading::is_slip_of;
use crate::ide::timestamps::plausibility::{Plausibility, Slipped};

/// Adds the fixes of a timestamp whose units slipped.
pub(super) fn shift(
    timestamp: &ReadTimestamp<'_>,
    slipped: Slipped,
    fixes: &mut FixContext<'_, '_>,
) -> Result<(), Cancelled> {
    let source = fixes.note.source;
    let Some(edits) = shifted(&source, timestamp, slipped.meant) else { return Ok(()) };
    let title = format!("Change to {} (minutes and seconds)", slipped.meant);
    fixes.edit(title, edits, Applicability::safe_if(slipped.is_sure));
    if fixes.note.plausibility()?.past < 2 || fixes.safe_only {
        return Ok(());
    }
    let mut all = Vec::new();
    for timestamp in fixes.note.timestamps()? {
        fixes.note.cancel.check()?;
        if let Some(slipped) = timestamp.verdict.slipped() {
            all.extend(shifted(&source, &timestamp, slipped.meant));
        }
    }
    fixes.edit_all(&all, |count| format!("Change {count} timestamps in this note to minutes and seconds"));
    Ok(())
}

/// Returns the edits that shift one timestamp. `None` if a label names another moment than the one that is
/// meant, slipped or not, or the tag has no end and what it shows is unknown.
fn shifted(source: &NoteRef<'_>, timestamp: &ReadTimestamp<'_>, meant: Moment) -> Option<Vec<Edit>> {
    let shows_another =
        timestamp.shown_moments(source).any(|shown| shown != meant && !is_slip_of(shown, meant));
    let is_same = |shown| is_slip_of(shown, meant);
    (timestamp.parts.is_closed && !shows_another)
        .then(|| write_moment(source, timestamp.timestamp, &timestamp.parts, meant, is_same))
}

/// Returns what the other timestamps of the note say, if there are some that are wrong as well: `; 3 of …`.
pub(super) fn of_the_others(plausibility: &Plausibility) -> String {
    let Plausibility { past, slipped, moments, .. } = plausibility;
    if *past < 2 {
        return String::new();
    }
    let fitting = match (past - slipped, slipped) {
        (0, _) => ", and all fit as minutes and seconds".to_owned(),
        (_, 0) => String::new(),
        _ => format!(", and {slipped} of them fit as minutes and seconds"),
    };
    format!("; {past} of {moments} timestamps in this note are past the end{fitting}")
}
