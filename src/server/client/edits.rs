//! Edits that the client is asked to apply.

use std::sync::Arc;

use tower_lsp::ls_types::{
    ApplyWorkspaceEditParams, ShowDocumentParams, Uri, WorkspaceEdit, request::ApplyWorkspaceEdit,
};

use crate::lsp;

use super::Client;

/// Asks the client to apply an edit and then to show a file. Its replies are awaited apart from all handlers,
/// and a failure is shown to the user. An edit that changes nothing is not sent, nor is a client asked to
/// show files that cannot.
///
/// # Errors
///
/// If the client applies no edits; in words for the user.
pub(crate) fn apply(
    client: &Arc<Client>,
    label: &str,
    edit: WorkspaceEdit,
    show: Option<Uri>,
) -> Result<(), String> {
    let edit = Some(edit).filter(|edit| !lsp::is_empty_edit(edit));
    let features = client.features();
    if edit.is_some() && !features.applies_edits {
        return Err("this editor does not support edits by the server (`workspace/applyEdit`)".to_owned());
    }
    let show = show.filter(|_| features.shows_documents);
    let label = Some(label.to_owned());
    let sender = Arc::clone(client);
    client.spawn(async move {
        if let Some(edit) = edit {
            let params = ApplyWorkspaceEditParams { label, edit };
            let failure = match sender.remote().send_request::<ApplyWorkspaceEdit>(params).await {
                Ok(answer) if answer.applied => None,
                Ok(answer) => Some(answer.failure_reason.unwrap_or_default()),
                Err(error) => Some(error.to_string()),
            };
            if let Some(why) = failure {
                sender.warn(format!("vaultls: the editor did not apply the edit: {why}"));
                return;
            }
        }
        let Some(uri) = show else { return };
        let params =
            ShowDocumentParams { uri, external: Some(false), take_focus: Some(true), selection: None };
        if let Err(error) = sender.remote().show_document(params).await {
            sender.log(format!("the editor did not show the note: {error}"));
        }
    });
    Ok(())
}
