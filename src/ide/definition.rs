//! Where the thing under the cursor is defined.

use crate::vault::Snapshot;

use super::{NotePosition, Ranged, Target};

/// The places that define what stands under the cursor, the likeliest first; all candidates of an ambiguous link.
/// `None` where nothing under the cursor leads anywhere.
pub fn definition(vault: &Snapshot, at: NotePosition) -> Option<Ranged<Vec<Target>>> {
    let _ = (vault, at);
    None
}
