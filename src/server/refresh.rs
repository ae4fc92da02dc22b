//! Telling the client to ask again for what it shows of open notes beyond their diagnostics.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crate::vault::{Applied, VaultPath};

use super::session::Session;
use super::vault::ServedVault;

/// Several changes in so short a time make one request to ask again: long enough that a word is typed as one change.
const REFRESH_PAUSE: Duration = Duration::from_millis(300);

/// What the client is about to be told.
#[derive(Debug, Default)]
pub(super) struct Refreshes {
    lenses: AtomicBool,
}

impl Session {
    /// After a change: what is shown of other open notes than the one that was edited, which the client asks about by itself,
    /// may be another now.
    pub(super) fn refresh_views(
        self: &Arc<Session>,
        vault: &ServedVault,
        applied: &Applied,
        edited: Option<&VaultPath>,
    ) {
        let features = self.features();
        let addresses = vault.addresses();
        if !addresses.open().any(|(path, _)| Some(path) != edited) {
            return;
        }
        if features.refreshes_lenses && (applied.links_changed || applied.is_everything) {
            self.refresh_lenses();
        }
    }

    fn refresh_lenses(self: &Arc<Session>) {
        if self.refreshes.lenses.swap(true, Ordering::Relaxed) {
            return;
        }
        let session = Arc::clone(self);
        self.spawn(async move {
            tokio::time::sleep(REFRESH_PAUSE).await;
            session.refreshes.lenses.store(false, Ordering::Relaxed);
            if let Err(error) = session.client.code_lens_refresh().await {
                tracing::debug!("the client does not refresh lenses: {error}");
            }
        });
    }
}
