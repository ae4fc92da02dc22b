//! Inlay hints.

use tower_lsp::ls_types::{InlayHint, InlayHintLabel};

use crate::ide::TitleHint;
use crate::text::Span;
use crate::vault::FileId;

use crate::lsp::encode::Encoder;

/// Titles behind links, set apart from them by a space.
pub fn title_hints(hints: &[TitleHint], note: FileId, encoder: &Encoder<'_>) -> Vec<InlayHint> {
    let hint = |hint: &TitleHint| InlayHint {
        position: encoder.range(note, Span::empty(hint.at)).start,
        label: InlayHintLabel::String(hint.title.clone()),
        kind: None,
        text_edits: None,
        tooltip: None,
        padding_left: Some(true),
        padding_right: None,
        data: None,
    };
    hints.iter().map(hint).collect()
}
