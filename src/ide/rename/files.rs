//! What must be written in notes so that files may move.

use crate::syntax::{Link, decode_link_part};
use crate::vault::{Cancel, FileId, LinkRef, NoteRef, Resolution, Snapshot, VaultPath};

use super::{ChangeFailure, Edit, NoteEdits, check_writable};
use crate::ide::links::fragment::FragmentCache;
use crate::ide::links::heading_links::with_links_to_headings;
use crate::ide::links::move_text::MovedText;
use crate::ide::links::write::{Wanted, WrittenTarget, resolved};

/// Returns the edits after which each link means what it meant before, once these files have moved. Links
/// that mean the same without an edit keep their words. Grows with the links of the notes that use a name or
/// folder of what moves.
///
/// A link that found nothing before is left alone, and so is one that no text of its kind can lead to its
/// file: a wikilink cannot name a file with `#`, `|`, `[` or `]` in its name.
///
/// # Errors
///
/// If a note that must never be written to would have to be, or the answer is not wanted any more.
pub fn move_files(
    vault: &Snapshot,
    moves: &[(FileId, VaultPath)],
    cancel: &Cancel,
) -> Result<Vec<NoteEdits>, ChangeFailure> {
    let after = vault.with_moved(moves);
    let places = [FragmentCache::default(), FragmentCache::default()];
    let places = places.each_ref();
    let stay =
        MovedText { places, before: vault, after: &after, place: None, whole: &Some, shortens_own: false };
    let mut edits = Vec::new();
    for LinkRef { source, link } in vault.links_touched_by_move(moves) {
        cancel.check()?;
        if link.is_external || link.target.is_empty() {
            continue;
        }
        let mut of_link = stay.edits(&source, link, source.id).unwrap_or_default();
        if of_link.is_empty() && !link.kind.is_wiki() {
            of_link.extend(folder_edit(&stay, moves, &source, link));
        }
        edits.extend(of_link.into_iter().map(|edit| (source.id, edit)));
    }
    let all = with_links_to_headings(vault, &edits, &str::to_owned, cancel)?;
    check_writable(vault, &all)?;
    Ok(all)
}

/// Returns the edit by which a Markdown link to a folder keeps leading to it, where all that lies in it moves
/// with it.
fn folder_edit(
    vaults: &MovedText<'_>,
    moves: &[(FileId, VaultPath)],
    source: &NoteRef<'_>,
    link: &Link,
) -> Option<Edit> {
    if vaults.before.resolve(source, link) != Resolution::Folder {
        return None;
    }
    let raw = source.note.slice(link.target);
    let before = resolved(source.path.folder(), &decode_link_part(link, &raw))?;
    let moved = moves.iter().find_map(|(id, to)| {
        let inside = vaults.before.file(*id)?.path.as_str().strip_prefix(before.as_str())?;
        to.as_str().strip_suffix(inside).filter(|_| inside.starts_with('/'))
    });
    let path = VaultPath::resolve("", moved.unwrap_or(before.as_str())).ok()?;
    let folder = vaults.after.file(source.id)?.path.folder();
    let (target, wanted) = (WrittenTarget::new(source, link, &before), Wanted::Folder(&path));
    if target.may_stay(vaults.after, folder, wanted) {
        return None;
    }
    target.rewrite(vaults.after, folder, wanted)
}
