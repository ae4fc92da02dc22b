//! Footnotes and reference labels that the note defines.

use rustc_hash::FxHashSet;

use crate::syntax::{LabelKind, fold_label};
use crate::text::Span;
use crate::vault::{NoteRef, Snapshot};

use crate::ide::completion::context::{Context, Draft};
use crate::ide::completion::{CompletionItem, CompletionKind, fitting};

/// How much of a definition is shown, in bytes.
const DEFINITION_START: usize = 100;

struct Label {
    name: String,
    /// What it stands for: the text of a footnote, the destination of a link.
    meaning: String,
    searched: String,
}

/// The labels of a kind by name and by what they stand for, in the order of the note. Of two definitions of
/// one label the first counts.
pub(crate) fn labels(
    vault: &Snapshot,
    source: &NoteRef<'_>,
    kind: LabelKind,
    context: &Context,
) -> Vec<CompletionItem> {
    let mut known = FxHashSet::default();
    let mut found = Vec::new();
    for definition in source.note.parsed.label_definitions.iter().filter(|one| one.kind == kind) {
        let name = source.note.slice(definition.label).into_owned();
        if !known.insert(fold_label(&name)) {
            continue;
        }
        let end = definition.label.end.plus(DEFINITION_START).min(definition.span.end);
        let behind = source.note.slice(Span::between(definition.label.end, end));
        let behind = behind.trim_start_matches(']').trim_start_matches(':').trim();
        let meaning = behind.lines().next().unwrap_or_default().to_owned();
        found.push(Label { searched: format!("{name} {meaning}"), name, meaning });
    }
    let mark = if kind == LabelKind::Footnote { "^" } else { "" };
    let items = fitting(vault, &context.typed, &found, |label| &label.searched).into_iter().map(|label| {
        context.item(Draft {
            label: format!("{mark}{}", label.name),
            detail: Some(label.meaning.clone()).filter(|meaning| !meaning.is_empty()),
            kind: CompletionKind::Label,
            new_text: label.name.clone(),
            ..Draft::default()
        })
    });
    items.collect()
}
