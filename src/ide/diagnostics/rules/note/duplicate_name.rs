//! Notes that share their name.

use super::super::prelude::*;
use crate::vault::{Key, fold, without_note_extension};

rule! {
    /// Another note has the same name, and links use it.
    ///
    /// Two notes have the same file name in different folders, and some link means one of them by that name
    /// alone. Which note such a link opens depends on the note it is in and on the program that follows it.
    /// Reported on the first line of both. Not reported of the index of a folder, and of notes whose paths
    /// part in folders of two languages (`de`, `pt-BR`), which are sites of their own.
    ///
    /// Example, in `x/twin.md`, beside `y/twin.md`:
    ///
    /// ```markdown
    /// One of two.
    /// ```
    ///
    /// and in `y/other.md`:
    ///
    /// ```markdown
    /// See [[twin]].
    /// ```
    "note/duplicate-name", Some(Severity::Information), requires: Requires::Vault
}

/// Another note with the same stem matters only if some link means one of them by that stem alone.
fn check<'a>(note: &NoteContext<'a>, findings: &mut Findings<'a>) -> Result<(), Cancelled> {
    let stem = note.source.path.stem();
    if note.source.path.is_index() {
        return Ok(());
    }
    let key = Key::name(stem);
    let wanted = fold(stem);
    let is_same = |id: &FileId| {
        let other = note.vault.note(*id).filter(|other| other.id != note.source.id);
        other.is_some_and(|other| {
            fold(other.path.stem()) == wanted && !note.source.path.is_translated(other.path)
        })
    };
    let others: Vec<FileId> = note.vault.definers(key).iter().copied().filter(is_same).collect();
    if others.is_empty() || !is_linked_by_stem(note, key, &wanted)? {
        return Ok(());
    }
    let owners =
        if others.len() == 1 { "another note".into() } else { format!("{} other notes", others.len()) };
    let message = format!("Duplicate note name: `{stem}` is also the name of {owners}, and links use it");
    let mut related: Vec<Related> = others.iter().filter_map(|id| Related::file(note.vault, *id)).collect();
    related.sort_by(|a, b| a.message.cmp(&b.message));
    findings.push(Finding::new(note.first_line(), message).related(related));
    Ok(())
}

fn is_linked_by_stem(note: &NoteContext<'_>, key: Key, stem: &str) -> Result<bool, Cancelled> {
    for user in note.vault.users(key).iter().filter_map(|id| note.vault.note(*id)) {
        note.cancel.check()?;
        let is_by_stem = |link: &&Link| {
            link.kind.is_wiki() && fold(without_note_extension(&user.note.slice(link.target))) == stem
        };
        let mut links = user.note.parsed.links.iter().filter(is_by_stem);
        let by_name = |tier| matches!(tier, Tier::Name | Tier::Folded);
        let is_found = |resolution| matches!(resolution, Resolution::Found(found) if by_name(found.tier));
        if links.any(|link| is_found(note.vault.resolve(&user, link))) {
            return Ok(true);
        }
    }
    Ok(false)
}
