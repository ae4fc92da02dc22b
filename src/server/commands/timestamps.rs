//! `vaultls.insertTimestamp`, `vaultls.convertTimestamps` and `vaultls.fixTimestamps`

use serde_json::Value;
use tower_lsp::jsonrpc::{Error, Result};

use crate::ide::{self, ActionSubject, Reach};
use crate::lsp::{
    CONVERT_TIMESTAMPS_COMMAND, ConvertTimestampsArguments, FIX_TIMESTAMPS_COMMAND, FixTimestampsArguments,
    INSERT_TIMESTAMP_COMMAND, InsertTimestampArguments, WantedMoment, uri,
};
use crate::server::requests::code_action;
use crate::server::session::Session;
use crate::server::session::edit_request::EditError;

use super::{apply_edit, edit_request};

/// Inserts a timestamp. Returns its text.
pub(super) async fn insert(session: &Session, arguments: InsertTimestampArguments) -> Result<Option<Value>> {
    let Some(uri) = uri::lenient(&arguments.uri) else { return Ok(None) };
    let clipboard = arguments.clipboard.filter(|text| ide::is_moment_of_video(text));
    let wanted = arguments.moment.map(WantedMoment::into_words).or(clipboard);
    let request = edit_request(INSERT_TIMESTAMP_COMMAND);
    let work = request.in_note(session, &uri, move |view, cancel| {
        let at = view.position(arguments.position).ok_or(EditError::Stale)?;
        let change = ide::insert_timestamp(&view.snapshot, at, wanted.as_deref(), cancel)?;
        let inserted = change.edits.iter().flat_map(|edits| &edits.edits).next();
        let inserted = inserted.map(|edit| Value::from(edit.new_text.trim()));
        Ok((change, inserted))
    });
    Ok(apply_edit(session, work.await?, None)?.flatten())
}

/// Writes timestamps in another form. Returns their number.
pub(super) async fn convert(
    session: &Session,
    arguments: ConvertTimestampsArguments,
) -> Result<Option<Value>> {
    let reach = arguments.reach.unwrap_or(Reach::Note);
    let subject = ActionSubject::ConvertTimestamps { to: arguments.form, reach };
    perform(session, CONVERT_TIMESTAMPS_COMMAND, &arguments.uri, subject).await
}

/// Makes the safe fixes of one rule about timestamps. Returns the number of edits.
pub(super) async fn fix(session: &Session, arguments: FixTimestampsArguments) -> Result<Option<Value>> {
    if !arguments.code.starts_with("timestamp/") {
        let why = format!("`{}` is no rule about timestamps", arguments.code);
        return Err(Error::invalid_params(why));
    }
    let reach = arguments.reach.unwrap_or(Reach::Note);
    let subject = ActionSubject::FixTimestamps { code: arguments.code, reach };
    perform(session, FIX_TIMESTAMPS_COMMAND, &arguments.uri, subject).await
}

async fn perform(
    session: &Session,
    command: &'static str,
    address: &str,
    subject: ActionSubject,
) -> Result<Option<Value>> {
    let Some(uri) = uri::lenient(address) else { return Ok(None) };
    let work = edit_request(command).in_note(session, &uri, move |view, cancel| {
        let change = code_action::change(view, &subject, cancel)?;
        let count: usize = change.edits.iter().map(|edits| edits.edits.len()).sum();
        Ok((change, count))
    });
    Ok(apply_edit(session, work.await?, None)?.map(Value::from))
}
