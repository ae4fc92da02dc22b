//! The language server: from the bytes that a client writes to the bytes that it reads.
//!
//! One task reads and writes and runs all handlers; what takes time runs on threads of our own. Nothing that a client
//! sends, and no client that does not read, stops the server from reading on.

mod backend;
mod client;
mod commands;
mod diagnostics;
mod pool;
mod requests;
mod session;
mod transport;
mod workspace;

use std::process::ExitCode;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::mpsc::unbounded_channel;
use tower_lsp::{LspService, Server};

use backend::{Backend, COMPLETION, RESOLVE_COMPLETION};
use session::Session;
use transport::dispatch::Ingress;
use transport::reader::InputEnd;
use transport::{reader, writer};

use crate::lsp::RESOLVE_LINKS;

/// A client that only closes its end may still read; so long its last requests may take.
const LAST_ANSWERS: Duration = Duration::from_secs(5);
/// After `exit` nobody waits for an answer; so long what was answered already may take to be written.
const LAST_WORDS: Duration = Duration::from_millis(500);
/// How often it is looked whether the client's process still lives.
const CLIENT_PULSE: Duration = Duration::from_secs(3);
/// Room for tickets between reading and handling, in bytes.
const TICKET_ROOM: usize = 4096;

/// How a session ended (LSP 3.17, `exit`).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Ending {
    /// The client shut the server down first.
    AfterShutdown,
    /// It did not: it said `exit`, closed its end or died.
    WithoutShutdown,
}

/// Serves one client until it is done.
///
/// Must run within a tokio runtime with timers. Threads that still read a vault or answer a query when it returns end
/// soon after.
pub async fn serve(
    input: impl AsyncRead + Unpin + Send,
    output: impl AsyncWrite + Unpin + Send + 'static,
) -> Ending {
    let mut made = None;
    let (service, socket) = LspService::build(|client| {
        let session = Session::new(client);
        made = Some(Arc::clone(&session));
        Backend { session }
    })
    .custom_method(COMPLETION, Backend::completion)
    .custom_method(RESOLVE_COMPLETION, Backend::documented_item)
    .custom_method(RESOLVE_LINKS, Backend::resolve_links)
    .finish();
    let Some(session) = made else { return Ending::WithoutShutdown };
    let (queue, messages) = unbounded_channel();
    let (tickets, tickets_read) = tokio::io::duplex(TICKET_ROOM);
    let (outlet, written) = writer::outlet();
    let ingress = Ingress::new(service, messages, Arc::clone(&session));
    let server = Server::new(tickets_read, outlet, socket).concurrency_level(usize::MAX).serve(ingress);
    let mut writing = tokio::spawn(writer::drain(written, output));
    let mut writing_is_over = false;
    {
        let serving = async {
            tokio::pin!(server);
            let reading = reader::read_messages(input, tickets, queue);
            let end = tokio::select! {
                () = &mut server => return,
                end = reading => end,
            };
            let patience = if end == InputEnd::Exit { LAST_WORDS } else { LAST_ANSWERS };
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
    session.stop();
    if !writing_is_over && tokio::time::timeout(LAST_WORDS, &mut writing).await.is_err() {
        writing.abort();
    }
    if session.is_shut_down() { Ending::AfterShutdown } else { Ending::WithoutShutdown }
}

/// Serves the client at the other end of standard input and output, until it is done. The exit code is that of LSP: 0
/// after `shutdown`, else 1.
pub fn serve_stdio() -> ExitCode {
    start_log();
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_time().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            tracing::error!("cannot start: {error}");
            return ExitCode::FAILURE;
        }
    };
    let ending = runtime.block_on(serve(tokio::io::stdin(), tokio::io::stdout()));
    // Standard input is read on a thread that nothing can interrupt.
    runtime.shutdown_background();
    match ending {
        Ending::AfterShutdown => ExitCode::SUCCESS,
        Ending::WithoutShutdown => ExitCode::FAILURE,
    }
}

/// The log goes to standard error: warnings of the libraries, and of us what `VAULTLS_LOG` says (`warn` by default).
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
        if session.client_process().is_some_and(|process| !process.exists()) {
            return;
        }
    }
}

/// Locks a mutex, also after a panic: whoever panicked was caught, and what he was at is replaced as a whole.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
