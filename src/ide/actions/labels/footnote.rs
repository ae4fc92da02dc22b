//! A new footnote at the cursor, with its definition below those that are there.

use crate::ide::actions::{ActionKind, ActionSubject, Asked, CodeAction};
use crate::ide::change::{ChangeError, Edit, VaultChange};
use crate::ide::note::lines::{appended_to, line_break};
use crate::syntax::LabelKind;
use crate::text::{Offset, SortedByPlace, Span};
use crate::vault::Note;

use super::definitions::{containers, line_end};
use super::meaning::{Allowed, check_meaning};

/// Offers a footnote at the end of the selection, where one can stand.
pub(in crate::ide::actions) fn offer(asked: &Asked<'_>, offers: &mut Vec<CodeAction>) {
    let at = Span::empty(asked.span.end);
    if resolve(asked, at.start).is_ok() {
        let subject = ActionSubject::AddFootnote { at };
        offers.push(CodeAction::new(ActionKind::Insert, "Add footnote", subject));
    }
}

/// Writes a footnote with the next number at a place, and a definition without text.
pub(in crate::ide::actions) fn resolve(asked: &Asked<'_>, at: Offset) -> Result<VaultChange, ChangeError> {
    let source = &asked.source;
    let note = source.note;
    if at > note.text.end() || is_taken(note, at) {
        return Err(ChangeError::Entangled);
    }
    let label = next_number(note).ok_or(ChangeError::Entangled)?;
    let footnote = format!("[^{label}]");
    let (definition_at, definition) = definition(note, &format!("{footnote}: "));
    let footnote_span = Span::between(at, at.plus(footnote.len()));
    let shift = if definition_at >= at { footnote.len() } else { 0 };
    let start = definition_at.plus(shift + definition.find('[').unwrap_or_default());
    let length = if definition_at < at { definition.len() } else { 0 };
    let allowed = Allowed {
        more_definitions: 1,
        footnote: Span::between(footnote_span.start.plus(length), footnote_span.end.plus(length)),
        footnote_definition: Span::between(start, start.plus(footnote.len())),
    };
    let edits = if definition_at == at {
        vec![Edit::replace(Span::empty(at), footnote + &definition)]
    } else {
        let mut edits = vec![
            Edit::replace(Span::empty(at), footnote),
            Edit::replace(Span::empty(definition_at), definition),
        ];
        edits.sort_by_key(|edit| edit.span);
        edits
    };
    check_meaning(source, &edits, allowed)?;
    Ok(VaultChange::in_note(source.id, edits))
}

/// Whether a place belongs to a heading, whose name others link to, or lies within a link or label.
fn is_taken(note: &Note, at: Offset) -> bool {
    let parsed = &note.parsed;
    let is_inside = |span: Span| span.start < at && at < span.end;
    let mut links = parsed.links.iter().map(|link| link.span);
    let mut labels = parsed.label_uses.iter().map(|label| label.span);
    let mut definitions = parsed.label_definitions.iter();
    let in_label = definitions.any(|one| one.span.start <= at && at <= one.label.end.plus(2));
    parsed.headings.touching(at).is_some() || in_label || links.any(is_inside) || labels.any(is_inside)
}

/// Returns the number after the highest one that a footnote has.
fn next_number(note: &Note) -> Option<u32> {
    let parsed = &note.parsed;
    let defined = parsed.label_definitions.iter().map(|one| (one.kind, one.label));
    let used = parsed.label_uses.iter().map(|one| (one.kind, one.label));
    let footnotes = defined.chain(used).filter(|(kind, _)| *kind == LabelKind::Footnote);
    let numbers = footnotes.filter_map(|(_, label)| note.slice(label).parse::<u32>().ok());
    numbers.max().unwrap_or_default().checked_add(1)
}

/// Where a definition goes and what is written there: below the last footnote, with a blank line if there is
/// one between the last two, or at the end of the note.
fn definition(note: &Note, definition: &str) -> (Offset, String) {
    let text = note.text.to_text();
    let containers = containers(note);
    let is_outer = |span: Span| containers.starting_at(span.start).is_some();
    let footnotes = note.parsed.label_definitions.iter().filter(|one| one.kind == LabelKind::Footnote);
    let mut footnotes = footnotes.filter(|one| is_outer(one.span)).rev();
    let Some(last) = footnotes.next() else {
        return (note.text.end(), appended_to(&text, definition, line_break(&text)));
    };
    let between = footnotes.next().map(|before| Span::between(before.span.end, last.span.start));
    let is_apart = between.is_some_and(|span| note.slice(span).lines().count() > 1);
    let line_break = line_break(&text).repeat(if is_apart { 2 } else { 1 });
    (line_end(note, last.span.end), format!("{line_break}{definition}"))
}
