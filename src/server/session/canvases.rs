//! Obsidian's canvases follow the files that they show: where a file moves, each canvas of the vault that
//! names it is edited. Canvases are attachments, of which the model holds no text, so they are read here.

use rustc_hash::FxHashMap;

use crate::disk;
use crate::ide::{Edit, NoteEdits, VaultChange};
use crate::server::workspace::view::VaultView;
use crate::vault::{Cancel, Cancelled, FileId, Snapshot, VaultPath};

/// Adds to a change what it means for the canvases of the vault. Returns the vault with the texts of the
/// canvases that are edited. Reads all canvases if a file moves, and nothing otherwise.
pub(super) fn follow_moves(
    view: &VaultView,
    change: &mut VaultChange,
    cancel: &Cancel,
) -> Result<Snapshot, Cancelled> {
    let mut snapshot = view.snapshot.clone();
    let moves: FxHashMap<FileId, &VaultPath> =
        change.moved.iter().chain(&change.moved_by_client).map(|(file, new)| (*file, new)).collect();
    let Some(root) = view.vault.root.as_deref().filter(|_| !moves.is_empty()) else { return Ok(snapshot) };
    let mut canvases: Vec<(&VaultPath, FileId)> = view
        .snapshot
        .files()
        .filter(|(_, file)| disk::is_canvas(&file.path))
        .map(|(id, file)| (&file.path, id))
        .collect();
    canvases.sort_unstable();
    let (mut edits, mut remarks) = (Vec::new(), Vec::new());
    for (path, note) in canvases {
        cancel.check()?;
        let canvas = match disk::read_canvas(root, path) {
            Ok(Some(canvas)) => canvas,
            Ok(None) => continue,
            Err(why) => {
                remarks.push(format!("`{path}` was not updated: {why}"));
                continue;
            }
        };
        let new_path = |shown: &disk::ShownFile| moves.get(&view.snapshot.find(&shown.path)?).copied();
        let in_canvas = canvas
            .shown
            .iter()
            .filter_map(|shown| new_path(shown).map(|new| Edit::replace(shown.span, disk::canvas_path(new))));
        let in_canvas: Vec<Edit> = in_canvas.collect();
        if !in_canvas.is_empty() {
            snapshot = snapshot.with_text(note, &canvas.text);
            edits.push(NoteEdits { note, edits: in_canvas });
        }
    }
    change.edits.extend(edits);
    change.remarks.extend(remarks);
    Ok(snapshot)
}
