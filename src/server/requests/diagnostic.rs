//! Diagnostics for clients that ask. Until the vault has been read they are told what is wrong with a note by itself, for
//! every link to a note that is yet to come would be broken; and to ask again afterwards. Where there is nothing to tell,
//! the answer waits.

use rustc_hash::FxHashMap;
use serde_json::{Value, json};
use tokio::sync::mpsc::unbounded_channel;
use tower_lsp::jsonrpc::Result;
use tower_lsp::ls_types::notification::Notification;
use tower_lsp::ls_types::{
    Diagnostic, DocumentDiagnosticParams, DocumentDiagnosticReport, DocumentDiagnosticReportResult,
    FullDocumentDiagnosticReport, ProgressToken, RelatedFullDocumentDiagnosticReport,
    RelatedUnchangedDocumentDiagnosticReport, UnchangedDocumentDiagnosticReport, Uri,
    WorkspaceDiagnosticParams, WorkspaceDiagnosticReport, WorkspaceDiagnosticReportResult,
    WorkspaceDocumentDiagnosticReport,
};

use crate::lsp;

use crate::server::diagnostics::push::findings;
use crate::server::diagnostics::workspace::Survey;
use crate::server::pool::Priority;
use crate::server::session::Session;

impl Session {
    /// `textDocument/diagnostic`
    pub(crate) async fn pull_document(
        &self,
        params: DocumentDiagnosticParams,
    ) -> Result<DocumentDiagnosticReportResult> {
        let DocumentDiagnosticParams { text_document, previous_result_id: previous, .. } = params;
        let vault = self.asked(&text_document.uri)?.map(|asked| asked.vault.clone());
        // Asked before anything is looked for: the last file may be read meanwhile.
        let still_read = vault.filter(|vault| !vault.is_complete());
        let mut items = self.findings_of(&text_document.uri).await?;
        if let Some(vault) = still_read.filter(|_| items.is_empty()) {
            vault.completed().await;
            items = self.findings_of(&text_document.uri).await?;
        }
        let result_id = lsp::result_id(&items);
        let report = if previous.as_ref() == Some(&result_id) {
            DocumentDiagnosticReport::Unchanged(RelatedUnchangedDocumentDiagnosticReport {
                related_documents: None,
                unchanged_document_diagnostic_report: UnchangedDocumentDiagnosticReport { result_id },
            })
        } else {
            DocumentDiagnosticReport::Full(RelatedFullDocumentDiagnosticReport {
                related_documents: None,
                full_document_diagnostic_report: FullDocumentDiagnosticReport {
                    result_id: Some(result_id),
                    items,
                },
            })
        };
        Ok(DocumentDiagnosticReportResult::Report(report))
    }

    async fn findings_of(&self, uri: &Uri) -> Result<Vec<Diagnostic>> {
        let found = self.ask("textDocument/diagnostic", uri, |asked, cancel| {
            findings(&asked.vault, &asked.snapshot, asked.note, &asked.addresses, &asked.features, cancel)
                .map(Some)
        });
        Ok(found.await?.unwrap_or_default())
    }

    /// `workspace/diagnostic`
    pub(crate) async fn pull_workspace(
        &self,
        params: WorkspaceDiagnosticParams,
    ) -> Result<WorkspaceDiagnosticReportResult> {
        for vault in self.vaults() {
            vault.completed().await;
        }
        let previous: FxHashMap<String, String> = params
            .previous_result_ids
            .into_iter()
            .map(|known| (known.uri.as_str().to_owned(), known.value))
            .collect();
        let (parts, mut found) = unbounded_channel();
        let survey = Survey { vaults: self.states(), features: self.features(), previous, parts };
        let work = self.run("workspace/diagnostic", Priority::WholeVault, move |cancel| survey.run(cancel));
        let token = params.partial_result_params.partial_result_token;
        let collect = async {
            let mut items = Vec::new();
            while let Some(part) = found.recv().await {
                match &token {
                    Some(token) => self.send_part(token, &part).await,
                    None => items.extend(part),
                }
            }
            items
        };
        let (outcome, items) = tokio::join!(work, collect);
        outcome?;
        if token.is_some() {
            // Replies and notifications go out by two ways; what was sent first shall arrive first.
            for _ in 0..8 {
                tokio::task::yield_now().await;
            }
        }
        Ok(WorkspaceDiagnosticReportResult::Report(WorkspaceDiagnosticReport { items }))
    }

    async fn send_part(&self, token: &ProgressToken, items: &[WorkspaceDocumentDiagnosticReport]) {
        let params = json!({ "token": token, "value": { "items": items } });
        self.client.send_notification::<PartialResult>(params).await;
    }
}

/// `$/progress` with a part of a result, which the library's own type cannot carry.
enum PartialResult {}

impl Notification for PartialResult {
    type Params = Value;
    const METHOD: &'static str = "$/progress";
}
