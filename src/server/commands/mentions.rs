//! Which notes name a note without linking to it, and links for them.

use std::sync::Arc;

use serde_json::Value;
use tower_lsp::jsonrpc::Result;

use crate::ide;
use crate::lsp::{self, LINK_MENTIONS_COMMAND, LinkMentionsArguments, MENTIONS_COMMAND, NoteArguments, uri};

use crate::server::pool::Priority;
use crate::server::requests::code_action::APPLIED;
use crate::server::session::Session;
use crate::server::session::edit_request::refused;

impl Session {
    /// `vaultls.mentions`
    pub(crate) async fn mentions(&self, arguments: NoteArguments) -> Result<Option<Value>> {
        let Some(uri) = uri::lenient(&arguments.uri) else { return Ok(None) };
        let Some(asked) = self.asked(&uri)? else { return Ok(None) };
        let find = self.run(MENTIONS_COMMAND, Priority::WholeVault, move |cancel| {
            let found = ide::mentions_of(&asked.snapshot, asked.note, cancel)?;
            Ok(asked.encode(|encoder| lsp::mentions(&found, asked.note, encoder)))
        });
        find.await.map(Some)
    }

    /// `vaultls.linkMentions`: what is linked is worked out from the texts of this moment, so none can have moved on.
    pub(crate) async fn link_mentions(
        self: &Arc<Session>,
        arguments: LinkMentionsArguments,
    ) -> Result<Option<Value>> {
        let Some(uri) = uri::lenient(&arguments.uri) else { return Ok(None) };
        if let Some((vault, _)) = self.known_place(&uri) {
            self.refuse_unread(&vault, "linked")?;
            vault.caught_up().await;
        }
        let open = self.open_versions();
        let Some(asked) = self.asked(&uri)? else { return Ok(None) };
        let within = match arguments.within.as_deref() {
            None => None,
            Some(within) => {
                let Some(within) = uri::lenient(within) else { return Ok(None) };
                let source = self.asked(&within)?;
                let source = source.filter(|source| Arc::ptr_eq(&source.vault, &asked.vault));
                let Some(source) = source else { return Ok(None) };
                Some(source.note)
            }
        };
        let link = self.run(LINK_MENTIONS_COMMAND, Priority::Lengthy, move |cancel| {
            let change = ide::link_mentions_of(&asked.snapshot, asked.note, within, cancel)?;
            let count: usize = change.edits.iter().map(|in_note| in_note.edits.len()).sum();
            Ok(open.encode(&asked, &change, APPLIED).map(|edit| (edit, count)))
        });
        let (edit, count) = link.await?.map_err(refused)?;
        self.apply_edit(APPLIED, edit, None).map_err(refused)?;
        Ok(Some(Value::from(count)))
    }
}
