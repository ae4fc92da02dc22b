//! Diagnostics pushed to clients that do not pull them.
//!
//! What is pushed with a version was computed on that version's text, and results of one note are pushed in
//! the order of the states that they are about. While a vault is being read, only what is certain of open
//! notes is pushed.

use std::sync::{Arc, Mutex};

use rustc_hash::{FxHashMap, FxHashSet};
use tower_lsp::ls_types::Uri;

use crate::lsp;
use crate::server::client::Client;
use crate::server::lock::lock;
use crate::server::pool::{Pool, Priority};
use crate::server::workspace::documents::{Documents, Version};
use crate::server::workspace::vault::ServedVault;
use crate::server::workspace::view::VaultView;
use crate::vault::{Cancel, Snapshot, VaultPath};

use super::{of_note, shows_closed_notes};

/// What was pushed, and what is queued to be.
pub(crate) struct PushDiagnostics {
    client: Arc<Client>,
    pool: Arc<Pool>,
    documents: Arc<Documents>,
    state: Mutex<State>,
}

/// A note by the number of its vault and its path.
type NoteKey = (u64, VaultPath);

#[derive(Debug, Default)]
struct State {
    queued: FxHashSet<NoteKey>,
    pushed: FxHashMap<NoteKey, Pushed>,
}

#[derive(Debug)]
struct Pushed {
    uri: Uri,
    revision: u64,
    version: Version,
    result: String,
}

impl PushDiagnostics {
    /// Nothing was pushed yet.
    pub(crate) fn new(client: Arc<Client>, pool: Arc<Pool>, documents: Arc<Documents>) -> PushDiagnostics {
        PushDiagnostics { client, pool, documents, state: Mutex::default() }
    }

    /// Computes the diagnostics of all notes of a vault again that are shown.
    pub(crate) fn queue_all(self: &Arc<Self>, vault: &Arc<ServedVault>, snapshot: &Snapshot) {
        for (path, _) in vault.uris().open() {
            self.queue(vault, path.clone());
        }
        if shows_closed_notes(snapshot) {
            for note in snapshot.notes() {
                self.queue(vault, note.path.clone());
            }
        }
        self.clear_vanished(vault, snapshot);
    }

    /// Computes the diagnostics of a note again, once however often it is queued meanwhile.
    pub(crate) fn queue(self: &Arc<Self>, vault: &Arc<ServedVault>, path: VaultPath) {
        let key = (vault.number, path);
        if !lock(&self.state).queued.insert(key.clone()) {
            return;
        }
        let is_open = vault.uris().of_open(&key.1).is_some();
        let priority = if is_open { Priority::Background } else { Priority::WholeVault };
        let (push, vault) = (Arc::clone(self), Arc::clone(vault));
        self.pool.spawn(priority, move || push.push(&vault, key));
    }

    fn push(self: &Arc<Self>, vault: &Arc<ServedVault>, key: NoteKey) {
        // Every change of the vault from here on queues the note again.
        lock(&self.state).queued.remove(&key);
        let path = &key.1;
        let before = self.documents.with_version(vault, path, |version| version);
        let view = VaultView::new(Arc::clone(vault), self.client.features());
        let (Some(note), Some(uri)) = (view.snapshot.find(path.as_str()), view.uris.of(path)) else { return };
        if before.is_none() && !shows_closed_notes(&view.snapshot) {
            return;
        }
        let is_out_of_sync = before == Some(None);
        // Never cancelled: the note is queued again if something changes meanwhile.
        let found = if is_out_of_sync { Ok(Vec::new()) } else { of_note(&view, note, &Cancel::new()) };
        let Ok(diagnostics) = found else { return };
        let (version, revision) = (before.flatten(), view.snapshot.revision());
        let result = lsp::result_id(&diagnostics);
        let is_current = self.documents.with_version(vault, path, |now| {
            if now != before {
                return false;
            }
            let mut state = lock(&self.state);
            let last = state.pushed.get(&key);
            let is_stale = last.is_some_and(|last| last.revision > revision);
            let is_known = last.is_some_and(|last| last.version == version && last.result == result);
            let is_nothing_new = last.is_none() && before.is_none() && diagnostics.is_empty();
            if is_stale || is_known || is_nothing_new || vault.is_stopped() {
                return true;
            }
            if let Some(other) = last.filter(|last| last.uri != uri) {
                // The client may write the URI of an open note otherwise than the server.
                self.client.publish(other.uri.clone(), Vec::new(), None);
            }
            state.pushed.insert(key.clone(), Pushed { uri: uri.clone(), revision, version, result });
            self.client.publish(uri, diagnostics, version);
            true
        });
        if !is_current {
            // A version may come without a change of the text, and then nothing else queues the note.
            self.queue(vault, key.1);
        }
    }

    /// After a note was closed: its diagnostics are taken back, unless closed notes are diagnosed too.
    pub(crate) fn closed(self: &Arc<Self>, vault: &Arc<ServedVault>, path: &VaultPath) {
        let snapshot = vault.snapshot();
        if shows_closed_notes(&snapshot) && snapshot.find(path.as_str()).is_some() {
            // What was pushed stays on record, so that diagnostics of the unsaved text are taken back.
            self.queue(vault, path.clone());
        } else {
            self.clear(|number, of| number == vault.number && of == path);
        }
    }

    /// Takes back all diagnostics of a vault that is not served any more. It must have been stopped before.
    pub(crate) fn clear_vault(&self, vault: &ServedVault) {
        self.clear(|number, _| number == vault.number);
    }

    /// Takes back the diagnostics of notes that are gone, or not shown any more.
    pub(crate) fn clear_vanished(&self, vault: &ServedVault, snapshot: &Snapshot) {
        let (uris, shows_closed) = (vault.uris(), shows_closed_notes(snapshot));
        let is_shown = |path: &VaultPath| {
            uris.of_open(path).is_some() || shows_closed && snapshot.find(path.as_str()).is_some()
        };
        self.clear(|number, path| number == vault.number && !is_shown(path));
    }

    fn clear(&self, is_gone: impl Fn(u64, &VaultPath) -> bool) {
        let mut state = lock(&self.state);
        for (_, pushed) in state.pushed.extract_if(|(number, path), _| is_gone(*number, path)) {
            self.client.publish(pushed.uri, Vec::new(), None);
        }
    }
}
