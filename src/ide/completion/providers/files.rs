//! Notes and attachments by their names, and what to write for them.

use std::cmp::{Ordering, Reverse};
use std::ops::Range;

use rustc_hash::FxHashMap;

use crate::syntax::LinkKind;
use crate::vault::{
    Cancelled, File, FileId, Key, Letters, NameKind, NameRow, Snapshot, UnresolvedName, in_parts, searchable,
};

use crate::ide::completion::context::Draft;
use crate::ide::completion::ranking::relevance::{OfFiles, Relevance, of_match};
use crate::ide::completion::{CompletionKind, CompletionSubject, Request};
use crate::ide::preview::counted;
use crate::ide::search::MANY_GROUPS;
use crate::ide::search::matching::{Best, Effort, Query, Score, keep_first};
use crate::ide::search::typos::TypoQuery;

/// Of the roughly best, so many times more are compared exactly than are shown.
const ROUGH_FACTOR: usize = 2;

/// What could be meant, and how it was found.
#[derive(Clone, Copy)]
struct Candidate<'a> {
    what: Named<'a>,
    /// How likely it is meant, whatever is typed.
    relevance: f32,
}

/// What a link could name.
#[derive(Clone, Copy)]
enum Named<'a> {
    /// A file, by one of its names.
    File(FileId, NameKind),
    /// A note that is linked and not written yet.
    UnresolvedName(UnresolvedName<'a>),
}

impl<'a> Named<'a> {
    /// What makes it another one than others, by whichever of its names it was found.
    fn identity(self) -> (Option<FileId>, &'a str) {
        match self {
            Named::File(id, _) => (Some(id), ""),
            Named::UnresolvedName(name) => (None, name.name),
        }
    }
}

type Likeliest<'a> = Best<Reverse<Likelihood>, Candidate<'a>>;

impl Candidate<'_> {
    /// Returns how likely it is meant by the best way that what was typed fits.
    fn exact_likelihood(&mut self, query: &mut Query, vault: &Snapshot) -> Option<Likelihood> {
        let score = match &mut self.what {
            Named::File(id, name) => {
                let best = score_names(query, vault.name_row(*id)?, Effort::Exact, |_| true);
                best.map(|(best, score)| {
                    *name = best;
                    score
                })
            }
            Named::UnresolvedName(name) => query.score(name.searchable, Effort::Exact),
        };
        Some(likelihood(score?, self.relevance))
    }
}

/// What the order among equals is by: files by path before unresolved names.
fn place<'a>(vault: &'a Snapshot, what: Named<'a>) -> (bool, &'a str) {
    match what {
        Named::File(id, _) => (false, vault.file(id).map_or("", |file| file.path.as_str())),
        Named::UnresolvedName(name) => (true, name.name),
    }
}

/// How likely something is meant that fits so well.
fn likelihood(score: Score, relevance: f32) -> Likelihood {
    Likelihood(of_match(score) + relevance)
}

/// Log-odds, of which there is never one that is no number.
#[derive(Clone, Copy, Debug)]
struct Likelihood(f32);

impl PartialEq for Likelihood {
    fn eq(&self, other: &Likelihood) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Likelihood {}

impl PartialOrd for Likelihood {
    fn partial_cmp(&self, other: &Likelihood) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Likelihood {
    fn cmp(&self, other: &Likelihood) -> Ordering {
        self.0.total_cmp(&other.0)
    }
}

/// The notes that fit what was typed, those that are linked and not written yet among them, with the
/// attachments in an embed: the likeliest first, by how well the name fits and by what [`Relevance`] says of
/// the note. If none of them holds what was typed, those that hold it misspelled are among them.
pub(crate) fn files(request: &Request<'_>, kind: LinkKind) -> Result<Vec<Draft>, Cancelled> {
    let Request { vault, source, at, cancel, .. } = request;
    let relevance = Relevance::at(vault, source, *at, cancel)?;
    let parts = in_parts(vault.name_rows_count(), MANY_GROUPS, |groups| {
        let mut search = Search::new(request, kind, &relevance);
        search.groups(groups)?;
        Ok(search.best)
    });
    let mut best = Best::new(request.max_items().saturating_mul(ROUGH_FACTOR));
    for part in parts {
        best.merge(part?);
    }
    let mut query = query(request);
    unresolved(request, &mut query, &relevance, &mut best);
    let mut candidates = best.into_candidates();
    let at_cursor = keys_at_cursor(request);
    candidates.retain(|(_, candidate)| match candidate.what {
        Named::File(..) => true,
        Named::UnresolvedName(name) => is_offered(request, &at_cursor, name),
    });
    cancel.check()?;
    if !is_by_path(request) {
        for (likelihood, candidate) in &mut candidates {
            if let Some(exact) = candidate.exact_likelihood(&mut query, vault) {
                *likelihood = Reverse(exact);
            }
        }
    }
    let max = request.max_items();
    add_misspelled(request, kind, &relevance, &mut candidates)?;
    keep_first(&mut candidates, max, |(likelihood, _)| *likelihood);
    candidates.sort_by_cached_key(|(likelihood, candidate)| (*likelihood, place(vault, candidate.what)));
    candidates.truncate(max);
    Ok(drafts(request, kind, candidates.into_iter().map(|(_, candidate)| candidate.what)))
}

fn query(request: &Request<'_>) -> Query {
    Query::new(typed(request))
}

fn typed<'a>(request: &'a Request<'_>) -> &'a str {
    request.context.typed.trim_start_matches(['.', '/'])
}

/// Adds what [`TypoQuery`] finds beside these candidates. One that both found keeps the better way. Takes two
/// to four times as long as the search before.
fn add_misspelled<'a>(
    request: &'a Request<'_>,
    kind: LinkKind,
    relevance: &'a Relevance,
    candidates: &mut Vec<(Reverse<Likelihood>, Candidate<'a>)>,
) -> Result<(), Cancelled> {
    let Some(mut typos) = TypoQuery::new(typed(request)) else { return Ok(()) };
    let is_spelled_right = candidates.iter().any(|(_, candidate)| holds(request, candidate.what, &mut typos));
    let Some(typos) = typos.beside(is_spelled_right) else { return Ok(()) };
    let vault = request.vault;
    let parts = in_parts(vault.name_rows_count(), MANY_GROUPS, |groups| {
        let mut search = Search::new(request, kind, relevance);
        search.misspelled_groups(groups, &mut typos.clone())?;
        Ok(search.best)
    });
    let mut best = Best::new(request.max_items().saturating_mul(ROUGH_FACTOR));
    for part in parts {
        best.merge(part?);
    }
    misspelled_unresolved(request, typos, relevance, &mut best);
    let known = candidates.iter().enumerate();
    let known: FxHashMap<_, usize> =
        known.map(|(index, (_, candidate))| (candidate.what.identity(), index)).collect();
    for (likelihood, candidate) in best.into_candidates() {
        match known.get(&candidate.what.identity()).and_then(|index| candidates.get_mut(*index)) {
            Some(known) if known.0 <= likelihood => {}
            Some(known) => *known = (likelihood, candidate),
            None => candidates.push((likelihood, candidate)),
        }
    }
    Ok(())
}

/// Whether one of the names holds what was typed as it is.
fn holds(request: &Request<'_>, what: Named<'_>, typos: &mut TypoQuery) -> bool {
    match what {
        Named::File(id, _) if is_by_path(request) => request
            .vault
            .file(id)
            .is_some_and(|file| typos.stands_in(&searchable(file.path.without_extension()))),
        Named::File(id, _) => {
            let names = request.vault.name_row(id).into_iter().flat_map(NameRow::names);
            names.into_iter().any(|(_, name)| typos.stands_in(name))
        }
        Named::UnresolvedName(name) => typos.stands_in(name.searchable),
    }
}

fn is_by_path(request: &Request<'_>) -> bool {
    request.context.typed.contains('/')
}

/// A search through the names of files.
struct Search<'a> {
    request: &'a Request<'a>,
    kind: LinkKind,
    by_path: bool,
    query: Query,
    relevance: &'a Relevance,
    of_files: OfFiles<'a>,
    best: Likeliest<'a>,
}

impl<'a> Search<'a> {
    fn new(request: &'a Request<'a>, kind: LinkKind, relevance: &'a Relevance) -> Search<'a> {
        Search {
            request,
            kind,
            by_path: is_by_path(request),
            query: query(request),
            relevance,
            of_files: OfFiles::from(request.vault, &request.source),
            best: Best::new(request.max_items().saturating_mul(ROUGH_FACTOR)),
        }
    }

    /// Searches some groups of files.
    fn groups(&mut self, groups: Range<usize>) -> Result<(), Cancelled> {
        let letters = if self.by_path { Letters::default() } else { self.query.letters() };
        for group in groups {
            self.request.cancel.check()?;
            let rows = self.request.vault.name_rows(group);
            rows.into_iter().flat_map(|rows| rows.holding(letters)).for_each(|row| self.file(row));
        }
        Ok(())
    }

    fn file(&mut self, row: NameRow<'a>) {
        if !row.is_note() && self.kind != LinkKind::Embed {
            return;
        }
        let relevance = self.of_files.of(row) + self.relevance.collected(row.id());
        if !self.by_path {
            let best = likelihood(self.query.best_score_of(row), relevance);
            if !self.best.admits(Reverse(best)) {
                return;
            }
        }
        let admits = |score| self.best.admits(Reverse(likelihood(score, relevance)));
        let rough = match self.by_path {
            true => self.request.vault.file(row.id()).and_then(|file| score_path(&mut self.query, file)),
            false => score_names(&mut self.query, row, Effort::Rough, admits),
        };
        if let Some((name, score)) = rough {
            let what = Named::File(row.id(), name);
            self.best.add(Reverse(likelihood(score, relevance)), Candidate { what, relevance });
        }
    }
}

impl<'a> Search<'a> {
    /// Searches some groups of files for what was typed, with a few letters wrong.
    fn misspelled_groups(&mut self, groups: Range<usize>, typos: &mut TypoQuery) -> Result<(), Cancelled> {
        let letters = if self.by_path { Letters::default() } else { typos.letters() };
        let wrong = typos.wrong();
        for group in groups {
            self.request.cancel.check()?;
            let rows = self.request.vault.name_rows(group);
            let rows = rows.into_iter().flat_map(|rows| rows.holding_most(letters, wrong));
            rows.for_each(|row| self.misspelled_file(row, typos));
        }
        Ok(())
    }

    fn misspelled_file(&mut self, row: NameRow<'a>, typos: &mut TypoQuery) {
        if !row.is_note() && self.kind != LinkKind::Embed {
            return;
        }
        let relevance = self.of_files.of(row) + self.relevance.collected(row.id());
        if !self.best.admits(Reverse(likelihood(typos.best_score(), relevance))) {
            return;
        }
        let found = if self.by_path {
            let file = self.request.vault.file(row.id());
            let path = file.map(|file| searchable(file.path.without_extension()));
            path.and_then(|path| Some((typos.score(&path)?, NameKind::Stem)))
        } else {
            best_misspelled(typos, row)
        };
        if let Some((score, name)) = found {
            let what = Named::File(row.id(), name);
            self.best.add(Reverse(likelihood(score, relevance)), Candidate { what, relevance });
        }
    }
}

/// The best match among a file's names, and the first of those that are equal.
pub(crate) fn best_misspelled(typos: &mut TypoQuery, names: NameRow<'_>) -> Option<(Score, NameKind)> {
    let scored = names.names().filter_map(|(kind, name)| Some((typos.score(name)?, kind)));
    scored.max_by_key(|(score, kind)| (*score, Reverse(*kind)))
}

/// Adds the names that are linked and not written yet.
fn unresolved<'a>(
    request: &'a Request<'_>,
    query: &mut Query,
    relevance: &Relevance,
    best: &mut Likeliest<'a>,
) {
    let (vault, letters) = (request.vault, query.letters());
    // While the vault is being read, a note that bears such a name may only be unread.
    let unresolved = (!vault.coverage().is_loading()).then(|| vault.unresolved_holding(letters));
    for name in unresolved.into_iter().flatten() {
        let relevance = relevance.of_unresolved(&name);
        let admits = |score| best.admits(Reverse(likelihood(score, relevance)));
        if let Some(score) = query.score_if(name.searchable, name.initials, Effort::Rough, admits) {
            let what = Named::UnresolvedName(name);
            best.add(Reverse(likelihood(score, relevance)), Candidate { what, relevance });
        }
    }
}

/// Adds those of them that hold what was typed with a few letters wrong.
fn misspelled_unresolved<'a>(
    request: &'a Request<'_>,
    mut typos: TypoQuery,
    relevance: &Relevance,
    best: &mut Likeliest<'a>,
) {
    let vault = request.vault;
    let unresolved = (!vault.coverage().is_loading()).then(|| vault.unresolved());
    let at_cursor = keys_at_cursor(request);
    for name in unresolved.into_iter().flatten() {
        if name.letters.cover_most(typos.letters(), typos.wrong())
            && let Some(score) = typos.score(name.searchable)
            && is_offered(request, &at_cursor, name)
        {
            let relevance = relevance.of_unresolved(&name);
            let what = Named::UnresolvedName(name);
            best.add(Reverse(likelihood(score, relevance)), Candidate { what, relevance });
        }
    }
}

/// What is written for each of the names.
fn drafts<'a>(request: &Request<'_>, kind: LinkKind, names: impl Iterator<Item = Named<'a>>) -> Vec<Draft> {
    let (writer, vault) = (request.link_writer(), request.vault);
    let has_room = request.context.takes_display && kind == LinkKind::Wikilink;
    let draft = |name: Named<'_>| match name {
        Named::File(id, name) => {
            let file = vault.file(id)?;
            let target = writer.nearest_target(kind, id, file);
            let new_text =
                if has_room { writer.with_shown(target.clone(), file, name) } else { target.clone() };
            vault.need_note(id);
            Some(file_draft(file, name, &target, new_text))
        }
        Named::UnresolvedName(name) => Some(unresolved_draft(name)),
    };
    names.filter_map(draft).collect()
}

/// The names that links at the cursor use.
fn keys_at_cursor(request: &Request<'_>) -> Vec<Key> {
    let note = request.source.note;
    let links = note.parsed.links.iter().zip(note.keys.links());
    let here = links.filter(|(link, _)| link.span.touches(request.at));
    here.filter_map(|(_, filed)| filed.map(|[last, _]| last)).collect()
}

/// Whether a name is linked elsewhere than at the cursor: what is being written there names nothing yet.
fn is_offered(request: &Request<'_>, at_cursor: &[Key], name: UnresolvedName<'_>) -> bool {
    let Request { vault, source, at, .. } = request;
    if name.notes > 1 || !at_cursor.contains(&name.key) || vault.users(name.key) != [source.id] {
        return true;
    }
    let links = source.note.parsed.links.iter().zip(source.note.keys.links());
    let mut by_it = links.filter(|(_, filed)| filed.is_some_and(|[last, _]| last == name.key));
    by_it.any(|(link, _)| !link.span.touches(*at))
}

/// The best match among a file's names; those that could not match well enough for `admits` are not compared.
pub(crate) fn score_names(
    query: &mut Query,
    names: NameRow<'_>,
    effort: Effort,
    admits: impl Fn(Score) -> bool,
) -> Option<(NameKind, Score)> {
    if query.is_empty() {
        return Some((NameKind::Stem, Score::default()));
    }
    let mut best: Option<(NameKind, Score)> = None;
    for (kind, name) in names.names() {
        let is_better = |score: Score| best.is_none_or(|(_, best)| score > best);
        let is_worth_it = |bound| admits(bound) && is_better(bound);
        let score = query.score_if(name, names.initials(), effort, is_worth_it);
        if let Some(score) = score.filter(|score| is_better(*score)) {
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

fn unresolved_draft(name: UnresolvedName<'_>) -> Draft {
    Draft {
        label: name.name.to_string(),
        detail: Some(format!("not written yet, linked in {}", counted(name.notes, "note"))),
        kind: CompletionKind::UnresolvedName,
        new_text: name.name.to_string(),
        ..Draft::default()
    }
}

fn file_draft(file: &File, name: NameKind, target: &str, new_text: String) -> Draft {
    let stem = file.path.stem();
    let title = file.note().and_then(|note| note.title());
    let front_matter = file.note().and_then(|note| note.parsed.front_matter.as_ref());
    let other_name = match name {
        NameKind::Stem => None,
        NameKind::Title => title,
        NameKind::Alias(index) => {
            front_matter.and_then(|front_matter| front_matter.aliases.get(index)).map(|alias| &*alias.value)
        }
    };
    let path = Some(file.path.to_string());
    let is_stem_enough = target == stem;
    let folder = Some(file.path.folder()).filter(|folder| !folder.is_empty());
    let beside_stem = title.filter(|title| *title != stem).or(folder).map(str::to_owned);
    Draft {
        label: other_name.unwrap_or(stem).to_owned(),
        detail: if other_name.is_some() || !is_stem_enough { path } else { beside_stem },
        kind: if file.is_note() { CompletionKind::Note } else { CompletionKind::Attachment },
        new_text,
        subject: Some(CompletionSubject::File { path: file.path.to_string(), fragment: None }),
        ..Draft::default()
    }
}
