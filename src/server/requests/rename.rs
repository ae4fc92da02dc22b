//! `textDocument/prepareRename`, `textDocument/rename` and `workspace/willRenameFiles`

use std::collections::BTreeMap;
use std::sync::Arc;

use rustc_hash::FxHashMap;
use tower_lsp::jsonrpc::Result;
use tower_lsp::ls_types::{
    PrepareRenameResponse, RenameFilesParams, RenameParams, TextDocumentPositionParams, WorkspaceEdit,
};

use crate::ide::{self, VaultChange};
use crate::lsp::{self, uri};
use crate::server::session::edit_request::{EditError, EditRequest};
use crate::server::session::{Session, query};
use crate::server::workspace::vault::ServedVault;
use crate::vault::{FileId, Snapshot, VaultPath};

/// Files and folders, and where they move.
type Moves = Vec<(VaultPath, VaultPath)>;

/// `textDocument/prepareRename`
pub(crate) async fn prepare(
    session: &Session,
    at: TextDocumentPositionParams,
) -> Result<Option<PrepareRenameResponse>> {
    let found = query::ask_at(session, "textDocument/prepareRename", at, |view, at, _| {
        let found = ide::prepare_rename(&view.snapshot, at);
        let encode = |found| view.encode(|encoder| lsp::prepared_rename(found, view.file, encoder));
        Ok(Some(found.map(encode).map_err(EditError::from)))
    });
    Ok(found.await?.transpose()?)
}

/// `textDocument/rename`
pub(crate) async fn rename(session: &Session, params: RenameParams) -> Result<Option<WorkspaceEdit>> {
    let TextDocumentPositionParams { text_document, position } = params.text_document_position;
    let request = request("textDocument/rename");
    let work = request.in_note(session, &text_document.uri, move |view, cancel| {
        let Some(at) = view.position(position) else { return Err(EditError::Stale) };
        Ok((ide::rename(&view.snapshot, at, &params.new_name, cancel)?, ()))
    });
    Ok(work.await?.map(|edited| edited.edit))
}

/// `workspace/willRenameFiles`, of files and folders; what leaves its vault is not followed.
pub(crate) async fn will_rename_files(
    session: &Session,
    params: RenameFilesParams,
) -> Result<Option<WorkspaceEdit>> {
    let mut by_vault: BTreeMap<u64, (Arc<ServedVault>, Moves)> = BTreeMap::new();
    for file in &params.files {
        let (Some(from), Some(to)) = (uri::lenient(&file.old_uri), uri::lenient(&file.new_uri)) else {
            continue;
        };
        let Some((vault, old)) = session.vaults.owner(&from) else { continue };
        let Some(new) = uri::to_path(&to).and_then(|path| vault.path_of(&path)) else { continue };
        by_vault.entry(vault.number).or_insert_with(|| (vault, Moves::new())).1.push((old, new));
    }
    let mut whole: Option<WorkspaceEdit> = None;
    for (vault, moves) in by_vault.into_values() {
        let work = request("workspace/willRenameFiles").in_vault(session, vault, move |view, cancel| {
            let files = moved_files(&view.snapshot, &moves);
            let edits = ide::move_files(&view.snapshot, &files, cancel)?;
            Ok((VaultChange { edits, moved_by_client: files, ..VaultChange::default() }, ()))
        });
        whole = Some(lsp::joined_edits(whole, work.await?.edit));
    }
    Ok(whole.filter(|edit| !lsp::is_empty_edit(edit)))
}

fn request(method: &'static str) -> EditRequest {
    EditRequest { method, label: "Links and names".to_owned() }
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
