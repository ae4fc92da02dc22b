//! Open documents: their text as the client has it, version by version.
//!
//! Handlers here contain no `.await`. A document whose text may differ from the client's is out of sync, and answers
//! nothing until a full text comes.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use tower_lsp::ls_types::{
    DidChangeTextDocumentParams, DidCloseTextDocumentParams, DidOpenTextDocumentParams,
    TextDocumentContentChangeEvent, TextDocumentItem, Uri,
};

use crate::disk;
use crate::lsp::{to_text_range, uri};
use crate::text::{Edit, EditError, Encoding, Text};
use crate::vault::{Change, VaultPath};

use crate::server::lock;
use crate::server::session::Session;
use crate::server::workspace::vault::{Errand, ServedVault};

/// Tells documents apart whatever the spelling of their URI.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(crate) enum DocumentKey {
    /// A file.
    Path(PathBuf),
    /// Anything else, as it is written.
    Uri(String),
}

impl DocumentKey {
    /// The key of a URI.
    pub(crate) fn of(uri: &Uri) -> DocumentKey {
        uri::to_path(uri).map_or_else(|| DocumentKey::Uri(uri.as_str().to_owned()), DocumentKey::Path)
    }
}

/// An open document.
pub(crate) struct Document {
    /// As the client spells it.
    pub(crate) uri: Uri,
    pub(crate) vault: Arc<ServedVault>,
    pub(crate) path: VaultPath,
    pub(crate) version: i32,
    pub(crate) text: Text,
    /// Why its text may differ from the client's.
    pub(crate) out_of_sync: Option<String>,
}

impl Session {
    /// `didOpen`; of an open document, its text is replaced.
    pub(crate) fn open(self: &Arc<Session>, params: DidOpenTextDocumentParams) {
        let TextDocumentItem { uri, version, text, .. } = params.text_document;
        self.open_text(uri, version, Text::from(text.as_str()));
    }

    fn open_text(self: &Arc<Session>, uri: Uri, version: i32, text: Text) {
        let mut documents = lock(&self.documents);
        let key = DocumentKey::of(&uri);
        let known = documents.get(&key).map(|document| (Arc::clone(&document.vault), document.path.clone()));
        let Some((vault, path)) = known.or_else(|| self.place(&uri)) else {
            drop(documents);
            self.outbox.log(format!("{} names no file", uri.as_str()));
            return;
        };
        vault.spell(&path, Some(uri.clone()));
        let applied = vault.apply(Change::Opened { path: path.clone(), text: text.clone() });
        let document =
            Document { uri, vault: Arc::clone(&vault), path: path.clone(), version, text, out_of_sync: None };
        documents.insert(key, document);
        drop(documents);
        self.after_open(&vault, &path, &applied);
    }

    /// `didChange`.
    pub(crate) fn change(self: &Arc<Session>, params: DidChangeTextDocumentParams) {
        let uri = params.text_document.uri.clone();
        let outcome = catch_unwind(AssertUnwindSafe(|| self.change_text(params)));
        self.changes_handled.fetch_add(1, Ordering::Relaxed);
        match outcome {
            Ok(Ok(())) => {}
            Ok(Err(why)) => self.lose(&uri, &why),
            Err(_) => self.lose(&uri, "applying a change failed"),
        }
    }

    fn change_text(self: &Arc<Session>, params: DidChangeTextDocumentParams) -> Result<(), String> {
        let DidChangeTextDocumentParams { text_document, content_changes } = params;
        let version = text_document.version;
        let full = content_changes.iter().rposition(|change| change.range.is_none());
        let mut documents = lock(&self.documents);
        let Some(document) = documents.get_mut(&DocumentKey::of(&text_document.uri)) else {
            drop(documents);
            return self.change_unknown(text_document.uri, version, &content_changes, full);
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
        let (vault, path) = (Arc::clone(&document.vault), document.path.clone());
        let encoding = self.features().encoding;
        let text =
            edited(document.text.clone(), content_changes.iter().skip(full.unwrap_or_default()), encoding)
                .map_err(|error| error.to_string())?;
        document.text = text.clone();
        document.version = version;
        let was_lost = document.out_of_sync.take().is_some();
        let change = if was_lost {
            Change::Opened { path: path.clone(), text }
        } else {
            Change::Edited { path: path.clone(), text }
        };
        let applied = vault.apply(change);
        drop(documents);
        self.after_edit(&vault, &path, &applied);
        Ok(())
    }

    /// A change of a document that was never opened. If it brings the full text, nothing is missing.
    fn change_unknown(
        self: &Arc<Session>,
        uri: Uri,
        version: i32,
        changes: &[TextDocumentContentChangeEvent],
        full: Option<usize>,
    ) -> Result<(), String> {
        let full = full.ok_or("it was never opened")?;
        let text = edited(Text::default(), changes.iter().skip(full), self.features().encoding)
            .map_err(|error| error.to_string())?;
        self.open_text(uri, version, text);
        Ok(())
    }

    /// Marks a document as out of sync.
    pub(crate) fn lose(self: &Arc<Session>, uri: &Uri, why: &str) {
        let mut documents = lock(&self.documents);
        let key = DocumentKey::of(uri);
        let document = match documents.get_mut(&key) {
            Some(document) => document,
            None => {
                // Remembered, so that requests about it are told why they get no answer.
                let Some((vault, path)) = self.place(uri) else { return };
                vault.spell(&path, Some(uri.clone()));
                let document = Document {
                    uri: uri.clone(),
                    vault,
                    path,
                    version: i32::MIN,
                    text: Text::default(),
                    out_of_sync: None,
                };
                documents.entry(key).or_insert(document)
            }
        };
        if document.out_of_sync.is_some() {
            return;
        }
        document.out_of_sync = Some(why.to_owned());
        let (vault, path) = (Arc::clone(&document.vault), document.path.clone());
        drop(documents);
        self.outbox.log(format!(
            "{} differs from the editor's text ({why}); nothing is answered about it until its full text comes",
            uri.as_str()
        ));
        self.diagnose(&vault, &path);
    }

    /// `didClose`: the disk's text counts again, and is looked at again.
    pub(crate) fn close(self: &Arc<Session>, params: &DidCloseTextDocumentParams) {
        let mut documents = lock(&self.documents);
        let key = DocumentKey::of(&params.text_document.uri);
        self.sent_tokens.forget(&key);
        let Some(document) = documents.remove(&key) else {
            drop(documents);
            self.outbox.log(format!("{} was closed and never opened", params.text_document.uri.as_str()));
            return;
        };
        let Document { vault, path, .. } = document;
        vault.spell(&path, None);
        let applied = vault.apply(Change::Closed { path: path.clone() });
        self.close_published(&vault, &path);
        drop(documents);
        if let Some(root) = &vault.root {
            vault.send(Errand::Paths(vec![disk::to_disk_path(root, &path)]));
        }
        self.drop_empty_lone_vaults();
        self.after_edit(&vault, &path, &applied);
    }

    /// `didSave`: the disk holds the open text now.
    pub(crate) fn saved(&self, uri: &Uri) {
        let documents = lock(&self.documents);
        match documents.get(&DocumentKey::of(uri)) {
            Some(document) if document.out_of_sync.is_none() => {
                document.vault.apply(Change::Saved { path: document.path.clone() });
            }
            _ => {
                drop(documents);
                self.disk_changed(uri::to_path(uri).as_slice());
            }
        }
    }

    /// Gives each open document to the vault that owns it now.
    pub(crate) fn move_documents(self: &Arc<Session>) {
        let mut documents = lock(&self.documents);
        let serving: Vec<u64> = self.vaults().iter().map(|vault| vault.number).collect();
        for document in documents.values_mut() {
            let owner = self.known_place(&document.uri);
            let is_served = serving.contains(&document.vault.number);
            let owner = match owner {
                Some(owner) => owner,
                None if is_served => continue,
                None => match self.place(&document.uri) {
                    Some(owner) => owner,
                    None => continue,
                },
            };
            let (vault, path) = owner;
            if vault.number == document.vault.number {
                continue;
            }
            document.vault.spell(&document.path, None);
            document.vault.apply(Change::Closed { path: document.path.clone() });
            vault.spell(&path, Some(document.uri.clone()));
            // Of a document out of sync the file says more than the text, which may never have come.
            if document.out_of_sync.is_none() {
                vault.apply(Change::Opened { path: path.clone(), text: document.text.clone() });
            }
            (document.vault, document.path) = (vault, path);
        }
        drop(documents);
        self.drop_empty_lone_vaults();
        self.diagnose_everything();
    }
}

fn edited<'a>(
    mut text: Text,
    changes: impl Iterator<Item = &'a TextDocumentContentChangeEvent>,
    encoding: Encoding,
) -> Result<Text, EditError> {
    for change in changes {
        let edit = Edit { range: change.range.map(to_text_range), text: change.text.as_str().into() };
        text.apply(&edit, encoding)?;
    }
    Ok(text)
}
