//! Requests to the client to ask again for what it shows.

use std::time::Duration;

use crate::lsp::ClientFeatures;

use super::Client;
use super::throttle::{Pauses, Throttle};

/// Something that the client asks for and shows, and that depends on more than the document it is shown in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum View {
    Diagnostics,
    CodeLenses,
    SemanticTokens,
    InlayHints,
}

impl View {
    const ALL: [View; 4] = [View::Diagnostics, View::CodeLenses, View::SemanticTokens, View::InlayHints];

    /// How long changes are collected into one request. For what is shown in the text itself long enough that
    /// a word is typed as one change.
    fn pause(self) -> Duration {
        Duration::from_millis(if self == View::Diagnostics { 30 } else { 300 })
    }

    fn is_refreshed_by(self, features: &ClientFeatures) -> bool {
        match self {
            View::Diagnostics => features.pulls_diagnostics,
            View::CodeLenses => features.refreshes_lenses,
            View::SemanticTokens => features.refreshes_tokens,
            View::InlayHints => features.refreshes_hints,
        }
    }
}

/// The refreshes that the client is about to be asked for.
#[derive(Debug)]
pub(crate) struct Refreshes([Throttle<()>; 4]);

impl Refreshes {
    /// No refresh yet.
    pub(crate) fn new(client: &Client) -> Refreshes {
        Refreshes(View::ALL.map(|view| refresh_on_request(client, view)))
    }

    /// Asks the client to refresh a view, if it can.
    pub(crate) fn request(&self, view: View, features: &ClientFeatures) {
        if view.is_refreshed_by(features)
            && let Some(throttle) = self.0.get(view as usize)
        {
            throttle.request(());
        }
    }
}

fn refresh_on_request(client: &Client, view: View) -> Throttle<()> {
    let (throttle, mut requests) = Throttle::new(Pauses { before: view.pause(), after: Duration::ZERO });
    let remote = client.remote().clone();
    client.spawn(async move {
        while requests.next().await.is_some() {
            let remote = remote.clone();
            // Apart, so that a client that never replies to one request is sent the next.
            tokio::spawn(async move {
                let outcome = match view {
                    View::Diagnostics => remote.workspace_diagnostic_refresh().await,
                    View::CodeLenses => remote.code_lens_refresh().await,
                    View::SemanticTokens => remote.semantic_tokens_refresh().await,
                    View::InlayHints => remote.inlay_hint_refresh().await,
                };
                if let Err(error) = outcome {
                    tracing::debug!("the client does not refresh {view:?}: {error}");
                }
            });
        }
    });
    throttle
}
