//! A note put where a link or an embed of it stands alone on its line, and deleted if that was all that it
//! was for.

use rustc_hash::FxHashMap;

use crate::syntax::{LabelDefinition, LabelKind, Link, LinkKind, TimestampForm, fold_label};
use crate::text::{Offset, SortedByPlace, Span};
use crate::vault::{Backlinks, Cancelled, FileId, LinkRef, NoteRef};

use super::{ActionKind, ActionSubject, Asked, CodeAction};
use crate::ide::change::{ChangeError, ChangeFailure, Edit, VaultChange};
use crate::ide::links::fragment::{FragmentCache, Fragments, Place};
use crate::ide::links::move_text::{MovedText, with_edits};

/// The note that the link at the place leads to; with its end, if nothing else needs it.
pub(super) fn offer(asked: &Asked<'_>, offers: &mut Vec<CodeAction>) -> Result<(), Cancelled> {
    let mut links = asked.links_here().filter_map(|link| Some((link, inlined(asked, link)?)));
    let Some((link, inlined)) = links.next() else { return Ok(()) };
    let name = inlined.path.stem();
    let mut add = |title: String, deletes| {
        offers.push(CodeAction::new(
            ActionKind::Inline,
            title,
            ActionSubject::Inline { link: link.span, deletes },
        ));
    };
    if asked.options.deletes_files && can_go(asked, link, &inlined)? {
        add(format!("Inline `{name}` and delete its note"), true);
    }
    add(format!("Inline a copy of `{name}`"), false);
    Ok(())
}

/// The note of a link that stands alone on its line.
fn inlined<'a>(asked: &Asked<'a>, link: &Link) -> Option<NoteRef<'a>> {
    let text = &asked.source.note.text;
    let is_alone = text.line(text.line_of(link.span.start)) == Some(link.span);
    let is_link = matches!(link.kind, LinkKind::Wikilink | LinkKind::Embed | LinkKind::Inline);
    let found = asked.vault.resolve(&asked.source, link).found()?;
    let is_whole = link.fragment.is_none() && !found.is_ambiguous && found.best != asked.source.id;
    let note = asked.vault.note(found.best)?;
    let is_readable = note.note.invalid_utf8.is_none();
    (is_alone && is_link && is_whole && is_readable).then_some(note)
}

/// Whether nothing is lost with the note: no front matter but the video of the note that it goes to, and all
/// other links to it name parts of it, which they can find there.
fn can_go(asked: &Asked<'_>, link: &Link, inlined: &NoteRef<'_>) -> Result<bool, Cancelled> {
    let is_known = inlined.note.parsed.front_matter.as_ref().is_none_or(|front| {
        let content = inlined.note.slice(front.content);
        let is_video = |line: &str| line.trim().is_empty() || line.starts_with("videoId:");
        content.lines().all(is_video) && video(inlined) == video(&asked.source)
    });
    let (backlinks, places) = (Backlinks::of(asked.vault, inlined.id), Fragments::of(*inlined));
    for source in backlinks.sources() {
        asked.cancel.check()?;
        let is_this = |other: &Link| source.id == asked.source.id && other.span == link.span;
        // A link of its own that is broken stays broken.
        let names_part = |other: &Link| match places.find_place(&source, other) {
            Place::Whole => false,
            Place::Missing => other.target.is_empty(),
            Place::Heading { .. } | Place::Block { .. } | Place::Anchor(_) | Place::Lines(_) => true,
        };
        if backlinks.from(source).any(|other| !is_this(other) && !names_part(other)) {
            return Ok(false);
        }
    }
    Ok(is_known)
}

/// Puts the note in the place of the link, with links that mean what they meant.
pub(super) fn resolve(asked: &Asked<'_>, span: Span, deletes: bool) -> Result<VaultChange, ChangeFailure> {
    let source = asked.source;
    let link = asked.link_at(span)?;
    let inlined = inlined(asked, link).ok_or(ChangeError::Gone)?;
    if deletes && !can_go(asked, link, &inlined)? {
        return Err(ChangeError::Gone.into());
    }
    let body = body(asked, &inlined)?;
    let inner = inlined.note.text.to_text();
    let mut text = source.note.text.to_text();
    text.replace_range(span.range(), inner.get(body.range()).unwrap_or_default());
    let mut after = asked.vault.with_text(source.id, &text);
    if deletes {
        after = after.without(inlined.id);
    }
    let own_place = |at: Offset| {
        if at < span.end { at } else { Offset::new(at.to_usize() - span.len() + body.len()) }
    };
    let in_body = |at: Offset| {
        body.touches(at)
            .then(|| (source.id, Offset::new(at.to_usize() - body.start.to_usize() + span.start.to_usize())))
    };
    let place = |file: FileId, at: Offset| match file {
        file if file == source.id => Some((file, own_place(at))),
        file if file == inlined.id && deletes => in_body(at),
        file => Some((file, at)),
    };
    let place_of_copy =
        |file: FileId, at: Offset| if file == inlined.id { in_body(at) } else { place(file, at) };
    let whole = |file: FileId| (!deletes || file != inlined.id).then_some(file);
    let before = asked.vault;
    let (before_places, after_places) = (FragmentCache::default(), FragmentCache::default());
    let places = [&before_places, &after_places];
    let outside =
        MovedText { places, before, after: &after, place: Some(&place), whole: &whole, shortens_own: false };
    let inside = MovedText { place: Some(&place_of_copy), shortens_own: true, ..outside };
    check_rest(&outside, &source, span)?;
    check_copy(&inside, &source, &inlined, body)?;
    let mut moved = Vec::new();
    for link in inlined.note.parsed.links.iter().filter(|link| body.covers(link.span)) {
        asked.cancel.check()?;
        moved.extend(inside.edits(&inlined, link, source.id)?);
    }
    moved.sort_by_key(|edit| edit.span);
    let mut edits = vec![(source.id, Edit::replace(span, with_edits(&inner, body, &moved)))];
    let goes = |link: &LinkRef<'_>| {
        deletes && link.source.id == inlined.id || link.source.id == source.id && link.link.span == span
    };
    edits.extend(outside.edits_of_links_to(source.id, asked.cancel, goes)?);
    if deletes {
        edits.extend(outside.edits_of_links_to(inlined.id, asked.cancel, goes)?);
    }
    let mut change = VaultChange::in_notes(before, edits);
    change.deleted.extend(deletes.then_some(inlined.id));
    Ok(change)
}

/// The `videoId` of a note, valid or not.
fn video<'a>(note: &NoteRef<'a>) -> Option<&'a str> {
    note.note.parsed.video().map(|video| &*video.value)
}

/// Refuses if the text around the link at `span` would say something else.
fn check_rest(outside: &MovedText<'_>, source: &NoteRef<'_>, span: Span) -> Result<(), ChangeError> {
    let mut rest = source.note.parsed.clone();
    rest.links = rest.links.iter().filter(|link| link.span != span).cloned().collect();
    if outside.says_the_same(source.id, &rest) { Ok(()) } else { Err(ChangeError::Entangled) }
}

/// Refuses if the text that is put there would say something else.
fn check_copy(
    inside: &MovedText<'_>,
    source: &NoteRef<'_>,
    inlined: &NoteRef<'_>,
    body: Span,
) -> Result<(), ChangeError> {
    let mut copied = inlined.note.parsed.clone();
    copied.links = copied.links.iter().filter(|link| body.covers(link.span)).cloned().collect();
    copied.label_uses = copied.label_uses.iter().filter(|label| body.covers(label.span)).cloned().collect();
    copied.opaque = copied.opaque.iter().filter(|opaque| body.covers(**opaque)).copied().collect();
    let mut own = copied.timestamps.iter();
    let needs_video = own.any(|one| one.form() != TimestampForm::VideoLink);
    let is_same_video = !needs_video || video(inlined) == video(source);
    let stands = is_same_video && inside.says_the_same(inlined.id, &copied);
    if stands { Ok(()) } else { Err(ChangeError::Entangled) }
}

/// What the note says: without its front matter, and without the definitions at its end that the other note
/// has as well.
///
/// # Errors
///
/// If a label means something else in the other note.
fn body(asked: &Asked<'_>, inlined: &NoteRef<'_>) -> Result<Span, ChangeError> {
    let parsed = &inlined.note.parsed;
    let text = inlined.note.text.to_text();
    let start = parsed.front_matter.as_ref().map_or(0, |front| front.span.end.to_usize());
    let said = text.get(start..).unwrap_or_default();
    let start = start + said.len() - said.trim_start_matches(['\n', '\r', '\u{FEFF}']).len();
    let trimmed = |end: usize| start + text.get(start..end).unwrap_or_default().trim_end().len();
    let mut end = trimmed(text.len());
    let (own, theirs) = (definitions(&asked.source), definitions(inlined));
    let is_known = |definition| is_known(asked, &own, inlined, definition);
    for definition in parsed.label_definitions.iter().rev() {
        if definition.span.end.to_usize() == end && is_known(definition) == Some(true) {
            end = trimmed(definition.span.start.to_usize());
        }
    }
    let body = Span::new(start, end);
    let mut kept = parsed.label_definitions.iter().filter(|definition| body.covers(definition.span));
    if kept.any(|definition| is_known(definition).is_some()) {
        return Err(ChangeError::Entangled);
    }
    let changes_meaning = |wanted: LabelKey| !theirs.contains_key(&wanted) && own.contains_key(&wanted);
    let mut uses = parsed.label_uses.iter();
    if uses.any(|label| changes_meaning(label_key(inlined, label.kind, label.label))) {
        return Err(ChangeError::Entangled);
    }
    Ok(body)
}

/// Whether the other note defines that label, and means the same by it.
fn is_known(
    asked: &Asked<'_>,
    own: &FxHashMap<LabelKey, &LabelDefinition>,
    inlined: &NoteRef<'_>,
    definition: &LabelDefinition,
) -> Option<bool> {
    let other = own.get(&label_key(inlined, definition.kind, definition.label))?;
    Some(said(asked, inlined, definition.span) == said(asked, &asked.source, other.span))
}

/// A label as it is compared.
type LabelKey = (LabelKind, String);

fn label_key(note: &NoteRef<'_>, kind: LabelKind, label: Span) -> LabelKey {
    (kind, fold_label(&note.note.slice(label)))
}

/// The definitions of a note, of each label the first.
fn definitions<'a>(note: &NoteRef<'a>) -> FxHashMap<LabelKey, &'a LabelDefinition> {
    let mut first = FxHashMap::default();
    for definition in &note.note.parsed.label_definitions {
        first.entry(label_key(note, definition.kind, definition.label)).or_insert(definition);
    }
    first
}

/// What a stretch of a note says: its words, and what its links mean however they are written.
fn said(asked: &Asked<'_>, note: &NoteRef<'_>, span: Span) -> (String, Vec<(Option<FileId>, Place)>) {
    let mut words = String::new();
    let mut meanings = Vec::new();
    let mut at = span.start;
    let links = note.note.parsed.links.starting_in(span).iter();
    for link in links.filter(|link| span.covers(link.span) && !link.is_external) {
        let end = link.fragment.map_or(link.target.end, |fragment| fragment.end);
        if link.target.start < at {
            continue;
        }
        words.push_str(&note.note.slice(Span::between(at, link.target.start)));
        at = end;
        let file = asked.vault.resolve(note, link).found().map(|found| found.best);
        let target = file.and_then(|file| asked.vault.note(file));
        let place =
            target.map_or(Place::Whole, |target| asked.context.fragments.of(target).find_place(note, link));
        if place == Place::Missing {
            // It means its words only.
            words.push_str(&note.note.slice(Span::between(link.target.start, end)));
        }
        meanings.push((file.filter(|_| place != Place::Missing), place));
    }
    words.push_str(&note.note.slice(Span::between(at, span.end)));
    (words.trim().to_owned(), meanings)
}
