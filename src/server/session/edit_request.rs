//! Edits that the client asks for, by a request or a command: all of them run here.
//!
//! An edit waits until its vault has been read, and is refused if what it is about has changed meanwhile. It
//! looks at the disk first, where a link may have been written a moment ago that was not reported yet, works
//! on one snapshot, and carries the versions of the documents that it changes.

use std::borrow::Borrow;
use std::path::Path;
use std::sync::Arc;

use tower_lsp::jsonrpc::{Error, ErrorCode, Result};
use tower_lsp::ls_types::{Uri, WorkspaceEdit};

use crate::disk;
use crate::ide::{ChangeError, ChangeFailure, VaultChange, new_place};
use crate::lsp::{self, Encoder};
use crate::server::client;
use crate::server::pool::Priority;
use crate::server::workspace::documents::Versions;
use crate::server::workspace::vault::{ServedVault, Stalled};
use crate::server::workspace::view::{FileView, VaultView};
use crate::vault::{Cancel, Cancelled, Coverage, Snapshot, VaultPath};

use super::Session;
use super::canvases;
use super::query::{self, note_view};

/// What is asked for.
pub(crate) struct EditRequest {
    /// The method or command.
    pub(crate) method: &'static str,
    /// What the edit is called where the client groups edits.
    pub(crate) label: String,
}

/// An edit, and what else its work found.
pub(crate) struct Edited<T> {
    pub(crate) edit: WorkspaceEdit,
    pub(crate) result: T,
}

/// Why there is no edit.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum EditError {
    /// The request was cancelled.
    Cancelled,
    /// What it is about has changed since it was offered.
    Stale,
    /// It cannot be done; in words for the user.
    Refused(String),
}

impl From<Cancelled> for EditError {
    fn from(_: Cancelled) -> EditError {
        EditError::Cancelled
    }
}

impl From<ChangeError> for EditError {
    fn from(error: ChangeError) -> EditError {
        EditError::Refused(error.to_string())
    }
}

impl From<ChangeFailure> for EditError {
    fn from(failure: ChangeFailure) -> EditError {
        match failure {
            ChangeFailure::Refused(error) => error.into(),
            ChangeFailure::Cancelled => EditError::Cancelled,
        }
    }
}

impl From<EditError> for Error {
    fn from(error: EditError) -> Error {
        match error {
            EditError::Cancelled => Error::new(ErrorCode::RequestCancelled),
            EditError::Stale => Error {
                message: "the note has changed since this was offered; request it again".into(),
                ..Error::new(ErrorCode::ContentModified)
            },
            EditError::Refused(why) => query::request_failed(why),
        }
    }
}

/// What the work of an edit has to say: the change, and what else it found.
pub(crate) type EditOutcome<T> = std::result::Result<(VaultChange, T), EditError>;

impl EditRequest {
    /// Works out an edit that is about a note; `None` if no vault has it.
    ///
    /// # Errors
    ///
    /// If it is refused, cancelled or stale.
    pub(crate) async fn in_note<T: Send + 'static>(
        self,
        session: &Session,
        uri: &Uri,
        work: impl FnOnce(&FileView, &Cancel) -> EditOutcome<T> + Send + 'static,
    ) -> Result<Option<Edited<T>>> {
        let version = session.documents.version(uri);
        if let Some((vault, _)) = session.vaults.owner(uri) {
            catch_up(&vault).await?;
        }
        if session.documents.version(uri) != version {
            return Err(EditError::Stale.into());
        }
        let Some(view) = note_view(session, uri)? else { return Ok(None) };
        self.work(session, view, work).await.map(Some)
    }

    /// Works out an edit that is about a vault.
    ///
    /// # Errors
    ///
    /// If it is refused or cancelled.
    pub(crate) async fn in_vault<T: Send + 'static>(
        self,
        session: &Session,
        vault: Arc<ServedVault>,
        work: impl FnOnce(&VaultView, &Cancel) -> EditOutcome<T> + Send + 'static,
    ) -> Result<Edited<T>> {
        catch_up(&vault).await?;
        let view = VaultView::new(vault, session.client.features());
        self.work(session, view, work).await
    }

    async fn work<V: Borrow<VaultView> + Send + 'static, T: Send + 'static>(
        self,
        session: &Session,
        view: V,
        work: impl FnOnce(&V, &Cancel) -> EditOutcome<T> + Send + 'static,
    ) -> Result<Edited<T>> {
        let versions = session.documents.versions();
        let (method, label) = (self.method, self.label);
        let work = move |cancel: &Cancel| {
            let edited = work(&view, cancel).and_then(|(mut change, result)| {
                let with_canvases = canvases::follow_moves(view.borrow(), &mut change, cancel)?;
                let edit = encode(view.borrow(), &with_canvases, &versions, &change, &label)?;
                Ok((Edited { edit, result }, change.remarks))
            });
            match edited {
                Err(EditError::Cancelled) => Err(Cancelled),
                edited => Ok(edited),
            }
        };
        let (edited, remarks) = query::run(session, method, Priority::Lengthy, work).await??;
        for remark in remarks {
            session.client.warn(format!("vaultls: {remark}"));
        }
        Ok(edited)
    }
}

/// Waits until a vault has been read and all that was written before is known: a link that is not known would
/// not be edited.
async fn catch_up(vault: &ServedVault) -> Result<()> {
    query::wait_for(vault, Coverage::Whole).await?;
    vault.caught_up().await.map_err(|Stalled| query::stalled(vault))
}

/// Asks the client to apply an edit and then to show a file. Returns what the work of the edit found.
///
/// # Errors
///
/// If the client applies no edits.
pub(crate) fn apply<T>(session: &Session, label: &str, edited: Edited<T>, show: Option<Uri>) -> Result<T> {
    client::edits::apply(&session.client, label, edited.edit, show).map_err(EditError::Refused)?;
    Ok(edited.result)
}

/// A change as the client takes it, with the versions of the documents that it is about. Its places are those
/// of `edited_vault`, the vault with all texts that are edited.
///
/// # Errors
///
/// If it is about a document that is out of sync, or is not possible on the disk or by the client.
pub(crate) fn encode(
    view: &VaultView,
    edited_vault: &Snapshot,
    versions: &Versions,
    change: &VaultChange,
    label: &str,
) -> std::result::Result<WorkspaceEdit, EditError> {
    let version = |file| versions.of(view, &view.snapshot.file(file)?.path);
    let edited = change.edits.iter().map(|edits| edits.note);
    let moved = change.moved.iter().map(|(file, _)| *file);
    // A document out of sync that is moved or deleted may hold what the server has not seen.
    let mut touched = edited.chain(moved).chain(change.deleted.iter().copied());
    if let Some(file) = touched.find(|file| version(*file) == Some(None)) {
        let path = view.snapshot.file(file).map(|file| file.path.to_string()).unwrap_or_default();
        let why = format!("`{path}` is out of sync with the editor; close and reopen it first");
        return Err(EditError::Refused(why));
    }
    check_disk(view, change).map_err(EditError::Refused)?;
    let version = |file| version(file).flatten();
    let encode = |encoder: &Encoder<'_>| {
        lsp::workspace_edit(change, label, &Encoder { vault: edited_vault, ..*encoder }, &version)
    };
    view.encode(encode).map_err(|refusal| EditError::Refused(refusal.to_string()))
}

/// Refuses what the disk does not allow of files that are created, moved or deleted.
fn check_disk(view: &VaultView, change: &VaultChange) -> std::result::Result<(), String> {
    let Some(root) = view.vault.root.as_deref() else { return Ok(()) };
    let exists = |root: &Path, path: &VaultPath| disk::exists(&disk::to_disk_path(root, path));
    let taken = |path: &VaultPath| Err(format!("`{path}` already exists"));
    for new in change.created.iter().map(|new| &new.path).chain(change.moved.iter().map(|(_, new)| new)) {
        new_place(new).map_err(|error| error.to_string())?;
        disk::check_new_place(root, new)?;
    }
    if let Some(new) = change.created.iter().find(|new| exists(root, &new.path)) {
        return taken(&new.path);
    }
    let moved = change.moved.iter().map(|(file, _)| file);
    for file in moved.chain(&change.deleted) {
        let path = view.snapshot.file(*file).map(|file| &file.path);
        if let Some(path) = path.filter(|path| !exists(root, path)) {
            return Err(format!("file not found on disk: `{path}`"));
        }
    }
    let Some((file, new)) = &change.moved else { return Ok(()) };
    let Some(old) = view.snapshot.file(*file).map(|file| &file.path) else { return Ok(()) };
    let differs_in_case_only = old.as_str().to_lowercase() == new.as_str().to_lowercase();
    if exists(root, new) && !differs_in_case_only { taken(new) } else { Ok(()) }
}
