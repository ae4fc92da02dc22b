//! Telling the client of diagnostics: pushed to those that do not ask, and a word to ask again to those that do.
//!
//! What is pushed with a version was computed on that version's text, and results of one note are pushed in the order of
//! the states that they are about. Nothing is said about a vault before it has been read.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use rustc_hash::{FxHashMap, FxHashSet};
use tower_lsp::ls_types::{self, PublishDiagnosticsParams, Uri};

use crate::config::DiagnosticScope;
use crate::ide;
use crate::lsp::{self, ClientFeatures, Encoder};
use crate::vault::{Applied, Cancel, Cancelled, Coverage, FileId, Snapshot, VaultPath};

use crate::server::lock;
use crate::server::pool::Priority;
use crate::server::session::Session;
use crate::server::transport::writer::Notice;
use crate::server::workspace::documents::{Document, DocumentKey};
use crate::server::workspace::vault::{Addresses, Origin, ServedVault};

/// Several changes in so short a time make one request to ask again.
const REFRESH_PAUSE: Duration = Duration::from_millis(30);

/// What was pushed and what waits to be.
#[derive(Debug, Default)]
pub(crate) struct Publisher {
    state: Mutex<State>,
}

type NoteKey = (u64, VaultPath);

#[derive(Debug, Default)]
struct State {
    queued: FxHashSet<NoteKey>,
    pushed: FxHashMap<NoteKey, Pushed>,
    /// The settings files, by the number of their vault, that something is shown of, and a name for what is.
    faulty_settings: FxHashMap<u64, (Uri, String)>,
    refresh_queued: bool,
}

#[derive(Debug)]
struct Pushed {
    uri: Uri,
    revision: u64,
    version: Option<i32>,
    result: String,
}

impl Session {
    /// After a note was opened, which changes nothing for the vault if its text is the disk's.
    pub(crate) fn after_open(
        self: &Arc<Session>,
        vault: &Arc<ServedVault>,
        path: &VaultPath,
        applied: &Applied,
    ) {
        self.after(vault, applied, Some(path));
        if vault.is_complete() && !self.features().pulls_diagnostics {
            self.queue(vault, path.clone());
        }
    }

    /// After an edit of one note, which the client asks about by itself if it asks at all.
    pub(crate) fn after_edit(
        self: &Arc<Session>,
        vault: &Arc<ServedVault>,
        path: &VaultPath,
        applied: &Applied,
    ) {
        self.after(vault, applied, Some(path));
    }

    /// After news from the disk or other settings.
    pub(crate) fn after_disk(self: &Arc<Session>, vault: &ServedVault, applied: &Applied) {
        if let Some(vault) = self.vaults().into_iter().find(|served| served.number == vault.number) {
            self.after(&vault, applied, None);
        }
    }

    fn after(self: &Arc<Session>, vault: &Arc<ServedVault>, applied: &Applied, edited: Option<&VaultPath>) {
        if !vault.is_complete() || applied.is_empty() {
            return;
        }
        self.count_again(vault, applied);
        self.refresh_views(vault, applied, edited);
        if applied.is_everything {
            self.diagnose_vault(vault);
            return;
        }
        let snapshot = vault.snapshot();
        let touched = applied.changed.iter().chain(&applied.affected);
        let addresses = vault.addresses();
        let shows_all = shows_all(vault, &snapshot);
        let mut touched = touched
            .filter_map(|id| Some(snapshot.note(*id)?.path.clone()))
            .filter(|path| shows_all || addresses.open_uri(path).is_some());
        if self.features().pulls_diagnostics {
            // The note that was edited the client asks about by itself. Of files that are gone nothing is left to name.
            let may_be_gone = shows_all && edited.is_none();
            if may_be_gone || touched.any(|path| Some(&path) != edited) {
                self.refresh();
            }
            return;
        }
        for path in touched {
            self.queue(vault, path);
        }
        if edited.is_none() {
            self.clear_vanished(vault, &snapshot);
        }
    }

    /// Looks at one note again.
    pub(crate) fn diagnose(self: &Arc<Session>, vault: &Arc<ServedVault>, path: &VaultPath) {
        if self.features().pulls_diagnostics {
            self.refresh();
        } else {
            self.queue(vault, path.clone());
        }
    }

    /// Looks at everything again.
    pub(crate) fn diagnose_everything(self: &Arc<Session>) {
        let vaults = self.vaults();
        // A note may have moved from one vault to another; what was said of it there must not be taken back later.
        for vault in &vaults {
            if vault.is_complete() {
                self.clear_vanished(vault, &vault.snapshot());
            }
        }
        for vault in &vaults {
            self.diagnose_vault(vault);
        }
    }

    /// Looks at all notes of a vault again that the client is shown diagnostics of.
    pub(crate) fn diagnose_vault(self: &Arc<Session>, vault: &Arc<ServedVault>) {
        if !vault.is_complete() {
            return;
        }
        if self.features().pulls_diagnostics {
            self.refresh();
            return;
        }
        let snapshot = vault.snapshot();
        for (path, _) in vault.addresses().open() {
            self.queue(vault, path.clone());
        }
        if shows_all(vault, &snapshot) {
            for note in snapshot.notes() {
                self.queue(vault, note.path.clone());
            }
        }
        self.clear_vanished(vault, &snapshot);
    }

    /// After a note was closed: nothing of it is shown any more, unless closed notes are shown too. Those without a file
    /// are gone.
    pub(crate) fn close_published(self: &Arc<Session>, vault: &Arc<ServedVault>, path: &VaultPath) {
        let snapshot = vault.snapshot();
        if shows_all(vault, &snapshot) && snapshot.find(path.as_str()).is_some() {
            // What was pushed stays on record, so that findings of the unsaved text are taken back.
            self.queue(vault, path.clone());
            return;
        }
        let mut state = lock(&self.publisher.state);
        if let Some(pushed) = state.pushed.remove(&(vault.number, path.clone())) {
            self.push_nothing(pushed.uri);
        }
    }

    /// Takes back all that was pushed of a vault that is not served any more. It must have been stopped before.
    pub(crate) fn take_back(&self, vault: &ServedVault) {
        let mut state = lock(&self.publisher.state);
        let faulty = state.faulty_settings.remove(&vault.number);
        let pushed = state.pushed.extract_if(|(number, _), _| *number == vault.number);
        for uri in pushed.map(|(_, pushed)| pushed.uri).chain(faulty.map(|(uri, _)| uri)) {
            self.push_nothing(uri);
        }
    }

    fn push_nothing(&self, uri: Uri) {
        let diagnostics = Vec::new();
        self.outbox.send(Notice::Publish(PublishDiagnosticsParams { uri, diagnostics, version: None }));
    }

    /// Takes back what was pushed of notes that are gone or not to be shown any more.
    fn clear_vanished(&self, vault: &ServedVault, snapshot: &Snapshot) {
        let shows_all = shows_all(vault, snapshot);
        let addresses = vault.addresses();
        let mut state = lock(&self.publisher.state);
        state.pushed.retain(|(number, path), pushed| {
            let stays = *number != vault.number
                || addresses.open_uri(path).is_some()
                || shows_all && snapshot.find(path.as_str()).is_some();
            if !stays {
                self.push_nothing(pushed.uri.clone());
            }
            stays
        });
    }

    /// Has a note looked at by the pool, once however often it is queued meanwhile.
    fn queue(self: &Arc<Session>, vault: &Arc<ServedVault>, path: VaultPath) {
        let key = (vault.number, path);
        if !lock(&self.publisher.state).queued.insert(key.clone()) {
            return;
        }
        let is_open = vault.addresses().open_uri(&key.1).is_some();
        let priority = if is_open { Priority::Background } else { Priority::WholeVault };
        let (session, vault) = (Arc::clone(self), Arc::clone(vault));
        self.pool.spawn(priority, move || session.push(&vault, key));
    }

    fn push(self: &Arc<Session>, vault: &Arc<ServedVault>, key: NoteKey) {
        // Whatever changes the vault from here on queues the note again.
        lock(&self.publisher.state).queued.remove(&key);
        let path = &key.1;
        let before = version_of(&lock(&self.documents), vault, path);
        let snapshot = vault.snapshot();
        let Some(id) = snapshot.find(path.as_str()).filter(|_| vault.is_complete()) else { return };
        if before.is_none() && !shows_all(vault, &snapshot) {
            return;
        }
        let features = self.features();
        let addresses = vault.addresses();
        let Some(uri) = addresses.uri(path) else { return };
        let is_lost = matches!(before, Some(None));
        let diagnostics = if is_lost {
            Vec::new()
        } else {
            // Nobody cancels: the note is looked at again if something changes meanwhile.
            let Ok(found) = findings(vault, &snapshot, id, &addresses, &features, &Cancel::new()) else {
                return;
            };
            found
        };
        let result = lsp::result_id(&diagnostics);
        let version = before.flatten();
        let documents = lock(&self.documents);
        if version_of(&documents, vault, path) != before {
            drop(documents);
            // A version may come without a change of the text, and then nobody else queues the note.
            self.queue(vault, key.1);
            return;
        }
        let mut state = lock(&self.publisher.state);
        let last = state.pushed.get(&key);
        let is_stale = last.is_some_and(|last| last.revision > snapshot.revision());
        let is_known = last.is_some_and(|last| last.version == version && last.result == result);
        let is_nothing_new = last.is_none() && before.is_none() && diagnostics.is_empty();
        if is_stale || is_known || is_nothing_new || vault.is_stopped() {
            return;
        }
        if let Some(other) = last.filter(|last| last.uri != uri) {
            // The client's spelling of an open note need not be ours.
            self.push_nothing(other.uri.clone());
        }
        let pushed = Pushed { uri: uri.clone(), revision: snapshot.revision(), version, result };
        state.pushed.insert(key, pushed);
        self.outbox.send(Notice::Publish(PublishDiagnosticsParams { uri, diagnostics, version }));
    }

    /// Shows what is wrong in the settings file of a vault.
    pub(crate) fn publish_settings(
        &self,
        vault: &ServedVault,
        uri: Uri,
        diagnostics: Vec<ls_types::Diagnostic>,
    ) {
        let mut state = lock(&self.publisher.state);
        if vault.is_stopped() {
            return;
        }
        let shown = (!diagnostics.is_empty()).then(|| (uri.clone(), lsp::result_id(&diagnostics)));
        if state.faulty_settings.get(&vault.number) == shown.as_ref() {
            return;
        }
        match shown {
            Some(shown) => state.faulty_settings.insert(vault.number, shown),
            None => state.faulty_settings.remove(&vault.number),
        };
        self.outbox.send(Notice::Publish(PublishDiagnosticsParams { uri, diagnostics, version: None }));
    }

    /// Asks the client to ask again.
    fn refresh(self: &Arc<Session>) {
        if std::mem::replace(&mut lock(&self.publisher.state).refresh_queued, true) {
            return;
        }
        let session = Arc::clone(self);
        self.spawn(async move {
            tokio::time::sleep(REFRESH_PAUSE).await;
            lock(&session.publisher.state).refresh_queued = false;
            if let Err(error) = session.client.workspace_diagnostic_refresh().await {
                tracing::debug!("the client does not refresh diagnostics: {error}");
            }
        });
    }
}

/// The version of an open note: `None` if it is not open, `Some(None)` if it is out of sync.
fn version_of(
    documents: &FxHashMap<DocumentKey, Document>,
    vault: &ServedVault,
    path: &VaultPath,
) -> Option<Option<i32>> {
    let addresses = vault.addresses();
    let document = documents.get(&DocumentKey::of(addresses.open_uri(path)?))?;
    Some(document.out_of_sync.is_none().then_some(document.version))
}

/// Whether closed notes are diagnosed too.
pub(crate) fn shows_all(vault: &ServedVault, snapshot: &Snapshot) -> bool {
    vault.origin != Origin::Lone && snapshot.settings().diagnostic_scope == DiagnosticScope::Vault
}

/// The findings of a note for the client.
pub(crate) fn findings(
    vault: &ServedVault,
    snapshot: &Snapshot,
    note: FileId,
    addresses: &Addresses,
    features: &ClientFeatures,
    cancel: &Cancel,
) -> Result<Vec<ls_types::Diagnostic>, Cancelled> {
    let found = ide::diagnostics(snapshot, note, cancel)?;
    let coverage = match vault.is_complete() {
        true if vault.knows_open_documents_only() => Coverage::OpenOnly,
        true => Coverage::Whole,
        false => Coverage::Partial,
    };
    let can_tell = |finding: &&ide::Diagnostic| ide::is_justified(finding.code, coverage);
    let address = |path: &VaultPath| addresses.uri(path);
    let encoder = Encoder { vault: snapshot, features, address: &address };
    Ok(lsp::diagnostics(found.iter().filter(can_tell), note, &encoder))
}
