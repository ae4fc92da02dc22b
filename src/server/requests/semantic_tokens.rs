//! Semantic tokens, of which the client is sent the changes if what it has is known.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use rustc_hash::FxHashMap;
use tower_lsp::jsonrpc::Result;
use tower_lsp::ls_types::{
    Range, SemanticToken, SemanticTokensDeltaParams, SemanticTokensFullDeltaResult, SemanticTokensParams,
    SemanticTokensRangeParams, SemanticTokensRangeResult, SemanticTokensResult, Uri,
};

use crate::ide::{self, TokenOptions};
use crate::lsp::{self, to_text_range};

use crate::server::lock;
use crate::server::session::Session;
use crate::server::workspace::documents::DocumentKey;

/// What open documents were last answered with.
#[derive(Debug, Default)]
pub(crate) struct SentTokens {
    last: Mutex<FxHashMap<DocumentKey, Sent>>,
    counter: AtomicU64,
}

#[derive(Debug)]
struct Sent {
    result_id: String,
    tokens: Vec<SemanticToken>,
}

impl SentTokens {
    /// Forgets a document that was closed.
    pub(crate) fn forget(&self, key: &DocumentKey) {
        lock(&self.last).remove(key);
    }
}

impl Session {
    /// `textDocument/semanticTokens/full`
    pub(crate) async fn tokens(&self, params: SemanticTokensParams) -> Result<Option<SemanticTokensResult>> {
        let uri = params.text_document.uri;
        let found = self.compute_tokens("textDocument/semanticTokens/full", &uri, None).await?;
        Ok(found.map(|tokens| {
            let result_id = self.remember(&uri, &tokens);
            SemanticTokensResult::Tokens(lsp::all_tokens(tokens, result_id))
        }))
    }

    /// `textDocument/semanticTokens/full/delta`
    pub(crate) async fn token_changes(
        &self,
        params: SemanticTokensDeltaParams,
    ) -> Result<Option<SemanticTokensFullDeltaResult>> {
        let uri = params.text_document.uri;
        let found = self.compute_tokens("textDocument/semanticTokens/full/delta", &uri, None).await?;
        let Some(tokens) = found else { return Ok(None) };
        let before = lock(&self.sent_tokens.last).remove(&DocumentKey::of(&uri));
        let result_id = self.remember(&uri, &tokens);
        let known = before.filter(|sent| sent.result_id == params.previous_result_id);
        Ok(Some(match (known, result_id) {
            (Some(sent), Some(result_id)) => lsp::token_changes(&sent.tokens, &tokens, result_id).into(),
            (_, result_id) => lsp::all_tokens(tokens, result_id).into(),
        }))
    }

    /// `textDocument/semanticTokens/range`
    pub(crate) async fn tokens_of_range(
        &self,
        params: SemanticTokensRangeParams,
    ) -> Result<Option<SemanticTokensRangeResult>> {
        let uri = params.text_document.uri;
        let found =
            self.compute_tokens("textDocument/semanticTokens/range", &uri, Some(params.range)).await?;
        Ok(found.map(|tokens| lsp::all_tokens(tokens, None).into()))
    }

    async fn compute_tokens(
        &self,
        method: &'static str,
        uri: &Uri,
        range: Option<Range>,
    ) -> Result<Option<Vec<SemanticToken>>> {
        let ask = self.ask(method, uri, move |asked, cancel| {
            let Some(note) = asked.snapshot.note(asked.note) else { return Ok(None) };
            let (text, encoding) = (&note.note.text, asked.features.encoding);
            let options = TokenOptions {
                within: range.map(|range| text.span(to_text_range(range), encoding)),
                knows_some_files_only: asked.vault.knows_open_documents_only() || !asked.vault.is_complete(),
            };
            let found = ide::semantic_tokens(&asked.snapshot, asked.note, options, cancel)?;
            Ok(Some(lsp::semantic_tokens(&found, text, encoding)))
        });
        ask.await
    }

    /// Remembers what a document is answered with, under a new id; `None` if it is not open, for then nobody would say when
    /// to forget it.
    fn remember(&self, uri: &Uri, tokens: &[SemanticToken]) -> Option<String> {
        let key = DocumentKey::of(uri);
        let documents = lock(&self.documents);
        if !documents.contains_key(&key) {
            return None;
        }
        let result_id = self.sent_tokens.counter.fetch_add(1, Ordering::Relaxed).to_string();
        let sent = Sent { result_id: result_id.clone(), tokens: tokens.to_vec() };
        lock(&self.sent_tokens.last).insert(key, sent);
        Some(result_id)
    }
}
