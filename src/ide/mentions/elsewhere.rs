//! Where the rest of the vault names a note without linking to it.

use crate::vault::{Cancel, Cancelled, FileId, Sieve, Snapshot};

use super::super::change::{Edit, VaultChange};
use super::{Mention, link_for, mentions};

/// The mentions of one note in another.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NoteMentions {
    /// The note that names it.
    pub note: FileId,
    /// The mentions, in order.
    pub mentions: Vec<Mention>,
}

/// The notes that [mention](mentions) a note, by path. Where words can mean several notes and none of them is nearest, they
/// count for all. Its cost grows with the text of the vault: notes that hold no name of the note are passed over at
/// the speed of a search for bytes.
///
/// # Errors
///
/// `Cancelled` if the answer is not wanted any more.
pub fn mentions_of(vault: &Snapshot, note: FileId, cancel: &Cancel) -> Result<Vec<NoteMentions>, Cancelled> {
    let mut names = vault.lexicon().names_of(note).peekable();
    if names.peek().is_none() {
        return Ok(Vec::new());
    }
    let sieve = Sieve::of(names);
    let mut found = Vec::new();
    for other in vault.notes().filter(|other| other.id != note) {
        cancel.check()?;
        if !sieve.lets_through(&other.note.text.to_text()) {
            continue;
        }
        let mentions = mentions_between(vault, other.id, note, cancel)?;
        if !mentions.is_empty() {
            found.push((other.path, NoteMentions { note: other.id, mentions }));
        }
    }
    found.sort_by_key(|(path, _)| *path);
    Ok(found.into_iter().map(|(_, mentions)| mentions).collect())
}

/// The mentions of `note` in `source`, in order.
fn mentions_between(
    vault: &Snapshot,
    source: FileId,
    note: FileId,
    cancel: &Cancel,
) -> Result<Vec<Mention>, Cancelled> {
    let mut found = mentions(vault, source, cancel)?;
    found.retain(|mention| {
        mention.notes.first() == Some(&note) || mention.is_ambiguous && mention.notes.contains(&note)
    });
    Ok(found)
}

/// A link for every mention of a note that means no other: in the whole vault, or `within` one note. Notes that are not UTF-8
/// stay as they are. Costs what [`mentions_of`] costs, or, within a note, what [`mentions`] does.
///
/// # Errors
///
/// `Cancelled` if the answer is not wanted any more.
pub fn link_mentions_of(
    vault: &Snapshot,
    note: FileId,
    within: Option<FileId>,
    cancel: &Cancel,
) -> Result<VaultChange, Cancelled> {
    let found = match within {
        Some(source) if source == note => Vec::new(),
        Some(source) => {
            vec![NoteMentions { note: source, mentions: mentions_between(vault, source, note, cancel)? }]
        }
        None => mentions_of(vault, note, cancel)?,
    };
    let mut edits = Vec::new();
    for in_note in &found {
        cancel.check()?;
        let source = vault.note(in_note.note).filter(|source| source.note.invalid_utf8.is_none());
        let Some(source) = source else { continue };
        for mention in in_note.mentions.iter().filter(|mention| !mention.is_ambiguous) {
            let link = link_for(vault, &source, mention.span, note);
            edits.extend(link.map(|link| (source.id, Edit::replace(mention.span, link))));
        }
    }
    Ok(VaultChange::in_notes(vault, edits))
}
