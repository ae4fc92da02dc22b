//! Headings and blocks, of one note or of the whole vault, and what to write for them.

use std::borrow::Cow;
use std::cmp::Reverse;

use crate::syntax::{LinkKind, decode_destination};
use crate::vault::{Cancelled, FileId, NoteRef};

use crate::ide::completion::context::Draft;
use crate::ide::completion::ranking::distance::Distances;
use crate::ide::completion::{CompletionKind, CompletionSubject, Request};
use crate::ide::links::escape::{Delimiter, Encoding, Position};
use crate::ide::links::fragment::{FragmentCache, Fragments, parents};
use crate::ide::links::link_writer::LinkWriter;
use crate::ide::search::matching::{Best, Query, Score};

/// The headings of the note that `target` means, best match first and then in the order of the note; then its
/// HTML ids.
pub(crate) fn headings(request: &Request<'_>, kind: LinkKind, target: &str) -> Result<Vec<Draft>, Cancelled> {
    let Some(note) = request.target_note(kind, target) else { return Ok(Vec::new()) };
    let parsed = &note.note.parsed;
    let (above, typed) = match request.context.typed.rsplit_once('#') {
        Some((above, typed)) => (Some(above.replace('#', " ")), typed),
        None => (None, &*request.context.typed),
    };
    let mut query = above.as_ref().map(|above| Query::new(above));
    let mut is_below = |index: usize| {
        let matches = |above: &mut Query| above.score_name(&parents(parsed, index).join(" ")).is_some();
        query.as_mut().is_none_or(matches)
    };
    let mut below = Vec::new();
    for (index, heading) in parsed.headings.iter().enumerate() {
        request.cancel.check_at(index)?;
        if is_below(index) {
            below.push((index, heading));
        }
    }
    let found = request.matching(typed, &below, |(_, heading)| parsed.heading_name(heading));
    let fragments = Fragments::of(note);
    let items = found.into_iter().filter_map(|(index, _)| {
        let new_text = fragments.name_heading(*index, Position::Fragment, None)?;
        Some(heading_draft(&note, *index, parents(parsed, *index).join(" › "), new_text))
    });
    let mut items: Vec<Draft> = items.collect();
    if above.is_none() {
        items.extend(anchors(request, &note, typed, Position::Fragment));
    }
    Ok(items)
}

/// The headings of the note that the target of a Markdown link means, as GitHub's slugs; then its HTML ids.
pub(crate) fn slugs(request: &Request<'_>, target: &str) -> Vec<Draft> {
    let Some(note) = request.target_note(LinkKind::Inline, target) else { return Vec::new() };
    let parsed = &note.note.parsed;
    let (slugs, headings) = (parsed.slugs(), parsed.heading_index());
    // A slug may be searched by the letters of its heading, and those of the slug itself stand for them.
    let typed = decode_destination(&request.context.typed);
    let named: Vec<_> = parsed.headings.iter().zip(&slugs).enumerate().collect();
    let found = request.matching(&typed, &named, |(_, (heading, _))| parsed.heading_name(heading));
    let items = found.into_iter().filter(|(index, (_, slug))| headings.find(slug) == Some(*index));
    let position = Position::EncodedFragment(Encoding::like(&request.context.typed, Delimiter::None));
    let items = items.filter_map(|(index, (_, slug))| {
        let new_text = position.write(slug)?.into_owned();
        Some(heading_draft(&note, *index, parents(parsed, *index).join(" › "), new_text))
    });
    items.chain(anchors(request, &note, &typed, position)).collect()
}

/// The HTML ids and the ids of headings of a note, best match first and then in the order of the note.
fn anchors(request: &Request<'_>, note: &NoteRef<'_>, typed: &str, position: Position) -> Vec<Draft> {
    let anchors = note.note.parsed.anchors.iter().map(|anchor| note.note.slice(*anchor));
    let anchors: Vec<Cow<'_, str>> = anchors.filter(|id| !id.is_empty()).collect();
    let found = request.matching(typed, &anchors, |id| &**id).into_iter();
    let items = found.filter_map(|id| {
        let new_text = position.write(id)?.into_owned();
        let fragment = Some(id.to_string());
        Some(Draft {
            label: id.to_string(),
            detail: Some("id".to_owned()),
            kind: CompletionKind::Anchor,
            subject: Some(CompletionSubject::File { path: note.path.to_string(), fragment }),
            new_text,
            ..Draft::default()
        })
    });
    items.collect()
}

/// The headings of all notes.
pub(crate) fn all_headings(request: &Request<'_>) -> Result<Vec<Draft>, Cancelled> {
    let writer = request.link_writer();
    let fragments = FragmentCache::default();
    headings_of_all(request, |note, index| {
        let fragment = fragments.of(*note).name_heading(index, Position::Fragment, None)?;
        Some(format!("{}#{fragment}", target_of(request, &writer, note.id)))
    })
}

/// The headings of all notes as a path and GitHub's slug, to stand between the signs of `delimiter`.
pub(crate) fn all_slugs(request: &Request<'_>, delimiter: Delimiter) -> Result<Vec<Draft>, Cancelled> {
    let writer = request.link_writer();
    let encoding = Encoding { delimiter, ..Encoding::default() };
    let fragments = FragmentCache::default();
    let mut items = headings_of_all(request, |note, index| {
        let fragments = fragments.of(*note);
        let slug = fragments.slugs().get(index)?;
        let is_found = fragments.find_heading(slug) == Some(index);
        let fragment = Position::EncodedFragment(encoding).write(slug).filter(|_| is_found)?;
        let path = match note.id == request.source.id {
            true => String::new(),
            false => writer.destination(note.id, encoding)?,
        };
        Some(format!("{path}#{fragment}"))
    })?;
    let typed = request.context.typed.trim_start_matches('#');
    let own = anchors(request, &request.source, typed, Position::EncodedFragment(encoding));
    items.extend(own.into_iter().map(|draft| Draft { new_text: format!("#{}", draft.new_text), ..draft }));
    Ok(items)
}

/// The headings of all notes, best match first, each as `write` names it by its index.
fn headings_of_all<'a>(
    request: &Request<'a>,
    write: impl Fn(&NoteRef<'a>, usize) -> Option<String>,
) -> Result<Vec<Draft>, Cancelled> {
    let mut query = Query::new(request.context.typed.trim_start_matches('#'));
    let found = search(request, |note, found| {
        for (index, heading) in note.note.parsed.headings.iter().enumerate() {
            let score = query.score_name(note.note.parsed.heading_name(heading));
            found.extend(score.map(|score| (index, score)));
        }
    })?;
    let items = found.into_iter().filter_map(|(note, index)| {
        let new_text = write(&note, index)?;
        let parents = parents(&note.note.parsed, index);
        let detail = std::iter::once(note.path.as_str()).chain(parents).collect::<Vec<_>>().join(" › ");
        Some(heading_draft(&note, index, detail, new_text))
    });
    Ok(items.collect())
}

/// Returns the best of the places that `places` finds in every note, each by its index in its note; among
/// equals the nearer ones come first. Its cost grows with the vault.
pub(crate) fn search<'a>(
    request: &Request<'a>,
    mut places: impl FnMut(&NoteRef<'a>, &mut Vec<(usize, Score)>),
) -> Result<Vec<(NoteRef<'a>, usize)>, Cancelled> {
    let mut distances = Distances::from(&request.source);
    let mut best = Best::new(request.max_items());
    let mut in_note = Vec::new();
    for (looked_at, note) in request.vault.notes().enumerate() {
        request.cancel.check_at(looked_at)?;
        places(&note, &mut in_note);
        if in_note.is_empty() {
            continue;
        }
        let Some(file) = request.vault.file(note.id) else { continue };
        let distance = distances.to(note.id, file);
        for (index, score) in in_note.drain(..) {
            best.add((Reverse(score), distance, note.path, index), note);
        }
    }
    let mut found = best.into_candidates();
    found.sort_unstable_by_key(|(rank, _)| *rank);
    Ok(found.into_iter().map(|((.., index), note)| (note, index)).collect())
}

/// What a link in the note of a request names another note by; empty for the note itself.
pub(crate) fn target_of(request: &Request<'_>, writer: &LinkWriter<'_>, note: FileId) -> String {
    match request.vault.file(note) {
        Some(file) if note != request.source.id => writer.nearest_target(LinkKind::Wikilink, note, file),
        _ => String::new(),
    }
}

fn heading_draft(note: &NoteRef<'_>, index: usize, detail: String, new_text: String) -> Draft {
    let parsed = &note.note.parsed;
    let name = parsed.headings.get(index).map(|heading| parsed.heading_name(heading)).unwrap_or_default();
    let fragment = new_text.split_once('#').map_or(new_text.as_str(), |(_, fragment)| fragment);
    Draft {
        label: name.to_owned(),
        detail: Some(detail).filter(|detail| !detail.is_empty()),
        kind: CompletionKind::Heading,
        subject: Some(CompletionSubject::File {
            path: note.path.to_string(),
            fragment: Some(fragment.to_owned()),
        }),
        new_text,
        ..Draft::default()
    }
}
