//! How every request runs: its snapshot is taken before the first `.await`, the pool computes, and the
//! outcome is encoded with the same snapshot.

use std::sync::Arc;
use std::time::Instant;

use rustc_hash::FxHashSet;
use tower_lsp::jsonrpc::{Error, ErrorCode, Result};
use tower_lsp::ls_types::{TextDocumentPositionParams, Uri};

use crate::ide::NotePosition;
use crate::lsp::{MENTIONS_COMMAND, uri};
use crate::server::pool::{Failure, Priority};
use crate::server::workspace::documents::OutOfSync;
use crate::server::workspace::vault::{ServedVault, Stalled};
use crate::server::workspace::view::{FileView, VaultView};
use crate::vault::{Cancel, Cancelled, Coverage, FileId, Needs, Note, VaultPath};

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
    work: impl Fn(&FileView, &Cancel) -> Outcome<Option<T>> + Send + Sync + 'static,
) -> Result<Option<T>> {
    let work = move |view: &FileView, cancel: &Cancel| {
        let is_note = view.snapshot.note(view.file).is_some();
        if is_note { work(view, cancel) } else { Ok(None) }
    };
    ask_file(session, method, uri, work).await
}

/// Asks something about a note or an attachment.
///
/// While the vault is being read, the work is done again when more is known, until its answer is that of the
/// whole vault, or as near to it as the method waits for.
///
/// # Errors
///
/// Those of [`ask_note`], and if the note was edited, the disk did not answer or the server ended meanwhile.
pub(crate) async fn ask_file<T: Send + 'static>(
    session: &Session,
    method: &'static str,
    uri: &Uri,
    work: impl Fn(&FileView, &Cancel) -> Outcome<Option<T>> + Send + Sync + 'static,
) -> Result<Option<T>> {
    let (work, mut waits) = (Arc::new(work), Waits::of(session, method));
    let mut asked_about: Option<Arc<Note>> = None;
    loop {
        let vault = session.vaults.owner(uri).map(|(vault, _)| vault);
        let coverage = vault.as_ref().map(|vault| vault.snapshot().coverage());
        let view = file_view(session, uri)?;
        let Some(mut view) = view else {
            match vault.filter(|vault| coverage == Some(Coverage::Walking) && !vault.is_stopped()) {
                None => return Ok(None),
                Some(vault) => wait_for(&vault, Coverage::Names).await?,
            }
            continue;
        };
        if view.vault.is_stopped() && view.snapshot.coverage().is_loading() {
            // No more of it will be known.
            return Err(Error::new(ErrorCode::RequestCancelled));
        }
        let note = view.snapshot.note(view.file).map(|note| Arc::clone(note.note));
        if let (Some(before), Some(now)) = (&asked_about, &note)
            && !Arc::ptr_eq(before, now)
            && before.text != now.text
        {
            let message = "the note was edited while the vault was being read; request it again".into();
            return Err(Error { message, ..Error::new(ErrorCode::ContentModified) });
        }
        asked_about = asked_about.or(note);
        view.keep_account();
        let (vault, work) = (Arc::clone(&view.vault), Arc::clone(&work));
        let answer = run(session, method, priority(method), move |cancel| {
            let answer = work(&view, cancel)?;
            Ok((answer, view.snapshot.needs()))
        });
        let (answer, needs) = answer.await?;
        if waits.are_over(session, &vault, needs).await? {
            return Ok(answer);
        }
    }
}

/// Asks something about a vault as a whole, once it has been read.
///
/// # Errors
///
/// If the work was cancelled or failed, or the disk did not answer.
pub(crate) async fn ask_vault<T: Send + 'static>(
    session: &Session,
    method: &'static str,
    vault: &Arc<ServedVault>,
    work: impl FnOnce(&VaultView, &Cancel) -> Outcome<T> + Send + 'static,
) -> Result<T> {
    wait_for(vault, Coverage::Whole).await?;
    let view = VaultView::new(Arc::clone(vault), session.client.features());
    run(session, method, Priority::WholeVault, move |cancel| work(&view, cancel)).await
}

/// What one request waits for while its vault is being read.
struct Waits {
    method: &'static str,
    /// Whether it is answered from what is known when the notes that it is about have been read.
    answers_early: bool,
    /// The notes that were read for it.
    read: FxHashSet<VaultPath>,
    /// How often notes were read for it.
    rounds: usize,
}

/// How often notes are read for an answer that may also be given early: those that are read may bring others
/// to light.
pub(crate) const MAX_ROUNDS: usize = 4;

impl Waits {
    fn of(session: &Session, method: &'static str) -> Waits {
        let features = session.client.features();
        let answers_early = match method {
            // Incomplete lists are asked for again, and a hover says what it lacks.
            "textDocument/completion" | "completionItem/resolve" | "textDocument/hover" => true,
            // These are asked for again when the client is told that the vault has been read.
            "textDocument/diagnostic" => features.pulls_diagnostics,
            "textDocument/inlayHint" => features.refreshes_hints,
            _ => method.starts_with("textDocument/semanticTokens") && features.refreshes_tokens,
        };
        Waits { method, answers_early, read: FxHashSet::default(), rounds: 0 }
    }

    /// Waits for what an answer needs. Returns whether it was right as it is, so that there is no need to ask
    /// again.
    async fn are_over(&mut self, session: &Session, vault: &Arc<ServedVault>, needs: Needs) -> Result<bool> {
        if needs.names {
            wait_for(vault, Coverage::Names).await?;
            return Ok(false);
        }
        if needs.whole && !self.answers_early {
            wait_for(vault, Coverage::Whole).await?;
            return Ok(false);
        }
        if needs.notes.is_empty() || self.answers_early && self.rounds == MAX_ROUNDS {
            return Ok(true);
        }
        self.rounds += 1;
        let notes: Vec<VaultPath> =
            needs.notes.into_iter().filter(|path| self.read.insert(path.clone())).collect();
        if notes.is_empty() {
            // They cannot be read now; how that ends is known at the end.
            wait_for(vault, Coverage::Whole).await?;
            return Ok(false);
        }
        let vault = Arc::clone(vault);
        run(session, self.method, Priority::Interactive, move |_| {
            vault.read_now(&notes);
            Ok(())
        })
        .await?;
        Ok(false)
    }
}

/// Waits until so much of a vault is known, or it is clear that no more will be.
///
/// # Errors
///
/// If the disk does not answer.
pub(crate) async fn wait_for(vault: &ServedVault, coverage: Coverage) -> Result<()> {
    vault.known_to(coverage).await.map_err(|Stalled| stalled(vault))
}

/// LSP 3.17, `RequestFailed`: the request was valid and could not be done.
pub(crate) fn request_failed(why: String) -> Error {
    Error { message: why.into(), ..Error::new(ErrorCode::ServerError(-32803)) }
}

/// The answer where the disk gives none.
pub(crate) fn stalled(vault: &ServedVault) -> Error {
    request_failed(format!("the disk does not respond, so {} has not been read", vault.name()))
}

/// Asks something about a position in a note.
///
/// # Errors
///
/// Those of [`ask_file`].
pub(crate) async fn ask_at<T: Send + 'static>(
    session: &Session,
    method: &'static str,
    at: TextDocumentPositionParams,
    work: impl Fn(&FileView, NotePosition, &Cancel) -> Outcome<Option<T>> + Send + Sync + 'static,
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
        Failure::TooLong => request_failed(format!("{method} was stopped: it took long, and others waited")),
        Failure::Panicked => {
            tracing::error!("{method} panicked");
            Error { message: format!("{method} failed: internal error").into(), ..Error::internal_error() }
        }
    })
}

/// Requests that grow with the links to one file: they must not delay those of every keystroke.
const LENGTHY: &[&str] = &[
    MENTIONS_COMMAND,
    "textDocument/references",
    "textDocument/codeLens",
    "callHierarchy/incomingCalls",
    "callHierarchy/outgoingCalls",
];

fn priority(method: &str) -> Priority {
    if LENGTHY.contains(&method) { Priority::Lengthy } else { Priority::Interactive }
}
