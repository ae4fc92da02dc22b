//! The table of the protocol's methods: which function handles what.

use std::sync::Arc;

use serde_json::{Map, Value};
use tower_lsp::LanguageServer;
use tower_lsp::jsonrpc::Result;
// Every handler names two of them.
use tower_lsp::ls_types::*;

use crate::lsp::{self, CompletionAnswer, ResolveLinksParams, ResolvedLinks};

use super::commands;
use super::requests::{
    call_hierarchy, code_action, code_lens, completion, diagnostic, document_link, hover, inlay_hint,
    navigation, outline, rename, resolve_links, semantic_tokens, workspace_symbol,
};
use super::session::Session;

/// The handlers of all methods.
pub(super) struct Backend {
    pub(super) session: Arc<Session>,
}

impl LanguageServer for Backend {
    async fn initialize(&self, params: InitializeParams) -> Result<InitializeResult> {
        self.session.initialize(&params);
        Ok(InitializeResult {
            capabilities: lsp::server_capabilities(&self.session.client.features()),
            server_info: Some(ServerInfo {
                name: "vaultls".to_owned(),
                version: Some(env!("CARGO_PKG_VERSION").to_owned()),
            }),
            ..InitializeResult::default()
        })
    }

    async fn initialized(&self, _: InitializedParams) {
        self.session.initialized();
    }

    async fn shutdown(&self) -> Result<()> {
        self.session.shut_down();
        Ok(())
    }

    // Notifications: no `.await` in any of them, so they are done when they have been polled once.

    async fn did_open(&self, params: DidOpenTextDocumentParams) {
        self.session.documents.open(params);
    }

    async fn did_close(&self, params: DidCloseTextDocumentParams) {
        self.session.close(&params);
    }

    async fn did_save(&self, params: DidSaveTextDocumentParams) {
        self.session.documents.saved(&params.text_document.uri);
    }

    async fn did_change_watched_files(&self, params: DidChangeWatchedFilesParams) {
        self.session.files_changed(params.changes.iter().map(|change| change.uri.as_str()));
    }

    async fn did_create_files(&self, params: CreateFilesParams) {
        self.session.files_changed(params.files.iter().map(|file| file.uri.as_str()));
    }

    async fn did_delete_files(&self, params: DeleteFilesParams) {
        self.session.files_changed(params.files.iter().map(|file| file.uri.as_str()));
    }

    async fn did_rename_files(&self, params: RenameFilesParams) {
        let uris = params.files.iter().flat_map(|file| [file.old_uri.as_str(), file.new_uri.as_str()]);
        self.session.files_changed(uris);
    }

    async fn did_change_configuration(&self, params: DidChangeConfigurationParams) {
        self.session.configuration_changed(&params);
    }

    async fn did_change_workspace_folders(&self, params: DidChangeWorkspaceFoldersParams) {
        self.session.change_folders(&params);
    }

    // Requests: the snapshot is taken before the first `.await`.

    async fn goto_definition(&self, params: GotoDefinitionParams) -> Result<Option<GotoDefinitionResponse>> {
        navigation::definition(&self.session, params).await
    }

    async fn references(&self, params: ReferenceParams) -> Result<Option<Vec<Location>>> {
        navigation::references(&self.session, params).await
    }

    async fn document_highlight(
        &self,
        params: DocumentHighlightParams,
    ) -> Result<Option<Vec<DocumentHighlight>>> {
        navigation::highlights(&self.session, params).await
    }

    async fn prepare_call_hierarchy(
        &self,
        params: CallHierarchyPrepareParams,
    ) -> Result<Option<Vec<CallHierarchyItem>>> {
        call_hierarchy::prepare(&self.session, params).await
    }

    async fn incoming_calls(
        &self,
        params: CallHierarchyIncomingCallsParams,
    ) -> Result<Option<Vec<CallHierarchyIncomingCall>>> {
        call_hierarchy::incoming(&self.session, params).await
    }

    async fn outgoing_calls(
        &self,
        params: CallHierarchyOutgoingCallsParams,
    ) -> Result<Option<Vec<CallHierarchyOutgoingCall>>> {
        call_hierarchy::outgoing(&self.session, params).await
    }

    async fn code_lens(&self, params: CodeLensParams) -> Result<Option<Vec<CodeLens>>> {
        code_lens::code_lens(&self.session, params).await
    }

    async fn hover(&self, params: HoverParams) -> Result<Option<Hover>> {
        hover::hover(&self.session, params).await
    }

    async fn prepare_rename(
        &self,
        params: TextDocumentPositionParams,
    ) -> Result<Option<PrepareRenameResponse>> {
        rename::prepare(&self.session, params).await
    }

    async fn rename(&self, params: RenameParams) -> Result<Option<WorkspaceEdit>> {
        rename::rename(&self.session, params).await
    }

    async fn will_rename_files(&self, params: RenameFilesParams) -> Result<Option<WorkspaceEdit>> {
        rename::will_rename_files(&self.session, params).await
    }

    async fn document_symbol(&self, params: DocumentSymbolParams) -> Result<Option<DocumentSymbolResponse>> {
        outline::document_symbols(&self.session, params).await
    }

    async fn symbol(&self, params: WorkspaceSymbolParams) -> Result<Option<WorkspaceSymbolResponse>> {
        workspace_symbol::symbols(&self.session, params).await
    }

    async fn symbol_resolve(&self, params: WorkspaceSymbol) -> Result<WorkspaceSymbol> {
        workspace_symbol::resolve(&self.session, params).await
    }

    async fn document_link(&self, params: DocumentLinkParams) -> Result<Option<Vec<DocumentLink>>> {
        document_link::document_links(&self.session, params).await
    }

    async fn document_link_resolve(&self, link: DocumentLink) -> Result<DocumentLink> {
        document_link::resolve(&self.session, link).await
    }

    async fn folding_range(&self, params: FoldingRangeParams) -> Result<Option<Vec<FoldingRange>>> {
        outline::folding_ranges(&self.session, params).await
    }

    async fn selection_range(&self, params: SelectionRangeParams) -> Result<Option<Vec<SelectionRange>>> {
        outline::selection_ranges(&self.session, params).await
    }

    async fn semantic_tokens_full(
        &self,
        params: SemanticTokensParams,
    ) -> Result<Option<SemanticTokensResult>> {
        semantic_tokens::full(&self.session, params).await
    }

    async fn semantic_tokens_full_delta(
        &self,
        params: SemanticTokensDeltaParams,
    ) -> Result<Option<SemanticTokensFullDeltaResult>> {
        semantic_tokens::delta(&self.session, params).await
    }

    async fn semantic_tokens_range(
        &self,
        params: SemanticTokensRangeParams,
    ) -> Result<Option<SemanticTokensRangeResult>> {
        semantic_tokens::range(&self.session, params).await
    }

    async fn inlay_hint(&self, params: InlayHintParams) -> Result<Option<Vec<InlayHint>>> {
        inlay_hint::inlay_hints(&self.session, params).await
    }

    async fn diagnostic(&self, params: DocumentDiagnosticParams) -> Result<DocumentDiagnosticReportResult> {
        diagnostic::document(&self.session, params).await
    }

    async fn workspace_diagnostic(
        &self,
        params: WorkspaceDiagnosticParams,
    ) -> Result<WorkspaceDiagnosticReportResult> {
        diagnostic::workspace(&self.session, params).await
    }

    async fn code_action(&self, params: CodeActionParams) -> Result<Option<CodeActionResponse>> {
        code_action::code_actions(&self.session, params).await
    }

    async fn code_action_resolve(&self, action: CodeAction) -> Result<CodeAction> {
        code_action::resolve(&self.session, action).await
    }

    async fn execute_command(&self, params: ExecuteCommandParams) -> Result<Option<Value>> {
        commands::execute(&self.session, params).await
    }
}

/// Methods whose messages the library's types cannot express; the reader hands them on under names of our own
/// ([`lsp::OWN_METHODS`]).
impl Backend {
    /// `textDocument/didChange`. Its parameters are read by the documents, which must know of a change that
    /// is invalid.
    pub(super) async fn did_change(&self, params: Value) {
        self.session.documents.change(params);
    }

    pub(super) async fn completion(&self, params: CompletionParams) -> Result<Option<CompletionAnswer>> {
        completion::completion(&self.session, params).await
    }

    pub(super) async fn resolve_completion(&self, item: Map<String, Value>) -> Result<Map<String, Value>> {
        completion::resolve(&self.session, item).await
    }

    pub(super) async fn resolve_links(&self, params: ResolveLinksParams) -> Result<ResolvedLinks> {
        resolve_links::resolve_links(&self.session, params).await
    }
}
