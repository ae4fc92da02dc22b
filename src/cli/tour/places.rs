//! The places of the vault that the tour shows. The same vault gives the same places.

use std::cmp::Reverse;

use crate::syntax::Link;
use crate::text::{Offset, Span, Text};
use crate::vault::{FileId, NoteRef, Resolution, Snapshot, Tier, VaultPath, fold};

/// The maximum number of links of an example note: notes with more are lists of links.
const MAX_LINKS: usize = 40;

/// The maximum size of an example note, in bytes.
const MAX_BYTES: usize = 64 * 1024;

/// The places of one vault.
#[derive(Debug)]
pub(super) struct Route {
    /// The example note.
    pub(super) note: Stop,
    /// The name of a note, typed as a link.
    pub(super) name_to_type: Option<String>,
    /// `[[target | display]]`, or any link to a note if none has a display text.
    pub(super) link: Option<Stop>,
    /// `[[target#Heading]]` with an existing heading.
    pub(super) heading_link: Option<Stop>,
    /// `[[Written Like This]]` for `written_like_this.md`.
    pub(super) loose_link: Option<Stop>,
    /// An unresolved link.
    pub(super) broken_link: Option<Stop>,
    /// A timestamp.
    pub(super) timestamp: Option<Stop>,
}

/// A place in a note.
#[derive(Clone, Debug)]
pub(super) struct Stop {
    /// The note.
    pub(super) path: VaultPath,
    /// The text of the note.
    pub(super) text: Text,
    /// The span to mark.
    pub(super) span: Span,
    /// The cursor.
    pub(super) at: Offset,
}

/// A kind of example.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Example {
    Link,
    PlainLink,
    HeadingLink,
    LooseLink,
    BrokenLink,
}

/// Returns the places of a vault; `None` if it has no notes. Resolves every link of the vault once.
pub(super) fn choose(vault: &Snapshot) -> Option<Route> {
    let mut notes: Vec<NoteRef<'_>> = vault.notes().collect();
    notes.sort_unstable_by(|a, b| a.path.cmp(b.path));
    let first = *notes.iter().max_by_key(|note| (worth(vault, note), Reverse(note.path)))?;
    // From the example note if it has one, else from the first note by path.
    let in_order = || std::iter::once(&first).chain(notes.iter().filter(|note| note.id != first.id));
    let find = |example: Example| {
        in_order().find_map(|note| {
            let mut links = note.note.parsed.links.iter();
            let link = links.find(|link| example_of(vault, note, link) == Some(example))?;
            Some(stop_at(note, link, example))
        })
    };
    let timestamp = in_order().find_map(|note| {
        let timestamps = &note.note.parsed.timestamps;
        let timestamp = timestamps.iter().find(|timestamp| timestamp.moment().is_some())?;
        Some(stop(note, timestamp.span, timestamp.span.start.plus(1)))
    });
    let link = find(Example::Link).or_else(|| find(Example::PlainLink));
    let name_to_type = link
        .as_ref()
        .and_then(|stop| target_of(vault, stop))
        .or_else(|| notes.iter().map(|note| note.id).find(|id| *id != first.id))
        .or(Some(first.id))
        .and_then(|id| vault.note(id))
        .map(|note| note.path.stem().to_owned());
    Some(Route {
        note: stop(&first, Span::empty(Offset::ZERO), Offset::ZERO),
        name_to_type,
        link,
        heading_link: find(Example::HeadingLink),
        loose_link: find(Example::LooseLink),
        broken_link: find(Example::BrokenLink),
        timestamp,
    })
}

/// Returns how good an example a note is: by the kinds of examples in it, then by its links.
fn worth(vault: &Snapshot, note: &NoteRef<'_>) -> (usize, usize) {
    let links = &note.note.parsed.links;
    let end = note.note.text.end();
    // In a code block without an end there are no completions.
    let ends_in_code = note.note.parsed.opaque.last().is_some_and(|opaque| opaque.end == end);
    if links.len() > MAX_LINKS || note.note.text.len() > MAX_BYTES || ends_in_code {
        return (0, 0);
    }
    let mut seen: Vec<Example> = Vec::new();
    for example in links.iter().filter_map(|link| example_of(vault, note, link)) {
        if !seen.contains(&example) {
            seen.push(example);
        }
    }
    (seen.len() + usize::from(!note.note.parsed.timestamps.is_empty()), links.len())
}

fn example_of(vault: &Snapshot, note: &NoteRef<'_>, link: &Link) -> Option<Example> {
    if !link.kind.is_wiki() || link.target.is_empty() {
        return None;
    }
    let found = match vault.resolve(note, link) {
        Resolution::Found(found) => found,
        Resolution::Missing => return Some(Example::BrokenLink),
        Resolution::External | Resolution::Folder | Resolution::OutsideVault => return None,
    };
    let target = vault.note(found.best)?;
    let names_heading = |fragment: Span| {
        let name = fold(&note.note.slice(fragment)).into_owned();
        let mut headings = target.note.parsed.headings.iter();
        headings.any(|heading| fold(target.note.parsed.heading_name(heading)) == name)
    };
    Some(match (found.tier, link.fragment, link.display) {
        (Tier::Loose, _, _) => Example::LooseLink,
        (_, Some(fragment), _) => return names_heading(fragment).then_some(Example::HeadingLink),
        (_, None, Some(_)) => Example::Link,
        (_, None, None) => Example::PlainLink,
    })
}

fn stop_at(note: &NoteRef<'_>, link: &Link, example: Example) -> Stop {
    let part = link.fragment.filter(|_| example == Example::HeadingLink).unwrap_or(link.target);
    stop(note, link.span, part.start)
}

fn stop(note: &NoteRef<'_>, span: Span, at: Offset) -> Stop {
    Stop { path: note.path.clone(), text: note.note.text.clone(), span, at }
}

/// Returns the target of the link at a stop.
fn target_of(vault: &Snapshot, stop: &Stop) -> Option<FileId> {
    let note = vault.note(vault.find(stop.path.as_str())?)?;
    let link = note.note.parsed.links.iter().find(|link| link.span == stop.span)?;
    match vault.resolve(&note, link) {
        Resolution::Found(found) => Some(found.best),
        _ => None,
    }
}
