//! `workspace/symbol` and `workspaceSymbol/resolve`

use std::sync::Arc;

use tower_lsp::jsonrpc::Result;
use tower_lsp::ls_types::{OneOf, WorkspaceSymbol, WorkspaceSymbolParams, WorkspaceSymbolResponse};

use crate::ide::{self, VaultSymbol};
use crate::lsp::{self, ClientFeatures};
use crate::server::pool::Priority;
use crate::server::session::Session;
use crate::server::session::query::{self, MAX_ROUNDS};
use crate::server::workspace::vault::ServedVault;
use crate::server::workspace::view::VaultView;
use crate::vault::{Cancel, Cancelled, Coverage};

/// The most symbols of an answer: a list is for choosing from, and one more letter finds the others better.
const MAX_SYMBOLS: usize = 128;

/// `workspace/symbol`, over all vaults. While they are being read, of what is known; notes that it names are
/// read first, so that each symbol is one of the whole vault.
pub(crate) async fn symbols(
    session: &Session,
    params: WorkspaceSymbolParams,
) -> Result<Option<WorkspaceSymbolResponse>> {
    let vaults = session.vaults.all();
    for vault in &vaults {
        query::wait_for(vault, Coverage::Names).await?;
    }
    let features = session.client.features();
    let search = move |cancel: &Cancel| {
        let mut found = Vec::new();
        for vault in vaults {
            let (view, symbols) = in_vault(&vault, &features, &params.query, cancel)?;
            let encode = |symbol: VaultSymbol| {
                let encoded = view.encode(|encoder| lsp::vault_symbol(&symbol, encoder));
                Some((symbol.rank, encoded?))
            };
            found.extend(symbols.into_iter().filter_map(encode));
        }
        found.sort_by(|(one, _), (other, _)| one.cmp(other));
        found.truncate(MAX_SYMBOLS);
        Ok(found.into_iter().map(|(_, symbol)| symbol).collect())
    };
    let found = query::run(session, "workspace/symbol", Priority::Lengthy, search).await?;
    Ok(Some(WorkspaceSymbolResponse::Nested(found)))
}

fn in_vault(
    vault: &Arc<ServedVault>,
    features: &Arc<ClientFeatures>,
    typed: &str,
    cancel: &Cancel,
) -> std::result::Result<(VaultView, Vec<VaultSymbol>), Cancelled> {
    let search = || {
        let mut view = VaultView::new(Arc::clone(vault), Arc::clone(features));
        view.snapshot = view.snapshot.accounting();
        let symbols = ide::vault_symbols(&view.snapshot, typed, MAX_SYMBOLS, cancel)?;
        Ok((view, symbols))
    };
    let mut found = search()?;
    for _ in 0..MAX_ROUNDS {
        let unread = found.0.snapshot.needs().notes;
        if unread.is_empty() {
            break;
        }
        vault.read_now(&unread);
        found = search()?;
    }
    // What a note is called is not known before it has been read.
    let (view, symbols) = &mut found;
    if view.snapshot.coverage().is_loading() {
        symbols.retain(|symbol| view.snapshot.note(symbol.note).is_some());
    }
    Ok(found)
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
