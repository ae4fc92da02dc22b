//! Edits on their way to the client: with the versions they are about, and refused as a whole while what they would change
//! is not known for sure.

use std::path::Path;
use std::sync::Arc;

use rustc_hash::FxHashMap;
use tower_lsp::jsonrpc::{Error, ErrorCode, Result};
use tower_lsp::ls_types::{
    ApplyWorkspaceEditParams, ShowDocumentParams, Uri, WorkspaceEdit, request::ApplyWorkspaceEdit,
};

use crate::disk;
use crate::ide::VaultChange;
use crate::lsp;
use crate::vault::{FileId, VaultPath};

use crate::server::lock;
use crate::server::session::Session;
use crate::server::session::view::View;
use crate::server::workspace::documents::{Document, DocumentKey};
use crate::server::workspace::vault::ServedVault;

/// What came of work that may be refused, with words for the person.
pub(crate) type Refusable<T> = std::result::Result<T, String>;

impl Session {
    /// Refuses what must not be done while files are missing that were not read yet.
    pub(crate) fn refuse_unread(&self, vault: &ServedVault, what: &str) -> Result<()> {
        if vault.is_complete() {
            return Ok(());
        }
        Err(refused(format!("the vault is still being read; nothing can be {what} before that")))
    }

    /// The versions of the open notes now.
    pub(crate) fn open_versions(&self) -> OpenVersions {
        let documents = lock(&self.documents);
        let version = |document: &Document| document.out_of_sync.is_none().then_some(document.version);
        OpenVersions(documents.iter().map(|(key, document)| (key.clone(), version(document))).collect())
    }

    /// Has the client make an edit and then show a file. Its replies are waited for apart from all handlers, and a refusal is
    /// shown. An edit that changes nothing is not sent, nor is a client asked to show files that does not.
    pub(crate) fn apply_edit(
        self: &Arc<Session>,
        label: &str,
        edit: WorkspaceEdit,
        show: Option<Uri>,
    ) -> Refusable<()> {
        let edit = Some(edit).filter(|edit| !lsp::is_empty_edit(edit));
        if edit.is_some() && !self.features().applies_edits {
            return Err("this editor makes no edits that the server asks for".to_owned());
        }
        let show = show.filter(|_| self.features().shows_documents);
        let label = Some(label.to_owned());
        let session = Arc::clone(self);
        self.spawn(async move {
            if let Some(edit) = edit {
                let params = ApplyWorkspaceEditParams { label, edit };
                let why = match session.client.send_request::<ApplyWorkspaceEdit>(params).await {
                    Ok(answer) if answer.applied => None,
                    Ok(answer) => Some(answer.failure_reason.unwrap_or_default()),
                    Err(error) => Some(error.to_string()),
                };
                if let Some(why) = why {
                    session.outbox.warn(format!("the editor did not make the edit: {why}"));
                    return;
                }
            }
            let Some(uri) = show else { return };
            let params =
                ShowDocumentParams { uri, external: Some(false), take_focus: Some(true), selection: None };
            if let Err(error) = session.client.show_document(params).await {
                session.outbox.log(format!("the editor did not show a note: {error}"));
            }
        });
        Ok(())
    }

    /// Tells the person what there is to know of a change.
    pub(crate) fn tell_remarks(&self, change: &VaultChange) {
        for remark in &change.remarks {
            self.outbox.warn(format!("vaultls: {remark}"));
        }
    }
}

/// The versions of open notes at the moment of a request; none of those that are out of sync.
pub(crate) struct OpenVersions(FxHashMap<DocumentKey, Option<i32>>);

impl OpenVersions {
    /// A change as the client takes it.
    pub(crate) fn encode(&self, view: &View, change: &VaultChange, label: &str) -> Refusable<WorkspaceEdit> {
        let version = |note: FileId| -> Option<&Option<i32>> {
            let path = &view.snapshot.file(note)?.path;
            self.0.get(&DocumentKey::of(view.addresses.open_uri(path)?))
        };
        let touched = change.edits.iter().map(|edits| edits.note).chain(change.deleted.iter().copied());
        // Nobody knows what is written in a note that moves unseen.
        for note in touched.chain(change.moved.iter().map(|(file, _)| *file)) {
            if version(note) == Some(&None) {
                let path = view.snapshot.file(note).map(|file| file.path.to_string());
                return Err(format!(
                    "`{}` would have to be edited, but it differs from the editor's text; close and open it first",
                    path.unwrap_or_default()
                ));
            }
        }
        check_disk(view, change)?;
        let version = |note| version(note).copied().flatten();
        view.encode(|encoder| lsp::workspace_edit(change, label, encoder, &version))
            .map_err(|refusal| refusal.to_string())
    }
}

/// What the disk has to say about files that come, get another name or go.
fn check_disk(view: &View, change: &VaultChange) -> Refusable<()> {
    let Some(root) = view.vault.root.as_deref() else { return Ok(()) };
    let exists = |root: &Path, path: &VaultPath| disk::exists(&disk::to_disk_path(root, path));
    let taken = |path: &VaultPath| Err(format!("there is `{path}` already"));
    if let Some(new) = change.created.iter().find(|new| exists(root, &new.path)) {
        return taken(&new.path);
    }
    let moved = change.moved.iter().map(|(file, _)| file);
    for file in moved.chain(&change.deleted) {
        let path = view.snapshot.file(*file).map(|file| &file.path);
        if let Some(path) = path.filter(|path| !exists(root, path)) {
            return Err(format!("`{path}` is not on the disk, or not any more"));
        }
    }
    let Some((file, new)) = &change.moved else { return Ok(()) };
    let Some(old) = view.snapshot.file(*file).map(|file| &file.path) else { return Ok(()) };
    let is_other_case = old.as_str().to_lowercase() == new.as_str().to_lowercase();
    if exists(root, new) && !is_other_case { taken(new) } else { Ok(()) }
}

/// A request that was right and could not be done (LSP 3.17, `RequestFailed`).
pub(crate) fn refused(why: String) -> Error {
    Error { message: why.into(), ..Error::new(ErrorCode::ServerError(-32803)) }
}
