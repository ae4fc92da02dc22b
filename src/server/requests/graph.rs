//! Requests that look beyond their note: call hierarchy, lenses, symbols of the workspace.

use tower_lsp::jsonrpc::Result;
use tower_lsp::ls_types::{
    CallHierarchyIncomingCall, CallHierarchyIncomingCallsParams, CallHierarchyItem,
    CallHierarchyOutgoingCall, CallHierarchyOutgoingCallsParams, CallHierarchyPrepareParams, CodeLens,
    CodeLensParams, OneOf, WorkspaceSymbol, WorkspaceSymbolParams, WorkspaceSymbolResponse,
};

use crate::ide;
use crate::lsp::{self, Encoder, HierarchyItemData};
use crate::vault::{Cancel, Snapshot, VaultPath};

use crate::server::pool::Priority;
use crate::server::session::Session;
use crate::server::workspace::vault::Addresses;

/// A list is for choosing from; more than so many are found better by another letter.
const MAX_SYMBOLS: usize = 128;

impl Session {
    /// `textDocument/prepareCallHierarchy`
    pub(crate) async fn hierarchy_item(
        &self,
        params: CallHierarchyPrepareParams,
    ) -> Result<Option<Vec<CallHierarchyItem>>> {
        let at = params.text_document_position_params;
        let ask = self.ask_at("textDocument/prepareCallHierarchy", at, |asked, at, _| {
            let found = ide::graph_file(&asked.snapshot, at);
            Ok(found
                .and_then(|file| asked.encode(|encoder| Some(vec![lsp::hierarchy_item(&file, encoder)?]))))
        });
        ask.await
    }

    /// `callHierarchy/incomingCalls`
    pub(crate) async fn backlinking_notes(
        &self,
        params: CallHierarchyIncomingCallsParams,
    ) -> Result<Option<Vec<CallHierarchyIncomingCall>>> {
        let wanted = HierarchyItemData::of(&params.item);
        let ask = self.ask_file("callHierarchy/incomingCalls", &params.item.uri, move |asked, cancel| {
            let found = ide::links_into(&asked.snapshot, asked.note, cancel)?;
            Ok(Some(asked.encode(|encoder| lsp::incoming_calls(&found, wanted, encoder))))
        });
        ask.await
    }

    /// `callHierarchy/outgoingCalls`
    pub(crate) async fn linked_files(
        &self,
        params: CallHierarchyOutgoingCallsParams,
    ) -> Result<Option<Vec<CallHierarchyOutgoingCall>>> {
        let ask = self.ask_file("callHierarchy/outgoingCalls", &params.item.uri, |asked, cancel| {
            let found = ide::links_out_of(&asked.snapshot, asked.note, cancel)?;
            Ok(Some(asked.encode(|encoder| lsp::outgoing_calls(&found, asked.note, encoder))))
        });
        ask.await
    }

    /// `textDocument/codeLens`
    pub(crate) async fn lenses(&self, params: CodeLensParams) -> Result<Option<Vec<CodeLens>>> {
        let uri = params.text_document.uri;
        let ask = self.ask("textDocument/codeLens", &uri, |asked, cancel| {
            let found = ide::code_lenses(&asked.snapshot, asked.note, cancel)?;
            Ok(Some(asked.encode(|encoder| lsp::code_lenses(&found, asked.note, &asked.uri, encoder))))
        });
        ask.await
    }

    /// `workspace/symbol`, over all vaults.
    pub(crate) async fn symbols(
        &self,
        params: WorkspaceSymbolParams,
    ) -> Result<Option<WorkspaceSymbolResponse>> {
        let vaults: Vec<(Snapshot, Addresses)> =
            self.vaults().iter().map(|vault| (vault.snapshot(), vault.addresses())).collect();
        let features = self.features();
        let search = move |cancel: &Cancel| {
            let mut found = Vec::new();
            for (vault, addresses) in &vaults {
                let symbols = ide::vault_symbols(vault, &params.query, MAX_SYMBOLS, cancel)?;
                found.extend(symbols.into_iter().map(|symbol| (symbol, vault, addresses)));
            }
            found.sort_by(|(one, ..), (other, ..)| one.rank.cmp(&other.rank));
            found.truncate(MAX_SYMBOLS);
            let encoded = found.iter().filter_map(|(symbol, vault, addresses)| {
                let address = |path: &VaultPath| addresses.uri(path);
                lsp::vault_symbol(symbol, &Encoder { vault, features: &features, address: &address })
            });
            Ok(encoded.collect())
        };
        let found = self.run("workspace/symbol", Priority::Lengthy, search).await?;
        Ok(Some(WorkspaceSymbolResponse::Nested(found)))
    }

    /// `workspaceSymbol/resolve`
    pub(crate) async fn symbol_with_range(&self, mut symbol: WorkspaceSymbol) -> Result<WorkspaceSymbol> {
        let (uri, asked_for) = (lsp::symbol_uri(&symbol).clone(), symbol.clone());
        let ask = self.ask("workspaceSymbol/resolve", &uri, move |asked, _| {
            Ok(asked.encode(|encoder| lsp::symbol_location(&asked_for, asked.note, encoder)))
        });
        if let Some(location) = ask.await? {
            symbol.location = OneOf::Left(location);
        }
        Ok(symbol)
    }
}
