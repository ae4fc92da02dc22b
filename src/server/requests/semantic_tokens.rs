//! `textDocument/semanticTokens`: all of a note, of a range, or what changed since the client was sent them
//! last.

use tower_lsp::jsonrpc::Result;
use tower_lsp::ls_types::{
    Range, SemanticToken, SemanticTokensDeltaParams, SemanticTokensFullDeltaResult, SemanticTokensParams,
    SemanticTokensRangeParams, SemanticTokensRangeResult, SemanticTokensResult, Uri,
};

use crate::ide;
use crate::lsp::{self, to_text_range};
use crate::server::session::{Session, query};

/// `textDocument/semanticTokens/full`
pub(crate) async fn full(
    session: &Session,
    params: SemanticTokensParams,
) -> Result<Option<SemanticTokensResult>> {
    let uri = params.text_document.uri;
    let found = compute(session, "textDocument/semanticTokens/full", &uri, None).await?;
    Ok(found.map(|tokens| {
        let sent = session.documents.send_tokens(&uri, &tokens);
        SemanticTokensResult::Tokens(lsp::all_tokens(tokens, sent.map(|(result_id, _)| result_id)))
    }))
}

/// `textDocument/semanticTokens/full/delta`
pub(crate) async fn delta(
    session: &Session,
    params: SemanticTokensDeltaParams,
) -> Result<Option<SemanticTokensFullDeltaResult>> {
    let uri = params.text_document.uri;
    let found = compute(session, "textDocument/semanticTokens/full/delta", &uri, None).await?;
    let Some(tokens) = found else { return Ok(None) };
    Ok(Some(match session.documents.send_tokens(&uri, &tokens) {
        Some((result_id, Some(before))) if before.result_id == params.previous_result_id => {
            lsp::token_changes(&before.tokens, &tokens, result_id).into()
        }
        sent => lsp::all_tokens(tokens, sent.map(|(result_id, _)| result_id)).into(),
    }))
}

/// `textDocument/semanticTokens/range`
pub(crate) async fn range(
    session: &Session,
    params: SemanticTokensRangeParams,
) -> Result<Option<SemanticTokensRangeResult>> {
    let uri = params.text_document.uri;
    let found = compute(session, "textDocument/semanticTokens/range", &uri, Some(params.range)).await?;
    Ok(found.map(|tokens| lsp::all_tokens(tokens, None).into()))
}

async fn compute(
    session: &Session,
    method: &'static str,
    uri: &Uri,
    range: Option<Range>,
) -> Result<Option<Vec<SemanticToken>>> {
    let ask = query::ask_note(session, method, uri, move |view, cancel| {
        let Some(note) = view.snapshot.note(view.file) else { return Ok(None) };
        let (text, encoding) = (&note.note.text, view.features.encoding);
        let within = range.map(|range| text.span(to_text_range(range), encoding));
        let found = ide::semantic_tokens(&view.snapshot, view.file, within, cancel)?;
        Ok(Some(lsp::semantic_tokens(&found, text, encoding)))
    });
    ask.await
}
