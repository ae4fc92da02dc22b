//! `textDocument/definition`, `references` and `documentHighlight`.

use tower_lsp::jsonrpc::Result;
use tower_lsp::ls_types::{
    DocumentHighlight, DocumentHighlightParams, GotoDefinitionParams, GotoDefinitionResponse, Location,
    ReferenceParams,
};

use crate::ide::{self, ReferenceOptions};
use crate::lsp;
use crate::server::session::{Session, query};

/// `textDocument/definition`
pub(crate) async fn definition(
    session: &Session,
    params: GotoDefinitionParams,
) -> Result<Option<GotoDefinitionResponse>> {
    let at = params.text_document_position_params;
    let ask = query::ask_at(session, "textDocument/definition", at, |view, at, _| {
        let found = ide::definition(&view.snapshot, at);
        Ok(found.map(|found| view.encode(|encoder| lsp::definition(&found, view.file, encoder))))
    });
    ask.await
}

/// `textDocument/references`
pub(crate) async fn references(session: &Session, params: ReferenceParams) -> Result<Option<Vec<Location>>> {
    let options = ReferenceOptions { include_definitions: params.context.include_declaration };
    let at = params.text_document_position;
    let ask = query::ask_at(session, "textDocument/references", at, move |view, at, cancel| {
        let found = ide::references(&view.snapshot, at, options, cancel)?;
        Ok(found.map(|found| view.encode(|encoder| lsp::references(&found.value, encoder))))
    });
    ask.await
}

/// `textDocument/documentHighlight`
pub(crate) async fn highlights(
    session: &Session,
    params: DocumentHighlightParams,
) -> Result<Option<Vec<DocumentHighlight>>> {
    let at = params.text_document_position_params;
    let ask = query::ask_at(session, "textDocument/documentHighlight", at, |view, at, _| {
        let found = ide::document_highlights(&view.snapshot, at);
        Ok(Some(view.encode(|encoder| lsp::highlights(&found, view.file, encoder))))
    });
    ask.await
}
