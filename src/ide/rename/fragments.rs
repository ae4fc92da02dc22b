//! Renaming what a fragment names: a heading or a block, and the fragments of all links to it.

use crate::syntax::{Block, Heading, Link, Parsed, decode_link_part};
use crate::text::Span;
use crate::vault::{Backlinks, Cancel, Cancelled, FileId, NoteRef, Snapshot, fold};

use super::headings::with_links_to_headings;
use super::{ChangeError, ChangeFailure, Edit, NoteEdits};
use crate::ide::links::escape::{Part, encode};
use crate::ide::links::fragment::{Fragments, Place, heading_texts, is_writable_fragment};

/// Gives a heading another text. All links that lead to a heading of the note go on to lead to the same one, also where
/// the slugs of others change with it or a nested fragment (`#A#B`) passes by it.
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
    let after = vault.with_text(note.id, &text);
    let Some(note_after) = after.note(note.id) else { return Err(ChangeError::BrokenLink.into()) };
    let (parsed, parsed_after) = (&note.note.parsed, &note_after.note.parsed);
    let index = position(parsed, heading.span);
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

/// What the links to headings of a note have to say to lead to the same ones once the note has become another; nothing, if it
/// has more or fewer headings then. `reword` is what a fragment in words would say.
pub(super) fn relink_headings(
    vault: &Snapshot,
    (note, note_after): (&NoteRef<'_>, &NoteRef<'_>),
    reword: &dyn Fn(&str) -> String,
    cancel: &Cancel,
) -> Result<Vec<(FileId, Edit)>, Cancelled> {
    let (parsed, parsed_after) = (&note.note.parsed, &note_after.note.parsed);
    if parsed.headings.len() != parsed_after.headings.len() {
        return Ok(Vec::new());
    }
    let (places, places_after) = (Fragments::of(*note), Fragments::of(*note_after));
    let (old_slugs, slugs) = (parsed.slugs(), parsed_after.slugs());
    let mut edits = Vec::new();
    for_each_fragment(vault, note.id, cancel, |source, link, fragment| {
        let Place::Heading { heading, .. } = places.find_place(source, link) else { return };
        let Some(index) = position(parsed, heading) else { return };
        let raw = source.note.slice(fragment);
        let decoded = decode_link_part(link, &raw);
        let leads_there = |fragment: &str| match places_after.find(fragment) {
            Place::Heading { heading, .. } => position(parsed_after, heading) == Some(index),
            _ => false,
        };
        if leads_there(&decoded) {
            return;
        }
        let name = parsed.headings.get(index).map_or("", |heading| parsed.heading_name(heading));
        let is_slug = old_slugs.get(index).is_some_and(|slug| *slug == decoded) && decoded != name;
        let mut written = if is_slug { slugs.get(index).cloned().into_iter().collect() } else { Vec::new() };
        written.push(reword(&decoded));
        written.extend(heading_texts(parsed_after, index));
        written.extend(slugs.get(index).cloned());
        let mut written =
            written.into_iter().filter(|text| !link.kind.is_wiki() || is_writable_fragment(text));
        if let Some(text) = written.find(|text| leads_there(text)) {
            let new_text = if link.kind.is_wiki() { text } else { encode(&text, Part::Fragment, &raw) };
            edits.push((source.id, Edit { span: fragment, new_text }));
        }
    })?;
    Ok(edits)
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
    for_each_fragment(vault, note.id, cancel, |source, link, fragment| {
        if let Place::Block { id, .. } = places.find_place(source, link)
            && id == block.id
        {
            let raw = source.note.slice(fragment);
            let sign = ["^", "%5E", "%5e"].into_iter().find(|sign| raw.starts_with(sign));
            let edit = match sign {
                Some(sign) => Edit {
                    span: Span::between(fragment.start.plus(sign.len()), fragment.end),
                    new_text: new.to_owned(),
                },
                None => Edit { span: fragment, new_text: format!("^{new}") },
            };
            edits.push((source.id, edit));
        }
    })?;
    let reword = |fragment: &str| fragment.replace(&*note.note.slice(block.id), new);
    Ok(with_links_to_headings(vault, &edits, &reword, cancel)?)
}

fn for_each_fragment(
    vault: &Snapshot,
    note: FileId,
    cancel: &Cancel,
    mut take: impl FnMut(&NoteRef<'_>, &Link, Span),
) -> Result<(), Cancelled> {
    let backlinks = Backlinks::of(vault, note);
    for source in backlinks.sources() {
        cancel.check()?;
        for link in backlinks.from(source) {
            if let Some(fragment) = link.fragment {
                take(&source, link, fragment);
            }
        }
    }
    Ok(())
}

fn position(parsed: &Parsed, heading: Span) -> Option<usize> {
    parsed.headings.iter().position(|one| one.span == heading)
}
