//! Notes and attachments by their names, and what to write for them.

use std::cmp::Reverse;

use rustc_hash::FxHashMap;

use crate::syntax::LinkKind;
use crate::vault::{
    Cancel, Cancelled, File, FileId, NameKind, NoteRef, Snapshot, folder_distance, searchable,
};

use super::context::{Context, Draft};
use super::insert::LinkWriter;
use super::{CompletionItem, CompletionKind, CompletionSubject};
use crate::ide::matching::{Effort, Query, STRIDE, Score, keep_first};

/// Of the roughly best, so many times more are compared exactly than are shown.
const ROUGH_FACTOR: usize = 4;

struct Candidate<'a> {
    id: FileId,
    file: &'a File,
    name: NameKind,
    score: Score,
    distance: usize,
}

/// The notes that fit what was typed, with the attachments in an embed, best first: the better match, then the nearer
/// folder, then what is linked more. With nothing typed what is linked most comes first.
pub(super) fn files(
    vault: &Snapshot,
    source: &NoteRef<'_>,
    kind: LinkKind,
    context: &Context,
    cancel: &Cancel,
) -> Result<Vec<CompletionItem>, Cancelled> {
    let mut query = Query::new(context.typed.trim_start_matches(['.', '/']));
    let by_path = context.typed.contains('/');
    let mut distances = Distances::from(source);
    let mut candidates = Vec::new();
    for (index, (id, file)) in vault.files().enumerate() {
        if index % STRIDE == 0 {
            cancel.check()?;
        }
        if file.note().is_none() && kind != LinkKind::Embed {
            continue;
        }
        let rough =
            if by_path { score_path(&mut query, file) } else { score_names(&mut query, file, Effort::Rough) };
        if let Some((name, score)) = rough {
            let distance = distances.to(id, file);
            candidates.push(Candidate { id, file, name, score, distance });
        }
    }
    let max = vault.settings().completion_max_items;
    let with_nothing_typed = query.is_empty();
    let fit = |candidate: &Candidate<'_>| {
        if with_nothing_typed { None } else { Some((Reverse(candidate.score), candidate.distance)) }
    };
    keep_first(&mut candidates, max * ROUGH_FACTOR, fit);
    cancel.check()?;
    if !by_path {
        for candidate in &mut candidates {
            (candidate.name, candidate.score) = score_names(&mut query, candidate.file, Effort::Exact)
                .unwrap_or((candidate.name, candidate.score));
        }
    }
    keep_first(&mut candidates, max, fit);
    // Counting the users of a name costs more than all before, so it is done for those alone that it can decide about.
    let users = |candidate: &Candidate<'_>| vault.users(candidate.file.names.stem_key()).len();
    let mut ranked: Vec<_> = candidates
        .into_iter()
        .map(|one| (fit(&one), Reverse(users(&one)), one.distance, &one.file.path, one))
        .collect();
    let rank =
        |(fit, users, distance, path, _): &(_, _, _, _, Candidate<'_>)| (*fit, *users, *distance, *path);
    keep_first(&mut ranked, max, rank);
    ranked.sort_unstable_by_key(rank);
    ranked.truncate(max);
    let candidates = ranked.into_iter().map(|(.., candidate)| candidate);
    let writer = LinkWriter::new(vault, source, context);
    Ok(candidates.map(|candidate| item(&writer, kind, context, &candidate)).collect())
}

/// The best match among a file's names.
pub(super) fn score_names(query: &mut Query, file: &File, effort: Effort) -> Option<(NameKind, Score)> {
    if query.is_empty() {
        return Some((NameKind::Stem, Score::default()));
    }
    if !file.names.letters().cover(query.letters()) {
        return None;
    }
    let mut best: Option<(NameKind, Score)> = None;
    for (kind, name) in file.names.iter() {
        if let Some(score) =
            query.score(name, effort).filter(|score| best.is_none_or(|(_, best)| *score > best))
        {
            best = Some((kind, score));
        }
    }
    best
}

/// The match of a file's path, for a target that is typed with a `/`.
fn score_path(query: &mut Query, file: &File) -> Option<(NameKind, Score)> {
    let score = query.score(&searchable(file.path.without_extension()), Effort::Exact)?;
    Some((NameKind::Stem, score))
}

fn item(
    writer: &LinkWriter<'_>,
    kind: LinkKind,
    context: &Context,
    candidate: &Candidate<'_>,
) -> CompletionItem {
    let Candidate { file, .. } = candidate;
    let new_text = writer.text(kind, candidate.id, file, candidate.name);
    let stem = file.path.stem();
    let title = file.note().and_then(|note| note.title());
    let front_matter = file.note().and_then(|note| note.parsed.front_matter.as_ref());
    let other_name = match candidate.name {
        NameKind::Stem => None,
        NameKind::Title => title,
        NameKind::Alias(index) => {
            front_matter.and_then(|front_matter| front_matter.aliases.get(index)).map(|alias| &*alias.value)
        }
    };
    let path = Some(file.path.to_string());
    let is_stem_enough = writer.target(kind, candidate.id, file) == stem;
    let folder = Some(file.path.folder()).filter(|folder| !folder.is_empty());
    let beside_stem = title.filter(|title| *title != stem).or(folder).map(str::to_owned);
    context.item(Draft {
        label: other_name.unwrap_or(stem).to_owned(),
        detail: if other_name.is_some() || !is_stem_enough { path } else { beside_stem },
        kind: if file.note().is_some() { CompletionKind::Note } else { CompletionKind::Attachment },
        new_text,
        subject: Some(CompletionSubject::File { path: file.path.to_string(), fragment: None }),
        block_id: None,
    })
}

/// Steps from the folder of one note to those of others; each folder is compared once.
pub(super) struct Distances<'a> {
    source: FileId,
    folder: &'a str,
    known: FxHashMap<&'a str, usize>,
}

impl<'a> Distances<'a> {
    pub(super) fn from(source: &NoteRef<'a>) -> Distances<'a> {
        Distances { source: source.id, folder: source.path.folder(), known: FxHashMap::default() }
    }

    /// Steps to the folder of a file. The note itself is the farthest: it is seldom what a link in it means.
    pub(super) fn to(&mut self, id: FileId, file: &'a File) -> usize {
        if id == self.source {
            return usize::MAX;
        }
        let folder = file.path.folder();
        *self.known.entry(folder).or_insert_with(|| folder_distance(self.folder, folder))
    }
}
