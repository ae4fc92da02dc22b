//! Renaming a footnote or the label of a reference definition, within its note.

use crate::syntax::{LabelKind, LabelUse, fold_label};
use crate::text::Span;
use crate::vault::{Note, NoteRef};

use super::{ChangeError, Edit};
use crate::ide::change::edited;
use crate::ide::links::escape::Position;

/// Writes `new` at all definitions and uses of the label at `label`. `[label]` and `[label][]` show their
/// label, and keep showing it: `[label][new]`.
pub(super) fn rename_label(
    note: &NoteRef<'_>,
    kind: LabelKind,
    label: Span,
    new: &str,
) -> Result<Vec<Edit>, ChangeError> {
    let new = match kind {
        LabelKind::Footnote => new.trim_start_matches('^'),
        LabelKind::Link => new,
    };
    let (position, wanted) = match kind {
        LabelKind::Footnote => (Position::Footnote, "a footnote's name, without spaces"),
        LabelKind::Link => (Position::Label, "a label"),
    };
    let is_reserved = |char: &char| !char.is_whitespace() && position.rejects(*char);
    if let Some(reserved) = new.chars().find(is_reserved) {
        return Err(ChangeError::reserved(reserved));
    }
    if !position.can_hold(new) {
        return Err(ChangeError::Unfit(wanted));
    }
    let parsed = &note.note.parsed;
    let folded = |span: Span| fold_label(&note.note.slice(span));
    let (old, wanted) = (folded(label), fold_label(new));
    let definitions = parsed.label_definitions.iter().filter(|one| one.kind == kind);
    if old != wanted && definitions.clone().any(|one| folded(one.label) == wanted) {
        return Err(ChangeError::Taken(new.to_owned()));
    }
    let definitions = definitions.filter(|one| folded(one.label) == old);
    let mut edits: Vec<Edit> = definitions.map(|one| Edit::replace(one.label, new)).collect();
    let uses = parsed.label_uses.iter().filter(|one| one.kind == kind && folded(one.label) == old);
    edits.extend(uses.map(|one| of_use(note, one, new)));
    edits.sort_by_key(|edit| edit.span);
    let shown = match kind {
        LabelKind::Footnote => format!("[^{new}]"),
        LabelKind::Link => format!("[{new}]"),
    };
    check_reading(note, &edits, shown)?;
    Ok(edits)
}

/// Refuses a name by which other text would become a label, as `shown` does that means nothing until it is
/// defined, or by which a heading would get another name. Also refuses one that would end what the label
/// stands in, as `|` does in a table.
fn check_reading(note: &NoteRef<'_>, edits: &[Edit], shown: String) -> Result<(), ChangeError> {
    let after = Note::new(&edited(note.note, edits));
    let parsed = (&note.note.parsed, &after.parsed);
    let mut headings = parsed.0.headings.iter().zip(&parsed.1.headings);
    let is_other = headings.any(|(old, new)| parsed.0.heading_name(old) != parsed.1.heading_name(new));
    let uses = |note: &Note| note.parsed.label_uses.len();
    let definitions = |note: &Note| note.parsed.label_definitions.len();
    if uses(&after) > uses(note.note) || is_other {
        Err(ChangeError::Taken(shown))
    } else if uses(&after) < uses(note.note) || definitions(&after) != definitions(note.note) {
        Err(ChangeError::Unfit("a label that can stand where it is used"))
    } else {
        Ok(())
    }
}

fn of_use(note: &NoteRef<'_>, label: &LabelUse, new: &str) -> Edit {
    let before = note.note.slice(Span::between(label.span.start, label.label.start));
    let shows_label = label.kind == LabelKind::Link && matches!(&*before, "[" | "![");
    if !shows_label {
        return Edit::replace(label.label, new);
    }
    // Behind the label's own bracket; what follows there in `[label][]` is replaced.
    let end = label.label.end.plus(1);
    Edit::replace(Span::between(end, label.span.end.max(end)), format!("[{new}]"))
}
