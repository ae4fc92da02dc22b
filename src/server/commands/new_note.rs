//! `vaultls.createNote` and `vaultls.dailyNote`

use jiff::ZonedDateTime;
use jiff::civil::Date;
use serde_json::Value;
use tower_lsp::jsonrpc::{Error, Result};

use crate::ide::{ChangeError, NoteMaker, WantedNote};
use crate::lsp::{CREATE_NOTE_COMMAND, CreateNoteArguments, DAILY_NOTE_COMMAND, DailyNoteArguments};
use crate::server::requests::code_action::read_template;
use crate::server::session::edit_request::EditError;
use crate::server::session::{Session, query};
use crate::server::workspace::view::VaultView;

use super::{apply_edit, edit_request};

/// Creates a note. Returns its URI.
pub(super) async fn create_note(session: &Session, arguments: CreateNoteArguments) -> Result<Option<Value>> {
    let (view, beside) = query::vault_view(session, arguments.uri.as_deref())?;
    let make =
        move |maker: &NoteMaker<'_>| maker.note(&arguments.name, beside, arguments.template.as_deref());
    make_note(session, CREATE_NOTE_COMMAND, view, arguments.show, make).await
}

/// Creates the note of a day if it is missing. Returns its URI.
pub(super) async fn daily_note(session: &Session, arguments: DailyNoteArguments) -> Result<Option<Value>> {
    let (view, _) = query::vault_view(session, arguments.uri.as_deref())?;
    let parse = |date: String| {
        let invalid = |_| Error::invalid_params(format!("Invalid date `{date}`: expected YYYY-MM-DD"));
        date.parse::<Date>().map_err(invalid)
    };
    let date = arguments.date.map(parse).transpose()?;
    let make = move |maker: &NoteMaker<'_>| {
        maker.daily_note(date.map_or(maker.now, |date| date.to_datetime(maker.now.time())))
    };
    make_note(session, DAILY_NOTE_COMMAND, view, arguments.show, make).await
}

async fn make_note(
    session: &Session,
    command: &'static str,
    view: VaultView,
    show: Option<bool>,
    make: impl FnOnce(&NoteMaker<'_>) -> std::result::Result<WantedNote, ChangeError> + Send + 'static,
) -> Result<Option<Value>> {
    let work = edit_request(command).in_vault(session, view.vault, move |view, _| {
        let wanted = make(&NoteMaker {
            vault: &view.snapshot,
            now: ZonedDateTime::now().datetime(),
            read_template: &|path, known| read_template(view, path, known),
        })?;
        let no_address = || EditError::Refused("the path of the note cannot be written as a URI".to_owned());
        let uri = view.uris.of(&wanted.path).ok_or_else(no_address)?;
        Ok((wanted.change, uri))
    });
    let edited = work.await?;
    let show = show.unwrap_or(true).then(|| edited.result.clone());
    let uri = apply_edit(session, Some(edited), show)?;
    Ok(uri.map(|uri| Value::from(uri.as_str())))
}
