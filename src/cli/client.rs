//! A small language client: it starts a server, sends one request at a time and measures how long the answer
//! takes.
//!
//! Whatever the server asks meanwhile is answered at once, so neither ever waits for the other.

use std::collections::HashMap;
use std::fmt;
use std::io::{self, BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::lsp::{STATS_COMMAND, uri};

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// More than any message of ours has; a header that says more is broken.
const MAX_MESSAGE_BYTES: usize = 1 << 30;

/// A session with a server process of its own. The process is ended with the session.
#[derive(Debug)]
pub struct Client {
    server: Child,
    /// Closed to say that no more comes.
    to_server: Option<ChildStdin>,
    from_server: Receiver<Message>,
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

#[derive(Debug)]
enum Message {
    Arrived { content: Value, at: Instant },
    Garbled(String),
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
        std::thread::spawn(move || receive(BufReader::new(stdout), &sender));
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
        let message = json!({"jsonrpc": "2.0", "id": id, "method": method});
        let sent = self.send(&with_params(message, params))?;
        let deadline = sent + PATIENCE;
        loop {
            let Some((content, at)) = self.next(deadline)? else {
                return Err(SessionError::TimedOut { method: method.to_owned() });
            };
            if content.get("method").is_some() || content.get("id") != Some(&json!(id)) {
                self.take(&content)?;
                continue;
            }
            if let Some(error) = content.get("error") {
                let code = error.get("code").and_then(Value::as_i64).unwrap_or_default();
                let text = error.get("message").and_then(Value::as_str).unwrap_or_default();
                return Err(SessionError::Refused {
                    method: method.to_owned(),
                    code,
                    message: text.to_owned(),
                });
            }
            let result = content.get("result").cloned().unwrap_or_default();
            return Ok(Answered { result, took: at.duration_since(sent) });
        }
    }

    /// Sends a notification.
    ///
    /// # Errors
    ///
    /// If the server is gone.
    pub fn notify(&mut self, method: &str, params: Value) -> Result<(), SessionError> {
        let message = json!({"jsonrpc": "2.0", "method": method});
        self.send(&with_params(message, params)).map(drop)
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
            let Some((content, _)) = self.next(deadline)? else { return Ok(false) };
            self.take(&content)?;
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

    fn send(&mut self, message: &Value) -> Result<Instant, SessionError> {
        let body = message.to_string();
        let to_server = self.to_server.as_mut().ok_or(SessionError::Gone)?;
        let sent = Instant::now();
        let frame = format!("Content-Length: {}\r\n\r\n{body}", body.len());
        to_server
            .write_all(frame.as_bytes())
            .and_then(|()| to_server.flush())
            .map_err(|_| SessionError::Gone)?;
        Ok(sent)
    }

    /// The next message; `None` if there is none before the deadline.
    fn next(&mut self, deadline: Instant) -> Result<Option<(Value, Instant)>, SessionError> {
        match self.from_server.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
            Ok(Message::Arrived { content, at }) => Ok(Some((content, at))),
            Ok(Message::Garbled(what)) => Err(SessionError::Garbled(what)),
            Err(RecvTimeoutError::Timeout) => Ok(None),
            Err(RecvTimeoutError::Disconnected) => Err(SessionError::Gone),
        }
    }

    /// Takes in a notification, or answers a request of the server.
    fn take(&mut self, content: &Value) -> Result<(), SessionError> {
        let method = content.get("method").and_then(Value::as_str).unwrap_or_default();
        let params = content.get("params").unwrap_or(&Value::Null);
        if method == "textDocument/publishDiagnostics"
            && let Some(uri) = params.get("uri").and_then(Value::as_str)
        {
            self.diagnostics.insert(uri.to_owned(), params.clone());
        }
        let Some(id) = content.get("id").filter(|_| !method.is_empty()) else { return Ok(()) };
        // Settings: none of ours, so the vault's own count. Everything else needs no more than an
        // acknowledgement.
        let result = match method {
            "workspace/configuration" => {
                let items = params.get("items").and_then(Value::as_array).map_or(0, Vec::len);
                json!(vec![Value::Null; items])
            }
            _ => Value::Null,
        };
        self.send(&json!({"jsonrpc": "2.0", "id": id, "result": result})).map(drop)
    }
}

/// A message without parameters leaves them out: JSON-RPC knows no `"params": null`.
fn with_params(mut message: Value, params: Value) -> Value {
    if let Some(fields) = message.as_object_mut().filter(|_| !params.is_null()) {
        fields.insert("params".to_owned(), params);
    }
    message
}

impl Drop for Client {
    fn drop(&mut self) {
        self.to_server = None;
        // After a clean end both do nothing.
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

fn receive(mut stdout: impl BufRead, sender: &Sender<Message>) {
    loop {
        let message = match read_frame(&mut stdout) {
            Ok(Some(body)) => {
                let at = Instant::now();
                match serde_json::from_slice(&body) {
                    Ok(content) => Message::Arrived { content, at },
                    Err(error) => Message::Garbled(error.to_string()),
                }
            }
            Ok(None) => return,
            Err(error) => Message::Garbled(error.to_string()),
        };
        let is_over = matches!(message, Message::Garbled(_));
        if sender.send(message).is_err() || is_over {
            return;
        }
    }
}

/// Reads one message (LSP, "Base Protocol"); `None` at the end of the stream.
fn read_frame(stdout: &mut impl BufRead) -> io::Result<Option<Vec<u8>>> {
    let garbled = |what: String| io::Error::new(io::ErrorKind::InvalidData, what);
    let mut length = None;
    loop {
        let mut line = String::new();
        if stdout.read_line(&mut line)? == 0 {
            return Ok(None);
        }
        let line = line.trim_end();
        if line.is_empty() {
            break;
        }
        let (name, value) = line.split_once(':').ok_or_else(|| garbled(format!("no header: {line}")))?;
        if name.eq_ignore_ascii_case("Content-Length") {
            length = value.trim().parse().ok().filter(|length| *length <= MAX_MESSAGE_BYTES);
        }
    }
    let length = length.ok_or_else(|| garbled("no Content-Length".to_owned()))?;
    let mut body = vec![0; length];
    stdout.read_exact(&mut body)?;
    Ok(Some(body))
}

/// The URI of a file; empty if its name is not UTF-8, for then no URI names it.
pub fn file_uri(path: &Path) -> String {
    uri::from_path(path).map(|uri| uri.as_str().to_owned()).unwrap_or_default()
}

/// The file that a URI names; `None` if it names none.
pub(super) fn file_path(text: &str) -> Option<PathBuf> {
    uri::to_path(&uri::lenient(text)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frames(bytes: &str) -> Vec<Result<String, String>> {
        let mut reader = bytes.as_bytes();
        let mut frames = Vec::new();
        loop {
            match read_frame(&mut reader) {
                Ok(Some(body)) => frames.push(Ok(String::from_utf8(body).unwrap())),
                Ok(None) => return frames,
                Err(error) => {
                    frames.push(Err(error.to_string()));
                    return frames;
                }
            }
        }
    }

    #[test]
    fn frames_are_cut_by_their_length() {
        let bytes = "Content-Length: 2\r\n\r\n{}content-length:4\r\nContent-Type: x\r\n\r\n\"é\"";
        assert_eq!(frames(bytes), [Ok("{}".to_owned()), Ok("\"é\"".to_owned())]);
    }

    #[test]
    fn what_is_no_frame_is_an_error() {
        assert_eq!(frames("Content-Type: x\r\n\r\n"), [Err("no Content-Length".to_owned())]);
        assert_eq!(frames("a log line\r\n"), [Err("no header: a log line".to_owned())]);
        assert_eq!(frames("Content-Length: 9\r\n\r\n{}").len(), 1);
        assert!(frames("Content-Length: 99999999999\r\n\r\n{}")[0].is_err());
    }
}
