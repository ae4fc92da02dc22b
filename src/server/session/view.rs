//! How every query runs: its snapshot is taken before the first `.await`, the pool computes, and what it finds is
//! encoded with the same snapshot.

use std::ops::Deref;
use std::sync::Arc;
use std::time::Instant;

use tower_lsp::jsonrpc::{Error, ErrorCode, Result};
use tower_lsp::ls_types::{TextDocumentPositionParams, Uri};

use crate::ide::NotePosition;
use crate::lsp::{self, ClientFeatures, Encoder};
use crate::vault::{Cancel, Cancelled, FileId, Snapshot, VaultPath};

use crate::server::lock;
use crate::server::pool::{Failure, Priority};
use crate::server::session::Session;
use crate::server::workspace::documents::DocumentKey;
use crate::server::workspace::vault::{Addresses, ServedVault};

/// A vault in the state that it is asked about.
pub(crate) struct View {
    pub(crate) vault: Arc<ServedVault>,
    pub(crate) snapshot: Snapshot,
    pub(crate) addresses: Addresses,
    pub(crate) features: Arc<ClientFeatures>,
}

/// A note that something is asked about, in the state that it is asked in.
pub(crate) struct Asked {
    view: View,
    /// An attachment only where those are asked about too.
    pub(crate) note: FileId,
    /// As the client spells it.
    pub(crate) uri: Uri,
}

impl Deref for Asked {
    type Target = View;

    fn deref(&self) -> &View {
        &self.view
    }
}

impl View {
    /// A vault as it is now.
    pub(crate) fn of(session: &Session, vault: Arc<ServedVault>) -> View {
        let (snapshot, addresses) = (vault.snapshot(), vault.addresses());
        View { vault, snapshot, addresses, features: session.features() }
    }

    /// Hands an encoder for this state to `encode`.
    pub(crate) fn encode<T>(&self, encode: impl FnOnce(&Encoder<'_>) -> T) -> T {
        let address = |path: &VaultPath| self.addresses.uri(path);
        encode(&Encoder { vault: &self.snapshot, features: &self.features, address: &address })
    }

    /// The URI of a file, as text; empty if it has none.
    pub(crate) fn address(&self, path: &VaultPath) -> String {
        self.addresses.uri(path).map(|uri| uri.as_str().to_owned()).unwrap_or_default()
    }
}

impl Session {
    /// The note that a request is about; `None` if no vault has it.
    ///
    /// # Errors
    ///
    /// If the note is out of sync.
    pub(crate) fn asked(&self, uri: &Uri) -> Result<Option<Asked>> {
        let asked = self.asked_file(uri)?;
        Ok(asked.filter(|asked| asked.snapshot.note(asked.note).is_some()))
    }

    /// The note or attachment that a request is about; `None` if no vault has it.
    fn asked_file(&self, uri: &Uri) -> Result<Option<Asked>> {
        let documents = lock(&self.documents);
        let document = documents.get(&DocumentKey::of(uri));
        if let Some(why) = document.and_then(|document| document.out_of_sync.as_deref()) {
            return Err(out_of_sync(why));
        }
        let place = match document {
            Some(document) => Some((Arc::clone(&document.vault), document.path.clone())),
            None => self.known_place(uri),
        };
        let Some((vault, path)) = place else { return Ok(None) };
        let view = View::of(self, vault);
        let note = view.snapshot.find(path.as_str());
        Ok(note.map(|note| Asked { view, note, uri: uri.clone() }))
    }

    /// Asks something about a note; `None` where there is no such note or no answer.
    ///
    /// # Errors
    ///
    /// If the note is out of sync, or the work was cancelled or failed.
    pub(crate) async fn ask<T: Send + 'static>(
        &self,
        method: &'static str,
        uri: &Uri,
        work: impl FnOnce(&Asked, &Cancel) -> std::result::Result<Option<T>, Cancelled> + Send + 'static,
    ) -> Result<Option<T>> {
        let Some(asked) = self.asked(uri)? else { return Ok(None) };
        self.run(method, urgency(method), move |cancel| work(&asked, cancel)).await
    }

    /// Asks something about a note or an attachment.
    ///
    /// # Errors
    ///
    /// Those of [`Session::ask`].
    pub(crate) async fn ask_file<T: Send + 'static>(
        &self,
        method: &'static str,
        uri: &Uri,
        work: impl FnOnce(&Asked, &Cancel) -> std::result::Result<Option<T>, Cancelled> + Send + 'static,
    ) -> Result<Option<T>> {
        let Some(asked) = self.asked_file(uri)? else { return Ok(None) };
        self.run(method, urgency(method), move |cancel| work(&asked, cancel)).await
    }

    /// Asks something about a place in a note.
    ///
    /// # Errors
    ///
    /// Those of [`Session::ask`].
    pub(crate) async fn ask_at<T: Send + 'static>(
        &self,
        method: &'static str,
        at: TextDocumentPositionParams,
        work: impl FnOnce(&Asked, NotePosition, &Cancel) -> std::result::Result<Option<T>, Cancelled>
        + Send
        + 'static,
    ) -> Result<Option<T>> {
        let position = at.position;
        self.ask(method, &at.text_document.uri, move |asked, cancel| {
            let Some(note) = asked.snapshot.note(asked.note) else { return Ok(None) };
            let offset = lsp::position(&note.note.text, position, asked.features.encoding);
            work(asked, NotePosition { note: asked.note, at: offset }, cancel)
        })
        .await
    }

    /// Runs work on the pool and says how long it took.
    ///
    /// # Errors
    ///
    /// If it was cancelled or panicked.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        method: &'static str,
        priority: Priority,
        work: impl FnOnce(&Cancel) -> std::result::Result<T, Cancelled> + Send + 'static,
    ) -> Result<T> {
        let asked_at = Instant::now();
        let outcome = self.pool.run(priority, move |cancel| {
            let span = tracing::debug_span!("request", method);
            let _entered = span.enter();
            let started = Instant::now();
            let outcome = work(cancel);
            tracing::debug!(waited = ?(started - asked_at), elapsed = ?started.elapsed(), "answered");
            outcome
        });
        outcome.await.map_err(|failure| error_of(failure, method))
    }
}

/// What grows with the links to one thing must not stand in the way of what is asked at every keystroke.
fn urgency(method: &str) -> Priority {
    match method {
        "textDocument/rename"
        | "textDocument/references"
        | "textDocument/codeLens"
        | "callHierarchy/incomingCalls"
        | "callHierarchy/outgoingCalls" => Priority::Lengthy,
        _ => Priority::Interactive,
    }
}

/// The errors of the protocol, in one place.
fn error_of(failure: Failure, method: &'static str) -> Error {
    match failure {
        Failure::Cancelled => Error::new(ErrorCode::RequestCancelled),
        Failure::Panicked => {
            tracing::error!("{method} panicked");
            Error {
                message: format!("{method} failed; this is a fault of vaultls").into(),
                ..Error::internal_error()
            }
        }
    }
}

fn out_of_sync(why: &str) -> Error {
    let message = format!(
        "this note differs from the editor's text ({why}); close and open it, or send its full text, to go on"
    );
    Error { message: message.into(), ..Error::new(ErrorCode::ContentModified) }
}
