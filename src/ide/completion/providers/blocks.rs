//! Blocks, of one note or of the whole vault. One without an id gets one when it is chosen.

use std::borrow::Cow;
use std::cmp::Reverse;

use aho_corasick::AhoCorasick;

use crate::syntax::{Block, LinkKind};
use crate::text::{Offset, Span};
use crate::vault::{Cancelled, NoteRef, in_parts};

use crate::ide::completion::context::Draft;
use crate::ide::completion::providers::fragments::{search, target_of};
use crate::ide::completion::ranking::distance::Distances;
use crate::ide::completion::{CompletionKind, CompletionSubject, NewBlockId, Request};
use crate::ide::note::block_ids::{UnnamedBlock, unnamed_blocks};
use crate::ide::search::matching::{Query, Score};

/// How much of a block is shown, in bytes.
const BLOCK_START: usize = 80;

/// How much of each line of a block is searched, in bytes.
const SEARCHED_BYTES: usize = 200;

/// Blocks without an id are searched in the whole vault for a word of at least so many bytes.
const MIN_TYPED_BYTES: usize = 3;

/// So many notes are searched by several threads.
const MANY_NOTES: usize = 256;

/// The blocks of the note that `target` means, best match first and then in the order of the note.
pub(crate) fn blocks(request: &Request<'_>, kind: LinkKind, target: &str) -> Result<Vec<Draft>, Cancelled> {
    let Request { source, context, .. } = request;
    let Some(note) = request.target_note(kind, target) else { return Ok(Vec::new()) };
    let text = whole_text(&note);
    let mut query = Query::new(&context.typed);
    let mut found = Vec::new();
    score_blocks(&mut query, &note, |index, score| {
        if let Some(block) = note.note.parsed.blocks.get(index) {
            found.push((Reverse(score), block.span.start, Named::By(block)));
        }
    });
    let is_writable = note.note.invalid_utf8.is_none();
    let unnamed = if is_writable { unnamed_blocks(&text, &note.note.parsed) } else { Vec::new() };
    let is_other = |block: &UnnamedBlock| note.id != source.id || !block.span.touches(context.start());
    for (index, block) in unnamed.iter().enumerate().filter(|(_, block)| is_other(block)) {
        request.cancel.check_at(index)?;
        let score = if query.is_empty() {
            Some(Score::default())
        } else {
            score_lines(&mut query, &text, block.span)
        };
        found.extend(score.map(|score| (Reverse(score), block.span.start, Named::Not(block))));
    }
    found.sort_by_key(|(score, start, _)| (*score, *start));
    found.truncate(request.max_items());
    let items = found.into_iter().filter_map(|(_, _, block)| match block {
        Named::By(block) => {
            let (id, start) = id_and_start(&text, block)?;
            Some(block_draft(&note, id, start.to_owned(), id.to_owned()))
        }
        Named::Not(block) => {
            let start = start_of(&text, block.span).to_owned();
            Some(unnamed_draft(&note, block, start, format!("^{}, new", block.id), block.id.clone()))
        }
    });
    Ok(items.collect())
}

/// A block and whether it has an id.
enum Named<'a> {
    By(&'a Block),
    Not(&'a UnnamedBlock),
}

/// The blocks of all notes: those with an id before those without one, of which a line holds the typed words.
pub(crate) fn all_blocks(request: &Request<'_>) -> Result<Vec<Draft>, Cancelled> {
    let typed = request.context.typed.trim_start_matches('^').trim();
    let mut query = Query::new(typed);
    let found = search(request, |note, found| {
        score_blocks(&mut query, note, |index, score| found.push((index, score)));
    })?;
    let writer = request.link_writer();
    let items = found.into_iter().filter_map(|(note, index)| {
        let text = whole_text(&note);
        let (id, start) = id_and_start(&text, note.note.parsed.blocks.get(index)?)?;
        let new_text = format!("{}#^{id}", target_of(request, &writer, note.id));
        let detail =
            if start.is_empty() { note.path.to_string() } else { format!("{start} — {}", note.path) };
        Some(block_draft(&note, id, detail, new_text))
    });
    let mut drafts: Vec<Draft> = items.collect();
    let left = request.max_items().saturating_sub(drafts.len());
    for (note, block, start) in unnamed_blocks_with(request, typed, left)? {
        let target = target_of(request, &writer, note.id);
        let new_text = format!("{target}#^{}", block.id);
        drafts.push(unnamed_draft(
            &note,
            &block,
            start,
            format!("^{}, new — {}", block.id, note.path),
            new_text,
        ));
    }
    Ok(drafts)
}

/// The blocks without an id of which a line holds all words of what was typed, as they begin: those of the
/// nearest notes first, at most `max`. None for less than [`MIN_TYPED_BYTES`]. Passes over the text of the
/// vault at the speed of a search for bytes until enough are found.
fn unnamed_blocks_with<'a>(
    request: &Request<'a>,
    typed: &str,
    max: usize,
) -> Result<Vec<(NoteRef<'a>, UnnamedBlock, String)>, Cancelled> {
    let words: Vec<&str> = typed.split_whitespace().collect();
    if words.iter().all(|word| word.len() < MIN_TYPED_BYTES) || max == 0 {
        return Ok(Vec::new());
    }
    let searchers = words.iter().map(|word| holding(word)).collect::<Option<Vec<AhoCorasick>>>();
    let Some(searchers) = searchers else { return Ok(Vec::new()) };
    let is_meant = |text: &str| searchers.iter().all(|searcher| searcher.is_match(text));
    let at_cursor = request.context.start();
    let mut distances = Distances::from(&request.source);
    let mut notes: Vec<(usize, NoteRef<'a>)> = request
        .vault
        .notes()
        .filter(|note| note.note.invalid_utf8.is_none())
        .filter_map(|note| Some((distances.to(note.id, request.vault.file(note.id)?), note)))
        .collect();
    notes.sort_unstable_by_key(|(distance, note)| (*distance, note.path));
    let parts = in_parts(notes.len(), MANY_NOTES, |part| {
        let (mut found, mut text) = (Vec::new(), String::new());
        for (_, note) in notes.get(part).unwrap_or_default() {
            request.cancel.check()?;
            note.note.text.copy_to(&mut text);
            if !is_meant(&text) {
                continue;
            }
            let is_other =
                |block: &UnnamedBlock| note.id != request.source.id || !block.span.touches(at_cursor);
            for block in unnamed_blocks(&text, &note.note.parsed).into_iter().filter(is_other) {
                let written = text.get(block.span.range()).unwrap_or_default();
                if written.lines().any(is_meant) {
                    let start = start_of(&text, block.span).to_owned();
                    found.push((*note, block, start));
                }
            }
            if found.len() >= max {
                break;
            }
        }
        Ok(found)
    });
    let mut all = Vec::new();
    for part in parts {
        all.extend(part?);
    }
    all.truncate(max);
    Ok(all)
}

/// What finds a word in a text, in any case of its ASCII letters.
fn holding(word: &str) -> Option<AhoCorasick> {
    AhoCorasick::builder().ascii_case_insensitive(true).build([word]).ok()
}

/// A block that gets its id when it is chosen.
fn unnamed_draft(
    note: &NoteRef<'_>,
    block: &UnnamedBlock,
    label: String,
    detail: String,
    new_text: String,
) -> Draft {
    Draft {
        label,
        detail: Some(detail),
        kind: CompletionKind::Block,
        new_text,
        subject: Some(CompletionSubject::File { path: note.path.to_string(), fragment: None }),
        block_id: Some(NewBlockId { note: note.id, id: block.id.clone(), edit: block.edit() }),
        ..Draft::default()
    }
}

fn block_draft(note: &NoteRef<'_>, id: &str, detail: String, new_text: String) -> Draft {
    let label = format!("^{id}");
    let fragment = Some(label.clone());
    Draft {
        detail: Some(detail).filter(|detail| !detail.is_empty()),
        kind: CompletionKind::Block,
        new_text,
        subject: Some(CompletionSubject::File { path: note.path.to_string(), fragment }),
        label,
        ..Draft::default()
    }
}

/// The id of a block and how the block begins. `text` is that of the whole note.
fn id_and_start<'a>(text: &'a str, block: &Block) -> Option<(&'a str, &'a str)> {
    let id = text.get(block.id.range())?;
    // An id at the end of its block is shown by itself.
    let shown = if block.span.covers(block.id) {
        Span::between(block.span.start, block.id.start)
    } else {
        block.span
    };
    Some((id, start_of(text, shown).trim_end_matches('^').trim()))
}

/// How a block begins: as much of its first line as is shown.
fn start_of(text: &str, block: Span) -> &str {
    let end = block.start.plus(BLOCK_START).min(block.end);
    let start =
        text.get(block.start.to_usize()..text.floor_char_boundary(end.to_usize())).unwrap_or_default();
    start.lines().find(|line| !line.trim().is_empty()).unwrap_or_default().trim()
}

/// How well the line of a block fits that does best. Of a long line only the start is looked at.
fn score_lines(query: &mut Query, text: &str, block: Span) -> Option<Score> {
    let lines = text.get(block.range()).unwrap_or_default().lines();
    let starts = lines.filter_map(|line| line.get(..line.floor_char_boundary(SEARCHED_BYTES)));
    starts.filter_map(|line| query.score_name(line.trim())).max()
}

/// Calls back with each block of which the id or the start of a line fits, and how well.
fn score_blocks(query: &mut Query, note: &NoteRef<'_>, mut fits: impl FnMut(usize, Score)) {
    let blocks = &note.note.parsed.blocks;
    if blocks.is_empty() {
        return;
    }
    // One slice of the note is far cheaper than two a block.
    let text = if query.is_empty() { Cow::default() } else { whole_text(note) };
    for (index, block) in blocks.iter().enumerate() {
        let score = match id_and_start(&text, block) {
            _ if query.is_empty() => Some(Score::default()),
            Some((id, _)) => query.score_name(id).max(score_lines(query, &text, block.span)),
            None => None,
        };
        if let Some(score) = score {
            fits(index, score);
        }
    }
}

fn whole_text<'a>(note: &NoteRef<'a>) -> Cow<'a, str> {
    note.note.text.slice(Span::between(Offset::ZERO, note.note.text.end()))
}
