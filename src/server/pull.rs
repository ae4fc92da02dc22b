//! Diagnostics for clients that ask. They wait until the vault has been read, for until then every link to a note that is
//! yet to come would be broken.

use std::sync::Arc;

use rustc_hash::FxHashMap;
use serde_json::{Value, json};
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};
use tower_lsp::jsonrpc::Result;
use tower_lsp::ls_types::notification::Notification;
use tower_lsp::ls_types::{
    DocumentDiagnosticParams, DocumentDiagnosticReport, DocumentDiagnosticReportResult,
    FullDocumentDiagnosticReport, ProgressToken, RelatedFullDocumentDiagnosticReport,
    RelatedUnchangedDocumentDiagnosticReport, UnchangedDocumentDiagnosticReport, Uri,
    WorkspaceDiagnosticParams, WorkspaceDiagnosticReport, WorkspaceDiagnosticReportResult,
    WorkspaceDocumentDiagnosticReport, WorkspaceFullDocumentDiagnosticReport,
    WorkspaceUnchangedDocumentDiagnosticReport,
};

use crate::lsp::{self, ClientFeatures};
use crate::vault::{Cancel, Cancelled, FileId, Snapshot, VaultPath};

use super::documents::DocumentKey;
use super::lock;
use super::pool::Priority;
use super::publish::{findings, shows_all};
use super::session::Session;
use super::vault::{Addresses, ServedVault};

/// So many notes make one partial result.
const NOTES_IN_PART: usize = 200;

impl Session {
    /// `textDocument/diagnostic`
    pub(super) async fn pull_document(
        &self,
        params: DocumentDiagnosticParams,
    ) -> Result<DocumentDiagnosticReportResult> {
        let DocumentDiagnosticParams { text_document, previous_result_id: previous, .. } = params;
        if let Some(asked) = self.asked(&text_document.uri)?
            && !asked.vault.is_complete()
        {
            asked.vault.completed().await;
        }
        let found = self.ask("textDocument/diagnostic", &text_document.uri, |asked, cancel| {
            let found = findings(
                &asked.vault,
                &asked.snapshot,
                asked.note,
                &asked.addresses,
                &asked.features,
                cancel,
            )?;
            Ok(Some(found))
        });
        let items = found.await?.unwrap_or_default();
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

    /// `workspace/diagnostic`
    pub(super) async fn pull_workspace(
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

    /// All vaults as they are now, with the versions of their open notes.
    fn states(&self) -> Vec<VaultState> {
        let documents = lock(&self.documents);
        let states = self.vaults().into_iter().map(|vault| {
            let (snapshot, addresses) = (vault.snapshot(), vault.addresses());
            let version = |uri: &Uri| {
                let document = documents.get(&DocumentKey::of(uri))?;
                Some(document.out_of_sync.is_none().then_some(document.version))
            };
            let open = addresses.open().filter_map(|(path, uri)| Some((path.clone(), version(uri)?)));
            VaultState { open: open.collect(), vault, snapshot, addresses }
        });
        states.collect()
    }
}

struct VaultState {
    vault: Arc<ServedVault>,
    snapshot: Snapshot,
    addresses: Addresses,
    /// Open notes with their versions; those out of sync have none.
    open: FxHashMap<VaultPath, Option<i32>>,
}

/// All diagnostics there are to show, part by part.
struct Survey {
    vaults: Vec<VaultState>,
    features: Arc<ClientFeatures>,
    previous: FxHashMap<String, String>,
    parts: UnboundedSender<Vec<WorkspaceDocumentDiagnosticReport>>,
}

impl Survey {
    fn run(mut self, cancel: &Cancel) -> std::result::Result<(), Cancelled> {
        for state in std::mem::take(&mut self.vaults) {
            let notes = notes_to_show(&state);
            for part in notes.chunks(NOTES_IN_PART) {
                let mut reports = Vec::with_capacity(part.len());
                for (path, note) in part {
                    cancel.check()?;
                    reports.extend(self.report(&state, path, *note, cancel)?);
                }
                let _ = self.parts.send(reports);
            }
        }
        // What was reported before and is shown no more.
        let gone =
            self.previous.keys().filter_map(|uri| Some(full(uri.parse().ok()?, None, None, Vec::new())));
        let _ = self.parts.send(gone.collect());
        Ok(())
    }

    fn report(
        &mut self,
        state: &VaultState,
        path: &VaultPath,
        note: FileId,
        cancel: &Cancel,
    ) -> std::result::Result<Option<WorkspaceDocumentDiagnosticReport>, Cancelled> {
        let Some(uri) = state.addresses.uri(path) else { return Ok(None) };
        let version = match state.open.get(path) {
            Some(None) => return Ok(None),
            Some(Some(version)) => Some(i64::from(*version)),
            None => None,
        };
        let items = findings(&state.vault, &state.snapshot, note, &state.addresses, &self.features, cancel)?;
        let result_id = lsp::result_id(&items);
        let before = self.previous.remove(uri.as_str());
        if before.as_ref() == Some(&result_id) {
            return Ok(Some(WorkspaceDocumentDiagnosticReport::Unchanged(
                WorkspaceUnchangedDocumentDiagnosticReport {
                    uri,
                    version,
                    unchanged_document_diagnostic_report: UnchangedDocumentDiagnosticReport { result_id },
                },
            )));
        }
        if before.is_none() && items.is_empty() {
            return Ok(None);
        }
        Ok(Some(full(uri, version, Some(result_id), items)))
    }
}

fn full(
    uri: Uri,
    version: Option<i64>,
    result_id: Option<String>,
    items: Vec<tower_lsp::ls_types::Diagnostic>,
) -> WorkspaceDocumentDiagnosticReport {
    WorkspaceDocumentDiagnosticReport::Full(WorkspaceFullDocumentDiagnosticReport {
        uri,
        version,
        full_document_diagnostic_report: FullDocumentDiagnosticReport { result_id, items },
    })
}

/// The notes to report, open ones first, each group by path.
fn notes_to_show(state: &VaultState) -> Vec<(VaultPath, FileId)> {
    let shows_all = shows_all(&state.vault, &state.snapshot);
    let notes = state.snapshot.notes().map(|note| (note.path.clone(), note.id));
    let mut notes: Vec<(VaultPath, FileId)> =
        notes.filter(|(path, _)| shows_all || state.open.contains_key(path)).collect();
    notes.sort_by_cached_key(|(path, _)| (!state.open.contains_key(path), path.clone()));
    notes
}

/// `$/progress` with a part of a result, which the library's own type cannot carry.
enum PartialResult {}

impl Notification for PartialResult {
    type Params = Value;
    const METHOD: &'static str = "$/progress";
}
