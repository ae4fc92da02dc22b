//! The client: what it can do, and everything that the server sends to it by itself.
//!
//! Nothing leaves before `initialize` is answered, as LSP requires, and no handler waits for a reply of the
//! client.

pub(crate) mod edits;
pub(crate) mod progress;
pub(crate) mod refresh;
pub(crate) mod throttle;

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::watch;
use tower_lsp::ls_types::{Diagnostic, MessageType, PublishDiagnosticsParams, Uri};

use crate::lsp::{ClientFeatures, ServerStatus, ServerStatusNotification};

/// How long the answer to `initialize` may take from its handler to the output.
const ANSWER_TIME: Duration = Duration::from_millis(2);

/// The client at the other end of the connection.
pub(crate) struct Client {
    remote: tower_lsp::Client,
    features: OnceLock<Arc<ClientFeatures>>,
    notices: UnboundedSender<Notice>,
    is_initialized: watch::Sender<bool>,
    runtime: Handle,
}

#[derive(Debug)]
enum Notice {
    Diagnostics(PublishDiagnosticsParams),
    Status(ServerStatus),
    Message(MessageType, String),
    Log(MessageType, String),
}

impl Client {
    /// A client of which nothing is known yet. Must be called within a tokio runtime.
    pub(crate) fn new(remote: tower_lsp::Client) -> Arc<Client> {
        let (notices, queued) = unbounded_channel();
        let client = Client {
            remote: remote.clone(),
            features: OnceLock::new(),
            notices,
            is_initialized: watch::Sender::new(false),
            runtime: Handle::current(),
        };
        client.spawn(send_notices(remote, queued));
        Arc::new(client)
    }

    /// Remembers what the client can do.
    pub(crate) fn set_features(&self, features: ClientFeatures) {
        let _ = self.features.set(Arc::new(features));
    }

    /// What the client can do; before `initialize`, nothing.
    pub(crate) fn features(&self) -> Arc<ClientFeatures> {
        self.features.get().map(Arc::clone).unwrap_or_default()
    }

    /// The library's client, for requests that are awaited in a task of their own.
    pub(crate) fn remote(&self) -> &tower_lsp::Client {
        &self.remote
    }

    /// Runs something that sends to the client, once that is allowed.
    pub(crate) fn spawn(&self, future: impl Future<Output = ()> + Send + 'static) {
        let mut is_initialized = self.is_initialized.subscribe();
        self.runtime.spawn(async move {
            if is_initialized.wait_for(|is_initialized| *is_initialized).await.is_ok() {
                future.await;
            }
        });
    }

    /// Lets messages out, once `initialize` has been handled. Its answer takes a moment to the output, also
    /// with a client that does not wait for it.
    pub(crate) fn allow_messages(&self) {
        if self.features.get().is_none() || *self.is_initialized.borrow() {
            return;
        }
        let is_initialized = self.is_initialized.clone();
        self.runtime.spawn(async move {
            tokio::time::sleep(ANSWER_TIME).await;
            is_initialized.send_replace(true);
        });
    }

    /// Publishes the diagnostics of a file; none take back those before.
    pub(crate) fn publish(&self, uri: Uri, diagnostics: Vec<Diagnostic>, version: Option<i32>) {
        self.send(Notice::Diagnostics(PublishDiagnosticsParams { uri, diagnostics, version }));
    }

    /// Sends the status of the server.
    pub(crate) fn send_status(&self, status: ServerStatus) {
        self.send(Notice::Status(status));
    }

    /// Shows a warning to the user and logs it.
    pub(crate) fn warn(&self, text: impl Into<String>) {
        let text = text.into();
        tracing::warn!("{text}");
        self.send(Notice::Message(MessageType::WARNING, text));
    }

    /// Logs a warning, here and in the editor.
    pub(crate) fn log(&self, text: impl Into<String>) {
        let text = text.into();
        tracing::warn!("{text}");
        self.send(Notice::Log(MessageType::WARNING, text));
    }

    fn send(&self, notice: Notice) {
        // After the end of the session there is no receiver, and nothing to send to.
        let _ = self.notices.send(notice);
    }
}

/// Sends notices in the order in which they were given, from whatever thread.
async fn send_notices(remote: tower_lsp::Client, mut queued: UnboundedReceiver<Notice>) {
    while let Some(notice) = queued.recv().await {
        match notice {
            Notice::Diagnostics(PublishDiagnosticsParams { uri, diagnostics, version }) => {
                remote.publish_diagnostics(uri, diagnostics, version).await;
            }
            Notice::Status(status) => remote.send_notification::<ServerStatusNotification>(status).await,
            Notice::Message(kind, text) => remote.show_message(kind, text).await,
            Notice::Log(kind, text) => remote.log_message(kind, text).await,
        }
    }
}
