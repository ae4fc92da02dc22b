//! `textDocument/codeLens`

use tower_lsp::jsonrpc::Result;
use tower_lsp::ls_types::{CodeLens, CodeLensParams};

use crate::ide;
use crate::lsp;
use crate::server::session::{Session, query};

/// `textDocument/codeLens`
pub(crate) async fn code_lens(session: &Session, params: CodeLensParams) -> Result<Option<Vec<CodeLens>>> {
    let ask = query::ask_note(session, "textDocument/codeLens", &params.text_document.uri, |view, cancel| {
        let found = ide::code_lenses(&view.snapshot, view.file, cancel)?;
        Ok(Some(view.encode(|encoder| lsp::code_lenses(&found, view.file, &view.uri, encoder))))
    });
    ask.await
}
