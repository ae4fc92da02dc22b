//! Renames after which every link means what it meant before.
//!
//! A rename is tried on a copy of the vault first. What a link means there decides whether it must be written
//! anew, so there are no rules here about which links a rename could touch, and none that could be forgotten.

mod files;
mod fragments;
mod labels;
mod missing;
mod names;
mod tags;
#[cfg(test)]
mod tests;

pub use files::move_files;

use crate::syntax::{Block, Heading, LabelKind, Link, decode_link_part};
use crate::text::Span;
use crate::vault::{Cancel, FileId, NoteRef, Resolution, Snapshot, VaultPath, is_relative};

use crate::ide::change::{ChangeError, ChangeFailure, Edit, NoteEdits, VaultChange, check_writable};
use crate::ide::cursor::symbol::Symbol;
use crate::ide::cursor::under_cursor::{Element, UnderCursor, under_cursor};
use crate::ide::links::fragment::{Place, anchor_of, find_place};
use crate::ide::links::heading_links::with_links_to_headings;
use crate::ide::place::{NotePosition, Ranged};

/// What a rename would change, and the name that it has now.
///
/// On the target of a link or the title in the front matter it is the file, on a heading or the fragment of a
/// link the heading or block, on a tag, footnote, label or address that. What links name need not be there.
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
        Renamed::MissingPart { span, link, .. } => {
            (span, decode_link_part(link, &found.source.note.slice(span)).into_owned())
        }
        Renamed::MissingFile { path, span } => (span, path.stem().to_owned()),
        Renamed::Tag { span } | Renamed::Label { span, .. } | Renamed::Address { span, .. } => own(span),
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
    cancel.check()?;
    let (found, renamed) = renamed_at(vault, at)?;
    let new_name = new_name.trim();
    if new_name.is_empty() {
        return Err(ChangeError::Empty.into());
    }
    let mut outcome = VaultChange::default();
    match renamed {
        Renamed::File { file, .. } => {
            let old = &vault.file(file).ok_or(ChangeError::BrokenLink)?.path;
            let path = names::new_path(old, folder_at(&found, new_name), new_name)?;
            names::check_free(vault, file, &path)?;
            outcome.edits = move_files(vault, &[(file, path.clone())], cancel)?;
            outcome.moved = Some((file, path));
        }
        Renamed::MissingFile { path, .. } => {
            let new = names::new_path(&path, folder_at(&found, new_name), new_name)?;
            outcome.edits = missing::rename_file(vault, (&path, new), cancel)?;
        }
        Renamed::MissingPart { part, .. } => {
            outcome.edits = missing::rename_part(vault, &part, new_name, cancel)?;
        }
        Renamed::Address { address, .. } => {
            outcome.edits = missing::rename_address(vault, &address, new_name, cancel)?;
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
            cancel.check()?;
            let edits: Vec<_> = edits.into_iter().map(|edit| (found.source.id, edit)).collect();
            let old = found.source.note.slice(span);
            let reword = |fragment: &str| fragment.replace(&*old, new_name);
            outcome.edits = with_links_to_headings(vault, &edits, &reword, cancel)?;
        }
    }
    outcome.check_writable(vault)?;
    Ok(outcome)
}

/// The folder from which a new name is read that is a path: as in a link that stands there.
fn folder_at<'a>(found: &UnderCursor<'a>, new_name: &str) -> &'a str {
    let is_markdown = matches!(found.thing, Element::Link(link) if !link.kind.is_wiki());
    if is_markdown || is_relative(new_name) { found.source.path.folder() } else { "" }
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
    /// A file that links name and that is not there.
    MissingFile {
        path: VaultPath,
        span: Span,
    },
    /// A heading or block that links name and that is not there.
    MissingPart {
        part: Symbol,
        link: &'a Link,
        span: Span,
    },
    /// An address outside of the vault.
    Address {
        address: Symbol,
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
    let found = match vault.resolve(&source, link) {
        Resolution::Found(found) => found,
        _ => return of_missing(vault, source, link, at),
    };
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
        Place::Missing => return of_missing(vault, source, link, at),
        Place::Anchor(_) | Place::Whole | Place::Lines(_) => None,
    };
    renamed.ok_or(ChangeError::BrokenLink)
}

/// What a link names that is not in the vault.
fn of_missing<'a>(
    vault: &Snapshot,
    source: NoteRef<'a>,
    link: &'a Link,
    at: NotePosition,
) -> Result<Renamed<'a>, ChangeError> {
    match Symbol::of_link(vault, &source, link, at.at).ok_or(ChangeError::BrokenLink)? {
        Symbol::MissingFile(path) => Ok(Renamed::MissingFile { path, span: link.target }),
        address @ Symbol::Address(_) => Ok(Renamed::Address { address, span: link.destination() }),
        part @ Symbol::MissingPart { .. } => {
            Ok(Renamed::MissingPart { part, link, span: link.fragment.ok_or(ChangeError::BrokenLink)? })
        }
        _ => Err(ChangeError::BrokenLink),
    }
}
