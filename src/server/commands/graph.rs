//! `vaultls.graph` and `vaultls.backlinks`

use serde_json::Value;
use tower_lsp::jsonrpc::Result;

use crate::ide;
use crate::lsp::{self, BACKLINKS_COMMAND, GRAPH_COMMAND, NoteArguments, VaultArguments, uri};
use crate::server::session::{Session, query};

/// The files of a vault and the links between them.
pub(super) async fn graph(session: &Session, arguments: VaultArguments) -> Result<Option<Value>> {
    let (view, _) = query::vault_view(session, arguments.uri.as_deref())?;
    let work = query::ask_vault(session, GRAPH_COMMAND, &view.vault, move |view, cancel| {
        let graph = ide::link_graph(&view.snapshot, cancel)?;
        Ok(view.encode(|encoder| lsp::link_graph(&graph, encoder)))
    });
    work.await.map(Some)
}

/// The links to a file from other notes.
pub(super) async fn backlinks(session: &Session, arguments: NoteArguments) -> Result<Option<Value>> {
    let Some(uri) = uri::lenient(&arguments.uri) else { return Ok(None) };
    let ask = query::ask_file(session, BACKLINKS_COMMAND, &uri, |view, cancel| {
        let mut links = view.snapshot.backlinks(view.file, cancel)?;
        links.retain(|link| link.source.id != view.file);
        Ok(Some(view.encode(|encoder| lsp::link_locations(&links, encoder))))
    });
    Ok(ask.await?.and_then(|places| serde_json::to_value(places).ok()))
}
