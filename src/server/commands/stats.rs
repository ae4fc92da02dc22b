//! `vaultls.stats`

use serde_json::Value;
use tower_lsp::jsonrpc::Result;

use crate::ide;
use crate::lsp::{self, STATS_COMMAND};
use crate::server::pool::Priority;
use crate::server::session::{Session, query};
use crate::server::workspace::vault::ServedVault;
use crate::vault::{Cancel, Cancelled};

/// What all vaults hold, in numbers.
pub(super) async fn stats(session: &Session) -> Result<Value> {
    let vaults = session.vaults.all();
    let count = move |cancel: &Cancel| vaults.iter().map(|vault| of_vault(vault, cancel)).collect();
    query::run(session, STATS_COMMAND, Priority::WholeVault, count).await.map(Value::Array)
}

fn of_vault(vault: &ServedVault, cancel: &Cancel) -> std::result::Result<Value, Cancelled> {
    let snapshot = vault.snapshot();
    let stats = ide::stats(&snapshot, cancel)?;
    let root = vault.root.as_ref().map(|root| root.display().to_string());
    Ok(lsp::stats(&stats, root.as_deref(), snapshot.revision(), snapshot.coverage().is_loading()))
}
