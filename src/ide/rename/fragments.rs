//! Renaming what a fragment names: a heading or a block, and the fragments of all links to it.

use crate::syntax::{Block, Heading, decode_link_part};
use crate::text::Span;
use crate::vault::{Cancel, LinkRef, Note, NoteRef, Snapshot, fold};

use super::{ChangeError, ChangeFailure, Edit, NoteEdits};
use crate::ide::change::by_note;
use crate::ide::links::escape::Position;
use crate::ide::links::fragment::{Fragments, Place, anchor_of};
use crate::ide::links::heading_links::with_links_to_headings;

/// Gives a heading another text. All links that lead to a heading of the note keep leading to the same one,
/// also where the slugs of others change with it or a nested fragment (`#A#B`) passes by it.
pub(super) fn rename_heading(
    vault: &Snapshot,
    note: &NoteRef<'_>,
    heading: &Heading,
    new: &str,
    cancel: &Cancel,
) -> Result<Vec<NoteEdits>, ChangeFailure> {
    if new.contains(['\n', '\r']) {
        return Err(ChangeError::Reserved("a line break".to_owned()).into());
    }
    let mut text = note.note.text.to_text();
    text.replace_range(heading.content.range(), new);
    let after = Note::new(&text);
    let (parsed, parsed_after) = (&note.note.parsed, &after.parsed);
    let index = parsed.headings.iter().position(|one| one.span == heading.span);
    let renamed = index.and_then(|index| parsed_after.headings.get(index));
    let is_still_one = parsed.headings.len() == parsed_after.headings.len()
        && renamed.is_some_and(|renamed| {
            renamed.level == heading.level && renamed.span.start == heading.span.start
        });
    if !is_still_one {
        return Err(ChangeError::Unfit("the text of a heading").into());
    }
    let old_name = fold(parsed.heading_name(heading));
    let new_name = renamed.map(|renamed| parsed_after.heading_name(renamed)).unwrap_or_default();
    let reword = |fragment: &str| {
        let renamed = |part| if fold(str::trim(part)) == old_name { new_name } else { part };
        fragment.split('#').map(renamed).collect::<Vec<&str>>().join("#")
    };
    let edits = vec![(note.id, Edit { span: heading.content, new_text: new.to_owned() })];
    Ok(with_links_to_headings(vault, &edits, &reword, cancel)?)
}

/// Gives an HTML element or a heading another id, and its links with it.
pub(super) fn rename_anchor(
    vault: &Snapshot,
    note: &NoteRef<'_>,
    name: Span,
    new: &str,
    cancel: &Cancel,
) -> Result<Vec<NoteEdits>, ChangeFailure> {
    if new.contains(|c: char| c.is_whitespace() || c.is_control() || "\"'<>`=&{}[]#|^%".contains(c)) {
        return Err(
            ChangeError::Unfit("an id: no white space, quotes, brackets or other signs of markup").into()
        );
    }
    let places = Fragments::of(*note);
    if places.find(new) != Place::Missing {
        return Err(ChangeError::Taken(format!("#{new}")).into());
    }
    let mut edits = vec![(note.id, Edit { span: name, new_text: new.to_owned() })];
    for LinkRef { source, link } in vault.links_to(note.id, cancel)? {
        let Some(span) = link.fragment else { continue };
        let raw = source.note.slice(span);
        let fragment = decode_link_part(link, &raw);
        if anchor_of(note, places.find_place(&source, link), &fragment) == Some(name) {
            let written = Position::fragment_of(link, &raw).write(new);
            edits.extend(written.map(|new| (source.id, Edit::replace(span, new))));
        }
    }
    Ok(by_note(vault, edits))
}

/// Gives a block another id.
pub(super) fn rename_block(
    vault: &Snapshot,
    note: &NoteRef<'_>,
    block: &Block,
    new: &str,
    cancel: &Cancel,
) -> Result<Vec<NoteEdits>, ChangeFailure> {
    let new = new.strip_prefix('^').unwrap_or(new);
    if new.is_empty() || !new.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') {
        return Err(ChangeError::Unfit("an id: letters and digits of ASCII, and `-`").into());
    }
    let others = note.note.parsed.blocks.iter().filter(|other| other.id != block.id);
    if others.into_iter().any(|other| note.note.slice(other.id).eq_ignore_ascii_case(new)) {
        return Err(ChangeError::Taken(format!("^{new}")).into());
    }
    let places = Fragments::of(*note);
    let mut edits = vec![(note.id, Edit { span: block.id, new_text: new.to_owned() })];
    for LinkRef { source, link } in vault.links_to(note.id, cancel)? {
        if let Some(fragment) = link.fragment
            && let Place::Block { id, .. } = places.find_place(&source, link)
            && id == block.id
        {
            let raw = source.note.slice(fragment);
            let sign = ["%5E", "%5e"].into_iter().find(|sign| raw.starts_with(sign)).unwrap_or("^");
            edits.push((source.id, Edit::replace(fragment, format!("{sign}{new}"))));
        }
    }
    let reword = |fragment: &str| fragment.replace(&*note.note.slice(block.id), new);
    Ok(with_links_to_headings(vault, &edits, &reword, cancel)?)
}
