//! Renames after which every link means what it meant before.
//!
//! A rename is tried on a copy of the vault first. What a link means there decides whether it must be written
//! anew, so there are no rules here about which links a rename could touch, and none that could be forgotten.

mod files;
mod fragments;
mod labels;
mod names;
mod tags;
#[cfg(test)]
mod tests;

pub use files::move_files;

use crate::syntax::{Block, Heading, LabelKind, Link, decode_link_part};
use crate::text::Span;
use crate::vault::{Cancel, FileId, NoteRef, Resolution, Snapshot};

use crate::ide::change::{ChangeError, ChangeFailure, Edit, NoteEdits, VaultChange, check_writable};
use crate::ide::cursor::under_cursor::{Element, UnderCursor, under_cursor};
use crate::ide::links::fragment::{Place, anchor_of, find_place};
use crate::ide::links::heading_links::with_links_to_headings;
use crate::ide::place::{NotePosition, Ranged};

/// What a rename would change, and the name that it has now.
///
/// On the target of a link or the title in the front matter it is the file, on a heading or the fragment of a
/// link the heading or block, on a tag, footnote or label that.
///
/// # Errors
///
/// If nothing there can be renamed.
pub fn prepare_rename(vault: &Snapshot, at: NotePosition) -> Result<Ranged<String>, ChangeError> {
    let (found, renamed) = renamed_at(vault, at)?;
    let own = |span: Span| (span, found.source.note.slice(span).into_owned());
    let (span, value) = match renamed {
        Renamed::File { file, span } => {
            let path = &vault.file(file).ok_or(ChangeError::BrokenLink)?.path;
            (span, path.stem().to_owned())
        }
        Renamed::Heading { note, heading, span } => (span, note.note.slice(heading.content).into_owned()),
        Renamed::Block { note, block, span } => (span, note.note.slice(block.id).into_owned()),
        Renamed::Anchor { note, name, span } => (span, note.note.slice(name).into_owned()),
        Renamed::Tag { span } | Renamed::Label { span, .. } => own(span),
    };
    Ok(Ranged { span, value })
}

/// Renames what stands under the cursor.
///
/// # Errors
///
/// If it cannot be renamed, or not so; or if the answer is not wanted any more.
pub fn rename(
    vault: &Snapshot,
    at: NotePosition,
    new_name: &str,
    cancel: &Cancel,
) -> Result<VaultChange, ChangeFailure> {
    let (found, renamed) = renamed_at(vault, at)?;
    let new_name = new_name.trim();
    if new_name.is_empty() {
        return Err(ChangeError::Empty.into());
    }
    let mut outcome = VaultChange::default();
    match renamed {
        Renamed::File { file, .. } => {
            let path = names::new_path(vault, file, new_name)?;
            outcome.edits = move_files(vault, &[(file, path.clone())], cancel)?;
            outcome.moved = Some((file, path));
        }
        Renamed::Heading { note, heading, .. } => {
            outcome.edits = fragments::rename_heading(vault, &note, heading, new_name, cancel)?;
        }
        Renamed::Block { note, block, .. } => {
            outcome.edits = fragments::rename_block(vault, &note, block, new_name, cancel)?;
        }
        Renamed::Anchor { note, name, .. } => {
            outcome.edits = fragments::rename_anchor(vault, &note, name, new_name, cancel)?;
        }
        Renamed::Tag { span } => {
            let old = found.source.note.slice(span);
            outcome.edits = tags::rename_tag(vault, &old, new_name, cancel)?;
        }
        Renamed::Label { kind, span } => {
            let edits = labels::rename_label(&found.source, kind, span, new_name)?;
            let edits: Vec<_> = edits.into_iter().map(|edit| (found.source.id, edit)).collect();
            let old = found.source.note.slice(span);
            let reword = |fragment: &str| fragment.replace(&*old, new_name);
            outcome.edits = with_links_to_headings(vault, &edits, &reword, cancel)?;
        }
    }
    outcome.check_writable(vault)?;
    Ok(outcome)
}

/// What can be renamed, with the place of its name under the cursor.
enum Renamed<'a> {
    File {
        file: FileId,
        span: Span,
    },
    Heading {
        note: NoteRef<'a>,
        heading: &'a Heading,
        span: Span,
    },
    Block {
        note: NoteRef<'a>,
        block: &'a Block,
        span: Span,
    },
    /// The value of an HTML `id` or `name`, or the id of a heading.
    Anchor {
        note: NoteRef<'a>,
        name: Span,
        span: Span,
    },
    Tag {
        span: Span,
    },
    Label {
        kind: LabelKind,
        span: Span,
    },
}

fn renamed_at(vault: &Snapshot, at: NotePosition) -> Result<(UnderCursor<'_>, Renamed<'_>), ChangeError> {
    let found = under_cursor(vault, at).ok_or(ChangeError::NothingHere("plain text"))?;
    let note = found.source;
    let renamed = match found.thing {
        Element::Link(link) => of_link(vault, note, link, at)?,
        Element::Heading(heading) => Renamed::Heading { note, heading, span: heading.content },
        Element::Block(block) => Renamed::Block { note, block, span: block.id },
        Element::Tag(tag) => Renamed::Tag { span: tag.name },
        Element::LabelUse(label) => Renamed::Label { kind: label.kind, span: label.label },
        Element::LabelDefinition(label) => Renamed::Label { kind: label.kind, span: label.label },
        Element::Name(name) if note.note.parsed.title() == Some(name) => {
            Renamed::File { file: note.id, span: name.span }
        }
        Element::Name(_) => return Err(ChangeError::NothingHere("an alias")),
        Element::FrontMatter(_) => return Err(ChangeError::NothingHere("front matter other than the title")),
        Element::Anchor(name) => Renamed::Anchor { note, name, span: name },
        Element::Timestamp(_) => return Err(ChangeError::NothingHere("a timestamp")),
        Element::Video(_) => return Err(ChangeError::NothingHere("a video")),
    };
    Ok((found, renamed))
}

fn of_link<'a>(
    vault: &'a Snapshot,
    source: NoteRef<'a>,
    link: &'a Link,
    at: NotePosition,
) -> Result<Renamed<'a>, ChangeError> {
    if link.is_external {
        return Err(ChangeError::NothingHere("an address"));
    }
    let Resolution::Found(found) = vault.resolve(&source, link) else { return Err(ChangeError::BrokenLink) };
    let fragment = link.fragment.filter(|fragment| link.target.is_empty() || fragment.touches(at.at));
    let Some((fragment, note)) = fragment.zip(vault.note(found.best)) else {
        return Ok(Renamed::File { file: found.best, span: link.target });
    };
    let parsed = &note.note.parsed;
    let place = find_place(&source, link, &note);
    let written = source.note.slice(fragment);
    let id = anchor_of(&note, place, &decode_link_part(link, &written));
    let renamed = match place {
        _ if id.is_some() => id.map(|name| Renamed::Anchor { note, name, span: fragment }),
        Place::Heading { heading, .. } => {
            let heading = parsed.headings.iter().find(|one| one.span == heading);
            heading.map(|heading| Renamed::Heading { note, heading, span: fragment })
        }
        Place::Block { id, .. } => {
            let block = parsed.blocks.iter().find(|one| one.id == id);
            let span = Span::between(fragment.start.plus(1), fragment.end);
            block.map(|block| Renamed::Block { note, block, span })
        }
        Place::Anchor(_) | Place::Whole | Place::Lines(_) | Place::Missing => None,
    };
    renamed.ok_or(ChangeError::BrokenLink)
}
