//! Renames: refused as a whole while what they would edit is not known for sure. Each looks at the disk first, where a
//! link may have been written a moment ago, by the last rename for one, that nobody has told of yet.

use std::collections::BTreeMap;
use std::sync::Arc;

use rustc_hash::FxHashMap;
use tower_lsp::jsonrpc::{Error, Result};
use tower_lsp::ls_types::{
    PrepareRenameResponse, RenameFilesParams, RenameParams, TextDocumentPositionParams, Uri, WorkspaceEdit,
};

use crate::ide::{self, ChangeFailure, VaultChange};
use crate::lsp::{self, uri};
use crate::vault::{Cancel, Cancelled, FileId, Snapshot, VaultPath};

use crate::server::lock;
use crate::server::pool::Priority;
use crate::server::session::Session;
use crate::server::session::edit_request::refused;
use crate::server::session::view::View;
use crate::server::workspace::documents::DocumentKey;
use crate::server::workspace::vault::ServedVault;

/// What the edits of a rename are called where the client groups edits.
const LABEL: &str = "Links and names";
const RENAMED: &str = "renamed";

/// Where files and folders lie, and where they shall.
type Moves = Vec<(VaultPath, VaultPath)>;

impl Session {
    /// `textDocument/prepareRename`
    pub(crate) async fn prepare_rename(
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
    pub(crate) async fn rename(&self, params: RenameParams) -> Result<Option<WorkspaceEdit>> {
        let at = params.text_document_position;
        let uri = &at.text_document.uri;
        self.refuse_while_reading(uri)?;
        let asked_of = self.version(uri);
        if let Some((vault, _)) = self.known_place(uri) {
            vault.caught_up().await;
        }
        if self.version(uri) != asked_of {
            return Err(Error::content_modified());
        }
        let open = self.open_versions();
        let found = self.ask_at("textDocument/rename", at, move |asked, at, cancel| {
            let renamed = match ide::rename(&asked.snapshot, at, &params.new_name, cancel) {
                Ok(renamed) => renamed,
                Err(ChangeFailure::Refused(error)) => return Ok(Some(Err(error.to_string()))),
                Err(ChangeFailure::Cancelled) => return Err(Cancelled),
            };
            Ok(Some(open.encode(asked, &renamed, LABEL)))
        });
        found.await?.transpose().map_err(refused)
    }

    /// `workspace/willRenameFiles`, of files and folders; those that leave their vault are nobody's to follow.
    pub(crate) async fn will_rename_files(&self, params: RenameFilesParams) -> Result<Option<WorkspaceEdit>> {
        let mut by_vault: BTreeMap<u64, (Arc<ServedVault>, Moves)> = BTreeMap::new();
        for file in &params.files {
            let (Some(from), Some(to)) = (uri::lenient(&file.old_uri), uri::lenient(&file.new_uri)) else {
                continue;
            };
            let Some((vault, old)) = self.known_place(&from) else { continue };
            let Some(new) = uri::to_path(&to).and_then(|path| vault.path_of(&path)) else { continue };
            self.refuse_unread(&vault, RENAMED)?;
            by_vault.entry(vault.number).or_insert_with(|| (vault, Moves::new())).1.push((old, new));
        }
        for (vault, _) in by_vault.values() {
            vault.caught_up().await;
        }
        // All states are taken at one moment.
        let views: Vec<(View, Moves)> =
            by_vault.into_values().map(|(vault, moves)| (View::of(self, vault), moves)).collect();
        let open = Arc::new(self.open_versions());
        let mut whole: Option<WorkspaceEdit> = None;
        for (view, moves) in views {
            let open = Arc::clone(&open);
            let work = move |cancel: &Cancel| {
                let files = moved_files(&view.snapshot, &moves);
                let edits = match ide::move_files(&view.snapshot, &files, cancel) {
                    Ok(edits) => edits,
                    Err(ChangeFailure::Refused(error)) => return Ok(Err(error.to_string())),
                    Err(ChangeFailure::Cancelled) => return Err(Cancelled),
                };
                Ok(open.encode(&view, &VaultChange { edits, ..VaultChange::default() }, LABEL))
            };
            let edit = self.run("workspace/willRenameFiles", Priority::Lengthy, work).await?;
            whole = Some(lsp::joined_edits(whole, edit.map_err(refused)?));
        }
        Ok(whole.filter(|edit| !lsp::is_empty_edit(edit)))
    }

    fn refuse_while_reading(&self, uri: &Uri) -> Result<()> {
        // A link that was not read yet could not be followed.
        self.known_place(uri).map_or(Ok(()), |(vault, _)| self.refuse_unread(&vault, RENAMED))
    }

    /// The version of a document; `None` if it is not open.
    fn version(&self, uri: &Uri) -> Option<i32> {
        lock(&self.documents).get(&DocumentKey::of(uri)).map(|document| document.version)
    }
}

/// Every file that moves if these files and folders do: with the innermost of them that it lies in.
fn moved_files(snapshot: &Snapshot, moves: &Moves) -> Vec<(FileId, VaultPath)> {
    let moves: FxHashMap<&str, &VaultPath> = moves.iter().map(|(old, new)| (old.as_str(), new)).collect();
    let place = |path: &VaultPath| {
        let path = path.as_str();
        let above = path.rmatch_indices('/').map(|(slash, _)| path.split_at(slash));
        let mut whole = std::iter::once((path, "")).chain(above);
        let (new, rest) = whole.find_map(|(old, rest)| Some((*moves.get(old)?, rest)))?;
        if rest.is_empty() { Some(new.clone()) } else { VaultPath::resolve(new.as_str(), rest).ok() }
    };
    snapshot.files().filter_map(|(id, file)| Some((id, place(&file.path)?))).collect()
}
