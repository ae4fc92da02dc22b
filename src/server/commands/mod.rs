//! `workspace/executeCommand`, a file for each command or for two of a kind. No command waits for the client:
//! what it is asked to do is sent apart from all handlers.

mod block_id;
mod graph;
mod mentions;
mod new_note;
mod note_edits;
mod stats;
mod timestamps;

use serde_json::Value;
use tower_lsp::jsonrpc::{Error, Result};
use tower_lsp::ls_types::{ExecuteCommandParams, Uri};

use crate::lsp::{
    ADD_BLOCK_ID_COMMAND, APPLY_ACTION_COMMAND, BACKLINKS_COMMAND, CONVERT_TIMESTAMPS_COMMAND,
    CREATE_NOTE_COMMAND, DAILY_NOTE_COMMAND, FIX_ALL_COMMAND, FIX_TIMESTAMPS_COMMAND, GRAPH_COMMAND,
    INSERT_TIMESTAMP_COMMAND, LINK_MENTIONS_COMMAND, MENTIONS_COMMAND, REINDEX_COMMAND, STATS_COMMAND,
    argument,
};
use crate::server::session::Session;
use crate::server::session::edit_request::{EditRequest, Edited, apply};

/// `workspace/executeCommand`
pub(crate) async fn execute(session: &Session, params: ExecuteCommandParams) -> Result<Option<Value>> {
    let arguments = params.arguments;
    match params.command.as_str() {
        STATS_COMMAND => stats::stats(session).await.map(Some),
        REINDEX_COMMAND => {
            session.vaults.reload();
            Ok(None)
        }
        APPLY_ACTION_COMMAND => note_edits::apply_action(session, arguments).await,
        FIX_ALL_COMMAND => note_edits::fix_all(session, argument(arguments)?).await,
        CREATE_NOTE_COMMAND => new_note::create_note(session, argument(arguments)?).await,
        DAILY_NOTE_COMMAND => new_note::daily_note(session, argument(arguments)?).await,
        BACKLINKS_COMMAND => graph::backlinks(session, argument(arguments)?).await,
        GRAPH_COMMAND => graph::graph(session, argument(arguments)?).await,
        MENTIONS_COMMAND => mentions::mentions(session, argument(arguments)?).await,
        LINK_MENTIONS_COMMAND => mentions::link_mentions(session, argument(arguments)?).await,
        INSERT_TIMESTAMP_COMMAND => timestamps::insert(session, argument(arguments)?).await,
        CONVERT_TIMESTAMPS_COMMAND => timestamps::convert(session, argument(arguments)?).await,
        FIX_TIMESTAMPS_COMMAND => timestamps::fix(session, argument(arguments)?).await,
        ADD_BLOCK_ID_COMMAND => block_id::add_block_id(session, argument(arguments)?).await,
        other => Err(Error::invalid_params(format!("unknown command: `{other}`"))),
    }
}

/// What the edits of commands are called where the client groups edits.
const LABEL: &str = "Changes by vaultls";

fn edit_request(command: &'static str) -> EditRequest {
    EditRequest { method: command, label: LABEL.to_owned() }
}

/// Has the client apply the edit of a command, if there is one, and then show a file.
fn apply_edit<T>(session: &Session, edited: Option<Edited<T>>, show: Option<Uri>) -> Result<Option<T>> {
    edited.map(|edited| apply(session, LABEL, edited, show)).transpose()
}
