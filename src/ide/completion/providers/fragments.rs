//! Headings and blocks, of one note or of the whole vault, and what to write for them.

use std::cmp::Reverse;

use crate::syntax::{LinkKind, decode_destination};
use crate::vault::{Cancel, Cancelled, FileId, NoteRef, Resolution, Snapshot};

use crate::ide::completion::context::{Context, Draft};
use crate::ide::completion::providers::files::Distances;
use crate::ide::completion::{CompletionItem, CompletionKind, CompletionSubject, fitting};
use crate::ide::links::escape::{Delimiter, Encoding, Position};
use crate::ide::links::fragment::{Fragments, parents};
use crate::ide::links::link_writer::LinkWriter;
use crate::ide::search::matching::{Query, Score, keep_first};

/// How many places are gathered at least before the worse ones are dropped.
const FULL: usize = 1024;

/// A place in a note that fits what was typed.
pub(crate) struct Candidate<'a> {
    pub(crate) note: NoteRef<'a>,
    /// The index of the heading or block.
    pub(crate) index: usize,
    score: Score,
    distance: usize,
}

/// The headings of the note that `target` means, best match first and then in the order of the note.
pub(crate) fn headings(
    vault: &Snapshot,
    source: &NoteRef<'_>,
    kind: LinkKind,
    target: &str,
    context: &Context,
) -> Vec<CompletionItem> {
    let Some(note) = target_note(vault, source, kind, target) else { return Vec::new() };
    let parsed = &note.note.parsed;
    let (above, typed) = match context.typed.rsplit_once('#') {
        Some((above, typed)) => (Some(above.replace('#', " ")), typed),
        None => (None, &*context.typed),
    };
    let mut above = above.map(|above| Query::new(&above));
    let mut query = Query::new(typed);
    let mut found = Vec::new();
    for (index, heading) in parsed.headings.iter().enumerate() {
        let is_below = |above: &mut Query| above.score_name(&parents(parsed, index).join(" ")).is_some();
        if !above.as_mut().is_none_or(is_below) {
            continue;
        }
        let score = query.score_name(parsed.heading_name(heading));
        found.extend(score.map(|score| (Reverse(score), index)));
    }
    found.sort_unstable();
    found.truncate(vault.settings().completion_max_items);
    let fragments = Fragments::of(note);
    let items = found.into_iter().filter_map(|(_, index)| {
        let new_text = fragments.name_heading(index, Position::Fragment, None)?;
        let detail = Some(parents(parsed, index).join(" › ")).filter(|parents| !parents.is_empty());
        Some(context.item(heading_draft(&note, index, detail, new_text)))
    });
    items.collect()
}

/// The headings of all notes.
pub(crate) fn all_headings(
    vault: &Snapshot,
    source: &NoteRef<'_>,
    context: &Context,
    cancel: &Cancel,
) -> Result<Vec<CompletionItem>, Cancelled> {
    let mut query = Query::new(context.typed.trim_start_matches('#'));
    let found = search(vault, source, cancel, |note, found| {
        for (index, heading) in note.note.parsed.headings.iter().enumerate() {
            let score = query.score_name(note.note.parsed.heading_name(heading));
            found.extend(score.map(|score| (index, score)));
        }
    })?;
    let writer = context.link_writer(vault, source);
    let items = found.into_iter().filter_map(|Candidate { note, index, .. }| {
        let fragment = Fragments::of(note).name_heading(index, Position::Fragment, None)?;
        let new_text = format!("{}#{fragment}", target_of(vault, source, &writer, note.id));
        let parents = parents(&note.note.parsed, index);
        let detail = std::iter::once(note.path.as_str()).chain(parents).collect::<Vec<_>>().join(" › ");
        Some(context.item(heading_draft(&note, index, Some(detail), new_text)))
    });
    Ok(items.collect())
}

/// The headings of the note that the target of a Markdown link means, as GitHub's slugs.
pub(crate) fn slugs(
    vault: &Snapshot,
    source: &NoteRef<'_>,
    target: &str,
    context: &Context,
) -> Vec<CompletionItem> {
    let Some(note) = target_note(vault, source, LinkKind::Inline, target) else { return Vec::new() };
    let parsed = &note.note.parsed;
    let (slugs, headings) = (parsed.slugs(), parsed.heading_index());
    // A slug may be searched by the letters of its heading, and those of the slug itself stand for them.
    let typed = decode_destination(&context.typed);
    let named: Vec<_> = parsed.headings.iter().zip(&slugs).enumerate().collect();
    let found = fitting(vault, &typed, &named, |(_, (heading, _))| parsed.heading_name(heading));
    let items = found.into_iter().filter(|(index, (_, slug))| headings.find(slug) == Some(*index));
    let items = items.filter_map(|(index, (_, slug))| {
        let detail = Some(parents(parsed, *index).join(" › ")).filter(|parents| !parents.is_empty());
        let encoding = Encoding::like(&context.typed, Delimiter::None);
        let new_text = Position::EncodedFragment(encoding).write(slug)?.into_owned();
        Some(context.item(heading_draft(&note, *index, detail, new_text)))
    });
    items.collect()
}

/// Looks for places in every note and gives the best, the nearer ones first among equals. Its cost grows with
/// the vault.
pub(crate) fn search<'a>(
    vault: &'a Snapshot,
    source: &NoteRef<'a>,
    cancel: &Cancel,
    mut places: impl FnMut(&NoteRef<'a>, &mut Vec<(usize, Score)>),
) -> Result<Vec<Candidate<'a>>, Cancelled> {
    let max = vault.settings().completion_max_items;
    let rank = |one: &Candidate<'a>| (Reverse(one.score), one.distance, one.note.path, one.index);
    let mut distances = Distances::from(source);
    let mut candidates: Vec<Candidate<'a>> = Vec::new();
    // What is worse than this cannot be among the best any more.
    let mut bar = None;
    let mut in_note = Vec::new();
    for (looked_at, note) in vault.notes().enumerate() {
        cancel.check_at(looked_at)?;
        places(&note, &mut in_note);
        if in_note.is_empty() {
            continue;
        }
        let Some(file) = vault.file(note.id) else { continue };
        let distance = distances.to(note.id, file);
        let places = in_note.drain(..).map(|(index, score)| Candidate { note, index, score, distance });
        candidates.extend(places.filter(|one| bar.is_none_or(|bar| rank(one) < bar)));
        if candidates.len() >= max.saturating_mul(8).max(FULL) {
            keep_first(&mut candidates, max, rank);
            bar = candidates.iter().map(rank).max();
        }
    }
    keep_first(&mut candidates, max, rank);
    candidates.sort_unstable_by_key(rank);
    Ok(candidates)
}

/// The note that the target of a link means; the link's own note if it is empty.
pub(crate) fn target_note<'a>(
    vault: &'a Snapshot,
    source: &NoteRef<'a>,
    kind: LinkKind,
    target: &str,
) -> Option<NoteRef<'a>> {
    if target.is_empty() {
        return Some(*source);
    }
    match vault.resolve_target(source.path.folder(), kind, target) {
        Resolution::Found(found) => vault.note(found.best),
        _ => None,
    }
}

/// What a link of `source` names a note by; empty for itself.
pub(crate) fn target_of(
    vault: &Snapshot,
    source: &NoteRef<'_>,
    writer: &LinkWriter<'_>,
    note: FileId,
) -> String {
    match vault.file(note) {
        Some(file) if note != source.id => writer.nearest_target(LinkKind::Wikilink, note, file),
        _ => String::new(),
    }
}

fn heading_draft(note: &NoteRef<'_>, index: usize, detail: Option<String>, new_text: String) -> Draft {
    let parsed = &note.note.parsed;
    let name = parsed.headings.get(index).map(|heading| parsed.heading_name(heading)).unwrap_or_default();
    let fragment = new_text.split_once('#').map_or(new_text.as_str(), |(_, fragment)| fragment);
    Draft {
        label: name.to_owned(),
        detail,
        kind: CompletionKind::Heading,
        subject: Some(CompletionSubject::File {
            path: note.path.to_string(),
            fragment: Some(fragment.to_owned()),
        }),
        new_text,
        ..Draft::default()
    }
}
