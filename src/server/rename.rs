//! Renames: refused as a whole while what they would edit is not known for sure.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use rustc_hash::FxHashMap;
use tower_lsp::jsonrpc::{Error, ErrorCode, Result};
use tower_lsp::ls_types::{
    PrepareRenameResponse, RenameFilesParams, RenameParams, TextDocumentPositionParams, Uri, WorkspaceEdit,
};

use crate::disk;
use crate::ide::{self, Rename, RenameFailure};
use crate::lsp::{self, uri};
use crate::vault::{Cancel, Cancelled, FileId, VaultPath};

use super::documents::DocumentKey;
use super::lock;
use super::pool::Priority;
use super::query::View;
use super::session::Session;
use super::vault::ServedVault;

/// What came of work that may be refused, with words for the person.
type Refusable<T> = std::result::Result<T, String>;

/// Where files and folders lie, and where they shall.
type Moves = Vec<(VaultPath, VaultPath)>;

impl Session {
    /// `textDocument/prepareRename`
    pub(super) async fn prepare_rename(
        &self,
        at: TextDocumentPositionParams,
    ) -> Result<Option<PrepareRenameResponse>> {
        self.refuse_while_reading(&at.text_document.uri)?;
        let found = self.ask_at("textDocument/prepareRename", at, |asked, at, _| {
            let found = ide::prepare_rename(&asked.snapshot, at).map_err(|error| error.to_string());
            Ok(Some(
                found.map(|found| asked.encode(|encoder| lsp::prepared_rename(found, asked.note, encoder))),
            ))
        });
        found.await?.transpose().map_err(refused)
    }

    /// `textDocument/rename`
    pub(super) async fn rename(&self, params: RenameParams) -> Result<Option<WorkspaceEdit>> {
        let at = params.text_document_position;
        self.refuse_while_reading(&at.text_document.uri)?;
        let open = self.open_versions();
        let found = self.ask_at("textDocument/rename", at, move |asked, at, cancel| {
            let renamed = match ide::rename(&asked.snapshot, at, &params.new_name, cancel) {
                Ok(renamed) => renamed,
                Err(RenameFailure::Refused(error)) => return Ok(Some(Err(error.to_string()))),
                Err(RenameFailure::Cancelled) => return Err(Cancelled),
            };
            Ok(Some(check_disk(asked, &renamed).and_then(|()| open.encode(asked, &renamed))))
        });
        found.await?.transpose().map_err(refused)
    }

    /// `workspace/willRenameFiles`, of files and folders; those that leave their vault are nobody's to follow.
    pub(super) async fn will_rename_files(&self, params: RenameFilesParams) -> Result<Option<WorkspaceEdit>> {
        // All states are taken before anything is waited for.
        let mut by_vault: BTreeMap<u64, (View, Moves)> = BTreeMap::new();
        for file in &params.files {
            let (Some(from), Some(to)) = (uri::lenient(&file.old_uri), uri::lenient(&file.new_uri)) else {
                continue;
            };
            let Some((vault, old)) = self.known_place(&from) else { continue };
            let Some(new) = uri::to_path(&to).and_then(|path| vault.path_of(&path)) else { continue };
            self.refuse_unread(&vault)?;
            by_vault
                .entry(vault.number)
                .or_insert_with(|| (View::of(self, vault), Vec::new()))
                .1
                .push((old, new));
        }
        let open = Arc::new(self.open_versions());
        let mut whole: Option<WorkspaceEdit> = None;
        for (view, moves) in by_vault.into_values() {
            let open = Arc::clone(&open);
            let work = move |cancel: &Cancel| {
                let files = moved_files(&view, &moves);
                let edits = match ide::move_files(&view.snapshot, &files, cancel) {
                    Ok(edits) => edits,
                    Err(RenameFailure::Refused(error)) => return Ok(Err(error.to_string())),
                    Err(RenameFailure::Cancelled) => return Err(Cancelled),
                };
                Ok(open.encode(&view, &Rename { edits, moved: None }))
            };
            let edit = self.run("workspace/willRenameFiles", Priority::Interactive, work).await?;
            whole = Some(lsp::joined_edits(whole, edit.map_err(refused)?));
        }
        Ok(whole.filter(|edit| !lsp::is_empty_edit(edit)))
    }

    fn refuse_while_reading(&self, uri: &Uri) -> Result<()> {
        self.known_place(uri).map_or(Ok(()), |(vault, _)| self.refuse_unread(&vault))
    }

    /// A link that was not read yet could not be followed.
    fn refuse_unread(&self, vault: &ServedVault) -> Result<()> {
        if vault.is_complete() {
            return Ok(());
        }
        Err(refused("the vault is still being read; nothing can be renamed before that".to_owned()))
    }

    fn open_versions(&self) -> OpenVersions {
        let documents = lock(&self.documents);
        let version = |document: &super::documents::Document| {
            document.out_of_sync.is_none().then_some(document.version)
        };
        OpenVersions(documents.iter().map(|(key, document)| (key.clone(), version(document))).collect())
    }
}

/// The versions of open notes at the moment of a request; none of those that are out of sync.
struct OpenVersions(FxHashMap<DocumentKey, Option<i32>>);

impl OpenVersions {
    fn encode(&self, view: &View, rename: &Rename) -> Refusable<WorkspaceEdit> {
        let version = |note: FileId| -> Option<&Option<i32>> {
            let path = &view.snapshot.file(note)?.path;
            self.0.get(&DocumentKey::of(view.addresses.open_uri(path)?))
        };
        for edits in &rename.edits {
            if version(edits.note) == Some(&None) {
                let path = view.snapshot.file(edits.note).map(|file| file.path.to_string());
                return Err(format!(
                    "`{}` would have to be edited, but it differs from the editor's text; close and open it first",
                    path.unwrap_or_default()
                ));
            }
        }
        let version = |note| version(note).copied().flatten();
        let edit = view.encode(|encoder| lsp::workspace_edit(rename, encoder, &version));
        edit.ok_or_else(|| "this editor cannot rename files by an edit; move the file itself".to_owned())
    }
}

/// What the disk has to say about a file that gets another name.
fn check_disk(view: &View, rename: &Rename) -> Refusable<()> {
    let (Some((file, new)), Some(root)) = (&rename.moved, view.vault.root.as_deref()) else { return Ok(()) };
    let Some(old) = view.snapshot.file(*file).map(|file| &file.path) else { return Ok(()) };
    let exists = |root: &Path, path: &VaultPath| disk::exists(&disk::to_disk_path(root, path));
    if !exists(root, old) {
        return Err(format!("`{old}` is not on the disk, or not any more"));
    }
    let is_other_case = old.as_str().to_lowercase() == new.as_str().to_lowercase();
    if exists(root, new) && !is_other_case {
        return Err(format!("there is `{new}` already"));
    }
    Ok(())
}

/// Every file that moves if these files and folders do.
fn moved_files(view: &View, moves: &[(VaultPath, VaultPath)]) -> Vec<(FileId, VaultPath)> {
    let mut files = Vec::new();
    for (old, new) in moves {
        for (id, file) in view.snapshot.files() {
            let below = file.path.as_str().strip_prefix(old.as_str());
            let place = match below {
                Some("") => Some(new.clone()),
                Some(rest) if rest.starts_with('/') => VaultPath::resolve(new.as_str(), rest).ok(),
                _ => None,
            };
            files.extend(place.map(|place| (id, place)));
        }
    }
    files
}

fn refused(why: String) -> Error {
    // LSP 3.17, `RequestFailed`: the request was right and could not be done.
    Error { message: why.into(), ..Error::new(ErrorCode::ServerError(-32803)) }
}
