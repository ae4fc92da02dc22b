//! `textDocument/inlayHint`: titles of linked notes.

use tower_lsp::jsonrpc::Result;
use tower_lsp::ls_types::{InlayHint, InlayHintParams};

use crate::ide;
use crate::lsp::{self, to_text_range};
use crate::server::session::{Session, query};

/// `textDocument/inlayHint`
pub(crate) async fn inlay_hints(
    session: &Session,
    params: InlayHintParams,
) -> Result<Option<Vec<InlayHint>>> {
    let InlayHintParams { text_document, range, .. } = params;
    let ask = query::ask_note(session, "textDocument/inlayHint", &text_document.uri, move |view, cancel| {
        let Some(note) = view.snapshot.note(view.file) else { return Ok(None) };
        let within = note.note.text.span(to_text_range(range), view.features.encoding);
        let found = ide::title_hints(&view.snapshot, view.file, within, cancel)?;
        Ok(Some(view.encode(|encoder| lsp::title_hints(&found, view.file, encoder))))
    });
    ask.await
}
