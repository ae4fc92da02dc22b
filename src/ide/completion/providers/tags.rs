//! Tags of the vault.

use rustc_hash::FxHashMap;

use crate::vault::{Cancelled, NameRows, fold};

use crate::ide::completion::context::Draft;
use crate::ide::completion::{CompletionKind, CompletionSubject, Request};
use crate::ide::preview::counted;
use crate::ide::search::matching::Query;

/// A tag and in how many notes it stands.
struct Tag<'a> {
    name: &'a str,
    notes: usize,
}

/// The tags that fit what was typed, in equal fit those of most notes first. `mark` stands before them in the
/// list. Looks at the names of all tags, which are kept ready, and at no text.
pub(crate) fn tags(request: &Request<'_>, mark: &str) -> Result<Vec<Draft>, Cancelled> {
    let wanted = Query::new(&request.context.typed).letters();
    let own_tag = tag_at_cursor(request);
    let mut spellings: FxHashMap<&str, usize> = FxHashMap::default();
    let groups = (0..request.vault.name_rows_count()).filter_map(|group| request.vault.name_rows(group));
    for (index, row) in groups.flat_map(NameRows::iter).enumerate() {
        request.cancel.check_at(index)?;
        let own_tag = own_tag.as_deref().filter(|_| row.id() == request.source.id);
        for name in row.tags(wanted).filter(|name| own_tag != Some(*name)) {
            *spellings.entry(name).or_default() += 1;
        }
    }
    let found = by_name(spellings);
    let items = request.fitting(&found, |tag| tag.name).into_iter().map(|tag| Draft {
        label: format!("{mark}{}", tag.name),
        detail: Some(counted(tag.notes, "note")),
        kind: CompletionKind::Tag,
        new_text: tag.name.to_owned(),
        subject: Some(CompletionSubject::Tag(tag.name.to_owned())),
        ..Draft::default()
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
fn tag_at_cursor(request: &Request<'_>) -> Option<String> {
    let note = request.source.note;
    let tags = &note.parsed.tags;
    let own = tags.iter().find(|tag| tag.name.touches(request.context.start()))?;
    let name = note.slice(own.name);
    let is_elsewhere = tags.iter().any(|tag| tag != own && note.slice(tag.name) == name);
    (!is_elsewhere).then(|| name.into_owned())
}
