//! Requests that walk the link graph: call hierarchy, lenses.

use tower_lsp::jsonrpc::Result;
use tower_lsp::ls_types::{
    CallHierarchyIncomingCall, CallHierarchyIncomingCallsParams, CallHierarchyItem,
    CallHierarchyOutgoingCall, CallHierarchyOutgoingCallsParams, CallHierarchyPrepareParams, CodeLens,
    CodeLensParams,
};

use crate::ide;
use crate::lsp;

use super::session::Session;

impl Session {
    /// `textDocument/prepareCallHierarchy`
    pub(super) async fn hierarchy_item(
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
    pub(super) async fn backlinking_notes(
        &self,
        params: CallHierarchyIncomingCallsParams,
    ) -> Result<Option<Vec<CallHierarchyIncomingCall>>> {
        let ask = self.ask_file("callHierarchy/incomingCalls", &params.item.uri, |asked, cancel| {
            let found = ide::links_into(&asked.snapshot, asked.note, cancel)?;
            Ok(Some(asked.encode(|encoder| lsp::incoming_calls(&found, encoder))))
        });
        ask.await
    }

    /// `callHierarchy/outgoingCalls`
    pub(super) async fn linked_files(
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
    pub(super) async fn lenses(&self, params: CodeLensParams) -> Result<Option<Vec<CodeLens>>> {
        let uri = params.text_document.uri;
        let ask = self.ask("textDocument/codeLens", &uri, |asked, cancel| {
            let found = ide::code_lenses(&asked.snapshot, asked.note, cancel)?;
            Ok(Some(asked.encode(|encoder| lsp::code_lenses(&found, asked.note, &asked.uri, encoder))))
        });
        ask.await
    }
}
