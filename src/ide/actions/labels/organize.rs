//! The link definitions of a note, sorted and grouped at its end, and the unused ones removed.

use crate::ide::actions::{ActionKind, ActionSubject, Asked, CodeAction};
use crate::ide::change::{ChangeError, ChangeFailure, Edit, VaultChange, changes_something, edited};
use crate::ide::note::lines::{appended_to, line_break, whole_lines};
use crate::text::{Offset, SortedByPlace, Span};
use crate::vault::{Cancelled, Note};

use super::definitions::{FreeDefinition, free_definitions};
use super::meaning::{Allowed, check_meaning};

/// Offers to sort the definitions if they are not sorted, or to remove those that nothing uses.
pub(in crate::ide::actions) fn offer(
    asked: &Asked<'_>,
    kind: ActionKind,
    offers: &mut Vec<CodeAction>,
) -> Result<(), Cancelled> {
    let (title, subject, change) = match kind {
        ActionKind::RemoveDefinitions => {
            ("Remove unused link definitions", ActionSubject::RemoveDefinitions, resolve_unused(asked))
        }
        _ => ("Organize link definitions", ActionSubject::OrganizeDefinitions, resolve(asked)),
    };
    if changes_something(change)? {
        offers.push(CodeAction::new(kind, title, subject));
    }
    Ok(())
}

/// Sorts the definitions by their labels, below the last one if no text follows it, else at the end of the
/// note.
pub(in crate::ide::actions) fn resolve(asked: &Asked<'_>) -> Result<VaultChange, ChangeFailure> {
    let definitions = free_definitions(&asked.context);
    change(asked, sorted(asked.source.note, &definitions), 0)
}

/// Removes the definitions that nothing uses.
pub(in crate::ide::actions) fn resolve_unused(asked: &Asked<'_>) -> Result<VaultChange, ChangeFailure> {
    let note = asked.source.note;
    let mut unused = free_definitions(&asked.context);
    unused.retain(|one| !one.is_used);
    let edits = runs(note, &unused).map(|run| Edit::remove(lines_of(note, run))).collect();
    change(asked, edits, unused.len())
}

fn change(asked: &Asked<'_>, edits: Vec<Edit>, removed: usize) -> Result<VaultChange, ChangeFailure> {
    asked.cancel.check()?;
    if !edits.is_empty() {
        let more_definitions = -isize::try_from(removed).map_err(|_| ChangeError::Entangled)?;
        check_meaning(&asked.source, &edits, Allowed { more_definitions, ..Allowed::default() })?;
    }
    Ok(VaultChange::in_note(asked.source.id, edits))
}

/// The edits that sort definitions.
fn sorted(note: &Note, definitions: &[FreeDefinition<'_>]) -> Vec<Edit> {
    // Stable: of several definitions with one label, the first one counts.
    let mut in_order: Vec<&FreeDefinition<'_>> = definitions.iter().collect();
    in_order.sort_by_cached_key(|one| sort_key(one.label));
    let text = note.text.to_text();
    let written: Vec<_> = in_order.iter().map(|one| note.slice(one.definition.span)).collect();
    let line_break = line_break(&text);
    let group = written.join(line_break);
    let (moved, last) = definitions.split_at(last_group(note, definitions));
    let mut edits: Vec<Edit> = runs(note, moved).map(|run| Edit::remove(lines_of(note, run))).collect();
    if let (Some(first), Some(end)) = (last.first(), last.last()) {
        let span = Span::between(first.definition.span.start, end.definition.span.end);
        if note.slice(span) != group {
            edits.push(Edit::replace(span, group));
        }
    } else if !group.is_empty() {
        let rest = edited(note, &edits);
        edits.push(Edit::replace(Span::empty(note.text.end()), appended_to(&rest, &group, line_break)));
    }
    edits
}

/// Numbers by their value, before words.
fn sort_key(label: &str) -> (bool, u64, String) {
    let number = label.parse::<u64>();
    (number.is_err(), number.unwrap_or_default(), label.to_owned())
}

/// Returns the index of the first of the definitions below the text of the note, with nothing but blank lines
/// between them and nothing but footnotes and other definitions after them.
fn last_group(note: &Note, definitions: &[FreeDefinition<'_>]) -> usize {
    let Some(last) = definitions.last() else { return 0 };
    let mut at = last.definition.span.end;
    for other in note.parsed.label_definitions.split_at_offset(at).1 {
        if !is_blank(note, at, other.span.start) {
            return definitions.len();
        }
        at = at.max(other.span.end);
    }
    if !is_blank(note, at, note.text.end()) {
        return definitions.len();
    }
    definitions.len() - runs(note, definitions).last().map_or(0, <[_]>::len)
}

/// Definitions with nothing but blank lines between them.
fn runs<'a, 'b>(
    note: &Note,
    definitions: &'a [FreeDefinition<'b>],
) -> impl Iterator<Item = &'a [FreeDefinition<'b>]> {
    definitions.chunk_by(|one, next| is_blank(note, one.definition.span.end, next.definition.span.start))
}

fn is_blank(note: &Note, from: Offset, to: Offset) -> bool {
    from >= to || note.slice(Span::between(from, to)).trim().is_empty()
}

fn lines_of(note: &Note, run: &[FreeDefinition<'_>]) -> Span {
    let (Some(first), Some(last)) = (run.first(), run.last()) else { return Span::default() };
    let start = note.text.line(first.lines.0).map_or(first.definition.span.start, |line| line.start);
    whole_lines(note, Span::between(start, last.definition.span.end))
}
