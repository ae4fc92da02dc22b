//! A small language client: it starts a server, sends requests, one at a time or several at once, and
//! measures how long each answer takes.
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

/// How long an answer may take, unless the caller is more patient.
const PATIENCE: Duration = Duration::from_secs(60);

/// How long the server may take to end.
const EXIT_PATIENCE: Duration = Duration::from_secs(5);

/// A session with a server process of its own. The process is ended with the session.
#[derive(Debug)]
pub struct Client {
    server: Child,
    /// Closed to say that no more comes.
    to_server: Option<ChildStdin>,
    from_server: Receiver<Arrived>,
    started: Instant,
    last_id: u64,
    patience: Duration,
    reading: Reading,
    /// The latest diagnostics that were pushed, by URI.
    diagnostics: HashMap<String, Value>,
}

/// What the server's progress says of its vaults. It shows none but that of reading them.
#[derive(Clone, Copy, Debug, Default)]
struct Reading {
    under_way: usize,
    /// When the last one ended, if none is under way.
    ended: Option<Instant>,
}

/// A request that was sent.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct RequestId(u64);

/// The answer to a request that was sent before.
#[derive(Debug)]
pub struct Reply {
    /// To which request.
    pub id: RequestId,
    /// The `result`, or the error.
    pub outcome: Result<Value, RequestError>,
    /// When its last byte came.
    pub at: Instant,
}

/// An error that the server answers with.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RequestError {
    /// JSON-RPC's error code.
    pub code: i64,
    /// What the server says.
    pub message: String,
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
        /// How long it was waited for.
        waited: Duration,
    },
    /// The server answered with an error.
    Refused {
        /// What was asked.
        method: String,
        /// What it answered.
        error: RequestError,
    },
}

impl fmt::Display for SessionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SessionError::Start(error) => write!(f, "the server could not be started: {error}"),
            SessionError::Gone => f.write_str("the server has ended"),
            SessionError::EndedBadly(status) => write!(f, "the server ended with {status}"),
            SessionError::Garbled(message) => write!(f, "the server sent something unreadable: {message}"),
            SessionError::TimedOut { method, waited } => {
                write!(f, "no answer to {method} within {} seconds", waited.as_secs())
            }
            SessionError::Refused { method, error: RequestError { code, message } } => {
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
        Ok(Client {
            server,
            to_server,
            from_server,
            started,
            last_id: 0,
            patience: PATIENCE,
            reading: Reading::default(),
            diagnostics: HashMap::new(),
        })
    }

    /// How long each answer may take from now on, instead of a minute.
    pub fn set_patience(&mut self, patience: Duration) {
        self.patience = patience;
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
    /// If the server refuses, is gone, or takes too long.
    pub fn request(&mut self, method: &str, params: Value) -> Result<Answered, SessionError> {
        let sent = Instant::now();
        let id = self.send_request(method, params)?;
        let deadline = sent + self.patience;
        while let Some(reply) = self.reply(deadline)? {
            if reply.id == id {
                let refused = |error| SessionError::Refused { method: method.to_owned(), error };
                let result = reply.outcome.map_err(refused)?;
                return Ok(Answered { result, took: reply.at.duration_since(sent) });
            }
        }
        Err(SessionError::TimedOut { method: method.to_owned(), waited: self.patience })
    }

    /// Sends a request; [`Client::reply`] returns its answer, among others.
    ///
    /// # Errors
    ///
    /// If the server is gone.
    pub fn send_request(&mut self, method: &str, params: Value) -> Result<RequestId, SessionError> {
        self.last_id += 1;
        self.send(&request(self.last_id, method, params))?;
        Ok(RequestId(self.last_id))
    }

    /// The next answer to a request; `None` if none comes before the deadline.
    ///
    /// # Errors
    ///
    /// If the server is gone.
    pub fn reply(&mut self, deadline: Instant) -> Result<Option<Reply>, SessionError> {
        while let Some((message, at)) = self.next(deadline)? {
            match message {
                Message::Response { id: Some(id), outcome } => {
                    let outcome = outcome.map_err(|error| request_error(&error));
                    return Ok(Some(Reply { id: RequestId(id), outcome, at }));
                }
                other => self.take(other, at)?,
            }
        }
        Ok(None)
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
    /// counts in each of them. It is known from the server's progress, for which `initialize` must have asked
    /// (`window.workDoneProgress`).
    ///
    /// # Errors
    ///
    /// If that takes longer than `limit`, or if the server is gone or knows no [`STATS_COMMAND`].
    pub fn wait_for_index(&mut self, limit: Duration) -> Result<(Duration, Vec<Value>), SessionError> {
        let deadline = self.started + limit;
        let is_read = |client: &Client| client.vaults_read_at().is_some();
        while self.listen(deadline.saturating_duration_since(Instant::now()), is_read)? {
            let read = self.vaults_read_at();
            let answered = self.request("workspace/executeCommand", json!({"command": STATS_COMMAND}))?;
            let vaults = answered.result.as_array().cloned().unwrap_or_default();
            let is_loading = |vault: &Value| vault.get("isLoading") != Some(&Value::Bool(false));
            if let Some(at) = read.filter(|_| !vaults.is_empty() && !vaults.iter().any(is_loading)) {
                return Ok((at.duration_since(self.started), vaults));
            }
        }
        Err(SessionError::TimedOut { method: "loading the vault".to_owned(), waited: limit })
    }

    /// When the server had read its vaults; `None` while it reads them.
    pub fn vaults_read_at(&self) -> Option<Instant> {
        self.reading.ended
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
            let Some((message, at)) = self.next(deadline)? else { return Ok(false) };
            self.take(message, at)?;
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
        let deadline = Instant::now() + EXIT_PATIENCE;
        while Instant::now() < deadline {
            match self.server.try_wait() {
                Ok(Some(status)) if status.success() => return Ok(()),
                Ok(Some(status)) => return Err(SessionError::EndedBadly(status)),
                Ok(None) => std::thread::sleep(Duration::from_millis(1)),
                Err(_) => break,
            }
        }
        Err(SessionError::TimedOut { method: "exit".to_owned(), waited: EXIT_PATIENCE })
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
    fn take(&mut self, message: Message, at: Instant) -> Result<(), SessionError> {
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
            Message::Notification { method, params } if method == "$/progress" => {
                self.reading.follow(&params, at);
                Ok(())
            }
            Message::Notification { .. } | Message::Response { .. } => Ok(()),
        }
    }
}

impl Reading {
    fn follow(&mut self, progress: &Value, at: Instant) {
        match progress.pointer("/value/kind").and_then(Value::as_str) {
            Some("begin") => *self = Reading { under_way: self.under_way + 1, ended: None },
            Some("end") => {
                self.under_way = self.under_way.saturating_sub(1);
                self.ended = (self.under_way == 0).then_some(at);
            }
            _ => {}
        }
    }
}

fn request_error(error: &Value) -> RequestError {
    RequestError {
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
