//! The labels of references and footnotes of one note, compared as CommonMark compares them.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::syntax::{LabelKind, fold_label};
use crate::text::Span;
use crate::vault::Note;

/// A label without the differences that do not count.
type FoldedLabel = (LabelKind, String);

/// Which labels of a note are defined and used.
pub(super) struct Labels {
    /// Of each definition of the note, in order.
    pub(super) definitions: Vec<FoldedLabel>,
    /// Of each use in the note, in order.
    pub(super) uses: Vec<FoldedLabel>,
    used: FxHashSet<FoldedLabel>,
    /// The index of the first definition of each label, the only one that counts.
    first: FxHashMap<FoldedLabel, usize>,
}

impl Labels {
    pub(super) fn of(note: &Note) -> Labels {
        let folded = |kind: LabelKind, label: Span| (kind, fold_label(&note.slice(label)));
        let definitions = note.parsed.label_definitions.iter();
        let definitions: Vec<FoldedLabel> = definitions.map(|one| folded(one.kind, one.label)).collect();
        let uses = note.parsed.label_uses.iter().map(|one| folded(one.kind, one.label));
        let uses: Vec<FoldedLabel> = uses.collect();
        let mut first = FxHashMap::default();
        for (index, label) in definitions.iter().enumerate() {
            first.entry(label.clone()).or_insert(index);
        }
        Labels { used: uses.iter().cloned().collect(), definitions, uses, first }
    }

    /// Returns the index of the definition that counts.
    pub(super) fn first_definition(&self, label: &FoldedLabel) -> Option<usize> {
        self.first.get(label).copied()
    }

    pub(super) fn is_used(&self, label: &FoldedLabel) -> bool {
        self.used.contains(label)
    }

    pub(super) fn count_definitions(&self, label: &FoldedLabel) -> usize {
        self.definitions.iter().filter(|other| *other == label).count()
    }
}

/// Returns what a message calls a label.
pub(super) fn noun(kind: LabelKind) -> &'static str {
    match kind {
        LabelKind::Link => "label",
        LabelKind::Footnote => "footnote",
    }
}
