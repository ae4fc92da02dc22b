//! `vaultls.mentions` and `vaultls.linkMentions`: the notes that name a note without linking to it, and links
//! for them.

use serde_json::Value;
use tower_lsp::jsonrpc::Result;

use crate::ide::{self, VaultChange};
use crate::lsp::{self, LINK_MENTIONS_COMMAND, LinkMentionsArguments, MENTIONS_COMMAND, NoteArguments, uri};
use crate::server::session::{Session, query};

use super::{apply_edit, edit_request};

/// The mentions of a note.
pub(super) async fn mentions(session: &Session, arguments: NoteArguments) -> Result<Option<Value>> {
    let Some(uri) = uri::lenient(&arguments.uri) else { return Ok(None) };
    let ask = query::ask_note(session, MENTIONS_COMMAND, &uri, move |view, cancel| {
        let found = ide::mentions_of(&view.snapshot, view.file, cancel)?;
        Ok(Some(view.encode(|encoder| lsp::mentions(&found, view.file, encoder))))
    });
    ask.await
}

/// Links the mentions of a note in one other note or in all. Returns their number.
pub(super) async fn link_mentions(
    session: &Session,
    arguments: LinkMentionsArguments,
) -> Result<Option<Value>> {
    let Some(uri) = uri::lenient(&arguments.uri) else { return Ok(None) };
    let within = match arguments.within.as_deref().map(uri::lenient) {
        None => None,
        Some(Some(within)) => Some(within),
        Some(None) => return Ok(None),
    };
    let request = edit_request(LINK_MENTIONS_COMMAND);
    let work = request.in_note(session, &uri, move |view, cancel| {
        let source = within.as_ref().map(|within| view.file_at(within));
        if source == Some(None) {
            // A note of another vault mentions none of this one.
            return Ok((VaultChange::default(), None));
        }
        let change = ide::link_mentions_of(&view.snapshot, view.file, source.flatten(), cancel)?;
        let count: usize = change.edits.iter().map(|in_note| in_note.edits.len()).sum();
        Ok((change, Some(Value::from(count))))
    });
    Ok(apply_edit(session, work.await?, None)?.flatten())
}
