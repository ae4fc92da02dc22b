//! `textDocument/diagnostic` and `workspace/diagnostic`
//!
//! While a vault is loading, what is certain of a note is reported, and the client is asked to pull again
//! afterwards. Where nothing is certain, the answer waits for the vault.

use std::sync::Arc;

use rustc_hash::FxHashMap;
use serde_json::{Value, json};
use tokio::sync::mpsc::unbounded_channel;
use tower_lsp::jsonrpc::Result;
use tower_lsp::ls_types::notification::Notification;
use tower_lsp::ls_types::{
    Diagnostic, DocumentDiagnosticParams, DocumentDiagnosticReport, DocumentDiagnosticReportResult,
    FullDocumentDiagnosticReport, RelatedFullDocumentDiagnosticReport,
    RelatedUnchangedDocumentDiagnosticReport, UnchangedDocumentDiagnosticReport, Uri,
    WorkspaceDiagnosticParams, WorkspaceDiagnosticReport, WorkspaceDiagnosticReportResult,
};

use crate::lsp;
use crate::server::diagnostics::with_result;
use crate::server::diagnostics::workspace::WorkspacePull;
use crate::server::pool::Priority;
use crate::server::session::{Session, query};
use crate::server::workspace::view::VaultView;
use crate::vault::Coverage;

/// `textDocument/diagnostic`
pub(crate) async fn document(
    session: &Session,
    params: DocumentDiagnosticParams,
) -> Result<DocumentDiagnosticReportResult> {
    let DocumentDiagnosticParams { text_document, previous_result_id: previous, .. } = params;
    let vault = query::note_view(session, &text_document.uri)?.map(|view| Arc::clone(&view.vault));
    let mut pulled = pull(session, &text_document.uri, previous.clone()).await?;
    if let Some(vault) = vault.filter(|_| pulled.is_uncertain) {
        query::wait_for(&vault, Coverage::Whole).await?;
        pulled = pull(session, &text_document.uri, previous.clone()).await?;
    }
    let report = if previous.as_ref() == Some(&pulled.result_id) {
        DocumentDiagnosticReport::Unchanged(RelatedUnchangedDocumentDiagnosticReport {
            related_documents: None,
            unchanged_document_diagnostic_report: UnchangedDocumentDiagnosticReport {
                result_id: pulled.result_id,
            },
        })
    } else {
        DocumentDiagnosticReport::Full(RelatedFullDocumentDiagnosticReport {
            related_documents: None,
            full_document_diagnostic_report: FullDocumentDiagnosticReport {
                result_id: Some(pulled.result_id),
                items: pulled.items,
            },
        })
    };
    Ok(DocumentDiagnosticReportResult::Report(report))
}

/// The diagnostics of a note.
struct Pulled {
    /// Not computed if the client has them.
    items: Vec<Diagnostic>,
    result_id: String,
    /// Whether there are none, and the vault was loading in that state.
    is_uncertain: bool,
}

async fn pull(session: &Session, uri: &Uri, previous: Option<String>) -> Result<Pulled> {
    let results = Arc::clone(&session.results);
    let found = query::ask_note(session, "textDocument/diagnostic", uri, move |view, cancel| {
        let is_loading = view.snapshot.coverage().is_loading();
        let known = results.get(&view.vault, view.file).filter(|_| !is_loading);
        let known = known.filter(|known| previous.as_deref() == Some(known));
        let (items, result_id) = match known {
            Some(known) => (Vec::new(), known.to_string()),
            None => with_result(view, view.file, &results, cancel)?,
        };
        let is_uncertain = is_loading && result_id == lsp::result_id(&[]);
        Ok(Some(Pulled { items, result_id, is_uncertain }))
    });
    let nothing = || Pulled { items: Vec::new(), result_id: lsp::result_id(&[]), is_uncertain: false };
    Ok(found.await?.unwrap_or_else(nothing))
}

/// `workspace/diagnostic`
pub(crate) async fn workspace(
    session: &Session,
    params: WorkspaceDiagnosticParams,
) -> Result<WorkspaceDiagnosticReportResult> {
    for vault in session.vaults.all() {
        query::wait_for(&vault, Coverage::Whole).await?;
    }
    let previous: FxHashMap<String, String> = params
        .previous_result_ids
        .into_iter()
        .map(|known| (known.uri.as_str().to_owned(), known.value))
        .collect();
    let (parts, mut found) = unbounded_channel();
    let features = session.client.features();
    let view = |vault| VaultView::new(vault, Arc::clone(&features));
    let pull = WorkspacePull {
        vaults: session.vaults.all().into_iter().map(view).collect(),
        versions: session.documents.versions(),
        cache: Arc::clone(&session.results),
        previous,
        parts,
    };
    let work =
        query::run(session, "workspace/diagnostic", Priority::WholeVault, move |cancel| pull.run(cancel));
    let token = params.partial_result_params.partial_result_token;
    let collect = async {
        let mut items = Vec::new();
        while let Some(part) = found.recv().await {
            match &token {
                Some(token) => {
                    let params = json!({ "token": token, "value": { "items": part } });
                    session.client.remote().send_notification::<PartialResult>(params).await;
                }
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

/// `$/progress` with a part of a result, which the library's own type cannot carry.
enum PartialResult {}

impl Notification for PartialResult {
    type Params = Value;
    const METHOD: &'static str = "$/progress";
}
