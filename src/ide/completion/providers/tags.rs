//! Tags of the vault.

use rustc_hash::FxHashMap;

use crate::vault::{Cancel, Cancelled, NoteRef, Snapshot, fold};

use crate::ide::completion::context::{Context, Draft};
use crate::ide::completion::{CompletionItem, CompletionKind, CompletionSubject, fitting};
use crate::ide::search::matching::Query;

/// A tag and in how many notes it stands.
struct Tag<'a> {
    name: &'a str,
    notes: usize,
}

/// The tags that fit what was typed, in equal fit those of most notes first. `mark` stands before them in the
/// list. Looks at the names of all tags, which are kept ready, and at no text.
pub(crate) fn tags(
    vault: &Snapshot,
    source: &NoteRef<'_>,
    mark: &str,
    context: &Context,
    cancel: &Cancel,
) -> Result<Vec<CompletionItem>, Cancelled> {
    let wanted = Query::new(&context.typed).letters();
    let mut spellings: FxHashMap<&str, usize> = FxHashMap::default();
    for (index, (id, file)) in vault.files().enumerate() {
        cancel.check_at(index)?;
        let own = (id == source.id).then(|| tag_at_cursor(source, context)).flatten();
        for name in file.names.tags_with(wanted).filter(|name| own.as_deref() != Some(*name)) {
            *spellings.entry(name).or_default() += 1;
        }
    }
    let found = by_name(spellings);
    let items = fitting(vault, &context.typed, &found, |tag| tag.name).into_iter().map(|tag| {
        context.item(Draft {
            label: format!("{mark}{}", tag.name),
            detail: Some(if tag.notes == 1 { "1 note".to_owned() } else { format!("{} notes", tag.notes) }),
            kind: CompletionKind::Tag,
            new_text: tag.name.to_owned(),
            subject: Some(CompletionSubject::Tag(tag.name.to_owned())),
            ..Draft::default()
        })
    });
    Ok(items.collect())
}

/// Spellings that are one tag together, under the one of most notes; those of most notes first.
fn by_name(spellings: FxHashMap<&str, usize>) -> Vec<Tag<'_>> {
    let most_first = |tags: &mut Vec<Tag<'_>>| {
        tags.sort_unstable_by(|one, other| other.notes.cmp(&one.notes).then(one.name.cmp(other.name)));
    };
    let mut spelled: Vec<Tag<'_>> = spellings.into_iter().map(|(name, notes)| Tag { name, notes }).collect();
    most_first(&mut spelled);
    let mut places = FxHashMap::default();
    let mut tags: Vec<Tag<'_>> = Vec::new();
    for tag in spelled {
        let place = *places.entry(fold(tag.name)).or_insert(tags.len());
        match tags.get_mut(place) {
            Some(known) => known.notes += tag.notes,
            None => tags.push(tag),
        }
    }
    most_first(&mut tags);
    tags
}

/// The tag that is being written, if the note has it nowhere else: it is no tag of the vault yet.
fn tag_at_cursor(source: &NoteRef<'_>, context: &Context) -> Option<String> {
    let tags = &source.note.parsed.tags;
    let own = tags.iter().find(|tag| tag.name.touches(context.start()))?;
    let name = source.note.slice(own.name);
    let is_elsewhere = tags.iter().any(|tag| tag != own && source.note.slice(tag.name) == name);
    (!is_elsewhere).then(|| name.into_owned())
}
