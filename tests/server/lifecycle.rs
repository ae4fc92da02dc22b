//! Beginning and end of a session.

use std::io::Write;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use vaultls::server::Ending;

use crate::support::{Client, Setup, Vault, code_of};

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
    assert_eq!(client.ended().await, Ending::AfterShutdown);
}

#[tokio::test]
async fn a_session_may_end_without_shutdown() {
    let vault = Vault::new("//- a.md\n# A\n");
    let mut client = Setup::folders(&[&vault]).start().await;
    client.notify("exit", Value::Null).await;
    assert_eq!(client.ended().await, Ending::WithoutShutdown);

    let mut client = Setup::folders(&[&vault]).start().await;
    client.hang_up();
    assert_eq!(client.ended().await, Ending::WithoutShutdown);

    let mut client = Client::connect();
    client.notify("exit", Value::Null).await;
    assert_eq!(client.ended().await, Ending::WithoutShutdown);

    let mut client = Setup::folders(&[&vault]).start().await;
    client.request("shutdown", Value::Null).await.unwrap();
    client.hang_up();
    assert_eq!(client.ended().await, Ending::AfterShutdown);
}

#[tokio::test]
async fn progress_begins_and_ends() {
    let vault = Vault::new("//- a.md\n# A\n");
    let setup = Setup::folders(&[&vault]).able("/window/workDoneProgress", json!(true));
    let mut client = setup.start().await;
    client.was_asked("window/workDoneProgress/create").await;
    while client.progress.last().is_none_or(|last| last["value"]["kind"] != "end") {
        client.stats().await;
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert_eq!(client.progress[0]["value"]["kind"], "begin");
    client.finish().await;
}

fn program() -> Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_vaultls"));
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    command.spawn().unwrap()
}

fn send(program: &mut Child, message: &Value) {
    let body = message.to_string();
    let frame = format!("Content-Length: {}\r\n\r\n{body}", body.len());
    program.stdin.as_mut().unwrap().write_all(frame.as_bytes()).unwrap();
}

fn initialize(process: Option<u32>) -> Value {
    let params = json!({ "processId": process, "rootUri": null, "capabilities": {} });
    json!({ "jsonrpc": "2.0", "id": 1, "method": "initialize", "params": params })
}

/// The exit code, if the program ends in time.
fn exit_code(program: &mut Child, patience: Duration) -> Option<i32> {
    let begin = Instant::now();
    while begin.elapsed() < patience {
        if let Some(status) = program.try_wait().unwrap() {
            return status.code();
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    program.kill().unwrap();
    None
}

#[test]
fn the_exit_code_says_whether_it_was_shut_down() {
    let patience = Duration::from_secs(10);
    let exit = json!({ "jsonrpc": "2.0", "method": "exit" });
    let mut shut_down = program();
    send(&mut shut_down, &initialize(None));
    send(&mut shut_down, &json!({ "jsonrpc": "2.0", "id": 2, "method": "shutdown" }));
    send(&mut shut_down, &exit);
    // Standard input stays open.
    assert_eq!(exit_code(&mut shut_down, patience), Some(0));

    let mut abrupt = program();
    send(&mut abrupt, &initialize(None));
    send(&mut abrupt, &exit);
    assert_eq!(exit_code(&mut abrupt, patience), Some(1));

    let mut hung_up = program();
    send(&mut hung_up, &initialize(None));
    drop(hung_up.stdin.take());
    assert_eq!(exit_code(&mut hung_up, patience), Some(1));
}

#[cfg(target_os = "linux")]
#[test]
fn the_server_does_not_outlive_its_client() {
    let mut client = Command::new("sleep").arg("1000").spawn().unwrap();
    let mut server = program();
    send(&mut server, &initialize(Some(client.id())));
    std::thread::sleep(Duration::from_secs(4));
    assert!(server.try_wait().unwrap().is_none());
    client.kill().unwrap();
    client.wait().unwrap();
    assert_eq!(exit_code(&mut server, Duration::from_secs(15)), Some(1));
}
