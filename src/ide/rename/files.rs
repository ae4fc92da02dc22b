//! What must be written in notes so that files may move.

use crate::syntax::{Link, decode_link_part};
use crate::vault::{Cancel, FileId, Found, NoteRef, Resolution, Snapshot, Tier, VaultPath};

use super::headings::with_links_to_headings;
use super::{ChangeFailure, Edit, NoteEdits, check_writable};
use crate::ide::links::relink::{Written, is_writable, shown_as_before};

/// The edits after which each link means what it meant before, once these files lie where they shall. Links that mean the
/// same without an edit keep their words. Grows with the notes that use a name or folder of what moves.
///
/// A link that found nothing before is left alone, and so is one that no text of its kind can lead to its file: a
/// wikilink cannot name a file with `#`, `|`, `[` or `]` in its path.
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
    let mover = Mover { before: vault, after: &after, moves };
    let users = vault.users_of_moved(moves);
    let mut edits = Vec::new();
    for note in users.into_iter().filter_map(|id| vault.note(id)) {
        cancel.check()?;
        let of_note = note.note.parsed.links.iter().flat_map(|link| mover.edits(&note, link));
        edits.extend(of_note.map(|edit| (note.id, edit)));
    }
    let all = with_links_to_headings(vault, &edits, &str::to_owned, cancel)?;
    check_writable(vault, &all)?;
    Ok(all)
}

struct Mover<'a> {
    before: &'a Snapshot,
    after: &'a Snapshot,
    moves: &'a [(FileId, VaultPath)],
}

impl Mover<'_> {
    fn edits(&self, source: &NoteRef<'_>, link: &Link) -> Vec<Edit> {
        if link.is_external || link.target.is_empty() {
            return Vec::new();
        }
        let raw = source.note.slice(link.target);
        let decoded = decode_link_part(link, &raw);
        let Some(moved) = self.after.file(source.id) else { return Vec::new() };
        let folder = moved.path.folder();
        let written = Written { source, link, raw: &raw, decoded: &decoded };
        let was = match self.before.resolve(source, link) {
            Resolution::Found(was) => was,
            Resolution::Folder => return self.folder_edit(&written, folder).into_iter().collect(),
            _ => return Vec::new(),
        };
        let (Some(file), Some(file_after)) = (self.before.file(was.best), self.after.file(was.best)) else {
            return Vec::new();
        };
        let target = written.target(&file.path);
        let means_the_same =
            |name: &str, worst: Tier| match self.after.resolve_target(folder, link.kind, name) {
                Resolution::Found(now) => is_as_good(&now, &was, worst),
                _ => false,
            };
        if means_the_same(&decoded, was.tier) && target.still_begins_right(folder, &file_after.path) {
            return Vec::new();
        }
        let candidates = target.candidates(folder, &file_after.path).into_iter();
        let mut written = candidates.filter(|name| !link.kind.is_wiki() || is_writable(name));
        let Some(name) = written.find(|name| means_the_same(name, Tier::Name)) else { return Vec::new() };
        let mut edits = vec![Edit { span: link.target, new_text: target.write(&name) }];
        if matches!(was.tier, Tier::Alias | Tier::Title) {
            // It goes on to show the name that it had.
            edits.extend(shown_as_before(source, link, &raw));
        }
        edits
    }
}

impl Mover<'_> {
    /// A Markdown link to a folder goes on to lead to it, where all that lies in it moves with it.
    fn folder_edit(&self, written: &Written<'_>, folder: &str) -> Option<Edit> {
        let from = if written.decoded.starts_with('/') { "" } else { written.source.path.folder() };
        let before = VaultPath::resolve(from, written.decoded).ok()?;
        let moved = self.moves.iter().find_map(|(id, to)| {
            let inside = self.before.file(*id)?.path.as_str().strip_prefix(before.as_str())?;
            to.as_str().strip_suffix(inside).filter(|_| inside.starts_with('/'))
        });
        let after = VaultPath::resolve("", moved.unwrap_or(before.as_str())).ok()?;
        let target = written.target(&before);
        let leads_there = |name: &str| {
            let from = if name.starts_with('/') { "" } else { folder };
            let is_it = VaultPath::resolve(from, name).is_ok_and(|path| path == after);
            is_it && self.after.resolve_target(folder, written.link.kind, name) == Resolution::Folder
        };
        if leads_there(written.decoded) {
            return None;
        }
        let name = target.candidates(folder, &after).into_iter().find(|name| leads_there(name))?;
        Some(Edit { span: written.link.target, new_text: target.write(&name) })
    }
}

/// Whether a link still means its file, and no less clearly.
fn is_as_good(now: &Found, was: &Found, worst: Tier) -> bool {
    now.best == was.best && now.tier <= worst && (was.is_ambiguous || !now.is_ambiguous)
}
