//! `textDocument/prepareCallHierarchy` and what follows: the graph of notes, where links are calls.

use tower_lsp::jsonrpc::Result;
use tower_lsp::ls_types::{
    CallHierarchyIncomingCall, CallHierarchyIncomingCallsParams, CallHierarchyItem,
    CallHierarchyOutgoingCall, CallHierarchyOutgoingCallsParams, CallHierarchyPrepareParams,
};

use crate::ide;
use crate::lsp;
use crate::server::session::{Session, query};

/// `textDocument/prepareCallHierarchy`
pub(crate) async fn prepare(
    session: &Session,
    params: CallHierarchyPrepareParams,
) -> Result<Option<Vec<CallHierarchyItem>>> {
    let at = params.text_document_position_params;
    let ask = query::ask_at(session, "textDocument/prepareCallHierarchy", at, |view, at, _| {
        let file = ide::graph_file(&view.snapshot, at);
        Ok(file.and_then(|file| view.encode(|encoder| Some(vec![lsp::hierarchy_item(&file, encoder)?]))))
    });
    ask.await
}

/// `callHierarchy/incomingCalls`
pub(crate) async fn incoming(
    session: &Session,
    params: CallHierarchyIncomingCallsParams,
) -> Result<Option<Vec<CallHierarchyIncomingCall>>> {
    let wanted = lsp::HierarchyItemData::of(&params.item);
    let ask =
        query::ask_file(session, "callHierarchy/incomingCalls", &params.item.uri, move |view, cancel| {
            let found = ide::links_into(&view.snapshot, view.file, cancel)?;
            Ok(Some(view.encode(|encoder| lsp::incoming_calls(&found, wanted, encoder))))
        });
    ask.await
}

/// `callHierarchy/outgoingCalls`
pub(crate) async fn outgoing(
    session: &Session,
    params: CallHierarchyOutgoingCallsParams,
) -> Result<Option<Vec<CallHierarchyOutgoingCall>>> {
    let ask = query::ask_file(session, "callHierarchy/outgoingCalls", &params.item.uri, |view, cancel| {
        let found = ide::links_out_of(&view.snapshot, view.file, cancel)?;
        Ok(Some(view.encode(|encoder| lsp::outgoing_calls(&found, view.file, encoder))))
    });
    ask.await
}
