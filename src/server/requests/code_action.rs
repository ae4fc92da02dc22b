//! Code actions: offered without their edits, which are worked out from the vault of the moment in which one is picked.

use std::sync::Arc;

use jiff::ZonedDateTime;
use serde_json::Value;
use tower_lsp::jsonrpc::{Error, ErrorCode, Result};
use tower_lsp::ls_types::{
    self, CodeAction, CodeActionOrCommand, CodeActionParams, CodeActionResponse, WorkspaceEdit,
};

use crate::disk;
use crate::ide::{self, ActionKind, ActionOptions, ChangeFailure, VaultChange};
use crate::lsp::{self, CodeActionData, to_text_range, uri};
use crate::vault::{Cancel, Cancelled, DiskFile, Note, VaultPath};

use crate::server::session::Session;
use crate::server::session::edit_request::{OpenVersions, Refusable, refused};
use crate::server::session::view::{Asked, View};

/// What the edit of a command is called where the client groups edits.
pub(crate) const APPLIED: &str = "Changes by vaultls";

impl Session {
    /// `textDocument/codeAction`. Nothing while the vault is being read: what is missing may only not have come yet.
    pub(crate) async fn code_actions(&self, params: CodeActionParams) -> Result<Option<CodeActionResponse>> {
        let CodeActionParams { text_document, range, context, .. } = params;
        let open = self.open_versions();
        let ask = self.ask("textDocument/codeAction", &text_document.uri, move |asked, cancel| {
            let Some(note) = asked.snapshot.note(asked.note).filter(|_| asked.vault.is_complete()) else {
                return Ok(None);
            };
            let span = note.note.text.span(to_text_range(range), asked.features.encoding);
            let found = with_options(asked, lsp::wanted_kinds(&context), |options| {
                ide::code_actions(&asked.snapshot, asked.note, span, options, cancel)
            })?;
            let text = if found.is_empty() { String::new() } else { lsp::fingerprint(&note.note.text) };
            let mut answer = CodeActionResponse::new();
            for action in &found {
                let uri = asked.uri.as_str().to_owned();
                let data = CodeActionData { uri, text: text.clone(), subject: action.subject.clone() };
                answer.extend(encode(asked, action, &data, &context.diagnostics, &open, cancel)?);
            }
            Ok(Some(answer))
        });
        ask.await
    }

    /// `codeAction/resolve`
    pub(crate) async fn code_action_with_edit(&self, mut action: CodeAction) -> Result<CodeAction> {
        let data = action.data.clone().and_then(|data| serde_json::from_value(data).ok());
        let Some(data) = data else { return Ok(action) };
        action.edit = self.edit_of_action(data, action.title.clone()).await?;
        Ok(action)
    }

    /// `vaultls.applyAction`
    pub(crate) async fn apply_action(self: &Arc<Session>, arguments: Vec<Value>) -> Result<Option<Value>> {
        let data = arguments.into_iter().next().and_then(|data| serde_json::from_value(data).ok());
        let data =
            data.ok_or_else(|| Error::invalid_params("the argument is no code action of this server"))?;
        if let Some(edit) = self.edit_of_action(data, APPLIED.to_owned()).await? {
            self.apply_edit(APPLIED, edit, None).map_err(refused)?;
        }
        Ok(None)
    }

    async fn edit_of_action(&self, data: CodeActionData, title: String) -> Result<Option<WorkspaceEdit>> {
        let Some(uri) = uri::lenient(&data.uri) else { return Ok(None) };
        if let Some((vault, _)) = self.known_place(&uri) {
            self.refuse_unread(&vault, "changed")?;
            vault.caught_up().await;
        }
        let open = self.open_versions();
        let ask = self.ask("codeAction/resolve", &uri, move |asked, cancel| {
            let text = asked.snapshot.note(asked.note).map(|note| lsp::fingerprint(&note.note.text));
            if text.as_ref() != Some(&data.text) {
                return Ok(Some(Err(stale())));
            }
            let edit = edit_of(asked, &data, &title, &open, cancel)?;
            Ok(Some(edit.map_err(refused)))
        });
        let Some((edit, change)) = ask.await?.transpose()? else { return Ok(None) };
        self.tell_remarks(&change);
        Ok(Some(edit))
    }
}

/// Hands the options of actions in a vault to `work`.
pub(crate) fn with_options<T>(
    view: &View,
    kinds: Vec<ActionKind>,
    work: impl FnOnce(&ActionOptions<'_>) -> T,
) -> T {
    work(&ActionOptions {
        kinds,
        knows_whole_vault: !view.vault.knows_open_documents_only(),
        creates_files: view.features.creates_files,
        deletes_files: view.features.deletes_files,
        now: ZonedDateTime::now().datetime(),
        read_template: &|path| read_note(view, path),
    })
}

/// A note that need not belong to the vault, as it lies on the disk.
pub(crate) fn read_note(view: &View, path: &VaultPath) -> Option<Note> {
    match disk::read(view.vault.root.as_deref()?, path) {
        Ok(DiskFile::Note(note)) => Some(Arc::unwrap_or_clone(note)),
        _ => None,
    }
}

/// An action as the client takes it: without its edit if it asks for that later. One that cannot be carried out is left out
/// where that is known.
fn encode(
    asked: &Asked,
    action: &ide::CodeAction,
    data: &CodeActionData,
    shown: &[ls_types::Diagnostic],
    open: &OpenVersions,
    cancel: &Cancel,
) -> std::result::Result<Option<CodeActionOrCommand>, Cancelled> {
    if !asked.features.code_actions {
        return Ok(Some(lsp::action_command(&action.title, data).into()));
    }
    let mut encoded = asked.encode(|encoder| lsp::code_action(action, shown, asked.note, encoder));
    if asked.features.resolves_action_edits {
        encoded.data = serde_json::to_value(data).ok();
        return Ok(Some(encoded.into()));
    }
    encoded.edit = edit_of(asked, data, &action.title, open, cancel)?.ok().map(|(edit, _)| edit);
    Ok(encoded.edit.is_some().then(|| encoded.into()))
}

pub(crate) fn edit_of(
    asked: &Asked,
    data: &CodeActionData,
    title: &str,
    open: &OpenVersions,
    cancel: &Cancel,
) -> std::result::Result<Refusable<(WorkspaceEdit, VaultChange)>, Cancelled> {
    let resolved = with_options(asked, ActionKind::ALL.to_vec(), |options| {
        ide::resolve_action(&asked.snapshot, asked.note, &data.subject, options, cancel)
    });
    match resolved {
        Ok(change) => Ok(open.encode(asked, &change, title).map(|edit| (edit, change))),
        Err(ChangeFailure::Refused(error)) => Ok(Err(error.to_string())),
        Err(ChangeFailure::Cancelled) => Err(Cancelled),
    }
}

fn stale() -> Error {
    let message = "the note has changed since this was offered; ask again";
    Error { message: message.into(), ..Error::new(ErrorCode::ContentModified) }
}
