//! Headings that change on the way: a tag, a label, a block's id or a link that stands in one is part of its name, and links
//! to it go on to lead to it.

use std::sync::Arc;

use crate::vault::{Cancel, Cancelled, FileId, Note, NoteRef, Snapshot};

use super::fragments::relink_headings;
use super::{Edit, NoteEdits, by_note};
use crate::ide::change::edited;

/// A fragment that is written anew may stand in a heading that others link to, and so on; nobody goes further.
const MOST_ROUNDS: usize = 4;

/// Edits of any notes together with those of all fragments that name a heading which they change. `reword` is what such a
/// fragment in words would say afterwards.
pub(in crate::ide) fn with_links_to_headings(
    vault: &Snapshot,
    edits: &[(FileId, Edit)],
    reword: &dyn Fn(&str) -> String,
    cancel: &Cancel,
) -> Result<Vec<NoteEdits>, Cancelled> {
    let mut all = by_note(vault, edits.to_vec());
    let mut known = Vec::new();
    for _ in 0..MOST_ROUNDS {
        let mut relinked = Vec::new();
        for NoteEdits { note, edits } in &all {
            let Some(note) = vault.note(*note).filter(|note| touch_heading(note, edits)) else { continue };
            let after = Arc::new(Note::new(&edited(note.note, edits)));
            let note_after = NoteRef { note: &after, ..note };
            relinked.extend(relink_headings(vault, (&note, &note_after), reword, cancel)?);
        }
        // A fragment that stands in what is replaced goes with it.
        relinked.retain(|(note, one)| {
            !edits.iter().any(|(other, edit)| note == other && edit.span.overlaps(one.span))
        });
        if relinked == known {
            break;
        }
        all = by_note(vault, edits.iter().chain(&relinked).cloned().collect());
        known = relinked;
    }
    Ok(all)
}

fn touch_heading(note: &NoteRef<'_>, edits: &[Edit]) -> bool {
    let mut headings = note.note.parsed.headings.iter();
    headings.any(|heading| edits.iter().any(|edit| heading.span.covers(edit.span)))
}
