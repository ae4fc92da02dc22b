//! The commands about timestamps: insert one, write them in another form, mend one kind of them.

use std::sync::Arc;

use serde_json::Value;
use tower_lsp::jsonrpc::{Error, Result};
use tower_lsp::ls_types::{TextDocumentIdentifier, TextDocumentPositionParams, WorkspaceEdit};

use crate::ide::{self, ActionSubject, ChangeFailure, Reach, VaultChange};
use crate::lsp::{
    CONVERT_TIMESTAMPS_COMMAND, CodeActionData, ConvertTimestampsArguments, FIX_TIMESTAMPS_COMMAND,
    FixTimestampsArguments, INSERT_TIMESTAMP_COMMAND, InsertTimestampArguments, WantedMoment, uri,
};
use crate::vault::Cancelled;

use crate::server::requests::code_action::{APPLIED, edit_of};
use crate::server::session::Session;
use crate::server::session::edit_request::{Refusable, refused};

impl Session {
    /// `vaultls.insertTimestamp`. Answers what is inserted.
    pub(crate) async fn insert_timestamp(
        self: &Arc<Session>,
        arguments: InsertTimestampArguments,
    ) -> Result<Option<Value>> {
        let Some(uri) = uri::lenient(&arguments.uri) else { return Ok(None) };
        if let Some((vault, _)) = self.known_place(&uri) {
            self.refuse_unread(&vault, "inserted")?;
        }
        let clipboard = arguments.clipboard.filter(|text| ide::is_moment_of_video(text));
        let wanted = arguments.moment.map(WantedMoment::into_words).or(clipboard);
        let open = self.open_versions();
        let text_document = TextDocumentIdentifier { uri };
        let at = TextDocumentPositionParams { text_document, position: arguments.position };
        let ask = self.ask_at(INSERT_TIMESTAMP_COMMAND, at, move |asked, at, cancel| {
            match ide::insert_timestamp(&asked.snapshot, at, wanted.as_deref(), cancel) {
                Ok(change) => Ok(Some(open.encode(asked, &change, APPLIED).map(|edit| (edit, change)))),
                Err(ChangeFailure::Refused(error)) => Ok(Some(Err(error.to_string()))),
                Err(ChangeFailure::Cancelled) => Err(Cancelled),
            }
        });
        let Some(change) = self.make(ask.await?)? else { return Ok(None) };
        let inserted = change.edits.iter().flat_map(|edits| &edits.edits).next();
        Ok(inserted.map(|edit| Value::from(edit.new_text.trim())))
    }

    /// `vaultls.convertTimestamps`. Answers how many are written anew.
    pub(crate) async fn convert_timestamps(
        self: &Arc<Session>,
        arguments: ConvertTimestampsArguments,
    ) -> Result<Option<Value>> {
        let reach = arguments.reach.unwrap_or(Reach::Note);
        let subject = ActionSubject::ConvertTimestamps { to: arguments.form, reach };
        self.carry_out(CONVERT_TIMESTAMPS_COMMAND, arguments.uri, subject).await
    }

    /// `vaultls.fixTimestamps`. Answers how many stretches are written anew.
    pub(crate) async fn fix_timestamps(
        self: &Arc<Session>,
        arguments: FixTimestampsArguments,
    ) -> Result<Option<Value>> {
        if !arguments.code.starts_with("timestamp/") {
            let why = format!("`{}` is no code of findings about timestamps", arguments.code);
            return Err(Error::invalid_params(why));
        }
        let reach = arguments.reach.unwrap_or(Reach::Note);
        let subject = ActionSubject::FixTimestamps { code: arguments.code, reach };
        self.carry_out(FIX_TIMESTAMPS_COMMAND, arguments.uri, subject).await
    }

    /// Carries out what an action would do. Answers the number of its edits.
    async fn carry_out(
        self: &Arc<Session>,
        command: &'static str,
        address: String,
        subject: ActionSubject,
    ) -> Result<Option<Value>> {
        let Some(uri) = uri::lenient(&address) else { return Ok(None) };
        if let Some((vault, _)) = self.known_place(&uri) {
            self.refuse_unread(&vault, "changed")?;
            vault.caught_up().await;
        }
        let open = self.open_versions();
        let data = CodeActionData { uri: address, text: String::new(), subject };
        let ask = self.ask(command, &uri, move |asked, cancel| {
            Ok(Some(edit_of(asked, &data, APPLIED, &open, cancel)?))
        });
        let Some(change) = self.make(ask.await?)? else { return Ok(None) };
        let count: usize = change.edits.iter().map(|edits| edits.edits.len()).sum();
        Ok(Some(Value::from(count)))
    }

    /// Has the client make an edit, and hands back the change that it makes.
    fn make(
        self: &Arc<Session>,
        found: Option<Refusable<(WorkspaceEdit, VaultChange)>>,
    ) -> Result<Option<VaultChange>> {
        let Some(found) = found else { return Ok(None) };
        let (edit, change) = found.map_err(refused)?;
        self.tell_remarks(&change);
        self.apply_edit(APPLIED, edit, None).map_err(refused)?;
        Ok(Some(change))
    }
}
