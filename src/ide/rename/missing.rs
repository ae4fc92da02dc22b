//! Renaming what links name and what is not there: a file, a part of a note, an address outside of the vault.

use crate::syntax::{Link, decode_link_part, has_scheme, slug};
use crate::text::SortedByPlace;
use crate::vault::{Cancel, Cancelled, NoteRef, Snapshot, VaultPath, loose};

use super::{ChangeError, ChangeFailure, Edit, NoteEdits};
use crate::ide::cursor::symbol::{Occurrences, Symbol};
use crate::ide::links::escape::Position;
use crate::ide::links::heading_links::with_links_to_headings;
use crate::ide::links::write::{Wanted, WrittenTarget};

/// Writes a missing file's new path into all links that name it. If a file is there, they lead to it then.
pub(super) fn rename_file(
    vault: &Snapshot,
    (old, new): (&VaultPath, VaultPath),
    cancel: &Cancel,
) -> Result<Vec<NoteEdits>, ChangeFailure> {
    let is_there = vault.find(new.as_str()).is_some();
    let after = if is_there { vault.clone() } else { vault.with_file(new.clone()) };
    let file = after.find(new.as_str()).ok_or(ChangeError::OutsideVault)?;
    let edit = |source: &NoteRef<'_>, link: &Link| {
        let target = WrittenTarget::new(source, link, old);
        target.rewrite(&after, source.path.folder(), Wanted::by_any_name(file))
    };
    Ok(edits_of_links(vault, &Symbol::MissingFile(old.clone()), edit, cancel)?)
}

/// Writes the new text of a missing heading, or the new id of a missing block, into all fragments that name
/// it. In a Markdown link a slug stays one.
pub(super) fn rename_part(
    vault: &Snapshot,
    part: &Symbol,
    new: &str,
    cancel: &Cancel,
) -> Result<Vec<NoteEdits>, ChangeFailure> {
    let new = new.trim_start_matches('#');
    if loose(new).is_empty() {
        return Err(ChangeError::Empty.into());
    }
    if let Some(reserved) = new.chars().find(|char| Position::Fragment.rejects(*char)) {
        return Err(ChangeError::reserved(reserved).into());
    }
    let edit = |source: &NoteRef<'_>, link: &Link| {
        let span = link.fragment?;
        let raw = source.note.slice(span);
        let old = decode_link_part(link, &raw);
        let is_slug = !link.kind.is_wiki() && slug(&old) == *old;
        let position = Position::fragment_of(link, &raw);
        let sign = if old.starts_with('^') && !new.starts_with('^') { "^" } else { "" };
        let new = if is_slug { slug(new) } else { format!("{sign}{new}") };
        let written = position.write(&new)?.into_owned();
        Some(Edit::replace(span, written))
    };
    Ok(edits_of_links(vault, part, edit, cancel)?)
}

/// Writes another address into all links with this one.
pub(super) fn rename_address(
    vault: &Snapshot,
    old: &Symbol,
    new: &str,
    cancel: &Cancel,
) -> Result<Vec<NoteEdits>, ChangeFailure> {
    let is_reserved = |char: char| char.is_whitespace() || char.is_control() || "<>\"\\`|[]".contains(char);
    if !has_scheme(new) || new.contains(is_reserved) {
        return Err(ChangeError::Unfit("an address with its scheme, such as `https://example.org`").into());
    }
    let edit = |source: &NoteRef<'_>, link: &Link| {
        let span = link.destination();
        // Parentheses could end the destination of a Markdown link.
        let ends_early = source.note.slice(link.span).ends_with(')');
        let written = if ends_early { new.replace('(', "%28").replace(')', "%29") } else { new.to_owned() };
        Some(Edit::replace(span, written))
    };
    Ok(edits_of_links(vault, old, edit, cancel)?)
}

/// The edits of all links that name a symbol, and of the links to headings in which they stand. The cost is
/// that of its references.
fn edits_of_links(
    vault: &Snapshot,
    symbol: &Symbol,
    edit: impl Fn(&NoteRef<'_>, &Link) -> Option<Edit>,
    cancel: &Cancel,
) -> Result<Vec<NoteEdits>, Cancelled> {
    let mut edits = Vec::new();
    for (note, occurrence) in Occurrences::of(vault, symbol).all(cancel)? {
        let Some(source) = vault.note(note).filter(|_| !occurrence.is_definition) else { continue };
        let link = source.note.parsed.links.starting_at(occurrence.span.start);
        edits.extend(link.and_then(|link| edit(&source, link)).map(|edit| (note, edit)));
    }
    with_links_to_headings(vault, &edits, &str::to_owned, cancel)
}
