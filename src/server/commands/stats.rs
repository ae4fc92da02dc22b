//! `vaultls.stats`

use std::sync::Arc;

use serde_json::Value;
use tower_lsp::jsonrpc::Result;

use crate::lsp::{self, STATS_COMMAND};
use crate::server::pool::Priority;
use crate::server::session::counts::VaultCounts;
use crate::server::session::{Session, query};
use crate::server::workspace::vault::ServedVault;
use crate::vault::{Cancel, Cancelled};

/// What all vaults hold, in numbers.
pub(super) async fn stats(session: &Session) -> Result<Value> {
    let (vaults, counts) = (session.vaults.all(), Arc::clone(&session.counts));
    let count = move |cancel: &Cancel| vaults.iter().map(|vault| of_vault(vault, &counts, cancel)).collect();
    query::run(session, STATS_COMMAND, Priority::WholeVault, count).await.map(Value::Array)
}

fn of_vault(
    vault: &ServedVault,
    counts: &VaultCounts,
    cancel: &Cancel,
) -> std::result::Result<Value, Cancelled> {
    let root = vault.root.as_ref().map(|root| root.display().to_string());
    counts.of(vault, cancel, |stats, snapshot| {
        let is_loading = snapshot.coverage().is_loading();
        lsp::stats(stats, root.as_deref(), snapshot.revision(), is_loading)
    })
}
