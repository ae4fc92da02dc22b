//! `workspace/symbol` and `workspaceSymbol/resolve`

use tower_lsp::jsonrpc::Result;
use tower_lsp::ls_types::{OneOf, WorkspaceSymbol, WorkspaceSymbolParams, WorkspaceSymbolResponse};

use crate::ide;
use crate::lsp;
use crate::server::pool::Priority;
use crate::server::session::{Session, query};
use crate::server::workspace::view::VaultView;
use crate::vault::Cancel;

/// The most symbols of an answer: a list is for choosing from, and one more letter finds the others better.
const MAX_SYMBOLS: usize = 128;

/// `workspace/symbol`, over all vaults.
pub(crate) async fn symbols(
    session: &Session,
    params: WorkspaceSymbolParams,
) -> Result<Option<WorkspaceSymbolResponse>> {
    let features = session.client.features();
    let vaults: Vec<VaultView> =
        session.vaults.all().into_iter().map(|vault| VaultView::new(vault, features.clone())).collect();
    let search = move |cancel: &Cancel| {
        let mut found = Vec::new();
        for view in &vaults {
            let symbols = ide::vault_symbols(&view.snapshot, &params.query, MAX_SYMBOLS, cancel)?;
            found.extend(symbols.into_iter().map(|symbol| (symbol, view)));
        }
        found.sort_by(|(one, _), (other, _)| one.rank.cmp(&other.rank));
        found.truncate(MAX_SYMBOLS);
        let encode =
            |(symbol, view): &(_, &VaultView)| view.encode(|encoder| lsp::vault_symbol(symbol, encoder));
        Ok(found.iter().filter_map(encode).collect())
    };
    let found = query::run(session, "workspace/symbol", Priority::Lengthy, search).await?;
    Ok(Some(WorkspaceSymbolResponse::Nested(found)))
}

/// `workspaceSymbol/resolve`
pub(crate) async fn resolve(session: &Session, mut symbol: WorkspaceSymbol) -> Result<WorkspaceSymbol> {
    let (uri, asked_for) = (lsp::symbol_uri(&symbol).clone(), symbol.clone());
    let ask = query::ask_note(session, "workspaceSymbol/resolve", &uri, move |view, _| {
        Ok(view.encode(|encoder| lsp::symbol_location(&asked_for, view.file, encoder)))
    });
    if let Some(location) = ask.await? {
        symbol.location = OneOf::Left(location);
    }
    Ok(symbol)
}
