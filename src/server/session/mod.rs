//! One connection: the parts of a session, and what a change in one of them means for the others.
//!
//! The parts know only what they need of each other. Locks are taken in this order and never the other way
//! round:
//!
//! 1. the open documents,
//! 2. the list of vaults,
//! 3. the editor's settings,
//! 4. the status, then the numbers of a vault,
//! 5. of one vault: what its files say about settings, its writer, then all its other locks, one at a time,
//! 6. the records of what was sent (pushed diagnostics, results) and the queues of the pool.
//!
//! [`VaultEvent`]s are reported with no lock held.

mod canvases;
pub(crate) mod counts;
pub(crate) mod edit_request;
pub(crate) mod query;
pub(crate) mod status;

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock, Weak};

use serde_json::Value;
use tower_lsp::ls_types::{
    ConfigurationItem, DidChangeConfigurationParams, DidChangeWorkspaceFoldersParams,
    DidCloseTextDocumentParams, InitializeParams,
};

use crate::lsp::{self, ClientFeatures, uri};
use crate::vault::{Applied, Snapshot, VaultPath};

use super::client::Client;
use super::client::refresh::{Refreshes, View};
use super::diagnostics::cache::ResultCache;
use super::diagnostics::push::PushDiagnostics;
use super::diagnostics::shows_closed_notes;
use super::pool::Pool;
use super::workspace::documents::Documents;
use super::workspace::settings::EditorSource;
use super::workspace::vault::ServedVault;
use super::workspace::vaults::Vaults;
use super::workspace::{DocumentEvent, OnEvent, VaultEvent};
use counts::VaultCounts;
use status::StatusBoard;

/// The state of one connection.
pub(crate) struct Session {
    pub(crate) client: Arc<Client>,
    pub(crate) pool: Arc<Pool>,
    pub(crate) vaults: Arc<Vaults>,
    pub(crate) documents: Arc<Documents>,
    pub(crate) results: Arc<ResultCache>,
    pub(crate) counts: Arc<VaultCounts>,
    push: Arc<PushDiagnostics>,
    refreshes: Refreshes,
    status: StatusBoard,
    client_process: OnceLock<PathBuf>,
    is_shut_down: AtomicBool,
}

impl Session {
    /// A session with nothing in it. Must be called within a tokio runtime.
    pub(crate) fn new(remote: tower_lsp::Client) -> Arc<Session> {
        let (client, pool) = (Client::new(remote), Arc::new(Pool::new()));
        Arc::new_cyclic(|session: &Weak<Session>| {
            let session = Weak::clone(session);
            let on_event: OnEvent = Arc::new(move |event| {
                if let Some(session) = session.upgrade() {
                    session.react(event);
                }
            });
            let vaults = Arc::new(Vaults::new(Arc::clone(&client), Arc::clone(&on_event)));
            let documents = Documents::new(Arc::clone(&vaults), Arc::clone(&client), on_event);
            let documents = Arc::new(documents);
            let counts = Arc::default();
            let push = PushDiagnostics::new(Arc::clone(&client), Arc::clone(&pool), Arc::clone(&documents));
            Session {
                push: Arc::new(push),
                refreshes: Refreshes::new(&client),
                status: StatusBoard::new(&client, &pool, &vaults, &counts),
                counts,
                client,
                pool,
                vaults,
                documents,
                results: Arc::default(),
                client_process: OnceLock::new(),
                is_shut_down: AtomicBool::new(false),
            }
        })
    }

    /// Takes in what the client says of itself, and starts reading its folders.
    pub(crate) fn initialize(&self, params: &InitializeParams) {
        self.client.set_features(ClientFeatures::read(params));
        let process = params.process_id.map(|number| PathBuf::from("/proc").join(number.to_string()));
        // In a container of its own, or where there is no `/proc`, the absence of a process means nothing.
        if let Some(process) = process.filter(|process| process.exists()) {
            let _ = self.client_process.set(process);
        }
        self.vaults.settings.set(EditorSource::Initialization, params.initialization_options.as_ref());
        lsp::folders(params).into_iter().for_each(|folder| self.vaults.add_folder(folder));
        self.folders_changed();
    }

    /// `initialized`: asks for settings and for changes of files.
    pub(crate) fn initialized(self: &Arc<Session>) {
        self.ask_for_configuration();
        let registrations = lsp::watched_files(&self.client.features());
        if registrations.is_empty() {
            return;
        }
        let session = Arc::clone(self);
        self.client.spawn(async move {
            match session.client.remote().register_capability(registrations).await {
                Ok(()) => session.vaults.keep_looking().await,
                Err(error) => session.client.log(format!("the editor watches no files: {error}")),
            }
        });
    }

    /// Where the process of the client can be seen; `None` if it cannot, or did not give its number.
    pub(crate) fn client_process(&self) -> Option<&Path> {
        self.client_process.get().map(PathBuf::as_path)
    }

    /// Remembers that the client shut the server down.
    pub(crate) fn shut_down(&self) {
        self.is_shut_down.store(true, Ordering::Relaxed);
    }

    /// Whether the client shut the server down.
    pub(crate) fn is_shut_down(&self) -> bool {
        self.is_shut_down.load(Ordering::Relaxed)
    }

    /// `didChangeWorkspaceFolders`
    pub(crate) fn change_folders(&self, params: &DidChangeWorkspaceFoldersParams) {
        for removed in params.event.removed.iter().filter_map(|folder| uri::to_path(&folder.uri)) {
            self.forget(&self.vaults.remove_folder(&removed));
        }
        for added in params.event.added.iter().filter_map(|folder| uri::to_path(&folder.uri)) {
            self.vaults.add_folder(added);
        }
        self.folders_changed();
        if self.client.features().watches_files {
            let vaults = Arc::clone(&self.vaults);
            self.client.spawn(async move { vaults.keep_looking().await });
        }
    }

    /// `didClose`
    pub(crate) fn close(&self, params: &DidCloseTextDocumentParams) {
        self.forget(&self.documents.close(params));
    }

    /// Forgets vaults that are not served any more.
    fn forget(&self, vaults: &[Arc<ServedVault>]) {
        for vault in vaults {
            self.push.clear_vault(vault);
            self.results.forget(vault);
            self.counts.forget(vault);
        }
    }

    /// Settles which vault owns which files and documents.
    fn folders_changed(&self) {
        self.vaults.update_nesting();
        self.forget(&self.documents.move_to_owners());
        let vaults = self.vaults.all();
        // A note may have moved from one vault to another; what was pushed of it there must not be taken back
        // later.
        for vault in &vaults {
            self.push.clear_vanished(vault, &vault.snapshot());
        }
        for vault in &vaults {
            self.react(VaultEvent { vault, applied: &Applied::everything(), document: None });
        }
        self.status.request(&self.client.features());
    }

    /// `didChangeConfiguration`: asks for the settings where the client can be asked, else takes what it
    /// sent.
    pub(crate) fn configuration_changed(self: &Arc<Session>, params: &DidChangeConfigurationParams) {
        if !self.ask_for_configuration() {
            self.take_configuration(&params.settings);
        }
    }

    /// Asks the client for the settings. Returns whether it can be asked.
    fn ask_for_configuration(self: &Arc<Session>) -> bool {
        if !self.client.features().configuration {
            return false;
        }
        let session = Arc::clone(self);
        self.client.spawn(async move {
            let item = ConfigurationItem { scope_uri: None, section: Some("vaultls".to_owned()) };
            match session.client.remote().configuration(vec![item]).await {
                Ok(values) => session.take_configuration(values.first().unwrap_or(&Value::Null)),
                Err(error) => session.client.log(format!("the editor sent no settings: {error}")),
            }
        });
        true
    }

    fn take_configuration(&self, value: &Value) {
        self.vaults.settings.set(EditorSource::Configuration, Some(value));
        self.vaults.settings_changed();
    }

    /// Files came, changed or went, by what the client says.
    pub(crate) fn files_changed<'a>(&self, uris: impl Iterator<Item = &'a str>) {
        let path = |text: &str| uri::to_path(&uri::lenient(text)?);
        self.vaults.disk_changed(&uris.filter_map(path).collect::<Vec<_>>());
    }

    /// The one place that says what a change means: which diagnostics to compute, which views to refresh,
    /// what to count.
    fn react(&self, event: VaultEvent<'_>) {
        let VaultEvent { vault, applied, document } = event;
        let (features, snapshot) = (self.client.features(), vault.snapshot());
        let pulls = features.pulls_diagnostics;
        if let Some((path, DocumentEvent::Closed)) = document {
            self.push.closed(vault, path);
        }
        if snapshot.coverage().is_loading() {
            // All else follows when the vault has been read.
            if !pulls {
                vault.uris().open().for_each(|(path, _)| self.push.queue(vault, path.clone()));
            }
            return;
        }
        if !applied.is_empty() {
            let effects = Effects::new(&event, &snapshot);
            self.status.request(&features);
            for view in &effects.views {
                self.refreshes.request(*view, &features);
            }
            match effects.notes {
                _ if pulls => {}
                None => self.push.queue_all(vault, &snapshot),
                Some(notes) => notes.into_iter().for_each(|path| self.push.queue(vault, path)),
            }
            if document.is_none() && !pulls {
                self.push.clear_vanished(vault, &snapshot);
            }
        }
        match document {
            // Its diagnostics are to be shown, also where its text is that of the disk.
            Some((path, DocumentEvent::Opened)) if !pulls => self.push.queue(vault, path.clone()),
            Some((path, DocumentEvent::OutOfSync)) if !pulls => self.push.queue(vault, path.clone()),
            Some((_, DocumentEvent::OutOfSync)) => self.refreshes.request(View::Diagnostics, &features),
            _ => {}
        }
    }
}

/// What a change of a vault means for what the client shows.
struct Effects {
    /// The notes whose shown diagnostics may be others now; `None` for all.
    notes: Option<Vec<VaultPath>>,
    /// The views that may be others now, of documents other than the one that the client changed, which it
    /// asks about by itself.
    views: Vec<View>,
}

impl Effects {
    fn new(event: &VaultEvent<'_>, snapshot: &Snapshot) -> Effects {
        let applied = event.applied;
        let (uris, shows_closed) = (event.vault.uris(), shows_closed_notes(snapshot));
        let is_other = |path: &VaultPath| event.document.is_none_or(|(changed, _)| changed != path);
        let touched = applied.changed.iter().chain(&applied.affected).filter_map(|id| snapshot.note(*id));
        let notes: Vec<&VaultPath> = touched.map(|note| note.path).collect();
        let has_other_open = uris.open().any(|(path, _)| is_other(path));
        let touches_open = notes.iter().any(|path| is_other(path) && uris.of_open(path).is_some());
        let touches_open = has_other_open && (applied.is_everything || touches_open);
        let mut views = Vec::new();
        // Of files that are gone nothing is left to name.
        let touches_closed =
            shows_closed && (event.document.is_none() || notes.iter().any(|path| is_other(path)));
        if applied.is_everything || touches_open || touches_closed {
            views.push(View::Diagnostics);
        }
        if touches_open || applied.links_changed && has_other_open {
            views.push(View::CodeLenses);
        }
        if touches_open {
            views.push(View::SemanticTokens);
        }
        if touches_open && (snapshot.settings().title_hints || applied.is_everything) {
            views.push(View::InlayHints);
        }
        let is_shown = |path: &&VaultPath| shows_closed || uris.of_open(path).is_some();
        let notes = notes.into_iter().filter(is_shown).cloned().collect();
        Effects { notes: (!applied.is_everything).then_some(notes), views }
    }
}
