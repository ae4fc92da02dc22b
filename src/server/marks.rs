//! Requests for what an editor draws on or around the text of one note.

use tower_lsp::jsonrpc::Result;
use tower_lsp::ls_types::{DocumentLink, DocumentLinkParams};

use crate::ide;
use crate::lsp::{self, DocumentLinkData, uri};

use super::session::Session;

impl Session {
    /// `textDocument/documentLink`
    pub(super) async fn document_links(
        &self,
        params: DocumentLinkParams,
    ) -> Result<Option<Vec<DocumentLink>>> {
        let ask = self.ask("textDocument/documentLink", &params.text_document.uri, |asked, cancel| {
            let found = ide::document_links(&asked.snapshot, asked.note, cancel)?;
            Ok(Some(asked.encode(|encoder| lsp::document_links(&found, asked.note, &asked.uri, encoder))))
        });
        ask.await
    }

    /// `documentLink/resolve`
    pub(super) async fn link_with_target(&self, mut link: DocumentLink) -> Result<DocumentLink> {
        let data: Option<DocumentLinkData> =
            link.data.clone().and_then(|data| serde_json::from_value(data).ok());
        let uri = data.as_ref().and_then(|data| uri::lenient(&data.uri));
        let Some((data, uri)) = data.zip(uri) else { return Ok(link) };
        let ask = self.ask("documentLink/resolve", &uri, move |asked, _| {
            Ok(asked.encode(|encoder| lsp::link_target(&data, encoder)))
        });
        link.target = ask.await?.or(link.target);
        Ok(link)
    }
}
