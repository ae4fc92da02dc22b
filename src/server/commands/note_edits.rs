//! `vaultls.applyAction` and `vaultls.fixAll`: code actions for clients that take commands, and all fixes of
//! a note.

use serde_json::Value;
use tower_lsp::jsonrpc::{Error, Result};

use crate::ide;
use crate::lsp::{APPLY_ACTION_COMMAND, FIX_ALL_COMMAND, NoteArguments, uri};
use crate::server::requests::code_action;
use crate::server::session::Session;

use super::{LABEL, apply_edit, edit_request};

/// Applies a code action that was offered as a command.
pub(super) async fn apply_action(session: &Session, arguments: Vec<Value>) -> Result<Option<Value>> {
    let data = arguments.into_iter().next().and_then(|data| serde_json::from_value(data).ok());
    let data = data.ok_or_else(|| Error::invalid_params("the argument is no code action of this server"))?;
    let edited = code_action::edit(session, APPLY_ACTION_COMMAND, data, LABEL.to_owned()).await?;
    apply_edit(session, edited, None)?;
    Ok(None)
}

/// Fixes all problems of a note that can be fixed safely. Returns their number.
pub(super) async fn fix_all(session: &Session, arguments: NoteArguments) -> Result<Option<Value>> {
    let Some(uri) = uri::lenient(&arguments.uri) else { return Ok(None) };
    let work = edit_request(FIX_ALL_COMMAND).in_note(session, &uri, |view, cancel| {
        let safe = ide::safe_fixes(&view.snapshot, view.file, &|_| true, cancel)?;
        Ok((safe.change, safe.diagnostics.len()))
    });
    Ok(apply_edit(session, work.await?, None)?.map(Value::from))
}
