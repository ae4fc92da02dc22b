//! A small language client: it starts a server, sends one request at a time and measures how long the answer
//! takes.
//!
//! Whatever the server asks meanwhile is answered at once, so neither ever waits for the other.

use std::collections::HashMap;
use std::fmt;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::lsp::wire::{Frame, FrameDecoder, Message, notification, request, response, unattended_result};
use crate::lsp::{STATS_COMMAND, uri};

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// A session with a server process of its own. The process is ended with the session.
#[derive(Debug)]
pub struct Client {
    server: Child,
    /// Closed to say that no more comes.
    to_server: Option<ChildStdin>,
    from_server: Receiver<Arrived>,
    started: Instant,
    last_id: u64,
    /// The latest diagnostics that were pushed, by URI.
    diagnostics: HashMap<String, Value>,
}

/// An answer and how long it took.
#[derive(Clone, Debug)]
pub struct Answered {
    /// The `result`.
    pub result: Value,
    /// From the first byte sent to the last byte received.
    pub took: Duration,
}

/// Why a session cannot go on, or a request has no answer.
#[derive(Debug)]
pub enum SessionError {
    /// The server could not be started.
    Start(io::Error),
    /// The server is gone.
    Gone,
    /// The server ended as it was told to, but not with code 0.
    EndedBadly(ExitStatus),
    /// The server sent something that is no message.
    Garbled(String),
    /// No answer came in time.
    TimedOut {
        /// What was asked.
        method: String,
    },
    /// The server answered with an error.
    Refused {
        /// What was asked.
        method: String,
        /// JSON-RPC's error code.
        code: i64,
        /// What the server says.
        message: String,
    },
}

impl fmt::Display for SessionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SessionError::Start(error) => write!(f, "the server could not be started: {error}"),
            SessionError::Gone => f.write_str("the server has ended"),
            SessionError::EndedBadly(status) => write!(f, "the server ended with {status}"),
            SessionError::Garbled(message) => write!(f, "the server sent something unreadable: {message}"),
            SessionError::TimedOut { method } => {
                write!(f, "no answer to {method} within {} seconds", PATIENCE.as_secs())
            }
            SessionError::Refused { method, code, message } => {
                write!(f, "{method} was refused: {message} ({code})")
            }
        }
    }
}

impl std::error::Error for SessionError {}

/// A message of the server, or what is wrong with it, and when its last byte came.
#[derive(Debug)]
struct Arrived {
    content: Result<Message, String>,
    at: Instant,
}

impl Client {
    /// Starts a server and a thread that reads what it says. What it writes to stderr is dropped.
    ///
    /// # Errors
    ///
    /// If the program cannot be started.
    pub fn start(program: &Path) -> Result<Client, SessionError> {
        let started = Instant::now();
        let mut server = Command::new(program)
            .arg("--stdio")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(SessionError::Start)?;
        let to_server = server.stdin.take();
        let stdout = server.stdout.take().ok_or(SessionError::Gone)?;
        let (sender, from_server) = channel();
        std::thread::spawn(move || receive(stdout, &sender));
        Ok(Client { server, to_server, from_server, started, last_id: 0, diagnostics: HashMap::new() })
    }

    /// The id of the server's process.
    pub fn process_id(&self) -> u32 {
        self.server.id()
    }

    /// When the server was started.
    pub fn started(&self) -> Instant {
        self.started
    }

    /// Sends a request and waits for its answer.
    ///
    /// # Errors
    ///
    /// If the server refuses, is gone, or takes longer than a minute.
    pub fn request(&mut self, method: &str, params: Value) -> Result<Answered, SessionError> {
        self.last_id += 1;
        let id = self.last_id;
        let sent = self.send(&request(id, method, params))?;
        let deadline = sent + PATIENCE;
        loop {
            let Some((message, at)) = self.next(deadline)? else {
                return Err(SessionError::TimedOut { method: method.to_owned() });
            };
            match message {
                Message::Response { id: Some(of), outcome } if of == id => {
                    let result = outcome.map_err(|error| refused(method, &error))?;
                    return Ok(Answered { result, took: at.duration_since(sent) });
                }
                other => self.take(other)?,
            }
        }
    }

    /// Sends a notification.
    ///
    /// # Errors
    ///
    /// If the server is gone.
    pub fn notify(&mut self, method: &str, params: Value) -> Result<(), SessionError> {
        self.send(&notification(method, params)).map(drop)
    }

    /// Waits until the server has read its vaults: how long that took since it was started, and what it
    /// counts in each of them. `None` if it takes longer than `limit`.
    ///
    /// # Errors
    ///
    /// If the server is gone or knows no [`STATS_COMMAND`].
    pub fn wait_for_index(
        &mut self,
        limit: Duration,
    ) -> Result<Option<(Duration, Vec<Value>)>, SessionError> {
        const PAUSE: Duration = Duration::from_millis(2);
        while self.started.elapsed() < limit {
            let answered = self.request("workspace/executeCommand", json!({"command": STATS_COMMAND}))?;
            let took = self.started.elapsed();
            let vaults = answered.result.as_array().cloned().unwrap_or_default();
            let is_loading = |vault: &Value| vault.get("isLoading") != Some(&Value::Bool(false));
            if !vaults.is_empty() && !vaults.iter().any(is_loading) {
                return Ok(Some((took, vaults)));
            }
            std::thread::sleep(PAUSE);
        }
        Ok(None)
    }

    /// Reads what the server says of itself until `is_enough` or the time is over; whether it was enough.
    ///
    /// # Errors
    ///
    /// If the server is gone.
    pub fn listen(
        &mut self,
        limit: Duration,
        is_enough: impl Fn(&Client) -> bool,
    ) -> Result<bool, SessionError> {
        let deadline = Instant::now() + limit;
        while !is_enough(self) {
            let Some((message, _)) = self.next(deadline)? else { return Ok(false) };
            self.take(message)?;
        }
        Ok(true)
    }

    /// The diagnostics that the server pushed last for a URI.
    pub fn pushed_diagnostics(&self, uri: &str) -> Option<&Value> {
        self.diagnostics.get(uri)
    }

    /// Ends the session as the protocol says, and the process with it.
    ///
    /// # Errors
    ///
    /// If the server does not answer or does not end with code 0.
    pub fn shut_down(mut self) -> Result<(), SessionError> {
        self.request("shutdown", Value::Null)?;
        self.notify("exit", Value::Null)?;
        self.to_server = None;
        let deadline = Instant::now() + Duration::from_secs(5);
        while Instant::now() < deadline {
            match self.server.try_wait() {
                Ok(Some(status)) if status.success() => return Ok(()),
                Ok(Some(status)) => return Err(SessionError::EndedBadly(status)),
                Ok(None) => std::thread::sleep(Duration::from_millis(1)),
                Err(_) => break,
            }
        }
        Err(SessionError::TimedOut { method: "exit".to_owned() })
    }

    fn send(&mut self, frame: &[u8]) -> Result<Instant, SessionError> {
        let to_server = self.to_server.as_mut().ok_or(SessionError::Gone)?;
        let sent = Instant::now();
        to_server.write_all(frame).and_then(|()| to_server.flush()).map_err(|_| SessionError::Gone)?;
        Ok(sent)
    }

    /// The next message; `None` if there is none before the deadline.
    fn next(&mut self, deadline: Instant) -> Result<Option<(Message, Instant)>, SessionError> {
        match self.from_server.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
            Ok(Arrived { content, at }) => Ok(Some((content.map_err(SessionError::Garbled)?, at))),
            Err(RecvTimeoutError::Timeout) => Ok(None),
            Err(RecvTimeoutError::Disconnected) => Err(SessionError::Gone),
        }
    }

    /// Takes in a notification, or answers a request of the server.
    fn take(&mut self, message: Message) -> Result<(), SessionError> {
        match message {
            Message::Request { id, method, params } => {
                self.send(&response(&id, &unattended_result(&method, &params))).map(drop)
            }
            Message::Notification { method, params } if method == "textDocument/publishDiagnostics" => {
                if let Some(uri) = params.get("uri").and_then(Value::as_str) {
                    self.diagnostics.insert(uri.to_owned(), params);
                }
                Ok(())
            }
            Message::Notification { .. } | Message::Response { .. } => Ok(()),
        }
    }
}

fn refused(method: &str, error: &Value) -> SessionError {
    SessionError::Refused {
        method: method.to_owned(),
        code: error.get("code").and_then(Value::as_i64).unwrap_or_default(),
        message: error.get("message").and_then(Value::as_str).unwrap_or_default().to_owned(),
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        self.to_server = None;
        // After a clean end both do nothing.
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

fn receive(mut stdout: impl Read, sender: &Sender<Arrived>) {
    let mut decoder = FrameDecoder::default();
    while let Ok(Some(frame)) = decoder.read_frame(&mut stdout) {
        let at = Instant::now();
        let content = match frame {
            Frame::Body(body) => Message::read(&body),
            Frame::Bad(why) => Err(why.to_owned()),
        };
        let is_over = content.is_err();
        if sender.send(Arrived { content, at }).is_err() || is_over {
            return;
        }
    }
}

/// The URI of a file; empty if its name is not UTF-8, for then no URI names it.
pub fn file_uri(path: &Path) -> String {
    uri::from_path(path).map(|uri| uri.as_str().to_owned()).unwrap_or_default()
}

/// The file that a URI names; `None` if it names none.
pub(super) fn file_path(text: &str) -> Option<PathBuf> {
    uri::to_path(&uri::lenient(text)?)
}
