//! `workspace/executeCommand`. No command waits for the client: what it is asked to do is sent apart from all handlers.

pub(crate) mod mentions;
pub(crate) mod timestamps;

use std::sync::Arc;

use jiff::ZonedDateTime;
use jiff::civil::Date;
use serde_json::Value;
use tower_lsp::jsonrpc::{Error, Result};
use tower_lsp::ls_types::{ExecuteCommandParams, Uri};

use crate::ide::{self, ChangeError, NoteMaker, WantedNote};
use crate::lsp::{
    self, ADD_BLOCK_ID_COMMAND, APPLY_ACTION_COMMAND, AddBlockId, BACKLINKS_COMMAND,
    CONVERT_TIMESTAMPS_COMMAND, CREATE_NOTE_COMMAND, CreateNoteArguments, DAILY_NOTE_COMMAND,
    DailyNoteArguments, FIX_ALL_COMMAND, FIX_TIMESTAMPS_COMMAND, GRAPH_COMMAND, INSERT_TIMESTAMP_COMMAND,
    LINK_MENTIONS_COMMAND, MENTIONS_COMMAND, NoteArguments, REINDEX_COMMAND, STATS_COMMAND, VaultArguments,
    argument, uri,
};
use crate::vault::{Cancel, Cancelled, Coverage, FileId};

use crate::server::pool::Priority;
use crate::server::requests::code_action::{APPLIED, read_note};
use crate::server::session::Session;
use crate::server::session::edit_request::refused;
use crate::server::session::view::View;
use crate::server::workspace::vault::{Origin, ServedVault};

impl Session {
    /// `workspace/executeCommand`
    pub(crate) async fn execute(self: &Arc<Session>, params: ExecuteCommandParams) -> Result<Option<Value>> {
        let arguments = params.arguments;
        match params.command.as_str() {
            STATS_COMMAND => self.stats_of_all().await.map(Some),
            REINDEX_COMMAND => {
                self.reindex();
                Ok(None)
            }
            APPLY_ACTION_COMMAND => self.apply_action(arguments).await,
            CREATE_NOTE_COMMAND => self.create_note(argument(arguments)?).await,
            DAILY_NOTE_COMMAND => self.daily_note(argument(arguments)?).await,
            FIX_ALL_COMMAND => self.fix_all(argument(arguments)?).await,
            BACKLINKS_COMMAND => self.backlinks(argument(arguments)?).await,
            MENTIONS_COMMAND => self.mentions(argument(arguments)?).await,
            LINK_MENTIONS_COMMAND => self.link_mentions(argument(arguments)?).await,
            GRAPH_COMMAND => self.graph(argument(arguments)?).await,
            INSERT_TIMESTAMP_COMMAND => self.insert_timestamp(argument(arguments)?).await,
            CONVERT_TIMESTAMPS_COMMAND => self.convert_timestamps(argument(arguments)?).await,
            FIX_TIMESTAMPS_COMMAND => self.fix_timestamps(argument(arguments)?).await,
            ADD_BLOCK_ID_COMMAND => self.add_block_id(argument(arguments)?).await,
            other => Err(Error::invalid_params(format!("there is no command `{other}`"))),
        }
    }

    async fn stats_of_all(&self) -> Result<Value> {
        let vaults = self.vaults();
        let count = move |cancel: &Cancel| vaults.iter().map(|vault| stats(vault, cancel)).collect();
        self.run(STATS_COMMAND, Priority::WholeVault, count).await.map(Value::Array)
    }

    async fn create_note(self: &Arc<Session>, arguments: CreateNoteArguments) -> Result<Option<Value>> {
        let (view, beside) = self.asked_vault(arguments.uri.as_deref())?;
        let show = arguments.show;
        let make =
            move |maker: &NoteMaker<'_>| maker.note(&arguments.name, beside, arguments.template.as_deref());
        self.make_note(CREATE_NOTE_COMMAND, view, show, make).await
    }

    async fn daily_note(self: &Arc<Session>, arguments: DailyNoteArguments) -> Result<Option<Value>> {
        let (view, _) = self.asked_vault(arguments.uri.as_deref())?;
        let date: Option<Date> = match arguments.date {
            Some(date) => Some(
                date.parse()
                    .map_err(|_| Error::invalid_params(format!("`{date}` is no date like 2026-03-01")))?,
            ),
            None => None,
        };
        let make = move |maker: &NoteMaker<'_>| {
            let day = date.map_or(maker.now, |date| date.to_datetime(maker.now.time()));
            maker.daily_note(day)
        };
        self.make_note(DAILY_NOTE_COMMAND, view, arguments.show, make).await
    }

    /// Has a note made if it is missing, and shown. Answers its address.
    async fn make_note(
        self: &Arc<Session>,
        command: &'static str,
        view: View,
        show: Option<bool>,
        make: impl FnOnce(&NoteMaker<'_>) -> std::result::Result<WantedNote, ChangeError> + Send + 'static,
    ) -> Result<Option<Value>> {
        self.refuse_unread(&view.vault, "created")?;
        let open = self.open_versions();
        let work = move |_: &Cancel| {
            let maker = NoteMaker {
                vault: &view.snapshot,
                now: ZonedDateTime::now().datetime(),
                read_template: &|path| read_note(&view, path),
            };
            let made = make(&maker).map_err(|error| error.to_string()).and_then(|wanted| {
                let edit = open.encode(&view, &wanted.change, APPLIED)?;
                let uri = view.addresses.uri(&wanted.path).ok_or("the note has no address")?;
                Ok((wanted.change, edit, uri))
            });
            Ok(made)
        };
        let (change, edit, uri): (_, _, Uri) =
            self.run(command, Priority::Interactive, work).await?.map_err(refused)?;
        self.tell_remarks(&change);
        let shown = show.unwrap_or(true).then(|| uri.clone());
        self.apply_edit(APPLIED, edit, shown).map_err(refused)?;
        Ok(Some(Value::String(uri.as_str().to_owned())))
    }

    async fn fix_all(self: &Arc<Session>, arguments: NoteArguments) -> Result<Option<Value>> {
        let Some(uri) = uri::lenient(&arguments.uri) else { return Ok(None) };
        if let Some((vault, _)) = self.known_place(&uri) {
            self.refuse_unread(&vault, "fixed")?;
        }
        let open = self.open_versions();
        let ask = self.ask(FIX_ALL_COMMAND, &uri, move |asked, cancel| {
            let knows_all = !asked.vault.knows_open_documents_only();
            let coverage = if knows_all { Coverage::Whole } else { Coverage::OpenOnly };
            let filter = |code| ide::is_justified(code, coverage);
            let safe = ide::safe_fixes(&asked.snapshot, asked.note, &filter, cancel)?;
            Ok(Some(open.encode(asked, &safe.change, APPLIED).map(|edit| (edit, safe.diagnostics.len()))))
        });
        let Some(fixed) = ask.await? else { return Ok(None) };
        let (edit, count) = fixed.map_err(refused)?;
        self.apply_edit(APPLIED, edit, None).map_err(refused)?;
        Ok(Some(Value::from(count)))
    }

    async fn add_block_id(self: &Arc<Session>, arguments: AddBlockId) -> Result<Option<Value>> {
        let Some(uri) = uri::lenient(&arguments.uri) else { return Ok(None) };
        let open = self.open_versions();
        let ask = self.ask(ADD_BLOCK_ID_COMMAND, &uri, move |asked, _| {
            let change = ide::add_block_id(&asked.snapshot, asked.note, &arguments.id);
            let change = change.ok_or_else(|| "the block has changed since it was offered".to_owned());
            Ok(Some(change.and_then(|change| open.encode(asked, &change, APPLIED))))
        });
        if let Some(edit) = ask.await? {
            self.apply_edit(APPLIED, edit.map_err(refused)?, None).map_err(refused)?;
        }
        Ok(None)
    }

    async fn backlinks(&self, arguments: NoteArguments) -> Result<Option<Value>> {
        let Some(uri) = uri::lenient(&arguments.uri) else { return Ok(None) };
        let ask = self.ask_file(BACKLINKS_COMMAND, &uri, |asked, cancel| {
            let mut links = asked.snapshot.backlinks(asked.note, cancel)?;
            links.retain(|link| link.source.id != asked.note);
            Ok(Some(asked.encode(|encoder| lsp::link_locations(&links, encoder))))
        });
        Ok(ask.await?.and_then(|places| serde_json::to_value(places).ok()))
    }

    async fn graph(&self, arguments: VaultArguments) -> Result<Option<Value>> {
        let (view, _) = self.asked_vault(arguments.uri.as_deref())?;
        let work = move |cancel: &Cancel| {
            let graph = ide::link_graph(&view.snapshot, cancel)?;
            Ok(view.encode(|encoder| lsp::link_graph(&graph, encoder)))
        };
        self.run(GRAPH_COMMAND, Priority::WholeVault, work).await.map(Some)
    }

    /// The vault that holds a file, with that file; the first one that is a folder if none is named.
    fn asked_vault(&self, uri: Option<&str>) -> Result<(View, Option<FileId>)> {
        let place = match uri {
            Some(uri) => uri::lenient(uri).and_then(|uri| self.vault_at(&uri)),
            None => self
                .vaults()
                .into_iter()
                .find(|vault| vault.origin != Origin::Lone)
                .map(|vault| (vault, None)),
        };
        let (vault, path) = place.ok_or_else(|| Error::invalid_params("no vault is open there"))?;
        let view = View::of(self, vault);
        let file = path.and_then(|path| view.snapshot.find(path.as_str()));
        Ok((view, file))
    }
}

/// What a vault holds, in numbers.
fn stats(vault: &ServedVault, cancel: &Cancel) -> std::result::Result<Value, Cancelled> {
    // Asked before, or a vault that has been read meanwhile would be said to hold what there was then.
    let is_loading = !vault.is_complete();
    let snapshot = vault.snapshot();
    let stats = ide::stats(&snapshot, cancel)?;
    let root = vault.root.as_ref().map(|root| root.display().to_string());
    Ok(lsp::stats(&stats, root.as_deref(), snapshot.revision(), is_loading))
}
