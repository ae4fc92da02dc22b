//! The labels of references and footnotes of one note, compared as CommonMark compares them.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::syntax::{LabelDefinition, LabelKind, fold_label};
use crate::text::Span;
use crate::vault::Note;

/// A label without the differences that do not count.
type FoldedLabel = (LabelKind, String);

/// Which labels of a note are defined and used.
pub(in crate::ide) struct Labels {
    /// Of each definition of the note, in order.
    pub(in crate::ide) definitions: Vec<FoldedLabel>,
    /// Of each use in the note, in order.
    pub(super) uses: Vec<FoldedLabel>,
    used: FxHashSet<FoldedLabel>,
    /// The definitions that are comments, by index.
    comments: FxHashSet<usize>,
    /// The indices of the definitions of each label, in order; the first alone counts.
    places: FxHashMap<FoldedLabel, Vec<usize>>,
}

impl Labels {
    pub(super) fn of(note: &Note) -> Labels {
        let folded = |kind: LabelKind, label: Span| (kind, fold_label(&note.slice(label)));
        let definitions = note.parsed.label_definitions.iter();
        let definitions: Vec<FoldedLabel> = definitions.map(|one| folded(one.kind, one.label)).collect();
        let uses = note.parsed.label_uses.iter().map(|one| folded(one.kind, one.label));
        let uses: Vec<FoldedLabel> = uses.collect();
        let mut used: FxHashSet<FoldedLabel> = uses.iter().cloned().collect();
        // Foam writes a definition for each wikilink, for tools that know no wikilinks.
        for link in note.parsed.links.iter().filter(|link| link.kind.is_wiki()) {
            let end = link.display.map_or(link.fragment.unwrap_or(link.target).end, |display| display.end);
            used.insert(folded(LabelKind::Link, link.target));
            used.insert(folded(LabelKind::Link, Span::between(link.target.start, end)));
        }
        let mut places: FxHashMap<FoldedLabel, Vec<usize>> = FxHashMap::default();
        let mut comments = FxHashSet::default();
        for (index, (label, definition)) in definitions.iter().zip(&note.parsed.label_definitions).enumerate()
        {
            if definition.kind == LabelKind::Link && !used.contains(label) && is_comment(note, definition) {
                comments.insert(index);
            } else {
                places.entry(label.clone()).or_default().push(index);
            }
        }
        Labels { definitions, uses, used, comments, places }
    }

    /// Returns the index of the definition that counts.
    pub(super) fn first_definition(&self, label: &FoldedLabel) -> Option<usize> {
        self.definitions_of(label).first().copied()
    }

    /// Returns the indices of the definitions of a label, in order, without those that are comments.
    pub(super) fn definitions_of(&self, label: &FoldedLabel) -> &[usize] {
        self.places.get(label).map(Vec::as_slice).unwrap_or_default()
    }

    pub(in crate::ide) fn is_used(&self, label: &FoldedLabel) -> bool {
        self.used.contains(label)
    }

    /// Returns whether the definition at `index` is a comment, `[//]: # (text)`: it leads nowhere, and
    /// nothing uses it.
    pub(in crate::ide) fn is_comment(&self, index: usize) -> bool {
        self.comments.contains(&index)
    }
}

/// Returns whether a definition leads to `#` or nowhere.
fn is_comment(note: &Note, definition: &LabelDefinition) -> bool {
    let text = note.slice(Span::between(definition.label.end, definition.span.end));
    let target = text.trim_start().strip_prefix("]:").and_then(|rest| rest.split_whitespace().next());
    matches!(target, Some("#" | "<>" | "<#>"))
}

/// Returns what a message calls a label.
pub(super) fn noun(kind: LabelKind) -> &'static str {
    match kind {
        LabelKind::Link => "label",
        LabelKind::Footnote => "footnote",
    }
}
