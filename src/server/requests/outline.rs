//! `textDocument/documentSymbol`, `foldingRange` and `selectionRange`: the structure of one note.

use tower_lsp::jsonrpc::Result;
use tower_lsp::ls_types::{
    DocumentSymbolParams, DocumentSymbolResponse, FoldingRange, FoldingRangeParams, SelectionRange,
    SelectionRangeParams,
};

use crate::ide;
use crate::lsp;
use crate::server::session::{Session, query};

/// `textDocument/documentSymbol`
pub(crate) async fn document_symbols(
    session: &Session,
    params: DocumentSymbolParams,
) -> Result<Option<DocumentSymbolResponse>> {
    let ask =
        query::ask_note(session, "textDocument/documentSymbol", &params.text_document.uri, |view, _| {
            let found = ide::document_symbols(&view.snapshot, view.file);
            Ok(Some(view.encode(|encoder| lsp::document_symbols(&found, view.file, &view.uri, encoder))))
        });
    ask.await
}

/// `textDocument/foldingRange`
pub(crate) async fn folding_ranges(
    session: &Session,
    params: FoldingRangeParams,
) -> Result<Option<Vec<FoldingRange>>> {
    let ask = query::ask_note(session, "textDocument/foldingRange", &params.text_document.uri, |view, _| {
        let limit = view.features.folds_at_most.unwrap_or(usize::MAX);
        Ok(Some(lsp::folding_ranges(&ide::folding_ranges(&view.snapshot, view.file, limit))))
    });
    ask.await
}

/// `textDocument/selectionRange`
pub(crate) async fn selection_ranges(
    session: &Session,
    params: SelectionRangeParams,
) -> Result<Option<Vec<SelectionRange>>> {
    let SelectionRangeParams { text_document, positions, .. } = params;
    let ask =
        query::ask_note(session, "textDocument/selectionRange", &text_document.uri, move |view, cancel| {
            let places: Vec<_> = positions.iter().filter_map(|at| Some(view.position(*at)?.at)).collect();
            let found = ide::selection_ranges(&view.snapshot, view.file, &places, cancel)?;
            let encode =
                |steps: &Vec<_>| view.encode(|encoder| lsp::selection_range(steps, view.file, encoder));
            Ok(found.map(|found| found.iter().map(encode).collect()))
        });
    ask.await
}
