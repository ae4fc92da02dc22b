//! `textDocument/completion` and `completionItem/resolve`, served under methods of our own.

use serde::Deserialize;
use serde_json::{Map, Value};
use tower_lsp::jsonrpc::Result;
use tower_lsp::ls_types::CompletionParams;

use crate::ide;
use crate::lsp::{self, CompletionAnswer, CompletionData, uri};
use crate::server::session::{Session, query};

/// `textDocument/completion`
pub(crate) async fn completion(
    session: &Session,
    params: CompletionParams,
) -> Result<Option<CompletionAnswer>> {
    let at = params.text_document_position;
    let ask = query::ask_at(session, "textDocument/completion", at, |view, at, cancel| {
        let found = ide::completion(&view.snapshot, at, cancel)?;
        Ok(Some(view.encode(|encoder| lsp::completion(&found, view.file, &view.uri, encoder))))
    });
    ask.await
}

/// `completionItem/resolve`
pub(crate) async fn resolve(session: &Session, mut item: Map<String, Value>) -> Result<Map<String, Value>> {
    let data = item.get("data").and_then(|data| CompletionData::deserialize(data).ok());
    let Some((data, uri)) = data.and_then(|data| Some((data.subject(), uri::lenient(&data.uri)?))) else {
        return Ok(item);
    };
    let ask = query::ask_note(session, "completionItem/resolve", &uri, move |view, _| {
        let text = ide::completion_documentation(&view.snapshot, &data, &|path| view.address(path));
        let text = text.map(|text| lsp::completion_documentation(&text, &view.features));
        Ok(text.and_then(|text| serde_json::to_value(text).ok()))
    });
    if let Some(documentation) = ask.await? {
        item.insert("documentation".to_owned(), documentation);
    }
    Ok(item)
}
