//! Where the rest of the vault names a note without linking to it.

use crate::text::Span;
use crate::vault::{Cancel, Cancelled, FileId, Sieve, Snapshot};

use super::mentions;

/// The mentions of one note in another.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NoteMentions {
    /// The note that names it.
    pub note: FileId,
    /// The words, in order.
    pub spans: Vec<Span>,
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
        let mentions = mentions(vault, other.id, cancel)?;
        let means_it = |notes: &[FileId], is_ambiguous: bool| {
            notes.first() == Some(&note) || is_ambiguous && notes.contains(&note)
        };
        let meant = mentions.iter().filter(|one| means_it(&one.notes, one.is_ambiguous));
        let spans: Vec<Span> = meant.map(|one| one.span).collect();
        if !spans.is_empty() {
            found.push((other.path, NoteMentions { note: other.id, spans }));
        }
    }
    found.sort_by_key(|(path, _)| *path);
    Ok(found.into_iter().map(|(_, mentions)| mentions).collect())
}
