//! The structure of a note as an editor draws it: symbols, folds, selections, tokens, inlay hints.

pub(crate) mod document_symbols;
pub(crate) mod folding;
pub(crate) mod inlay_hints;
mod link_parts;
pub(crate) mod selection;
pub(crate) mod semantic_tokens;
