//! How every request runs: its snapshot is taken before the first `.await`, the pool computes, and the
//! outcome is encoded with the same snapshot.

use std::time::Instant;

use tower_lsp::jsonrpc::{Error, ErrorCode, Result};
use tower_lsp::ls_types::{TextDocumentPositionParams, Uri};

use crate::ide::NotePosition;
use crate::lsp::uri;
use crate::server::pool::{Failure, Priority};
use crate::server::workspace::documents::OutOfSync;
use crate::server::workspace::view::{FileView, VaultView};
use crate::vault::{Cancel, Cancelled, FileId};

use super::Session;

type Outcome<T> = std::result::Result<T, Cancelled>;

/// The note or attachment at a URI; `None` if no vault has it.
///
/// # Errors
///
/// If it is out of sync.
pub(crate) fn file_view(session: &Session, uri: &Uri) -> Result<Option<FileView>> {
    session.documents.view(uri).map_err(|OutOfSync(why)| {
        let message = format!("this note is out of sync with the editor ({why}); close and reopen it");
        Error { message: message.into(), ..Error::new(ErrorCode::ContentModified) }
    })
}

/// The note at a URI; `None` if no vault has it.
///
/// # Errors
///
/// If it is out of sync.
pub(crate) fn note_view(session: &Session, uri: &Uri) -> Result<Option<FileView>> {
    let view = file_view(session, uri)?;
    Ok(view.filter(|view| view.snapshot.note(view.file).is_some()))
}

/// The vault that holds a file, with that file, or whose root is named; the first folder if none is named.
///
/// # Errors
///
/// If there is no such vault.
pub(crate) fn vault_view(session: &Session, uri: Option<&str>) -> Result<(VaultView, Option<FileId>)> {
    let place = match uri {
        Some(uri) => uri::lenient(uri).and_then(|uri| session.vaults.at(&uri)),
        None => session.vaults.folders().into_iter().next().map(|vault| (vault, None)),
    };
    let (vault, path) = place.ok_or_else(|| Error::invalid_params("no vault is open there"))?;
    let view = VaultView::new(vault, session.client.features());
    let file = path.and_then(|path| view.snapshot.find(path.as_str()));
    Ok((view, file))
}

/// Asks something about a note; `None` where there is no such note or nothing is found.
///
/// # Errors
///
/// If the note is out of sync, or the work was cancelled or failed.
pub(crate) async fn ask_note<T: Send + 'static>(
    session: &Session,
    method: &'static str,
    uri: &Uri,
    work: impl FnOnce(&FileView, &Cancel) -> Outcome<Option<T>> + Send + 'static,
) -> Result<Option<T>> {
    let Some(view) = note_view(session, uri)? else { return Ok(None) };
    run(session, method, priority(method), move |cancel| work(&view, cancel)).await
}

/// Asks something about a note or an attachment.
///
/// # Errors
///
/// Those of [`ask_note`].
pub(crate) async fn ask_file<T: Send + 'static>(
    session: &Session,
    method: &'static str,
    uri: &Uri,
    work: impl FnOnce(&FileView, &Cancel) -> Outcome<Option<T>> + Send + 'static,
) -> Result<Option<T>> {
    let Some(view) = file_view(session, uri)? else { return Ok(None) };
    run(session, method, priority(method), move |cancel| work(&view, cancel)).await
}

/// Asks something about a position in a note.
///
/// # Errors
///
/// Those of [`ask_note`].
pub(crate) async fn ask_at<T: Send + 'static>(
    session: &Session,
    method: &'static str,
    at: TextDocumentPositionParams,
    work: impl FnOnce(&FileView, NotePosition, &Cancel) -> Outcome<Option<T>> + Send + 'static,
) -> Result<Option<T>> {
    let position = at.position;
    let work = move |view: &FileView, cancel: &Cancel| {
        view.position(position).map_or(Ok(None), |at| work(view, at, cancel))
    };
    ask_note(session, method, &at.text_document.uri, work).await
}

/// Runs work on the pool and logs how long it took.
///
/// # Errors
///
/// If it was cancelled or panicked.
pub(crate) async fn run<T: Send + 'static>(
    session: &Session,
    method: &'static str,
    priority: Priority,
    work: impl FnOnce(&Cancel) -> Outcome<T> + Send + 'static,
) -> Result<T> {
    let asked_at = Instant::now();
    let outcome = session.pool.run(priority, move |cancel| {
        let span = tracing::debug_span!("request", method);
        let _entered = span.enter();
        let started = Instant::now();
        let outcome = work(cancel);
        tracing::debug!(waited = ?(started - asked_at), elapsed = ?started.elapsed(), "answered");
        outcome
    });
    outcome.await.map_err(|failure| match failure {
        Failure::Cancelled => Error::new(ErrorCode::RequestCancelled),
        Failure::Panicked => {
            tracing::error!("{method} panicked");
            Error { message: format!("{method} failed: internal error").into(), ..Error::internal_error() }
        }
    })
}

/// Requests that grow with the links to one file: they must not delay those of every keystroke.
const LENGTHY: &[&str] = &[
    "textDocument/references",
    "textDocument/codeLens",
    "callHierarchy/incomingCalls",
    "callHierarchy/outgoingCalls",
];

fn priority(method: &str) -> Priority {
    if LENGTHY.contains(&method) { Priority::Lengthy } else { Priority::Interactive }
}
