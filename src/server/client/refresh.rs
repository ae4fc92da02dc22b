//! Telling the client to ask again for what it shows of open notes beyond their diagnostics.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crate::vault::{Applied, VaultPath};

use crate::server::session::Session;
use crate::server::workspace::vault::ServedVault;

/// Several changes in so short a time make one request to ask again: long enough that a word is typed as one change.
const REFRESH_PAUSE: Duration = Duration::from_millis(300);

/// Something that depends on other notes than the one that it is shown in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum View {
    Lenses,
    Tokens,
    Hints,
}

/// What the client is about to be told.
#[derive(Debug, Default)]
pub(crate) struct Refreshes {
    queued: [AtomicBool; 3],
}

impl Session {
    /// After a change: what is shown of other open notes than the one that was edited, which the client asks about by itself,
    /// may be another now.
    pub(crate) fn refresh_views(
        self: &Arc<Session>,
        vault: &ServedVault,
        applied: &Applied,
        edited: Option<&VaultPath>,
    ) {
        let addresses = vault.addresses();
        if !addresses.open().any(|(path, _)| Some(path) != edited) {
            return;
        }
        let snapshot = vault.snapshot();
        let is_other = |path: &VaultPath| Some(path) != edited && addresses.open_uri(path).is_some();
        let touched = applied.changed.iter().chain(&applied.affected).filter_map(|id| snapshot.file(*id));
        let touches_others = applied.is_everything || touched.into_iter().any(|file| is_other(&file.path));
        let features = self.features();
        if features.refreshes_lenses && (applied.links_changed || touches_others) {
            self.refresh_view(View::Lenses);
        }
        if features.refreshes_tokens && touches_others {
            self.refresh_view(View::Tokens);
        }
        let settings = snapshot.settings();
        if features.refreshes_hints && touches_others && (settings.title_hints || applied.is_everything) {
            self.refresh_view(View::Hints);
        }
    }

    fn refresh_view(self: &Arc<Session>, view: View) {
        let was_queued = move |session: &Session, is_queued| {
            let flag = session.refreshes.queued.get(view as usize);
            flag.is_some_and(|flag| flag.swap(is_queued, Ordering::Relaxed))
        };
        if was_queued(self, true) {
            return;
        }
        let session = Arc::clone(self);
        self.spawn(async move {
            tokio::time::sleep(REFRESH_PAUSE).await;
            was_queued(&session, false);
            let outcome = match view {
                View::Lenses => session.client.code_lens_refresh().await,
                View::Tokens => session.client.semantic_tokens_refresh().await,
                View::Hints => session.client.inlay_hint_refresh().await,
            };
            if let Err(error) = outcome {
                tracing::debug!("the client does not refresh {view:?}: {error}");
            }
        });
    }
}
