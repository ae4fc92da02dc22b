//! `textDocument/codeAction` and `codeAction/resolve`: offered without their edits, which are worked out from
//! the vault of the moment in which one is picked.

use std::sync::Arc;

use jiff::ZonedDateTime;
use tower_lsp::jsonrpc::Result;
use tower_lsp::ls_types::{
    self, CodeAction, CodeActionOrCommand, CodeActionParams, CodeActionResponse, WorkspaceEdit,
};

use crate::disk;
use crate::ide::{self, ActionKind, ActionOptions, ActionSubject, ChangeFailure, VaultChange};
use crate::lsp::{self, CodeActionData, to_text_range, uri};
use crate::server::session::edit_request::{EditError, EditRequest, Edited, encode};
use crate::server::session::{Session, query};
use crate::server::workspace::documents::Versions;
use crate::server::workspace::view::{FileView, VaultView};
use crate::vault::{Cancel, Cancelled, DiskFile, Note, VaultPath};

/// `textDocument/codeAction`
pub(crate) async fn code_actions(
    session: &Session,
    params: CodeActionParams,
) -> Result<Option<CodeActionResponse>> {
    let CodeActionParams { text_document, range, context, .. } = params;
    let versions = session.documents.versions();
    let ask = query::ask_note(session, "textDocument/codeAction", &text_document.uri, move |view, cancel| {
        view.snapshot.need_whole();
        let note = view.snapshot.note(view.file).filter(|_| !view.snapshot.coverage().is_loading());
        let Some(note) = note else { return Ok(None) };
        let span = note.note.text.span(to_text_range(range), view.features.encoding);
        let found = with_options(view, lsp::wanted_kinds(&context), |options| {
            ide::code_actions(&view.snapshot, view.file, span, options, cancel)
        })?;
        let text = if found.is_empty() { String::new() } else { lsp::fingerprint(&note.note.text) };
        let mut answer = CodeActionResponse::new();
        for action in &found {
            let uri = view.uri.as_str().to_owned();
            let data = CodeActionData { uri, text: text.clone(), subject: action.subject.clone() };
            answer.extend(offer(view, action, &data, &context.diagnostics, &versions, cancel)?);
        }
        Ok(Some(answer))
    });
    ask.await
}

/// `codeAction/resolve`
pub(crate) async fn resolve(session: &Session, mut action: CodeAction) -> Result<CodeAction> {
    let data = action.data.clone().and_then(|data| serde_json::from_value(data).ok());
    let Some(data) = data else { return Ok(action) };
    let edited = edit(session, "codeAction/resolve", data, action.title.clone()).await?;
    action.edit = edited.map(|edited| edited.edit);
    Ok(action)
}

/// Works out the edit of an action that was offered.
///
/// # Errors
///
/// If the note has changed since, or the edit is refused.
pub(crate) async fn edit(
    session: &Session,
    method: &'static str,
    data: CodeActionData,
    label: String,
) -> Result<Option<Edited<()>>> {
    let Some(uri) = uri::lenient(&data.uri) else { return Ok(None) };
    let request = EditRequest { method, label };
    let work = request.in_note(session, &uri, move |view, cancel| {
        let text = view.snapshot.note(view.file).map(|note| lsp::fingerprint(&note.note.text));
        if text.as_ref() != Some(&data.text) {
            return Err(EditError::Stale);
        }
        Ok((change(view, &data.subject, cancel)?, ()))
    });
    work.await
}

/// What an action does to the vault.
///
/// # Errors
///
/// If it is refused or cancelled.
pub(crate) fn change(
    view: &FileView,
    subject: &ActionSubject,
    cancel: &Cancel,
) -> std::result::Result<VaultChange, ChangeFailure> {
    with_options(view, ActionKind::ALL.to_vec(), |options| {
        ide::resolve_action(&view.snapshot, view.file, subject, options, cancel)
    })
}

/// Runs `work` with the options of actions in a vault.
fn with_options<T>(
    view: &VaultView,
    kinds: Vec<ActionKind>,
    work: impl FnOnce(&ActionOptions<'_>) -> T,
) -> T {
    work(&ActionOptions {
        kinds,
        creates_files: view.features.creates_files,
        deletes_files: view.features.deletes_files,
        now: ZonedDateTime::now().datetime(),
        read_template: &|path, known| read_template(view, path, known),
    })
}

/// A template: a note of the vault, or a file of it that is left out of it. `None` if it is a link that leads
/// out of the vault.
pub(crate) fn read_template(view: &VaultView, path: &VaultPath, known: Option<&Note>) -> Option<Note> {
    let root = view.vault.root.as_deref()?;
    // One that is open need not be on the disk.
    if known.is_some() && !disk::exists(&disk::to_disk_path(root, path)) {
        return known.cloned();
    }
    disk::confined(root, path, known.is_some())?;
    match known.cloned() {
        Some(known) => Some(known),
        None => match disk::read(root, path) {
            Ok(DiskFile::Note(note)) => Some(Arc::unwrap_or_clone(note)),
            _ => None,
        },
    }
}

/// An action as the client takes it: without its edit if it asks for that later. One that cannot be carried
/// out is left out where that is known.
fn offer(
    view: &FileView,
    action: &ide::CodeAction,
    data: &CodeActionData,
    shown: &[ls_types::Diagnostic],
    versions: &Versions,
    cancel: &Cancel,
) -> std::result::Result<Option<CodeActionOrCommand>, Cancelled> {
    if !view.features.code_actions {
        return Ok(Some(lsp::action_command(&action.title, data).into()));
    }
    let mut offered = view.encode(|encoder| lsp::code_action(action, shown, view.file, encoder));
    if view.features.resolves_action_edits {
        offered.data = serde_json::to_value(data).ok();
        return Ok(Some(offered.into()));
    }
    let edit: Option<WorkspaceEdit> = match change(view, &data.subject, cancel) {
        Ok(change) => encode(view, &view.snapshot, versions, &change, &action.title).ok(),
        Err(ChangeFailure::Refused(_)) => None,
        Err(ChangeFailure::Cancelled) => return Err(Cancelled),
    };
    Ok(edit.map(|edit| CodeAction { edit: Some(edit), ..offered }.into()))
}
