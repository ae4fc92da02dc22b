//! One look at all diagnostics there are to show, for clients that ask for the whole workspace every few seconds: what was
//! reported before and has not been touched since is not computed again.

use std::sync::Arc;

use rustc_hash::FxHashMap;
use tokio::sync::mpsc::UnboundedSender;
use tower_lsp::ls_types::{
    FullDocumentDiagnosticReport, UnchangedDocumentDiagnosticReport, Uri, WorkspaceDocumentDiagnosticReport,
    WorkspaceFullDocumentDiagnosticReport, WorkspaceUnchangedDocumentDiagnosticReport,
};

use crate::lsp::{self, ClientFeatures};
use crate::vault::{Applied, Cancel, Cancelled, FileId, Snapshot, VaultPath};

use crate::server::diagnostics::push::{findings, shows_all};
use crate::server::lock;
use crate::server::session::Session;
use crate::server::workspace::documents::DocumentKey;
use crate::server::workspace::vault::{Addresses, ServedVault};

/// So many notes make one partial result.
const NOTES_IN_PART: usize = 200;

/// The results of notes that no change has touched since they were computed. A vault forgets in it before it shows a
/// change to anybody, so who sees the change finds no result of the time before.
#[derive(Debug, Default)]
pub(crate) struct Record {
    results: FxHashMap<FileId, String>,
    /// The revisions from which on a result is about the state after the last change of a note.
    fresh_from: FxHashMap<FileId, u64>,
    /// The same for all notes.
    all_fresh_from: u64,
}

impl Record {
    /// Forgets the results that a change touched, which led to `revision`.
    pub(crate) fn forget(&mut self, applied: &Applied, revision: u64) {
        if applied.is_everything {
            *self = Record { all_fresh_from: revision, ..Record::default() };
            return;
        }
        for id in applied.changed.iter().chain(&applied.affected) {
            self.results.remove(id);
            self.fresh_from.insert(*id, revision);
        }
    }

    fn keep(&mut self, id: FileId, result: &str, revision: u64) {
        let fresh_from = self.fresh_from.get(&id).copied().unwrap_or_default().max(self.all_fresh_from);
        if revision >= fresh_from {
            self.results.insert(id, result.to_owned());
        }
    }
}

impl Session {
    /// All vaults as they are now, with the versions of their open notes.
    pub(crate) fn states(&self) -> Vec<VaultState> {
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

pub(crate) struct VaultState {
    vault: Arc<ServedVault>,
    snapshot: Snapshot,
    addresses: Addresses,
    /// Open notes with their versions; those out of sync have none.
    open: FxHashMap<VaultPath, Option<i32>>,
}

/// All diagnostics there are to show, part by part.
pub(crate) struct Survey {
    pub(crate) vaults: Vec<VaultState>,
    pub(crate) features: Arc<ClientFeatures>,
    pub(crate) previous: FxHashMap<String, String>,
    pub(crate) parts: UnboundedSender<Vec<WorkspaceDocumentDiagnosticReport>>,
}

impl Survey {
    pub(crate) fn run(mut self, cancel: &Cancel) -> Result<(), Cancelled> {
        for state in std::mem::take(&mut self.vaults) {
            let notes = notes_to_show(&state);
            for part in notes.chunks(NOTES_IN_PART) {
                let mut reports = Vec::with_capacity(part.len());
                for (path, note) in part {
                    cancel.check()?;
                    reports.extend(self.report(&state, path, *note, cancel)?);
                }
                if !reports.is_empty() {
                    let _ = self.parts.send(reports);
                }
            }
        }
        // What was reported before and is shown no more.
        let gone =
            self.previous.keys().filter_map(|uri| Some(full(uri.parse().ok()?, None, None, Vec::new())));
        let gone: Vec<_> = gone.collect();
        if !gone.is_empty() {
            let _ = self.parts.send(gone);
        }
        Ok(())
    }

    fn report(
        &mut self,
        state: &VaultState,
        path: &VaultPath,
        note: FileId,
        cancel: &Cancel,
    ) -> Result<Option<WorkspaceDocumentDiagnosticReport>, Cancelled> {
        let Some(uri) = state.addresses.uri(path) else { return Ok(None) };
        let version = match state.open.get(path) {
            Some(None) => return Ok(None),
            Some(Some(version)) => Some(i64::from(*version)),
            None => None,
        };
        let before = self.previous.remove(uri.as_str());
        let known = lock(&state.vault.results).results.get(&note).cloned();
        if known.is_some() && known == before {
            return Ok(known.map(|result_id| unchanged(uri, version, result_id)));
        }
        if before.is_none() && known == Some(lsp::result_id(&[])) {
            return Ok(None);
        }
        let items = findings(&state.vault, &state.snapshot, note, &state.addresses, &self.features, cancel)?;
        let result_id = lsp::result_id(&items);
        lock(&state.vault.results).keep(note, &result_id, state.snapshot.revision());
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
    let mut notes: Vec<(VaultPath, FileId)> = if shows_all(&state.vault, &state.snapshot) {
        state.snapshot.notes().map(|note| (note.path.clone(), note.id)).collect()
    } else {
        let find = |path: &VaultPath| Some((path.clone(), state.snapshot.find(path.as_str())?));
        state.open.keys().filter_map(find).collect()
    };
    notes.sort_by_cached_key(|(path, _)| (!state.open.contains_key(path), path.clone()));
    notes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Text;
    use crate::vault::{Change, VaultWriter};

    fn touched(changed: &[FileId]) -> Applied {
        Applied { changed: changed.to_vec(), ..Applied::default() }
    }

    #[test]
    fn only_results_of_the_state_after_the_last_change_are_kept() {
        let mut writer = VaultWriter::new(Arc::default());
        let mut add = |path: &str| {
            let path = VaultPath::resolve("", path).unwrap();
            writer.apply(Change::Opened { path, text: Text::from("") }).changed[0]
        };
        let [one, other] = [add("one.md"), add("other.md")];
        let mut record = Record::default();
        record.keep(one, "a", 3);
        record.keep(other, "b", 3);
        record.forget(&touched(&[one]), 5);
        assert_eq!((record.results.get(&one), record.results.get(&other)), (None, Some(&"b".to_owned())));
        record.keep(one, "late", 4);
        assert_eq!(record.results.get(&one), None);
        record.keep(one, "c", 5);
        assert_eq!(record.results.get(&one), Some(&"c".to_owned()));
        record.forget(&Applied::everything(), 6);
        record.keep(other, "late", 5);
        assert!(record.results.is_empty());
    }
}
