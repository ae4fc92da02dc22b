//! Everything that lives as long as the connection: the client's features, the vaults, the open documents.
//!
//! Locks are taken in this order and never the other way round: documents, vaults, one vault's own.

pub(crate) mod edit_request;
pub(crate) mod status;
pub(crate) mod view;

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use rustc_hash::FxHashMap;
use tokio::runtime::Handle;
use tokio::sync::watch;
use tower_lsp::Client;
use tower_lsp::jsonrpc::Request;
use tower_lsp::ls_types::{InitializeParams, Uri};

use crate::disk;
use crate::lsp::{self, ClientFeatures, uri};
use crate::vault::{Applied, VaultPath};

use crate::server::client::refresh::Refreshes;
use crate::server::diagnostics::push::Publisher;
use crate::server::lock;
use crate::server::pool::Pool;
use crate::server::requests::semantic_tokens::SentTokens;
use crate::server::session::status::StatusBoard;
use crate::server::transport::dispatch::Listener;
use crate::server::transport::writer::Outbox;
use crate::server::workspace::disk_sync as keeper;
use crate::server::workspace::documents::{Document, DocumentKey};
use crate::server::workspace::settings::EditorSettings;
use crate::server::workspace::vault::{Errand, Origin, ServedVault};

/// So long the answer to `initialize` may take from its handler to the output.
const ANSWER_TIME: Duration = Duration::from_millis(2);

/// The pauses after each look at the disk, in seconds, when a client has said that it watches. Some say so seconds before they do (VS
/// Code starts its watcher when the window is drawn, however long that takes), and tell of nothing that happened before.
const LOOK_PAUSES: [u64; 7] = [1, 2, 4, 8, 16, 32, 0];

/// The state of one connection.
pub(crate) struct Session {
    pub(crate) client: Client,
    pub(crate) outbox: Outbox,
    pub(crate) pool: Pool,
    pub(crate) publisher: Publisher,
    pub(crate) refreshes: Refreshes,
    pub(crate) sent_tokens: SentTokens,
    pub(crate) status: StatusBoard,
    pub(crate) documents: Mutex<FxHashMap<DocumentKey, Document>>,
    pub(crate) editor: Mutex<EditorSettings>,
    /// Counts `didChange` notifications that reached their handler.
    pub(crate) changes_handled: AtomicU64,
    features: OnceLock<Arc<ClientFeatures>>,
    vaults: Mutex<Vec<Arc<ServedVault>>>,
    /// Whether the client works in folders, so that a file outside of them is alone.
    has_folders: AtomicBool,
    client_process: OnceLock<PathBuf>,
    is_shut_down: AtomicBool,
    gate: watch::Sender<bool>,
    runtime: Handle,
}

impl Session {
    /// A session with nothing in it. Must be called within a tokio runtime.
    pub(crate) fn new(client: Client) -> Arc<Session> {
        let gate = watch::Sender::new(false);
        let (outbox, send) = Outbox::new(client.clone(), gate.subscribe());
        tokio::spawn(send);
        Arc::new(Session {
            client,
            outbox,
            pool: Pool::new(),
            publisher: Publisher::default(),
            refreshes: Refreshes::default(),
            sent_tokens: SentTokens::default(),
            status: StatusBoard::default(),
            documents: Mutex::default(),
            editor: Mutex::default(),
            changes_handled: AtomicU64::new(0),
            features: OnceLock::new(),
            vaults: Mutex::default(),
            has_folders: AtomicBool::new(false),
            client_process: OnceLock::new(),
            is_shut_down: AtomicBool::new(false),
            gate,
            runtime: Handle::current(),
        })
    }

    /// Takes in what the client says of itself, and starts reading its folders.
    pub(crate) fn initialize(self: &Arc<Session>, params: &InitializeParams) {
        let _ = self.features.set(Arc::new(ClientFeatures::read(params)));
        let process = params.process_id.map(|number| PathBuf::from("/proc").join(number.to_string()));
        // In a container of its own, or where there is no `/proc`, nothing can be told from its absence.
        if let Some(process) = process.filter(|process| process.exists()) {
            let _ = self.client_process.set(process);
        }
        let problems = lock(&self.editor).set_initial(params.initialization_options.as_ref());
        self.report_editor_problems(&problems);
        for folder in lsp::folders(params) {
            self.add_folder(folder);
        }
        self.settle_nesting();
        self.tell_status();
    }

    /// What the client can do; before `initialize`, nothing.
    pub(crate) fn features(&self) -> Arc<ClientFeatures> {
        self.features.get().map(Arc::clone).unwrap_or_default()
    }

    /// Where the process that started us can be seen; `None` if it cannot or did not say its number.
    pub(crate) fn client_process(&self) -> Option<&Path> {
        self.client_process.get().map(PathBuf::as_path)
    }

    /// Notes that the client shut the server down.
    pub(crate) fn shut_down(&self) {
        self.is_shut_down.store(true, Ordering::Relaxed);
    }

    /// Whether the client shut the server down.
    pub(crate) fn is_shut_down(&self) -> bool {
        self.is_shut_down.load(Ordering::Relaxed)
    }

    /// Runs something that waits for the client, apart from all handlers: a handler that waited for a reply would hold
    /// up the reading of it.
    pub(crate) fn spawn(&self, future: impl Future<Output = ()> + Send + 'static) {
        let mut gate = self.gate.subscribe();
        self.runtime.spawn(async move {
            if gate.wait_for(|is_open| *is_open).await.is_ok() {
                future.await;
            }
        });
    }

    /// Lets messages of our own out, after the answer to `initialize`: it takes a moment to the output, also with a client
    /// that does not wait for it.
    fn open_gate(&self) {
        if *self.gate.borrow() {
            return;
        }
        let gate = self.gate.clone();
        self.runtime.spawn(async move {
            tokio::time::sleep(ANSWER_TIME).await;
            gate.send_replace(true);
        });
    }

    /// All vaults.
    pub(crate) fn vaults(&self) -> Vec<Arc<ServedVault>> {
        lock(&self.vaults).clone()
    }

    /// Ends the threads of all vaults.
    pub(crate) fn stop(&self) {
        for vault in self.vaults() {
            vault.stop();
        }
    }

    /// Serves a workspace folder.
    pub(crate) fn add_folder(self: &Arc<Session>, folder: PathBuf) {
        self.has_folders.store(true, Ordering::Relaxed);
        let is_known = |vault: &Arc<ServedVault>| {
            vault.origin == Origin::Workspace && vault.root.as_deref() == Some(&folder)
        };
        if !lock(&self.vaults).iter().any(is_known) {
            self.add_vault(Origin::Workspace, Some(folder));
        }
    }

    /// Stops serving a workspace folder.
    pub(crate) fn remove_folder(&self, folder: &Path) {
        let is_it = |vault: &mut Arc<ServedVault>| {
            vault.origin == Origin::Workspace && vault.root.as_deref() == Some(folder)
        };
        let removed: Vec<_> = lock(&self.vaults).extract_if(.., is_it).collect();
        for vault in removed {
            vault.stop();
            self.take_back(&vault);
        }
    }

    /// After folders came or went: no vault keeps the files of one inside it, and open documents move to the vault that
    /// now owns them.
    pub(crate) fn settle_nesting(self: &Arc<Session>) {
        let vaults = self.vaults();
        for vault in &vaults {
            let inside =
                vaults.iter().filter(|other| other.number != vault.number && other.origin != Origin::Lone);
            let mut nested: Vec<VaultPath> =
                inside.filter_map(|other| vault.path_of(other.root.as_deref()?)).collect();
            nested.sort();
            if vault.set_nested(&nested) && vault.origin != Origin::Lone {
                vault.rescan();
            }
            self.count_again(vault, &Applied::everything());
        }
        self.move_documents();
    }

    fn add_vault(self: &Arc<Session>, origin: Origin, root: Option<PathBuf>) -> Arc<ServedVault> {
        let (settings, _) = lock(&self.editor).layered(&[]);
        let (vault, errands) = ServedVault::new(origin, root, Arc::new(settings));
        lock(&self.vaults).push(Arc::clone(&vault));
        if origin != Origin::Lone {
            vault.send(Errand::Scan);
            keeper::start(self, &vault, errands);
        }
        vault
    }

    /// The vault that owns a file, and the file's place in it. A file outside of all vaults gets one.
    pub(crate) fn place(self: &Arc<Session>, uri: &Uri) -> Option<(Arc<ServedVault>, VaultPath)> {
        if let Some(known) = self.known_place(uri) {
            return Some(known);
        }
        let Some(path) = uri::to_path(uri) else {
            let name =
                VaultPath::resolve("", uri.path().as_str()).or_else(|_| VaultPath::resolve("", "note.md"));
            return Some((self.add_vault(Origin::Lone, None), name.ok()?));
        };
        let folder = path.parent()?;
        let found = if self.has_folders.load(Ordering::Relaxed) { None } else { disk::find_root(folder) };
        let vault = match found {
            Some(root) => self.add_vault(Origin::Found, Some(root)),
            None => self.add_vault(Origin::Lone, Some(folder.to_path_buf())),
        };
        let place = vault.path_of(&path)?;
        Some((vault, place))
    }

    /// The vault that owns a file, if there is one already: the innermost, and a lone one only where there is no other.
    pub(crate) fn known_place(&self, uri: &Uri) -> Option<(Arc<ServedVault>, VaultPath)> {
        let path = uri::to_path(uri)?;
        let vaults = lock(&self.vaults);
        let holding = vaults.iter().filter_map(|vault| Some((vault, vault.path_of(&path)?)));
        // A lone vault holds the documents of its own folder only.
        let holding =
            holding.filter(|(vault, place)| vault.origin != Origin::Lone || place.folder().is_empty());
        let depth = |vault: &ServedVault| vault.root.as_ref().map_or(0, |root| root.components().count());
        let (vault, place) = holding.max_by_key(|(vault, _)| (vault.origin != Origin::Lone, depth(vault)))?;
        Some((Arc::clone(vault), place))
    }

    /// The vault that a file or folder belongs to, or whose root it is, and the place of a file in it.
    pub(crate) fn vault_at(&self, uri: &Uri) -> Option<(Arc<ServedVault>, Option<VaultPath>)> {
        if let Some((vault, path)) = self.known_place(uri) {
            return Some((vault, Some(path)));
        }
        let path = uri::to_path(uri)?;
        let is_root = |vault: &Arc<ServedVault>| vault.root.as_deref() == Some(&path);
        self.vaults().into_iter().find(is_root).map(|vault| (vault, None))
    }

    /// Forgets lone vaults without documents.
    pub(crate) fn drop_empty_lone_vaults(&self) {
        lock(&self.vaults)
            .retain(|vault| vault.origin != Origin::Lone || vault.addresses().open().next().is_some());
    }

    /// Looks at all vaults on disk, now and some more times, after the client has said that it watches them.
    pub(crate) async fn keep_looking(&self) {
        for pause in LOOK_PAUSES {
            for vault in self.vaults() {
                vault.send(Errand::CatchUp(None));
            }
            tokio::time::sleep(Duration::from_secs(pause)).await;
        }
    }

    /// Tells the vaults' threads what may have changed on disk; nothing is read here.
    pub(crate) fn disk_changed(&self, paths: &[PathBuf]) {
        let vaults = self.vaults();
        let walked = vaults.iter().filter(|vault| vault.origin != Origin::Lone);
        for vault in walked {
            let Some(root) = &vault.root else { continue };
            let own: Vec<PathBuf> = paths
                .iter()
                .filter(|path| path.starts_with(root) || root.starts_with(path))
                .cloned()
                .collect();
            if !own.is_empty() {
                vault.send(Errand::Paths(own));
            }
        }
    }
}

/// Which document a `didChange` is about, and how many of them had been handled before it.
pub(crate) type ChangeMark = Option<(String, u64)>;

impl Listener for Arc<Session> {
    type Mark = ChangeMark;

    fn before(&self, request: &Request) -> ChangeMark {
        if !matches!(request.method(), "initialize" | "exit") && self.features.get().is_some() {
            self.open_gate();
        }
        if request.method() != "textDocument/didChange" {
            return None;
        }
        let uri = request.params().and_then(|params| params.pointer("/textDocument/uri")?.as_str());
        Some((uri?.to_owned(), self.changes_handled.load(Ordering::Relaxed)))
    }

    /// A change that never reached its handler, because its parameters meant nothing or it panicked, is lost; the
    /// document is another one now than the client's.
    fn after(&self, mark: ChangeMark) {
        if let Some((uri, handled)) = mark
            && self.changes_handled.load(Ordering::Relaxed) == handled
            && let Some(uri) = uri::lenient(&uri)
        {
            self.lose(&uri, "a change could not be understood");
        }
    }
}
