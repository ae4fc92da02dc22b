//! `textDocument/hover`

use tower_lsp::jsonrpc::Result;
use tower_lsp::ls_types::{Hover, HoverParams};

use crate::ide;
use crate::lsp;
use crate::server::session::{Session, query};

/// `textDocument/hover`
pub(crate) async fn hover(session: &Session, params: HoverParams) -> Result<Option<Hover>> {
    let at = params.text_document_position_params;
    let ask = query::ask_at(session, "textDocument/hover", at, |view, at, cancel| {
        let found = ide::hover(&view.snapshot, at, &|path| view.address(path), cancel)?;
        Ok(found.map(|found| view.encode(|encoder| lsp::hover(&found, view.file, encoder))))
    });
    ask.await
}
