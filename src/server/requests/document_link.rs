//! `textDocument/documentLink` and `documentLink/resolve`

use tower_lsp::jsonrpc::Result;
use tower_lsp::ls_types::{DocumentLink, DocumentLinkParams};

use crate::ide;
use crate::lsp::{self, DocumentLinkData, uri};
use crate::server::session::{Session, query};

/// `textDocument/documentLink`
pub(crate) async fn document_links(
    session: &Session,
    params: DocumentLinkParams,
) -> Result<Option<Vec<DocumentLink>>> {
    let uri = params.text_document.uri;
    let ask = query::ask_note(session, "textDocument/documentLink", &uri, |view, cancel| {
        let found = ide::document_links(&view.snapshot, view.file, cancel)?;
        Ok(Some(view.encode(|encoder| lsp::document_links(&found, view.file, &view.uri, encoder))))
    });
    ask.await
}

/// `documentLink/resolve`
pub(crate) async fn resolve(session: &Session, mut link: DocumentLink) -> Result<DocumentLink> {
    let data: Option<DocumentLinkData> = link.data.clone().and_then(|data| serde_json::from_value(data).ok());
    let uri = data.as_ref().and_then(|data| uri::lenient(&data.uri));
    let Some((data, uri)) = data.zip(uri) else { return Ok(link) };
    let ask = query::ask_note(session, "documentLink/resolve", &uri, move |view, _| {
        Ok(view.encode(|encoder| lsp::link_target(&data, encoder)))
    });
    link.target = ask.await?.or(link.target);
    Ok(link)
}
