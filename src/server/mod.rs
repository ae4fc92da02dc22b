//! The language server: from the bytes that a client writes to the bytes that it reads.
//!
//! One task reads and writes and runs all handlers; what takes time runs on threads of our own. Nothing that
//! a client sends, and no client that does not read, stops the server from reading on.

mod backend;
mod client;
mod commands;
mod diagnostics;
mod lock;
mod pool;
mod requests;
mod session;
mod transport;
mod workspace;

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::mpsc::unbounded_channel;
use tower_lsp::{LspService, Server};

use backend::Backend;
use session::Session;
use transport::dispatch::Dispatch;
use transport::reader::{InputEnd, read_messages};
use transport::writer;

use crate::disk;
use crate::lsp::{CHANGE, COMPLETION, RESOLVE_COMPLETION, RESOLVE_LINKS};

/// How long the last requests may take after the client closed its end, from which it may still read.
const LAST_ANSWERS: Duration = Duration::from_secs(5);
/// How long the last answers may take to be written after `exit`.
const LAST_WRITES: Duration = Duration::from_millis(500);
/// How often the client's process is looked for.
const CLIENT_PULSE: Duration = Duration::from_secs(3);
/// Room for wakeups between reading and handling, in bytes.
const WAKEUP_ROOM: usize = 4096;

/// How a session ended (LSP 3.17, `exit`).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ExitReason {
    /// The client shut the server down first.
    AfterShutdown,
    /// It did not: it sent `exit`, closed its end or died.
    WithoutShutdown,
}

/// Serves one client until it is done.
///
/// Must run within a tokio runtime with timers. Threads that still read a vault or compute an answer when it
/// returns end soon after.
pub async fn serve(
    input: impl AsyncRead + Unpin + Send,
    output: impl AsyncWrite + Unpin + Send + 'static,
) -> ExitReason {
    let mut made = None;
    let (service, socket) = LspService::build(|client| {
        let session = Session::new(client);
        made = Some(Arc::clone(&session));
        Backend { session }
    })
    .custom_method(CHANGE, Backend::did_change)
    .custom_method(COMPLETION, Backend::completion)
    .custom_method(RESOLVE_COMPLETION, Backend::resolve_completion)
    .custom_method(RESOLVE_LINKS, Backend::resolve_links)
    .finish();
    let Some(session) = made else { return ExitReason::WithoutShutdown };
    let (queue, messages) = unbounded_channel();
    let (wakeups, wakeups_read) = tokio::io::duplex(WAKEUP_ROOM);
    let (queue_writer, queued) = writer::queue();
    let client = Arc::clone(&session.client);
    let dispatch = Dispatch::new(service, messages, move |request| {
        if !matches!(request.method(), "initialize" | "exit") {
            client.allow_messages();
        }
    });
    let server =
        Server::new(wakeups_read, queue_writer, socket).concurrency_level(usize::MAX).serve(dispatch);
    let mut writing = tokio::spawn(writer::write_queued(queued, output));
    let mut writing_is_over = false;
    {
        let serving = async {
            tokio::pin!(server);
            let reading = read_messages(input, wakeups, queue);
            let end = tokio::select! {
                () = &mut server => return,
                end = reading => end,
            };
            let patience = if end == InputEnd::Exit { LAST_WRITES } else { LAST_ANSWERS };
            let _ = tokio::time::timeout(patience, server).await;
        };
        tokio::select! {
            () = serving => {}
            () = client_died(&session) => tracing::warn!("the client's process is gone"),
            _ = &mut writing => {
                writing_is_over = true;
                tracing::warn!("the client does not read any more");
            }
        }
    }
    session.vaults.stop();
    if !writing_is_over && tokio::time::timeout(LAST_WRITES, &mut writing).await.is_err() {
        writing.abort();
    }
    if session.is_shut_down() { ExitReason::AfterShutdown } else { ExitReason::WithoutShutdown }
}

/// Serves the client at the other end of standard input and output, until it is done. The exit code is that
/// of LSP: 0 after `shutdown`, else 1.
pub fn serve_stdio() -> ExitCode {
    start_log();
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_time().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            tracing::error!("cannot start: {error}");
            return ExitCode::FAILURE;
        }
    };
    let reason = runtime.block_on(serve(tokio::io::stdin(), tokio::io::stdout()));
    // Standard input is read on a thread that nothing can interrupt.
    runtime.shutdown_background();
    match reason {
        ExitReason::AfterShutdown => ExitCode::SUCCESS,
        ExitReason::WithoutShutdown => ExitCode::FAILURE,
    }
}

/// The log goes to standard error: warnings of the libraries, and of us what `VAULTLS_LOG` says (`warn` by
/// default).
fn start_log() {
    use tracing_subscriber::filter::{LevelFilter, Targets};
    use tracing_subscriber::layer::SubscriberExt;
    use tracing_subscriber::util::SubscriberInitExt;

    let level = std::env::var("VAULTLS_LOG").ok().and_then(|level| level.parse().ok());
    let filter = Targets::new()
        .with_default(LevelFilter::WARN)
        .with_target("vaultls", level.unwrap_or(LevelFilter::WARN));
    let lines = tracing_subscriber::fmt::layer().with_writer(std::io::stderr).with_ansi(false);
    // A log that was started already, by a test, is as good.
    let _ = tracing_subscriber::registry().with(lines).with(filter).try_init();
}

/// Returns when the process of the client is gone; never if it could not be seen to begin with.
async fn client_died(session: &Session) {
    loop {
        tokio::time::sleep(CLIENT_PULSE).await;
        if session.client_process().is_some_and(|process| !disk::is_running(process)) {
            return;
        }
    }
}
