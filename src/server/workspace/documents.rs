//! Open documents: their text as the client has it, version by version.
//!
//! Handlers here contain no `.await`, so changes apply in the order of the wire. A document whose text may
//! differ from the client's is out of sync, and no request about it is answered until a full text comes.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use rustc_hash::FxHashMap;
use serde_json::Value;
use tower_lsp::ls_types::{
    DidChangeTextDocumentParams, DidCloseTextDocumentParams, DidOpenTextDocumentParams, SemanticToken,
    TextDocumentContentChangeEvent, TextDocumentItem, Uri,
};

use crate::disk;
use crate::lsp::{to_text_range, uri};
use crate::server::client::Client;
use crate::server::lock::lock;
use crate::text::{Edit, Encoding, Text};
use crate::vault::{Applied, Change, VaultPath};

use super::vault::{ServedVault, VaultTask};
use super::vaults::Vaults;
use super::view::{FileView, VaultView};
use super::{DocumentEvent, OnEvent, VaultEvent};

/// Identifies a document however its URI is written.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
enum DocumentKey {
    /// A file.
    Path(PathBuf),
    /// Anything else, as it is written.
    Uri(String),
}

impl DocumentKey {
    fn of(uri: &Uri) -> DocumentKey {
        uri::to_path(uri).map_or_else(|| DocumentKey::Uri(uri.as_str().to_owned()), DocumentKey::Path)
    }
}

struct Document {
    /// As the client writes it.
    uri: Uri,
    vault: Arc<ServedVault>,
    path: VaultPath,
    version: i32,
    text: Text,
    /// Why its text may differ from the client's.
    out_of_sync: Option<String>,
    sent_tokens: Option<SentTokens>,
}

/// The semantic tokens that the client has of a document.
#[derive(Debug)]
pub(crate) struct SentTokens {
    pub(crate) result_id: String,
    pub(crate) tokens: Vec<SemanticToken>,
}

/// The version of an open document; `None` if it is out of sync.
pub(crate) type Version = Option<i32>;

/// The versions of all open documents at one moment.
pub(crate) struct Versions(FxHashMap<DocumentKey, Version>);

impl Versions {
    /// The version of a file; `None` if it is not open.
    pub(crate) fn of(&self, view: &VaultView, path: &VaultPath) -> Option<Version> {
        self.0.get(&DocumentKey::of(view.uris.of_open(path)?)).copied()
    }
}

/// A document is out of sync, and why.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct OutOfSync(pub(crate) String);

/// The open documents of a session.
pub(crate) struct Documents {
    open: Mutex<FxHashMap<DocumentKey, Document>>,
    vaults: Arc<Vaults>,
    client: Arc<Client>,
    on_event: OnEvent,
    token_results: AtomicU64,
}

impl Document {
    fn new(uri: Uri, vault: Arc<ServedVault>, path: VaultPath, version: i32, text: Text) -> Document {
        Document { uri, vault, path, version, text, out_of_sync: None, sent_tokens: None }
    }

    fn version(&self) -> Version {
        self.out_of_sync.is_none().then_some(self.version)
    }
}

impl Documents {
    /// No document yet.
    pub(crate) fn new(vaults: Arc<Vaults>, client: Arc<Client>, on_event: OnEvent) -> Documents {
        Documents { open: Mutex::default(), vaults, client, on_event, token_results: AtomicU64::new(0) }
    }

    /// `didOpen`; the text of a document that is open already is replaced.
    pub(crate) fn open(&self, params: DidOpenTextDocumentParams) {
        let TextDocumentItem { uri, version, text, .. } = params.text_document;
        self.open_text(uri, version, Text::from(text.as_str()));
    }

    fn open_text(&self, uri: Uri, version: i32, text: Text) {
        let mut documents = lock(&self.open);
        let key = DocumentKey::of(&uri);
        let known = documents.get(&key).map(|document| (Arc::clone(&document.vault), document.path.clone()));
        let Some((vault, path)) = known.or_else(|| self.vaults.owner_or_new(&uri)) else {
            drop(documents);
            self.client.log(format!("not a file: {}", uri.as_str()));
            return;
        };
        vault.set_client_uri(&path, Some(uri.clone()));
        let applied = vault.apply(Change::Opened { path: path.clone(), text: text.clone() });
        documents.insert(key, Document::new(uri, Arc::clone(&vault), path.clone(), version, text));
        drop(documents);
        self.report(&vault, &path, &applied, DocumentEvent::Opened);
    }

    fn report(&self, vault: &Arc<ServedVault>, path: &VaultPath, applied: &Applied, event: DocumentEvent) {
        (self.on_event)(VaultEvent { vault, applied, document: Some((path, event)) });
    }

    /// `didChange`, with its parameters as they came. A change that cannot be understood or that panics
    /// leaves the document out of sync, because the client's text is another one now.
    pub(crate) fn change(&self, params: Value) {
        let uri = params.pointer("/textDocument/uri").and_then(Value::as_str).and_then(uri::lenient);
        let change = || {
            let params =
                serde_json::from_value(params).map_err(|error| format!("invalid change: {error}"))?;
            self.change_text(params)
        };
        let why = match catch_unwind(AssertUnwindSafe(change)) {
            Ok(Ok(())) => return,
            Ok(Err(why)) => why,
            Err(_) => "applying a change failed".to_owned(),
        };
        match uri {
            Some(uri) => self.mark_out_of_sync(&uri, &why),
            None => self.client.log(format!("a change of no document: {why}")),
        }
    }

    fn change_text(&self, params: DidChangeTextDocumentParams) -> Result<(), String> {
        let DidChangeTextDocumentParams { text_document, content_changes } = params;
        let version = text_document.version;
        let full = content_changes.iter().rposition(|change| change.range.is_none());
        let changes = content_changes.iter().skip(full.unwrap_or_default());
        let encoding = self.client.features().encoding;
        let mut documents = lock(&self.open);
        let Some(document) = documents.get_mut(&DocumentKey::of(&text_document.uri)) else {
            drop(documents);
            // If the change of a document that was never opened brings the full text, nothing is missing.
            full.ok_or("it was never opened")?;
            let text = edited(Text::default(), changes, encoding)?;
            self.open_text(text_document.uri, version, text);
            return Ok(());
        };
        let is_newer = version > document.version;
        document.version = version.max(document.version);
        if full.is_none() {
            if let Some(why) = &document.out_of_sync {
                return Err(why.clone());
            }
            if !is_newer {
                return Err(format!("version {version} came after version {}", document.version));
            }
        }
        let text = edited(document.text.clone(), changes, encoding)?;
        document.text = text.clone();
        document.version = version;
        let (vault, path) = (Arc::clone(&document.vault), document.path.clone());
        let was_out_of_sync = document.out_of_sync.take().is_some();
        let change = if was_out_of_sync {
            Change::Opened { path: path.clone(), text }
        } else {
            Change::Edited { path: path.clone(), text }
        };
        let applied = vault.apply(change);
        drop(documents);
        self.report(&vault, &path, &applied, DocumentEvent::Edited);
        Ok(())
    }

    /// Marks a document as out of sync.
    fn mark_out_of_sync(&self, uri: &Uri, why: &str) {
        let mut documents = lock(&self.open);
        let key = DocumentKey::of(uri);
        let document = match documents.get_mut(&key) {
            Some(document) => document,
            None => {
                // Remembered, so that requests about it are refused with the reason.
                let Some((vault, path)) = self.vaults.owner_or_new(uri) else { return };
                vault.set_client_uri(&path, Some(uri.clone()));
                let unknown = Document::new(uri.clone(), vault, path, i32::MIN, Text::default());
                documents.entry(key).or_insert(unknown)
            }
        };
        if document.out_of_sync.is_some() {
            return;
        }
        document.out_of_sync = Some(why.to_owned());
        let (vault, path) = (Arc::clone(&document.vault), document.path.clone());
        drop(documents);
        let uri = uri.as_str();
        self.client.log(format!("{uri} is out of sync with the editor ({why}) until its full text is sent"));
        self.report(&vault, &path, &Applied::default(), DocumentEvent::OutOfSync);
    }

    /// `didClose`: the text on disk counts again, and is read again. Returns the vaults that are not served
    /// any more.
    pub(crate) fn close(&self, params: &DidCloseTextDocumentParams) -> Vec<Arc<ServedVault>> {
        let uri = &params.text_document.uri;
        let mut documents = lock(&self.open);
        let Some(Document { vault, path, .. }) = documents.remove(&DocumentKey::of(uri)) else {
            drop(documents);
            self.client.log(format!("closed without being open: {}", uri.as_str()));
            return Vec::new();
        };
        vault.set_client_uri(&path, None);
        let applied = vault.apply(Change::Closed { path: path.clone() });
        drop(documents);
        if let Some(root) = &vault.root {
            vault.send(VaultTask::Paths(vec![disk::to_disk_path(root, &path)]));
        }
        self.report(&vault, &path, &applied, DocumentEvent::Closed);
        self.vaults.drop_unused(&vault)
    }

    /// `didSave`: the disk holds the open text now.
    pub(crate) fn saved(&self, uri: &Uri) {
        let documents = lock(&self.open);
        match documents.get(&DocumentKey::of(uri)) {
            Some(document) if document.out_of_sync.is_none() => {
                document.vault.apply(Change::Saved { path: document.path.clone() });
            }
            _ => {
                drop(documents);
                self.vaults.disk_changed(uri::to_path(uri).as_slice());
            }
        }
    }

    /// Moves each open document to the vault that owns it now. Returns the vaults that are not served any
    /// more.
    pub(crate) fn move_to_owners(&self) -> Vec<Arc<ServedVault>> {
        let mut documents = lock(&self.open);
        let served: Vec<u64> = self.vaults.all().iter().map(|vault| vault.number).collect();
        for document in documents.values_mut() {
            let owner = match self.vaults.owner(&document.uri) {
                None if !served.contains(&document.vault.number) => self.vaults.owner_or_new(&document.uri),
                owner => owner,
            };
            let Some((vault, path)) = owner.filter(|(vault, _)| vault.number != document.vault.number) else {
                continue;
            };
            document.vault.set_client_uri(&document.path, None);
            document.vault.apply(Change::Closed { path: document.path.clone() });
            vault.set_client_uri(&path, Some(document.uri.clone()));
            // Of a document out of sync the file says more than the text, which may never have come.
            if document.out_of_sync.is_none() {
                vault.apply(Change::Opened { path: path.clone(), text: document.text.clone() });
            }
            (document.vault, document.path) = (vault, path);
        }
        drop(documents);
        self.vaults.drop_all_unused()
    }

    /// The file at a URI, as it is now; `None` if no vault has it.
    ///
    /// # Errors
    ///
    /// If it is open and out of sync.
    pub(crate) fn view(&self, uri: &Uri) -> Result<Option<FileView>, OutOfSync> {
        let documents = lock(&self.open);
        let place = match documents.get(&DocumentKey::of(uri)) {
            Some(Document { out_of_sync: Some(why), .. }) => return Err(OutOfSync(why.clone())),
            Some(document) => Some((Arc::clone(&document.vault), document.path.clone())),
            None => self.vaults.owner(uri),
        };
        let Some((vault, path)) = place else { return Ok(None) };
        let view = VaultView::new(vault, self.client.features());
        let file = view.snapshot.find(path.as_str());
        Ok(file.map(|file| FileView::new(view, file, uri.clone())))
    }

    /// The version of a document; `None` if it is not open.
    pub(crate) fn version(&self, uri: &Uri) -> Option<Version> {
        lock(&self.open).get(&DocumentKey::of(uri)).map(Document::version)
    }

    /// The versions of all open documents now.
    pub(crate) fn versions(&self) -> Versions {
        let documents = lock(&self.open);
        Versions(documents.iter().map(|(key, document)| (key.clone(), document.version())).collect())
    }

    /// Does something with the version of a file (`None` if it is not open), while no document can change.
    pub(crate) fn with_version<T>(
        &self,
        vault: &ServedVault,
        path: &VaultPath,
        work: impl FnOnce(Option<Version>) -> T,
    ) -> T {
        let documents = lock(&self.open);
        let document = vault.uris().of_open(path).and_then(|uri| documents.get(&DocumentKey::of(uri)));
        work(document.map(Document::version))
    }

    /// Remembers the tokens that are sent of a document. Returns the identity of the result, and what was
    /// sent before;
    /// `None` if the document is not open.
    pub(crate) fn send_tokens(
        &self,
        uri: &Uri,
        tokens: &[SemanticToken],
    ) -> Option<(String, Option<SentTokens>)> {
        let mut documents = lock(&self.open);
        let document = documents.get_mut(&DocumentKey::of(uri))?;
        let result_id = self.token_results.fetch_add(1, Ordering::Relaxed).to_string();
        let sent = SentTokens { result_id: result_id.clone(), tokens: tokens.to_vec() };
        Some((result_id, document.sent_tokens.replace(sent)))
    }
}

fn edited<'a>(
    mut text: Text,
    changes: impl Iterator<Item = &'a TextDocumentContentChangeEvent>,
    encoding: Encoding,
) -> Result<Text, String> {
    for change in changes {
        let edit = Edit { range: change.range.map(to_text_range), text: change.text.as_str().into() };
        text.apply(&edit, encoding).map_err(|error| error.to_string())?;
    }
    Ok(text)
}
