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
use super::{shows_closed_notes, with_result};

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
        let nothing = lsp::result_id(&[]);
        for view in std::mem::take(&mut self.vaults) {
            for part in shown_notes(&view).chunks(NOTES_IN_PART) {
                let mut reports = Vec::with_capacity(part.len());
                for (path, note) in part {
                    cancel.check()?;
                    reports.extend(self.report(&view, path, *note, &nothing, cancel)?);
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

    /// `nothing` is the identity of no diagnostics: what the client has of a note that it never heard of.
    fn report(
        &mut self,
        view: &VaultView,
        path: &VaultPath,
        note: FileId,
        nothing: &str,
        cancel: &Cancel,
    ) -> Result<Option<WorkspaceDocumentDiagnosticReport>, Cancelled> {
        let Some(uri) = view.uris.text_of(path) else { return Ok(None) };
        let version = match self.versions.of(view, path) {
            Some(None) => return Ok(None),
            version => version.flatten().map(i64::from),
        };
        let before = self.previous.remove(&*uri);
        let had = before.as_deref().unwrap_or(nothing);
        let (items, result_id) = match self.cache.get(&view.vault, note) {
            Some(known) if *known == *had => (Vec::new(), had.to_owned()),
            _ => with_result(view, note, &self.cache, cancel)?,
        };
        if before.is_none() && result_id == nothing {
            return Ok(None);
        }
        let Ok(uri) = uri.parse() else { return Ok(None) };
        Ok(Some(if before.as_ref() == Some(&result_id) {
            unchanged(uri, version, result_id)
        } else {
            full(uri, version, Some(result_id), items)
        }))
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

/// The notes whose diagnostics are shown, open ones first.
fn shown_notes(view: &VaultView) -> Vec<(&VaultPath, FileId)> {
    let find = |path: &VaultPath| view.snapshot.note(view.snapshot.find(path.as_str())?);
    let open = view.uris.open().filter_map(|(path, _)| find(path)).map(|note| (note.path, note.id));
    let mut notes: Vec<(&VaultPath, FileId)> = open.collect();
    notes.sort_unstable();
    if shows_closed_notes(&view.snapshot) {
        let closed = view.snapshot.notes().filter(|note| view.uris.of_open(note.path).is_none());
        notes.extend(closed.map(|note| (note.path, note.id)));
    }
    notes
}
