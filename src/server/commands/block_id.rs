//! `vaultls.addBlockId`

use serde_json::Value;
use tower_lsp::jsonrpc::Result;

use crate::ide;
use crate::lsp::{ADD_BLOCK_ID_COMMAND, AddBlockId, uri};
use crate::server::session::Session;
use crate::server::session::edit_request::EditError;

use super::{apply_edit, edit_request};

/// Gives a block the id that was completed in a link to it.
pub(super) async fn add_block_id(session: &Session, arguments: AddBlockId) -> Result<Option<Value>> {
    let Some(uri) = uri::lenient(&arguments.uri) else { return Ok(None) };
    let request = edit_request(ADD_BLOCK_ID_COMMAND);
    let work = request.in_note(session, &uri, move |view, _| {
        let change = ide::add_block_id(&view.snapshot, view.file, &arguments.id);
        Ok((change.ok_or(EditError::Stale)?, ()))
    });
    apply_edit(session, work.await?, None)?;
    Ok(None)
}
