//! A section or selection moved to a note of its own, with a link or an embed left behind.
//!
//! The text is moved as it is, levels of headings included, so that inlining the note gives it back to the
//! byte.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::syntax::{LabelDefinition, LabelKind, LinkKind, TimestampForm, fold_label};
use crate::text::{Offset, SortedByPlace, Span};
use crate::vault::{FileId, Key, NoteRef, Snapshot, VaultPath};

use super::{ActionKind, ActionSubject, Asked, CodeAction};
use crate::ide::change::{ChangeError, ChangeFailure, Edit, NewNote, VaultChange};
use crate::ide::links::fragment::FragmentCache;
use crate::ide::links::link_writer::LinkWriter;
use crate::ide::links::move_text::{MovedText, with_edits};
use crate::ide::new_note::{note_path, yaml_text};
use crate::ide::note::title::is_title_of_all;

/// More words than this make no name.
const MOST_WORDS: usize = 6;

/// The selection, or the section whose heading the cursor is on, with a link or an embed.
pub(super) fn offer(asked: &Asked<'_>, offers: &mut Vec<CodeAction>) {
    let Some(stretch) = stretch(asked) else { return };
    let what = if asked.span.is_empty() { "section" } else { "selection" };
    for (is_embed, left) in [(false, "link"), (true, "embed")] {
        offers.push(CodeAction::new(
            ActionKind::Extract,
            format!("Extract {what} to a new note ({left})"),
            ActionSubject::Extract { stretch, is_embed },
        ));
    }
}

/// What is moved: no part of the front matter and no half of a link, heading or code block.
fn stretch(asked: &Asked<'_>) -> Option<Span> {
    let parsed = &asked.source.note.parsed;
    let text = asked.source.note.text.to_text();
    let whole = if asked.span.is_empty() {
        let index = parsed.headings.iter().position(|heading| heading.span.touches(asked.span.start))?;
        // The section of the title is the note.
        let is_note = parsed.headings.get(index).is_none_or(|one| is_title_of_all(&asked.source, one));
        *parsed.sections(asked.source.note.text.end()).get(index).filter(|_| !is_note)?
    } else {
        asked.span
    };
    let selected = text.get(whole.range())?;
    let end = whole.start.plus(selected.trim_end().len());
    let start = whole.end.to_usize() - selected.trim_start().len();
    let start = match text.get(..start).and_then(|before| before.rfind('\n')) {
        // Blank before it on its line: its indentation goes along.
        Some(line) if text.get(line + 1..start).is_some_and(|before| before.trim().is_empty()) => line + 1,
        _ => start,
    };
    let stretch = Span::between(Offset::new(start), end);
    let parts = parsed.links.iter().map(|link| link.span);
    let parts = parts.chain(parsed.headings.iter().map(|heading| heading.span));
    let parts = parts.chain(parsed.label_definitions.iter().map(|definition| definition.span));
    let parts = parts.chain(parsed.label_uses.iter().map(|label| label.span));
    let parts = parts.chain(parsed.timestamps.iter().map(|timestamp| timestamp.span));
    let mut parts = parts.chain(parsed.opaque.iter().copied());
    let is_whole = parts.all(|part| stretch.covers(part) || !stretch.overlaps(part));
    let is_body = parsed.front_matter.as_ref().is_none_or(|front| front.span.end <= stretch.start);
    (is_whole && is_body && !stretch.is_empty()).then_some(stretch)
}

/// Moves the stretch, and whatever its links and references need with it.
pub(super) fn resolve(
    asked: &Asked<'_>,
    stretch: Span,
    is_embed: bool,
) -> Result<VaultChange, ChangeFailure> {
    let source = asked.source;
    let text = source.note.text.to_text();
    if text.get(stretch.range()).is_none_or(|moved| moved.trim().is_empty()) {
        return Err(ChangeError::Gone.into());
    }
    let line_break = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let definitions = definitions(&source, stretch)?;
    let path = path_of(asked, stretch)?;
    let front = front_matter(&source, stretch, line_break);
    let whole = |edits: &[Edit]| {
        let mut new = format!("{front}{}{line_break}", with_edits(&text, stretch, edits));
        for (index, definition) in definitions.iter().enumerate() {
            let lead = if index == 0 { line_break } else { "" };
            new.push_str(&format!("{lead}{}{line_break}", with_edits(&text, *definition, edits)));
        }
        new
    };
    let with_new = asked.vault.with_created(path.clone(), &whole(&[]));
    let new = with_new.find(path.as_str()).ok_or(ChangeError::Gone)?;
    let left = link_to(&with_new, &source, stretch.start, (new, is_embed)).ok_or(ChangeError::Entangled)?;
    let mut rest = text.clone();
    rest.replace_range(stretch.range(), &left);
    let after = with_new.with_text(source.id, &rest);
    let place = |file: FileId, at: Offset| {
        Some(if file != source.id || at < stretch.start {
            (file, at)
        } else if at < stretch.end {
            (new, Offset::new(at.to_usize() - stretch.start.to_usize() + front.len()))
        } else {
            (file, Offset::new(at.to_usize() - stretch.len() + left.len()))
        })
    };
    let places = [FragmentCache::default(), FragmentCache::default()];
    let (places, before, after) = (places.each_ref(), asked.vault, &after);
    let moving = MovedText { places, before, after, place: Some(&place), whole: &Some, shortens_own: false };
    if !moving.says_the_same(source.id, &source.note.parsed) {
        return Err(ChangeError::Entangled.into());
    }
    let mut edits = vec![(source.id, Edit::replace(stretch, left.clone()))];
    let mut moved = Vec::new();
    let copied = outermost(&definitions);
    for link in &source.note.parsed.links {
        asked.cancel.check()?;
        let goes = stretch.covers(link.span);
        if goes || copied.containing(link.span.start).is_some() {
            moved.extend(moving.edits(&source, link, new)?);
        }
        if !goes {
            let own = moving.edits(&source, link, source.id)?;
            edits.extend(own.into_iter().map(|edit| (source.id, edit)));
        }
    }
    edits.extend(moving.edits_of_links_to(source.id, asked.cancel, |link| link.source.id == source.id)?);
    moved.sort_by_key(|edit| edit.span);
    let mut change = VaultChange::in_notes(asked.vault, edits);
    change.created.push(NewNote { path, text: whole(&moved) });
    Ok(change)
}

/// The definitions that stand in no other one, as they may in a footnote.
fn outermost(definitions: &[Span]) -> Vec<Span> {
    let mut outermost: Vec<Span> = Vec::new();
    for definition in definitions {
        if outermost.last().is_none_or(|last| !last.covers(*definition)) {
            outermost.push(*definition);
        }
    }
    outermost
}

/// The link or embed of the new note that is left behind.
fn link_to(
    vault: &Snapshot,
    source: &NoteRef<'_>,
    at: Offset,
    (new, is_embed): (FileId, bool),
) -> Option<String> {
    let (kind, mark) = if is_embed { (LinkKind::Embed, "!") } else { (LinkKind::Wikilink, "") };
    let writer = LinkWriter::at(vault, source, at);
    let link = writer.wikilink(&writer.target(kind, new)?, None, None)?;
    Some(format!("{mark}{link}"))
}

/// The definitions outside the stretch that it uses, in their order, with those that they use; they are
/// copied.
///
/// # Errors
///
/// If the stretch holds a definition that the rest uses.
fn definitions(source: &NoteRef<'_>, stretch: Span) -> Result<Vec<Span>, ChangeError> {
    let parsed = &source.note.parsed;
    let key = |kind: LabelKind, label: Span| (kind, fold_label(&source.note.slice(label)));
    let mut first: FxHashMap<(LabelKind, String), &LabelDefinition> = FxHashMap::default();
    for definition in &parsed.label_definitions {
        first.entry(key(definition.kind, definition.label)).or_insert(definition);
    }
    let mut copied: FxHashSet<Span> = FxHashSet::default();
    let mut next = vec![stretch];
    while let Some(span) = next.pop() {
        let uses = parsed.label_uses.starting_in(span).iter();
        for label in uses.filter(|label| span.covers(label.span)) {
            let Some(definition) = first.get(&key(label.kind, label.label)) else { continue };
            if !stretch.covers(definition.span) && copied.insert(definition.span) {
                next.push(definition.span);
            }
        }
    }
    let stays = parsed.label_uses.iter().filter(|label| !stretch.covers(label.span));
    let mut used = stays.filter_map(|label| first.get(&key(label.kind, label.label)));
    if used.any(|definition| stretch.covers(definition.span)) {
        return Err(ChangeError::Entangled);
    }
    let mut copied: Vec<Span> = copied.into_iter().collect();
    copied.sort_unstable();
    Ok(copied)
}

/// The video of the note, where the stretch has timestamps that need it.
fn front_matter(source: &NoteRef<'_>, stretch: Span, line_break: &str) -> String {
    let mut own = source.note.parsed.timestamps.iter().filter(|one| one.form() != TimestampForm::VideoLink);
    let needs_video = own.any(|timestamp| stretch.covers(timestamp.span));
    let video = source.note.parsed.video().filter(|_| needs_video);
    video.map_or_else(String::new, |video| {
        ["---", &format!("videoId: {}", yaml_text(&video.value)), "---", ""].join(line_break)
    })
}

/// Where the new note goes: named by its heading or first words, so that no link of the vault means it
/// already.
fn path_of(asked: &Asked<'_>, stretch: Span) -> Result<VaultPath, ChangeError> {
    let note = asked.source.note;
    let heading = note.parsed.headings.iter().find(|heading| heading.span.start == stretch.start);
    let name = match heading.map(|heading| note.parsed.heading_name(heading)) {
        Some(name) => name_of(name, usize::MAX),
        None => name_of(&note.slice(stretch), MOST_WORDS),
    };
    let folder = asked.maker().folder(Some(asked.source.id));
    let names = std::iter::once(name.clone()).chain((2_usize..).map(|count| format!("{name} {count}")));
    let is_free = |name: &String| {
        let key = Key::name(name);
        asked.vault.definers(key).is_empty() && asked.vault.users(key).is_empty()
    };
    let mut free = names.filter(is_free);
    note_path(&folder, &free.next().unwrap_or(name))
}

/// The first words of a text that can stand in a file name everywhere.
fn name_of(text: &str, most_words: usize) -> String {
    let is_letter =
        |char: char| char.is_alphanumeric() || matches!(char, '_' | '-' | '\'' | ',' | '(' | ')' | '&' | '+');
    let line = text.lines().find(|line| line.contains(char::is_alphanumeric)).unwrap_or_default();
    let words = line.split(|char: char| !is_letter(char)).filter(|word| word.contains(char::is_alphanumeric));
    let mut name = words.take(most_words).collect::<Vec<&str>>().join(" ");
    if let Some((end, _)) = name.char_indices().nth(80) {
        name.truncate(end);
    }
    let name = name.trim_matches(|char: char| !char.is_alphanumeric() && char != ')' && char != '(');
    if name.is_empty() { "Extract".to_owned() } else { name.to_owned() }
}
