//! What goes out. Writing never waits for the client to read: a server that did would stop reading, and two programs
//! that both only write wait for each other.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::io::{AsyncWrite, AsyncWriteExt};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::watch;
use tower_lsp::Client;
use tower_lsp::ls_types::{MessageType, PublishDiagnosticsParams};

use crate::lsp::{ServerStatus, ServerStatusNotification};

/// The side that is written to; takes everything at once.
pub(crate) struct Outlet {
    bytes: UnboundedSender<Vec<u8>>,
}

/// An outlet and the bytes that were written to it.
pub(crate) fn outlet() -> (Outlet, UnboundedReceiver<Vec<u8>>) {
    let (bytes, written) = unbounded_channel();
    (Outlet { bytes }, written)
}

/// Writes to the client what was written to the outlet, until the outlet is gone or the client is.
pub(crate) async fn drain(
    mut written: UnboundedReceiver<Vec<u8>>,
    mut output: impl AsyncWrite + Unpin,
) -> io::Result<()> {
    while let Some(bytes) = written.recv().await {
        output.write_all(&bytes).await?;
        while let Ok(more) = written.try_recv() {
            output.write_all(&more).await?;
        }
        output.flush().await?;
    }
    output.flush().await
}

impl AsyncWrite for Outlet {
    fn poll_write(self: Pin<&mut Self>, _: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        match self.bytes.send(bytes.to_vec()) {
            Ok(()) => Poll::Ready(Ok(bytes.len())),
            Err(_) => Poll::Ready(Err(io::ErrorKind::BrokenPipe.into())),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

/// A notification to the client.
#[derive(Debug)]
pub(crate) enum Notice {
    /// Diagnostics of a file.
    Publish(PublishDiagnosticsParams),
    /// How the server is.
    Status(ServerStatus),
    /// For the person.
    Show(MessageType, String),
    /// For the log of the editor.
    Log(MessageType, String),
}

/// Sends notices in the order they were given, from any thread.
#[derive(Clone, Debug)]
pub(crate) struct Outbox {
    notices: UnboundedSender<Notice>,
}

impl Outbox {
    /// An outbox; nothing leaves it before the gate opens, for LSP forbids messages before `initialize` is answered.
    /// The returned future sends and must be spawned.
    pub(crate) fn new(
        client: Client,
        mut gate: watch::Receiver<bool>,
    ) -> (Outbox, impl Future<Output = ()> + Send) {
        let (notices, mut given) = unbounded_channel();
        let send = async move {
            if gate.wait_for(|is_open| *is_open).await.is_err() {
                return;
            }
            while let Some(notice) = given.recv().await {
                match notice {
                    Notice::Publish(published) => {
                        let PublishDiagnosticsParams { uri, diagnostics, version } = published;
                        client.publish_diagnostics(uri, diagnostics, version).await;
                    }
                    Notice::Status(status) => {
                        client.send_notification::<ServerStatusNotification>(status).await;
                    }
                    Notice::Show(kind, text) => client.show_message(kind, text).await,
                    Notice::Log(kind, text) => client.log_message(kind, text).await,
                }
            }
        };
        (Outbox { notices }, send)
    }

    /// Hands a notice on. After the end of the session it goes nowhere.
    pub(crate) fn send(&self, notice: Notice) {
        let _ = self.notices.send(notice);
    }

    /// Shows a warning to the person, and logs it.
    pub(crate) fn warn(&self, text: impl Into<String>) {
        let text = text.into();
        tracing::warn!("{text}");
        self.send(Notice::Show(MessageType::WARNING, text));
    }

    /// Logs a warning, here and in the editor.
    pub(crate) fn log(&self, text: impl Into<String>) {
        let text = text.into();
        tracing::warn!("{text}");
        self.send(Notice::Log(MessageType::WARNING, text));
    }
}
