//! The diagnostics of all vaults, for clients that pull them for the whole workspace every few seconds: what
//! was reported before and has not been touched since is not computed again.

use std::sync::Arc;

use rustc_hash::FxHashMap;
use tokio::sync::mpsc::UnboundedSender;
use tower_lsp::ls_types::{
    Diagnostic, FullDocumentDiagnosticReport, UnchangedDocumentDiagnosticReport, Uri,
    WorkspaceDocumentDiagnosticReport, WorkspaceFullDocumentDiagnosticReport,
    WorkspaceUnchangedDocumentDiagnosticReport,
};

use crate::lsp;
use crate::server::workspace::documents::Versions;
use crate::server::workspace::view::VaultView;
use crate::vault::{Cancel, Cancelled, FileId, VaultPath};

use super::cache::ResultCache;
use super::{of_note, shows_closed_notes};

/// How many notes make one partial result.
const NOTES_IN_PART: usize = 200;

/// A pull of all diagnostics that are shown.
pub(crate) struct WorkspacePull {
    /// All vaults, at the moment of `versions`.
    pub(crate) vaults: Vec<VaultView>,
    pub(crate) versions: Versions,
    pub(crate) cache: Arc<ResultCache>,
    /// What the client has, by URI.
    pub(crate) previous: FxHashMap<String, String>,
    /// Where the reports go, part by part.
    pub(crate) parts: UnboundedSender<Vec<WorkspaceDocumentDiagnosticReport>>,
}

impl WorkspacePull {
    /// Reports all diagnostics.
    pub(crate) fn run(mut self, cancel: &Cancel) -> Result<(), Cancelled> {
        for view in std::mem::take(&mut self.vaults) {
            for part in shown_notes(&view).chunks(NOTES_IN_PART) {
                let mut reports = Vec::with_capacity(part.len());
                for (path, note) in part {
                    cancel.check()?;
                    reports.extend(self.report(&view, path, *note, cancel)?);
                }
                self.send(reports);
            }
        }
        // What was reported before and is not shown any more.
        let gone =
            self.previous.keys().filter_map(|uri| Some(full(uri.parse().ok()?, None, None, Vec::new())));
        self.send(gone.collect());
        Ok(())
    }

    fn send(&self, reports: Vec<WorkspaceDocumentDiagnosticReport>) {
        if !reports.is_empty() {
            let _ = self.parts.send(reports);
        }
    }

    fn report(
        &mut self,
        view: &VaultView,
        path: &VaultPath,
        note: FileId,
        cancel: &Cancel,
    ) -> Result<Option<WorkspaceDocumentDiagnosticReport>, Cancelled> {
        let Some(uri) = view.uris.of(path) else { return Ok(None) };
        let version = match self.versions.of(view, path) {
            Some(None) => return Ok(None),
            version => version.flatten().map(i64::from),
        };
        let before = self.previous.remove(uri.as_str());
        let known = self.cache.get(&view.vault, note);
        if known.is_some() && known == before {
            return Ok(known.map(|result_id| unchanged(uri, version, result_id)));
        }
        if before.is_none() && known == Some(lsp::result_id(&[])) {
            return Ok(None);
        }
        let items = of_note(view, note, cancel)?;
        let result_id = lsp::result_id(&items);
        self.cache.set(view, note, &result_id);
        Ok(match before {
            Some(before) if before == result_id => Some(unchanged(uri, version, result_id)),
            None if items.is_empty() => None,
            _ => Some(full(uri, version, Some(result_id), items)),
        })
    }
}

fn unchanged(uri: Uri, version: Option<i64>, result_id: String) -> WorkspaceDocumentDiagnosticReport {
    WorkspaceDocumentDiagnosticReport::Unchanged(WorkspaceUnchangedDocumentDiagnosticReport {
        uri,
        version,
        unchanged_document_diagnostic_report: UnchangedDocumentDiagnosticReport { result_id },
    })
}

fn full(
    uri: Uri,
    version: Option<i64>,
    result_id: Option<String>,
    items: Vec<Diagnostic>,
) -> WorkspaceDocumentDiagnosticReport {
    WorkspaceDocumentDiagnosticReport::Full(WorkspaceFullDocumentDiagnosticReport {
        uri,
        version,
        full_document_diagnostic_report: FullDocumentDiagnosticReport { result_id, items },
    })
}

/// The notes whose diagnostics are shown, open ones first, each group by path.
fn shown_notes(view: &VaultView) -> Vec<(VaultPath, FileId)> {
    let mut notes: Vec<(VaultPath, FileId)> = if shows_closed_notes(&view.snapshot) {
        view.snapshot.notes().map(|note| (note.path.clone(), note.id)).collect()
    } else {
        let find = |path: &VaultPath| Some((path.clone(), view.snapshot.find(path.as_str())?));
        view.uris.open().filter_map(|(path, _)| find(path)).collect()
    };
    notes.sort_by_cached_key(|(path, _)| (view.uris.of_open(path).is_none(), path.clone()));
    notes
}
