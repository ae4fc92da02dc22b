//! Footnotes and reference labels that the note defines.

use rustc_hash::FxHashSet;

use crate::syntax::{LabelKind, fold_label};
use crate::text::Span;

use crate::ide::completion::context::Draft;
use crate::ide::completion::{CompletionKind, Request};

/// How much of a definition is shown, in bytes.
const DEFINITION_START: usize = 100;

struct Label {
    name: String,
    /// What it stands for: the text of a footnote, the destination of a link.
    meaning: String,
    searched: String,
}

/// The labels of links as `[label]`, behind a `[` that was typed already.
pub(crate) fn shortcuts(request: &Request<'_>) -> Vec<Draft> {
    let typed = request.context.typed.trim_start_matches('[');
    let mut items = labels(request, LabelKind::Link, typed);
    items.iter_mut().for_each(|item| item.new_text = format!("[{}]", item.new_text));
    items
}

/// The labels of a kind by name and by what they stand for, in the order of the note. Of two definitions of
/// one label the first counts.
pub(crate) fn labels(request: &Request<'_>, kind: LabelKind, typed: &str) -> Vec<Draft> {
    let note = request.source.note;
    let mut known = FxHashSet::default();
    let mut found = Vec::new();
    for definition in note.parsed.label_definitions.iter().filter(|one| one.kind == kind) {
        let name = note.slice(definition.label).into_owned();
        if !known.insert(fold_label(&name)) {
            continue;
        }
        let end = definition.label.end.plus(DEFINITION_START).min(definition.span.end);
        let behind = note.slice(Span::between(definition.label.end, end));
        let behind = behind.trim_start_matches(']').trim_start_matches(':').trim();
        let meaning = behind.lines().next().unwrap_or_default().to_owned();
        found.push(Label { searched: format!("{name} {meaning}"), name, meaning });
    }
    let mark = if kind == LabelKind::Footnote { "^" } else { "" };
    let items = request.matching(typed, &found, |label| &label.searched).into_iter().map(|label| Draft {
        label: format!("{mark}{}", label.name),
        detail: Some(label.meaning.clone()).filter(|meaning| !meaning.is_empty()),
        kind: CompletionKind::Label,
        new_text: label.name.clone(),
        ..Draft::default()
    });
    items.collect()
}
