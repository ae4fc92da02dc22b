//! Beginning and end of a session.

use std::io::Write;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Instant;

use serde_json::{Value, json};
use vaultls::lsp::wire::{self, Frame, FrameDecoder, Message};
use vaultls::server::ExitReason;

use crate::support::{Client, PATIENCE, Setup, Vault, code_of};

#[tokio::test]
async fn capabilities_follow_the_client() {
    let vault = Vault::new("//- a.md\n# A\n");
    let mut client = Client::connect();
    let params = json!({ "processId": null, "rootUri": vault.uri(""), "capabilities": {} });
    let result = client.request("initialize", params).await.unwrap();
    assert_eq!(result["serverInfo"]["version"], env!("CARGO_PKG_VERSION"));
    let offered = &result["capabilities"];
    assert_eq!(offered["positionEncoding"], "utf-16");
    assert_eq!(offered["textDocumentSync"]["change"], 2);
    assert_eq!(offered["diagnosticProvider"], Value::Null);
    // Only characters after which there may be something to list.
    let triggers = json!(["[", "#", "^", "/", "|", "(", "!", "\"", "<", ":"]);
    assert_eq!(offered["completionProvider"]["triggerCharacters"], triggers);
    client.notify("initialized", json!({})).await;
    client.finish().await;

    let mut client = Client::connect();
    let capabilities = json!({
        "general": { "positionEncodings": ["utf-16", "utf-32", "utf-8"] },
        "textDocument": { "diagnostic": {} },
        "workspace": { "diagnostics": { "refreshSupport": true } },
    });
    let params = json!({ "processId": null, "rootUri": vault.uri(""), "capabilities": capabilities });
    let result = client.request("initialize", params).await.unwrap();
    let offered = &result["capabilities"];
    assert_eq!(offered["positionEncoding"], "utf-8");
    assert_eq!(offered["diagnosticProvider"]["interFileDependencies"], true);
    assert_eq!(offered["diagnosticProvider"]["workspaceDiagnostics"], true);
    client.notify("initialized", json!({})).await;
    client.finish().await;
}

#[tokio::test]
async fn requests_out_of_time_are_refused() {
    let mut client = Client::connect();
    let symbols = json!({ "textDocument": { "uri": "file:///a.md" } });
    let early = client.request("textDocument/documentSymbol", symbols.clone()).await;
    assert_eq!(code_of(&early), -32002);
    assert_eq!(code_of(&client.request("shutdown", Value::Null).await), -32002);
    client.open("file:///a.md", "# A").await;
    let params = json!({ "processId": null, "rootUri": null, "capabilities": {} });
    client.request("initialize", params.clone()).await.unwrap();
    assert_eq!(code_of(&client.request("initialize", params).await), -32600);
    // What was opened before `initialize` was never opened.
    assert_eq!(client.request("textDocument/documentSymbol", symbols.clone()).await, Ok(Value::Null));
    client.request("shutdown", Value::Null).await.unwrap();
    assert_eq!(code_of(&client.request("textDocument/documentSymbol", symbols).await), -32600);
    assert_eq!(code_of(&client.request("shutdown", Value::Null).await), -32600);
    client.notify("exit", Value::Null).await;
    assert_eq!(client.ended().await, ExitReason::AfterShutdown);
}

#[tokio::test]
async fn a_session_may_end_without_shutdown() {
    let vault = Vault::new("//- a.md\n# A\n");
    let mut client = Setup::folders(&[&vault]).start().await;
    client.notify("exit", Value::Null).await;
    assert_eq!(client.ended().await, ExitReason::WithoutShutdown);

    let mut client = Setup::folders(&[&vault]).start().await;
    client.hang_up();
    assert_eq!(client.ended().await, ExitReason::WithoutShutdown);

    let mut client = Client::connect();
    client.notify("exit", Value::Null).await;
    assert_eq!(client.ended().await, ExitReason::WithoutShutdown);

    let mut client = Setup::folders(&[&vault]).start().await;
    client.request("shutdown", Value::Null).await.unwrap();
    client.hang_up();
    assert_eq!(client.ended().await, ExitReason::AfterShutdown);
}

#[tokio::test]
async fn progress_begins_and_ends() {
    let vault = Vault::new("//- a.md\n# A\n");
    let setup = Setup::folders(&[&vault]).able("/window/workDoneProgress", json!(true));
    let mut client = setup.start().await;
    client.was_asked("window/workDoneProgress/create").await;
    client.progressed(|progress| progress["value"]["kind"] == "end").await;
    assert_eq!(client.progress[0]["value"]["kind"], "begin");
    client.finish().await;
}

/// The server in a process of its own.
struct Program {
    process: Child,
    /// What the server writes, to its end.
    output: Receiver<Message>,
}

impl Program {
    fn start() -> Program {
        let mut command = Command::new(env!("CARGO_BIN_EXE_vaultls"));
        let command = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut process = command.spawn().unwrap();
        let mut stdout = process.stdout.take().unwrap();
        let (sender, output) = channel();
        std::thread::spawn(move || {
            let mut decoder = FrameDecoder::default();
            while let Some(Frame::Body(body)) = decoder.read_frame(&mut stdout).unwrap() {
                sender.send(Message::read(&body).unwrap()).unwrap();
            }
        });
        Program { process, output }
    }

    fn send(&mut self, frame: &[u8]) {
        self.process.stdin.as_mut().unwrap().write_all(frame).unwrap();
    }

    fn initialize(&mut self, client_process: Option<u32>) {
        let params = json!({ "processId": client_process, "rootUri": null, "capabilities": {} });
        self.send(&wire::request(1, "initialize", params));
        let answer = self.output.recv_timeout(PATIENCE).unwrap();
        assert!(matches!(answer, Message::Response { id: Some(1), outcome: Ok(_) }), "{answer:?}");
    }

    /// The exit code of a server that ends by itself.
    fn exit_code(mut self) -> Option<i32> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            match self.output.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
                Ok(_) => {}
                Err(RecvTimeoutError::Disconnected) => return self.process.wait().unwrap().code(),
                Err(RecvTimeoutError::Timeout) => {
                    self.process.kill().unwrap();
                    panic!("the server goes on");
                }
            }
        }
    }
}

#[test]
fn the_exit_code_says_whether_it_was_shut_down() {
    let mut shut_down = Program::start();
    shut_down.initialize(None);
    shut_down.send(&wire::request(2, "shutdown", Value::Null));
    shut_down.send(&wire::notification("exit", Value::Null));
    // Standard input stays open.
    assert_eq!(shut_down.exit_code(), Some(0));

    let mut abrupt = Program::start();
    abrupt.initialize(None);
    abrupt.send(&wire::notification("exit", Value::Null));
    assert_eq!(abrupt.exit_code(), Some(1));

    let mut hung_up = Program::start();
    hung_up.initialize(None);
    drop(hung_up.process.stdin.take());
    assert_eq!(hung_up.exit_code(), Some(1));
}

#[cfg(target_os = "linux")]
#[test]
fn the_server_does_not_outlive_its_client() {
    let mut client = Command::new("sleep").arg("1000").spawn().unwrap();
    let mut server = Program::start();
    server.initialize(Some(client.id()));
    client.kill().unwrap();
    client.wait().unwrap();
    assert_eq!(server.exit_code(), Some(1));
}
