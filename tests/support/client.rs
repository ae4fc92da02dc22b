//! A client in the test's own process. It answers what the server asks, keeps what the server tells, and at
//! the end fails if the server told anything that the test did not look at.

use std::collections::{HashMap, VecDeque};
use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWriteExt, BufReader, DuplexStream};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::task::JoinHandle;
use vaultls::server::{Ending, serve};

use super::Vault;

/// How long anything may take before a test fails; generous, for the machines that run tests are slow at
/// times.
const PATIENCE: Duration = Duration::from_secs(30);

/// A session with a server.
pub(crate) struct Client {
    to_server: Option<DuplexStream>,
    from_server: UnboundedReceiver<Value>,
    server: JoinHandle<Ending>,
    next_id: i64,
    answers: HashMap<i64, Value>,
    /// What the server told, in order, apart from its log and progress.
    told: VecDeque<Value>,
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
        let (server_output, output) = tokio::io::duplex(1 << 16);
        let server = tokio::spawn(serve(server_input, server_output));
        let (sender, from_server) = unbounded_channel();
        tokio::spawn(async move {
            let mut output = BufReader::new(output);
            while let Some(message) = read_message(&mut output).await {
                if sender.send(message).is_err() {
                    break;
                }
            }
        });
        Client {
            to_server: Some(to_server),
            from_server,
            server,
            next_id: 1,
            answers: HashMap::new(),
            told: VecDeque::new(),
            asked: Vec::new(),
            edits: Vec::new(),
            documents: Vec::new(),
            log: Vec::new(),
            progress: Vec::new(),
            configuration: Value::Null,
            registration: None,
            holds_registration: false,
        }
    }

    /// Sends bytes as they are.
    pub(crate) async fn send_raw(&mut self, bytes: &[u8]) {
        self.to_server.as_mut().unwrap().write_all(bytes).await.unwrap();
    }

    pub(crate) async fn send(&mut self, message: &Value) {
        let body = message.to_string();
        self.send_raw(format!("Content-Length: {}\r\n\r\n{body}", body.len()).as_bytes()).await;
    }

    pub(crate) async fn notify(&mut self, method: &str, params: Value) {
        self.send(&json!({ "jsonrpc": "2.0", "method": method, "params": params })).await;
    }

    /// Sends a request without waiting for its answer.
    pub(crate) async fn ask(&mut self, method: &str, params: Value) -> i64 {
        let id = self.next_id;
        self.next_id += 1;
        self.send(&json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params })).await;
        id
    }

    /// The answer to a request: its result, or its error.
    pub(crate) async fn answer(&mut self, id: i64) -> Result<Value, Value> {
        loop {
            if let Some(mut answer) = self.answers.remove(&id) {
                return match answer.get_mut("error") {
                    Some(error) => Err(error.take()),
                    None => Ok(answer["result"].take()),
                };
            }
            self.receive().await;
        }
    }

    pub(crate) async fn request(&mut self, method: &str, params: Value) -> Result<Value, Value> {
        let id = self.ask(method, params).await;
        self.answer(id).await
    }

    /// Takes the next message of the server.
    /// Has the server carry out one of its commands.
    pub(crate) async fn execute(&mut self, command: &str, argument: Value) -> Result<Value, Value> {
        self.request("workspace/executeCommand", json!({ "command": command, "arguments": [argument] })).await
    }

    async fn receive(&mut self) {
        let message = tokio::time::timeout(PATIENCE * 2, self.from_server.recv()).await;
        let message = message.expect("the server says nothing").expect("the server is gone");
        self.take(message).await;
    }

    async fn take(&mut self, message: Value) {
        let method = message.get("method").and_then(Value::as_str).map(str::to_owned);
        match (method, message.get("id").cloned()) {
            (None, Some(id)) => {
                let id = id.as_i64().unwrap_or(-1);
                let twice = self.answers.insert(id, message);
                assert!(id == -1 || twice.is_none(), "request {id} was answered twice");
            }
            (Some(method), Some(id)) => {
                let result = match method.as_str() {
                    "workspace/configuration" => json!([self.configuration]),
                    "workspace/applyEdit" => {
                        self.edits.push(message["params"].clone());
                        json!({ "applied": true })
                    }
                    "window/showDocument" => {
                        self.documents.push(message["params"]["uri"].as_str().unwrap().to_owned());
                        json!({ "success": true })
                    }
                    _ => Value::Null,
                };
                let is_held = self.holds_registration && method == "client/registerCapability";
                self.asked.push(method);
                if is_held {
                    self.registration = Some(id);
                    return;
                }
                self.send(&json!({ "jsonrpc": "2.0", "id": id, "result": result })).await;
            }
            (Some(method), None) if method == "window/logMessage" => {
                self.log.push(message["params"]["message"].as_str().unwrap().to_owned());
            }
            (Some(method), None) if method == "$/progress" => self.progress.push(message["params"].clone()),
            (Some(_), None) => self.told.push_back(message),
            (None, None) => panic!("neither request nor answer: {message}"),
        }
    }

    /// The next notification with this method for which `fits` holds; others stay to be looked at.
    pub(crate) async fn told(&mut self, method: &str, fits: impl Fn(&Value) -> bool) -> Value {
        let is_it = |message: &Value| message["method"] == method && fits(&message["params"]);
        loop {
            if let Some(at) = self.told.iter().position(is_it) {
                return self.told.remove(at).unwrap()["params"].take();
            }
            self.receive().await;
        }
    }

    /// The next pushed diagnostics of a document: its version, and `line:column code` of each finding.
    pub(crate) async fn pushed(&mut self, uri: &str) -> (Value, Vec<String>) {
        let params = self.told("textDocument/publishDiagnostics", |params| params["uri"] == uri).await;
        (params["version"].clone(), summary(&params["diagnostics"]))
    }

    /// The pushed diagnostics of a document, from the first ones that are as they should be.
    pub(crate) async fn pushed_until(&mut self, uri: &str, expected: &[&str]) {
        let mut last = Vec::new();
        let wait = async {
            while {
                last = self.pushed(uri).await.1;
                last != expected
            } {}
        };
        assert!(tokio::time::timeout(PATIENCE, wait).await.is_ok(), "{last:?} and never {expected:?}");
    }

    /// What the server says of itself, from the first time that `fits` holds.
    pub(crate) async fn status_until(&mut self, fits: impl Fn(&Value) -> bool) -> Value {
        let mut last = Value::Null;
        let wait = async {
            while {
                last = self.told("experimental/serverStatus", |_| true).await;
                !fits(&last)
            } {}
        };
        let is_there = tokio::time::timeout(PATIENCE, wait).await.is_ok();
        assert!(is_there, "the last status is {last}");
        last
    }

    /// Waits for what the server shows to the person.
    pub(crate) async fn shown(&mut self) -> String {
        self.told("window/showMessage", |_| true).await["message"].as_str().unwrap().to_owned()
    }

    /// Waits until the server has asked something.
    pub(crate) async fn was_asked(&mut self, method: &str) {
        loop {
            if let Some(at) = self.asked.iter().position(|asked| asked == method) {
                self.asked.remove(at);
                return;
            }
            self.receive().await;
        }
    }

    /// What was told and not looked at.
    pub(crate) async fn left_over(&mut self) -> Vec<Value> {
        while let Ok(message) = self.from_server.try_recv() {
            self.take(message).await;
        }
        self.told.drain(..).collect()
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
        let mut last = Vec::new();
        for _ in 0..3000 {
            last = self.definition(uri, line, column).await;
            if last == expected {
                return;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        panic!("{last:?} and never {expected:?}");
    }

    /// The counts of all vaults.
    pub(crate) async fn stats(&mut self) -> Value {
        self.request("workspace/executeCommand", json!({ "command": "vaultls.stats" })).await.unwrap()
    }

    /// Waits until all vaults have been read.
    pub(crate) async fn loaded(&mut self) {
        while self.stats().await.as_array().unwrap().iter().any(|vault| vault["isLoading"] == true) {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    }

    /// Answers the request to register capabilities.
    pub(crate) async fn register(&mut self) {
        let id = self.registration.take().expect("it was asked");
        self.send(&json!({ "jsonrpc": "2.0", "id": id, "result": null })).await;
    }

    /// Ends the session as it should be ended, and fails if something was told and not looked at.
    pub(crate) async fn finish(mut self) {
        assert_eq!(self.request("shutdown", Value::Null).await, Ok(Value::Null));
        let left = self.left_over().await;
        assert!(left.is_empty(), "told and not looked at: {left:#?}");
        self.notify("exit", Value::Null).await;
        assert_eq!(self.ended().await, Ending::AfterShutdown);
    }

    /// Closes the client's end.
    pub(crate) fn hang_up(&mut self) {
        self.to_server = None;
    }

    /// How the server ended.
    pub(crate) async fn ended(self) -> Ending {
        tokio::time::timeout(PATIENCE, self.server).await.expect("the server goes on").unwrap()
    }
}

async fn read_message(input: &mut BufReader<impl AsyncRead + Unpin>) -> Option<Value> {
    let mut length = None;
    loop {
        let mut line = String::new();
        if input.read_line(&mut line).await.ok()? == 0 {
            return None;
        }
        match line.trim().split_once(": ") {
            Some(("Content-Length", number)) => length = number.parse().ok(),
            Some(header) => panic!("an unknown header: {header:?}"),
            None => break,
        }
    }
    let mut body = vec![0; length.expect("no Content-Length")];
    input.read_exact(&mut body).await.ok()?;
    Some(serde_json::from_slice(&body).unwrap())
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
