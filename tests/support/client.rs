//! A client in the test's own process. It answers what the server asks, keeps what the server sends, and
//! fails if anything is left that the test did not look at.

use std::collections::{HashMap, VecDeque};
use std::fmt::Debug;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::task::JoinHandle;
use tokio::time::{Instant, timeout, timeout_at};
use vaultls::lsp::wire::{self, Frame, FrameDecoder, Message};
use vaultls::server::{ExitReason, serve};

use super::Vault;

/// How long anything may take before a test fails; generous, for the machines that run tests are slow at
/// times.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

const PUSH: &str = "textDocument/publishDiagnostics";

/// Between two looks at something that no message announces.
const PAUSE: Duration = Duration::from_millis(5);

/// Requests of the server that a test need not look at: they are part of every session, or come at times of
/// their own.
const ROUTINE_REQUESTS: [&str; 8] = [
    "client/registerCapability",
    "client/unregisterCapability",
    "window/workDoneProgress/create",
    "workspace/configuration",
    "workspace/diagnostic/refresh",
    "workspace/codeLens/refresh",
    "workspace/inlayHint/refresh",
    "workspace/semanticTokens/refresh",
];

/// A session with a server. What is left when it is dropped fails the test.
pub(crate) struct Client {
    to_server: Option<DuplexStream>,
    from_server: UnboundedReceiver<Result<Message, String>>,
    server: JoinHandle<ExitReason>,
    last_id: u64,
    answers: HashMap<u64, Result<Value, Value>>,
    /// Answers whose id is none of the client's numbers: errors about what is no request, and answers to raw
    /// bytes.
    other_answers: VecDeque<Result<Value, Value>>,
    /// What the server told, in order, apart from its log and progress: the method, and the parameters.
    told: VecDeque<(String, Value)>,
    /// What did not fit while something else was waited for; shown if that never comes.
    passed: Vec<Value>,
    /// The methods of the requests that the server made.
    pub(crate) asked: Vec<String>,
    /// The parameters of the edits that the server asked for; the client says that it made them.
    pub(crate) edits: Vec<Value>,
    /// The files that the server asked to show.
    pub(crate) documents: Vec<String>,
    /// What was logged.
    pub(crate) log: Vec<String>,
    /// The values of progress notifications.
    pub(crate) progress: Vec<Value>,
    /// What `workspace/configuration` is answered with.
    pub(crate) configuration: Value,
    /// The id of the request to register capabilities, if the test answers it itself.
    pub(crate) registration: Option<Value>,
    /// Whether the test answers it itself.
    pub(crate) holds_registration: bool,
    /// Whether what is left at the end fails nothing.
    ignores_rest: bool,
}

/// How a session starts.
pub(crate) struct Setup {
    /// The parameters of `initialize`, over the defaults.
    pub(crate) params: Value,
    /// The client's capabilities.
    pub(crate) capabilities: Value,
    /// What `workspace/configuration` is answered with.
    pub(crate) configuration: Value,
    /// Whether the test itself answers the request to register capabilities.
    pub(crate) holds_registration: bool,
}

impl Setup {
    /// A client that works in these vaults and can do next to nothing.
    pub(crate) fn folders(vaults: &[&Vault]) -> Setup {
        let folders: Vec<Value> =
            vaults.iter().map(|vault| json!({ "uri": vault.uri(""), "name": "vault" })).collect();
        Setup::with(json!({ "workspaceFolders": folders }))
    }

    /// A client with these parameters of `initialize`.
    pub(crate) fn with(params: Value) -> Setup {
        // Watching is said to be the client's, so that only tests of the server's own watcher have one.
        let capabilities = json!({
            "workspace": { "didChangeWatchedFiles": { "dynamicRegistration": true } },
            "textDocument": {
                "hover": { "contentFormat": ["markdown"] },
                "documentSymbol": { "hierarchicalDocumentSymbolSupport": true },
            },
        });
        Setup { params, capabilities, configuration: Value::Null, holds_registration: false }
    }

    /// The same client, which can do this too (a JSON pointer and a value).
    pub(crate) fn able(mut self, pointer: &str, value: Value) -> Setup {
        let mut place = &mut self.capabilities;
        for key in pointer.split('/').skip(1) {
            if !place.is_object() {
                *place = json!({});
            }
            place = place.as_object_mut().unwrap().entry(key).or_insert(Value::Null);
        }
        *place = value;
        self
    }

    /// The same client, which asks for diagnostics.
    pub(crate) fn pulling(self) -> Setup {
        self.able("/textDocument/diagnostic", json!({ "relatedDocumentSupport": false }))
            .able("/workspace/diagnostics/refreshSupport", json!(true))
    }

    /// The same client, which makes the edits that the server asks for.
    pub(crate) fn editing(self) -> Setup {
        self.able("/workspace/workspaceEdit/documentChanges", json!(true))
            .able("/workspace/applyEdit", json!(true))
    }

    /// Starts the session, up to the end of the first index.
    pub(crate) async fn start(self) -> Client {
        let mut client = self.start_loading().await;
        client.loaded().await;
        client
    }

    /// Starts the session.
    pub(crate) async fn start_loading(self) -> Client {
        let mut client = Client::connect();
        client.configuration = self.configuration;
        client.holds_registration = self.holds_registration;
        let mut params = json!({ "processId": null, "rootUri": null, "capabilities": self.capabilities });
        for (key, value) in self.params.as_object().unwrap() {
            params[key] = value.clone();
        }
        let result = client.request("initialize", params).await.unwrap();
        assert_eq!(result["serverInfo"]["name"], "vaultls");
        client.notify("initialized", json!({})).await;
        client
    }
}

impl Client {
    /// A server that has heard nothing yet.
    pub(crate) fn connect() -> Client {
        let (to_server, server_input) = tokio::io::duplex(1 << 16);
        let (server_output, mut output) = tokio::io::duplex(1 << 16);
        let server = tokio::spawn(serve(server_input, server_output));
        let (sender, from_server) = unbounded_channel();
        tokio::spawn(async move {
            let mut decoder = FrameDecoder::default();
            let mut chunk = vec![0; 1 << 14];
            while let Ok(count @ 1..) = output.read(&mut chunk).await {
                decoder.push(&chunk[..count]);
                while let Some(frame) = decoder.next_frame() {
                    let message = match frame {
                        Frame::Body(body) => Message::read(&body),
                        Frame::Bad(why) => Err(why.to_owned()),
                    };
                    if sender.send(message).is_err() {
                        return;
                    }
                }
            }
        });
        Client {
            to_server: Some(to_server),
            from_server,
            server,
            last_id: 0,
            answers: HashMap::new(),
            other_answers: VecDeque::new(),
            told: VecDeque::new(),
            passed: Vec::new(),
            asked: Vec::new(),
            edits: Vec::new(),
            documents: Vec::new(),
            log: Vec::new(),
            progress: Vec::new(),
            configuration: Value::Null,
            registration: None,
            holds_registration: false,
            ignores_rest: false,
        }
    }

    /// Sends bytes as they are.
    pub(crate) async fn send_raw(&mut self, bytes: &[u8]) {
        self.to_server.as_mut().unwrap().write_all(bytes).await.unwrap();
    }

    /// Sends a message as it is.
    pub(crate) async fn send(&mut self, message: &Value) {
        self.send_raw(&wire::encode_frame(&message.to_string())).await;
    }

    pub(crate) async fn notify(&mut self, method: &str, params: Value) {
        self.send_raw(&wire::notification(method, params)).await;
    }

    /// Sends a request without waiting for its answer.
    pub(crate) async fn ask(&mut self, method: &str, params: Value) -> u64 {
        self.last_id += 1;
        self.send_raw(&wire::request(self.last_id, method, params)).await;
        self.last_id
    }

    /// The answer to a request: its result, or its error.
    pub(crate) async fn answer(&mut self, id: u64) -> Result<Value, Value> {
        self.until(&format!("the answer to request {id}"), |client| client.answers.remove(&id)).await
    }

    /// Whether the answer to a request has come in already.
    pub(crate) fn is_answered(&self, id: u64) -> bool {
        self.answers.contains_key(&id)
    }

    /// The next answer to something that the client did not number.
    pub(crate) async fn other_answer(&mut self) -> Result<Value, Value> {
        self.until("an answer without a number", |client| client.other_answers.pop_front()).await
    }

    pub(crate) async fn request(&mut self, method: &str, params: Value) -> Result<Value, Value> {
        let id = self.ask(method, params).await;
        self.answer(id).await
    }

    /// Has the server carry out one of its commands.
    pub(crate) async fn execute(&mut self, command: &str, argument: Value) -> Result<Value, Value> {
        self.request("workspace/executeCommand", json!({ "command": command, "arguments": [argument] })).await
    }

    /// Takes in messages until something is found in them. All ways to wait for a message come here.
    async fn until<T>(&mut self, what: &str, mut find: impl FnMut(&mut Client) -> Option<T>) -> T {
        let deadline = Instant::now() + PATIENCE;
        loop {
            if let Some(found) = find(self) {
                return found;
            }
            match timeout_at(deadline, self.from_server.recv()).await {
                Ok(Some(message)) => {
                    if let Some(response) = self.take(message) {
                        self.send_raw(&response).await;
                    }
                }
                Ok(None) => {
                    panic!("the server is gone, without {what}; {:#?} {:#?}", self.passed, self.left())
                }
                Err(_) => panic!("never came {what}; instead {:#?} {:#?}", self.passed, self.left()),
            }
        }
    }

    /// Asks again and again until the answer fits, for what no message announces, as changes on disk.
    pub(crate) async fn eventually<T: Debug>(
        &mut self,
        mut ask: impl AsyncFnMut(&mut Client) -> T,
        fits: impl Fn(&T) -> bool,
    ) -> T {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let last = ask(self).await;
            if fits(&last) {
                return last;
            }
            assert!(Instant::now() < deadline, "it stays {last:?}");
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// Takes in a message; what it is to be answered with.
    fn take(&mut self, message: Result<Message, String>) -> Option<Vec<u8>> {
        match message.expect("a message of the protocol") {
            Message::Response { id: None, outcome } => {
                self.other_answers.push_back(outcome);
                None
            }
            Message::Response { id: Some(id), outcome } => {
                let twice = self.answers.insert(id, outcome);
                assert!(twice.is_none(), "request {id} was answered twice");
                None
            }
            Message::Request { id, method, params } => {
                let result = match method.as_str() {
                    "workspace/configuration" => json!([self.configuration]),
                    "workspace/applyEdit" => {
                        self.edits.push(params);
                        json!({ "applied": true })
                    }
                    "window/showDocument" => {
                        self.documents.push(params["uri"].as_str().unwrap().to_owned());
                        json!({ "success": true })
                    }
                    _ => wire::unattended_result(&method, &params),
                };
                let is_held = self.holds_registration && method == "client/registerCapability";
                self.asked.push(method);
                if is_held {
                    self.registration = Some(id);
                    return None;
                }
                Some(wire::response(&id, &result))
            }
            Message::Notification { method, params } => {
                match method.as_str() {
                    "window/logMessage" => self.log.push(params["message"].as_str().unwrap().to_owned()),
                    "$/progress" => self.progress.push(params),
                    _ => self.told.push_back((method, params)),
                }
                None
            }
        }
    }

    /// The next notification with this method for which `fits` holds; others stay to be looked at.
    pub(crate) async fn told(&mut self, method: &str, fits: impl Fn(&Value) -> bool) -> Value {
        self.until(method, |client| client.take_told(method, &fits)).await
    }

    fn take_told(&mut self, method: &str, fits: impl Fn(&Value) -> bool) -> Option<Value> {
        let at = self.told.iter().position(|(of, params)| of == method && fits(params))?;
        self.told.remove(at).map(|(_, params)| params)
    }

    /// Waits for a progress notification.
    pub(crate) async fn progressed(&mut self, fits: impl Fn(&Value) -> bool) {
        self.until("progress", |client| client.progress.iter().any(&fits).then_some(())).await;
    }

    /// The next pushed diagnostics of a document: its version, and `line:column code` of each finding.
    pub(crate) async fn pushed(&mut self, uri: &str) -> (Value, Vec<String>) {
        let params = self.told(PUSH, |params| params["uri"] == uri).await;
        (params["version"].clone(), summary(&params["diagnostics"]))
    }

    /// The pushed diagnostics of a document, from the first ones that are as they should be.
    pub(crate) async fn pushed_until(&mut self, uri: &str, expected: &[&str]) {
        let is_expected = |params: &Value| summary(&params["diagnostics"]) == expected;
        self.told_until(PUSH, |params| params["uri"] == uri, is_expected).await;
    }

    /// What the server says of itself, from the first time that `fits` holds.
    pub(crate) async fn status_until(&mut self, fits: impl Fn(&Value) -> bool) -> Value {
        self.told_until("experimental/serverStatus", |_| true, fits).await
    }

    /// The first notification of some that fits; those of them before it are looked at with that.
    async fn told_until(
        &mut self,
        method: &str,
        is_of: impl Fn(&Value) -> bool,
        fits: impl Fn(&Value) -> bool,
    ) -> Value {
        self.passed.clear();
        self.until(method, |client| {
            while let Some(params) = client.take_told(method, &is_of) {
                if fits(&params) {
                    return Some(params);
                }
                client.passed.push(params);
            }
            None
        })
        .await
    }

    /// Waits for what the server shows to the person.
    pub(crate) async fn shown(&mut self) -> String {
        self.told("window/showMessage", |_| true).await["message"].as_str().unwrap().to_owned()
    }

    /// Waits until the server has asked something.
    pub(crate) async fn was_asked(&mut self, method: &str) {
        self.until(method, |client| {
            let at = client.asked.iter().position(|asked| asked == method)?;
            Some(client.asked.remove(at))
        })
        .await;
    }

    /// What was sent and not looked at, in words.
    fn left(&self) -> Vec<String> {
        let asked = self.asked.iter().filter(|method| !ROUTINE_REQUESTS.contains(&method.as_str()));
        let asked = asked.map(|method| format!("request {method}"));
        let told = self.told.iter().map(|(method, params)| format!("notification {method} {params}"));
        let answers = self.answers.iter().map(|(id, outcome)| format!("answer to {id}: {outcome:?}"));
        let others = self.other_answers.iter().map(|outcome| format!("answer without a number: {outcome:?}"));
        asked.chain(told).chain(answers).chain(others).collect()
    }

    pub(crate) async fn open(&mut self, uri: &str, text: &str) {
        let document = json!({ "uri": uri, "languageId": "markdown", "version": 1, "text": text });
        self.notify("textDocument/didOpen", json!({ "textDocument": document })).await;
    }

    /// Replaces the whole text.
    pub(crate) async fn replace(&mut self, uri: &str, version: i32, text: &str) {
        self.change(uri, version, json!([{ "text": text }])).await;
    }

    pub(crate) async fn change(&mut self, uri: &str, version: i32, changes: Value) {
        let document = json!({ "uri": uri, "version": version });
        self.notify("textDocument/didChange", json!({ "textDocument": document, "contentChanges": changes }))
            .await;
    }

    pub(crate) async fn close(&mut self, uri: &str) {
        self.notify("textDocument/didClose", json!({ "textDocument": { "uri": uri } })).await;
    }

    /// Tells that files were changed on disk.
    pub(crate) async fn changed_on_disk(&mut self, uris: &[String]) {
        let changes: Vec<Value> = uris.iter().map(|uri| json!({ "uri": uri, "type": 2 })).collect();
        self.notify("workspace/didChangeWatchedFiles", json!({ "changes": changes })).await;
    }

    /// The names of the headings of a note, the topmost only.
    pub(crate) async fn headings(&mut self, uri: &str) -> Vec<String> {
        let params = json!({ "textDocument": { "uri": uri } });
        names(&self.request("textDocument/documentSymbol", params).await.unwrap())
    }

    /// Where a definition leads: the file's name, the line and the column.
    pub(crate) async fn definition(&mut self, uri: &str, line: u32, column: u32) -> Vec<String> {
        let at = json!({ "textDocument": { "uri": uri }, "position": { "line": line, "character": column } });
        let result = self.request("textDocument/definition", at).await.unwrap();
        let places = result.as_array().cloned().unwrap_or_default();
        let place = |place: &Value| {
            let name = place["uri"].as_str().unwrap().rsplit('/').next().unwrap();
            format!("{name} {}", start(&place["range"]))
        };
        places.iter().map(place).collect()
    }

    /// Asks until the definition is what it should be, as news from the disk take a moment.
    pub(crate) async fn definition_until(&mut self, uri: &str, line: u32, column: u32, expected: &[&str]) {
        let definition = async |client: &mut Client| client.definition(uri, line, column).await;
        self.eventually(definition, |found| found == expected).await;
    }

    /// Asks until the headings are what they should be, as news from the disk take a moment.
    pub(crate) async fn headings_until(&mut self, uri: &str, expected: &[&str]) {
        let headings = async |client: &mut Client| client.headings(uri).await;
        self.eventually(headings, |found| found == expected).await;
    }

    /// The counts of all vaults.
    pub(crate) async fn stats(&mut self) -> Value {
        self.request("workspace/executeCommand", json!({ "command": "vaultls.stats" })).await.unwrap()
    }

    /// Waits until all vaults have been read.
    pub(crate) async fn loaded(&mut self) {
        let is_read =
            |stats: &Value| stats.as_array().unwrap().iter().all(|vault| vault["isLoading"] == false);
        self.eventually(Client::stats, is_read).await;
    }

    /// Waits until the first vault has so many notes.
    pub(crate) async fn has_notes(&mut self, count: usize) {
        self.eventually(Client::stats, |stats| stats[0]["notes"] == count).await;
    }

    /// Answers the request to register capabilities.
    pub(crate) async fn register(&mut self) {
        let id = self.registration.take().expect("it was asked");
        self.send(&json!({ "jsonrpc": "2.0", "id": id, "result": null })).await;
    }

    /// Ends the session as it should be ended, and fails if something was sent and not looked at.
    pub(crate) async fn finish(mut self) {
        // As clients write it that put in every field.
        self.last_id += 1;
        let shutdown = json!({ "jsonrpc": "2.0", "id": self.last_id, "method": "shutdown", "params": null });
        self.send(&shutdown).await;
        assert_eq!(self.answer(self.last_id).await, Ok(Value::Null));
        self.notify("exit", Value::Null).await;
        assert_eq!(self.ended().await, ExitReason::AfterShutdown);
    }

    /// Ends the session of a test that does not say all that the server sends: what is pushed on the way, at
    /// times of its own, fails nothing, whenever it comes.
    pub(crate) async fn finish_with_rest(mut self) {
        self.ignores_rest = true;
        self.finish().await;
    }

    /// Closes the client's end.
    pub(crate) fn hang_up(&mut self) {
        self.to_server = None;
    }

    /// How the server ended.
    pub(crate) async fn ended(mut self) -> ExitReason {
        timeout(PATIENCE, &mut self.server).await.expect("the server goes on").unwrap()
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        if std::thread::panicking() {
            return;
        }
        while let Ok(message) = self.from_server.try_recv() {
            self.take(message);
        }
        let left = if self.ignores_rest { Vec::new() } else { self.left() };
        assert!(left.is_empty(), "sent and not looked at: {left:#?}");
    }
}

fn start(range: &Value) -> String {
    position(&range["start"])
}

fn position(position: &Value) -> String {
    format!("{}:{}", position["line"], position["character"])
}

/// `line:column-line:column`
pub(crate) fn range(range: &Value) -> String {
    format!("{}-{}", position(&range["start"]), position(&range["end"]))
}

fn summary(diagnostics: &Value) -> Vec<String> {
    let findings = diagnostics.as_array().cloned().unwrap_or_default();
    let line = |finding: &Value| {
        let code = finding["code"].as_str().or(finding["message"].as_str());
        format!("{} {}", start(&finding["range"]), code.unwrap_or_default())
    };
    findings.iter().map(line).collect()
}

fn names(symbols: &Value) -> Vec<String> {
    let symbols = symbols.as_array().cloned().unwrap_or_default();
    symbols.iter().map(|symbol| symbol["name"].as_str().unwrap().to_owned()).collect()
}

/// The code of an error.
pub(crate) fn code_of(outcome: &Result<Value, Value>) -> i64 {
    outcome.as_ref().expect_err("an error").get("code").and_then(Value::as_i64).unwrap()
}
