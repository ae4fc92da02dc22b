//! What goes out. Writing never waits for the client to read: a server that did would stop reading, and two
//! programs that both only write wait for each other.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::io::{AsyncWrite, AsyncWriteExt};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

/// Takes everything that is written at once, and queues it.
pub(crate) struct QueueWriter {
    bytes: UnboundedSender<Vec<u8>>,
}

/// A writer, and the queue of what was written to it.
pub(crate) fn queue() -> (QueueWriter, UnboundedReceiver<Vec<u8>>) {
    let (bytes, queued) = unbounded_channel();
    (QueueWriter { bytes }, queued)
}

/// Writes the queue to the client, until the writer is gone or the client is.
pub(crate) async fn write_queued(
    mut queued: UnboundedReceiver<Vec<u8>>,
    mut output: impl AsyncWrite + Unpin,
) -> io::Result<()> {
    while let Some(bytes) = queued.recv().await {
        output.write_all(&bytes).await?;
        while let Ok(more) = queued.try_recv() {
            output.write_all(&more).await?;
        }
        output.flush().await?;
    }
    output.flush().await
}

impl AsyncWrite for QueueWriter {
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
