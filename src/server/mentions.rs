//! Which notes name a note without linking to it.

use serde_json::Value;
use tower_lsp::jsonrpc::Result;

use crate::ide;
use crate::lsp::{self, MENTIONS_COMMAND, NoteArguments, uri};

use super::pool::Priority;
use super::session::Session;

impl Session {
    /// `vaultls.mentions`
    pub(super) async fn mentions(&self, arguments: NoteArguments) -> Result<Option<Value>> {
        let Some(uri) = uri::lenient(&arguments.uri) else { return Ok(None) };
        let Some(asked) = self.asked(&uri)? else { return Ok(None) };
        let find = self.run(MENTIONS_COMMAND, Priority::WholeVault, move |cancel| {
            let found = ide::mentions_of(&asked.snapshot, asked.note, cancel)?;
            Ok(asked.encode(|encoder| lsp::mentions(&found, asked.note, encoder)))
        });
        find.await.map(Some)
    }
}
