//! The protocol's methods, a few lines each: what is asked, of what, and how the answer is written.

use std::sync::Arc;

use serde::Deserialize;
use serde_json::{Map, Value};
use tower_lsp::LanguageServer;
use tower_lsp::jsonrpc::Result;
use tower_lsp::ls_types::{
    CallHierarchyIncomingCall, CallHierarchyIncomingCallsParams, CallHierarchyItem,
    CallHierarchyOutgoingCall, CallHierarchyOutgoingCallsParams, CallHierarchyPrepareParams, CodeAction,
    CodeActionParams, CodeActionResponse, CodeLens, CodeLensParams, CompletionParams, CreateFilesParams,
    DeleteFilesParams, DidChangeConfigurationParams, DidChangeTextDocumentParams,
    DidChangeWatchedFilesParams, DidChangeWorkspaceFoldersParams, DidCloseTextDocumentParams,
    DidOpenTextDocumentParams, DidSaveTextDocumentParams, DocumentDiagnosticParams,
    DocumentDiagnosticReportResult, DocumentHighlight, DocumentHighlightParams, DocumentLink,
    DocumentLinkParams, DocumentSymbolParams, DocumentSymbolResponse, ExecuteCommandParams, FoldingRange,
    FoldingRangeParams, GotoDefinitionParams, GotoDefinitionResponse, Hover, HoverParams, InitializeParams,
    InitializeResult, InitializedParams, InlayHint, InlayHintParams, Location, PrepareRenameResponse,
    ReferenceParams, RenameFilesParams, RenameParams, SelectionRange, SelectionRangeParams,
    SemanticTokensDeltaParams, SemanticTokensFullDeltaResult, SemanticTokensParams,
    SemanticTokensRangeParams, SemanticTokensRangeResult, SemanticTokensResult, ServerInfo,
    TextDocumentPositionParams, WorkspaceDiagnosticParams, WorkspaceDiagnosticReportResult, WorkspaceEdit,
    WorkspaceSymbol, WorkspaceSymbolParams, WorkspaceSymbolResponse,
};

use crate::ide::{self, ReferenceOptions};
use crate::lsp::{
    self, CompletionAnswer, CompletionData, Encoder, RESOLVE_LINKS, ResolveLinksParams, ResolvedLinks, uri,
};

use crate::server::session::Session;

/// The handlers of all methods.
pub(crate) struct Backend {
    pub(crate) session: Arc<Session>,
}

impl LanguageServer for Backend {
    async fn initialize(&self, params: InitializeParams) -> Result<InitializeResult> {
        self.session.initialize(&params);
        Ok(InitializeResult {
            capabilities: lsp::server_capabilities(&self.session.features()),
            server_info: Some(ServerInfo {
                name: "vaultls".to_owned(),
                version: Some(env!("CARGO_PKG_VERSION").to_owned()),
            }),
            ..InitializeResult::default()
        })
    }

    async fn initialized(&self, _: InitializedParams) {
        self.session.ask_for_configuration();
        let registrations = lsp::watched_files(&self.session.features());
        if !registrations.is_empty() {
            let session = Arc::clone(&self.session);
            self.session.spawn(async move {
                match session.client.register_capability(registrations).await {
                    Ok(()) => session.keep_looking().await,
                    Err(error) => session.outbox.log(format!("the editor watches no files: {error}")),
                }
            });
        }
    }

    async fn shutdown(&self) -> Result<()> {
        self.session.shut_down();
        Ok(())
    }

    // Notifications: no `.await` in any of them, so they are done when the ingress has polled them once.

    async fn did_open(&self, params: DidOpenTextDocumentParams) {
        self.session.open(params);
    }

    async fn did_change(&self, params: DidChangeTextDocumentParams) {
        self.session.change(params);
    }

    async fn did_close(&self, params: DidCloseTextDocumentParams) {
        self.session.close(&params);
    }

    async fn did_save(&self, params: DidSaveTextDocumentParams) {
        self.session.saved(&params.text_document.uri);
    }

    async fn did_change_watched_files(&self, params: DidChangeWatchedFilesParams) {
        let paths: Vec<_> = params.changes.iter().filter_map(|change| uri::to_path(&change.uri)).collect();
        self.session.disk_changed(&paths);
    }

    async fn did_create_files(&self, params: CreateFilesParams) {
        self.uris_changed(params.files.iter().map(|file| file.uri.as_str()));
    }

    async fn did_delete_files(&self, params: DeleteFilesParams) {
        self.uris_changed(params.files.iter().map(|file| file.uri.as_str()));
    }

    async fn did_rename_files(&self, params: RenameFilesParams) {
        self.uris_changed(
            params.files.iter().flat_map(|file| [file.old_uri.as_str(), file.new_uri.as_str()]),
        );
    }

    async fn did_change_configuration(&self, params: DidChangeConfigurationParams) {
        self.session.configuration_changed(&params);
    }

    async fn did_change_workspace_folders(&self, params: DidChangeWorkspaceFoldersParams) {
        for removed in params.event.removed.iter().filter_map(|folder| uri::to_path(&folder.uri)) {
            self.session.remove_folder(&removed);
        }
        for added in params.event.added.iter().filter_map(|folder| uri::to_path(&folder.uri)) {
            self.session.add_folder(added);
        }
        self.session.settle_nesting();
        if self.session.features().watches_files {
            let session = Arc::clone(&self.session);
            self.session.spawn(async move { session.keep_looking().await });
        }
    }

    // Requests: the snapshot is taken before the first `.await`.

    async fn goto_definition(&self, params: GotoDefinitionParams) -> Result<Option<GotoDefinitionResponse>> {
        let at = params.text_document_position_params;
        let ask = self.session.ask_at("textDocument/definition", at, |asked, at, _| {
            let found = ide::definition(&asked.snapshot, at);
            Ok(found.map(|found| asked.encode(|encoder| lsp::definition(&found, asked.note, encoder))))
        });
        ask.await
    }

    async fn references(&self, params: ReferenceParams) -> Result<Option<Vec<Location>>> {
        let options = ReferenceOptions { include_definitions: params.context.include_declaration };
        let at = params.text_document_position;
        let ask = self.session.ask_at("textDocument/references", at, move |asked, at, cancel| {
            let found = ide::references(&asked.snapshot, at, options, cancel)?;
            Ok(found.map(|found| asked.encode(|encoder| lsp::references(&found.value, encoder))))
        });
        ask.await
    }

    async fn document_highlight(
        &self,
        params: DocumentHighlightParams,
    ) -> Result<Option<Vec<DocumentHighlight>>> {
        let at = params.text_document_position_params;
        let ask = self.session.ask_at("textDocument/documentHighlight", at, |asked, at, _| {
            let found = ide::document_highlights(&asked.snapshot, at);
            Ok(Some(asked.encode(|encoder| lsp::highlights(&found, asked.note, encoder))))
        });
        ask.await
    }

    async fn prepare_call_hierarchy(
        &self,
        params: CallHierarchyPrepareParams,
    ) -> Result<Option<Vec<CallHierarchyItem>>> {
        self.session.hierarchy_item(params).await
    }

    async fn incoming_calls(
        &self,
        params: CallHierarchyIncomingCallsParams,
    ) -> Result<Option<Vec<CallHierarchyIncomingCall>>> {
        self.session.backlinking_notes(params).await
    }

    async fn outgoing_calls(
        &self,
        params: CallHierarchyOutgoingCallsParams,
    ) -> Result<Option<Vec<CallHierarchyOutgoingCall>>> {
        self.session.linked_files(params).await
    }

    async fn code_lens(&self, params: CodeLensParams) -> Result<Option<Vec<CodeLens>>> {
        self.session.lenses(params).await
    }

    async fn hover(&self, params: HoverParams) -> Result<Option<Hover>> {
        let at = params.text_document_position_params;
        let ask = self.session.ask_at("textDocument/hover", at, |asked, at, cancel| {
            let found = ide::hover(&asked.snapshot, at, &|path| asked.address(path), cancel)?;
            Ok(found.map(|found| asked.encode(|encoder| lsp::hover(found, asked.note, encoder))))
        });
        ask.await
    }

    async fn prepare_rename(
        &self,
        params: TextDocumentPositionParams,
    ) -> Result<Option<PrepareRenameResponse>> {
        self.session.prepare_rename(params).await
    }

    async fn rename(&self, params: RenameParams) -> Result<Option<WorkspaceEdit>> {
        self.session.rename(params).await
    }

    async fn will_rename_files(&self, params: RenameFilesParams) -> Result<Option<WorkspaceEdit>> {
        self.session.will_rename_files(params).await
    }

    async fn document_symbol(&self, params: DocumentSymbolParams) -> Result<Option<DocumentSymbolResponse>> {
        let uri = params.text_document.uri;
        let ask = self.session.ask("textDocument/documentSymbol", &uri, |asked, _| {
            let found = ide::document_symbols(&asked.snapshot, asked.note);
            Ok(Some(asked.encode(|encoder| lsp::document_symbols(&found, asked.note, &asked.uri, encoder))))
        });
        ask.await
    }

    async fn symbol(&self, params: WorkspaceSymbolParams) -> Result<Option<WorkspaceSymbolResponse>> {
        self.session.symbols(params).await
    }

    async fn symbol_resolve(&self, params: WorkspaceSymbol) -> Result<WorkspaceSymbol> {
        self.session.symbol_with_range(params).await
    }

    async fn document_link(&self, params: DocumentLinkParams) -> Result<Option<Vec<DocumentLink>>> {
        self.session.document_links(params).await
    }

    async fn document_link_resolve(&self, link: DocumentLink) -> Result<DocumentLink> {
        self.session.link_with_target(link).await
    }

    async fn folding_range(&self, params: FoldingRangeParams) -> Result<Option<Vec<FoldingRange>>> {
        self.session.folds(params).await
    }

    async fn selection_range(&self, params: SelectionRangeParams) -> Result<Option<Vec<SelectionRange>>> {
        self.session.selections(params).await
    }

    async fn semantic_tokens_full(
        &self,
        params: SemanticTokensParams,
    ) -> Result<Option<SemanticTokensResult>> {
        self.session.tokens(params).await
    }

    async fn semantic_tokens_full_delta(
        &self,
        params: SemanticTokensDeltaParams,
    ) -> Result<Option<SemanticTokensFullDeltaResult>> {
        self.session.token_changes(params).await
    }

    async fn semantic_tokens_range(
        &self,
        params: SemanticTokensRangeParams,
    ) -> Result<Option<SemanticTokensRangeResult>> {
        self.session.tokens_of_range(params).await
    }

    async fn inlay_hint(&self, params: InlayHintParams) -> Result<Option<Vec<InlayHint>>> {
        self.session.title_hints(params).await
    }

    async fn diagnostic(&self, params: DocumentDiagnosticParams) -> Result<DocumentDiagnosticReportResult> {
        self.session.pull_document(params).await
    }

    async fn workspace_diagnostic(
        &self,
        params: WorkspaceDiagnosticParams,
    ) -> Result<WorkspaceDiagnosticReportResult> {
        self.session.pull_workspace(params).await
    }

    async fn code_action(&self, params: CodeActionParams) -> Result<Option<CodeActionResponse>> {
        self.session.code_actions(params).await
    }

    async fn code_action_resolve(&self, action: CodeAction) -> Result<CodeAction> {
        self.session.code_action_with_edit(action).await
    }

    async fn execute_command(&self, params: ExecuteCommandParams) -> Result<Option<Value>> {
        self.session.execute(params).await
    }
}

/// Methods whose messages the library's types cannot express, and the names under which [`Backend`] serves them.
pub(crate) const OWN_MESSAGES: [(&str, &str); 2] = [
    // Its list lacks `itemDefaults`,
    ("textDocument/completion", COMPLETION),
    // and its item `textEditText`, which would be lost on the way.
    ("completionItem/resolve", RESOLVE_COMPLETION),
];
pub(crate) const COMPLETION: &str = "vaultls/completion";
pub(crate) const RESOLVE_COMPLETION: &str = "vaultls/resolveCompletion";

impl Backend {
    /// `textDocument/completion`
    pub(crate) async fn completion(&self, params: CompletionParams) -> Result<Option<CompletionAnswer>> {
        let at = params.text_document_position;
        let ask = self.session.ask_at("textDocument/completion", at, |asked, at, cancel| {
            let found = ide::completion(&asked.snapshot, at, cancel)?;
            Ok(Some(asked.encode(|encoder| lsp::completion(&found, asked.note, &asked.uri, encoder))))
        });
        ask.await
    }

    /// `completionItem/resolve`
    pub(crate) async fn documented_item(&self, mut item: Map<String, Value>) -> Result<Map<String, Value>> {
        let data = item.get("data").and_then(|data| CompletionData::deserialize(data).ok());
        let Some((data, uri)) = data.and_then(|data| Some((data.subject(), uri::lenient(&data.uri)?))) else {
            return Ok(item);
        };
        let ask = self.session.ask("completionItem/resolve", &uri, move |asked, _| {
            let text = ide::completion_documentation(&asked.snapshot, &data, &|path| asked.address(path));
            let text = text.map(|text| lsp::completion_documentation(text, &asked.features));
            Ok(text.and_then(|text| serde_json::to_value(text).ok()))
        });
        if let Some(documentation) = ask.await? {
            item.insert("documentation".to_owned(), documentation);
        }
        Ok(item)
    }

    /// `vaultls/resolveLinks`
    pub(crate) async fn resolve_links(&self, params: ResolveLinksParams) -> Result<ResolvedLinks> {
        let uri = params.text_document.uri.clone();
        let (links, clocks) = (params.links(), params.clocks);
        let nothing = ResolvedLinks {
            links: links.iter().map(|_| None).collect(),
            moments: clocks.iter().map(|_| None).collect(),
        };
        let ask = self.session.ask(RESOLVE_LINKS, &uri, move |asked, cancel| {
            let found = ide::link_meanings(&asked.snapshot, asked.note, &links, cancel)?;
            let encode = |encoder: &Encoder<'_>| {
                let links = found.into_iter().map(|meaning| lsp::resolved_link(meaning?, encoder)).collect();
                let note = asked.snapshot.note(asked.note);
                let moment = |clock: &String| ide::address_of_moment(note.as_ref()?, clock);
                ResolvedLinks { links, moments: clocks.iter().map(moment).collect() }
            };
            Ok(Some(asked.encode(encode)))
        });
        Ok(ask.await?.unwrap_or(nothing))
    }

    fn uris_changed<'a>(&self, uris: impl Iterator<Item = &'a str>) {
        let paths: Vec<_> = uris.filter_map(|text| uri::to_path(&uri::lenient(text)?)).collect();
        self.session.disk_changed(&paths);
    }
}
