//! Folds and selections.

use tower_lsp::ls_types::{FoldingRange, FoldingRangeKind, SelectionRange};

use crate::ide::{Fold, FoldKind};
use crate::text::Span;
use crate::vault::FileId;

use super::encode::Encoder;

/// Folds of whole lines, which every client can show.
pub fn folding_ranges(folds: &[Fold]) -> Vec<FoldingRange> {
    let line = |line: usize| u32::try_from(line).unwrap_or(u32::MAX);
    let range = |fold: &Fold| FoldingRange {
        start_line: line(fold.start_line),
        end_line: line(fold.end_line),
        kind: fold.kind.map(|kind| match kind {
            FoldKind::Comment => FoldingRangeKind::Comment,
            FoldKind::Region => FoldingRangeKind::Region,
        }),
        ..FoldingRange::default()
    };
    folds.iter().map(range).collect()
}

/// The steps of a selection, each the parent of the one before.
pub fn selection_range(steps: &[Span], note: FileId, encoder: &Encoder<'_>) -> SelectionRange {
    let around = |parent: Option<SelectionRange>, span: &Span| {
        Some(SelectionRange { range: encoder.range(note, *span), parent: parent.map(Box::new) })
    };
    steps.iter().rev().fold(None, around).unwrap_or_default()
}
