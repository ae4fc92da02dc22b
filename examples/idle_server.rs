//! A language server that reads no vault and gives every note the same finding at once: what an editor's own
//! work costs, for `editors/tests/vscode/speed.test.ts` to compare with. It takes part in the start, in open
//! notes, in pulled diagnostics and in the end of a session, and answers everything else with nothing.
//!
//! If `VAULTLS_IDLE_TOLD` names a file, the moment at which it first hears of an open note is written there,
//! in milliseconds since 1970.

use std::io::{self, Write};
use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};
use vaultls::lsp::wire::{Frame, FrameDecoder, encode_frame};

/// Newer than any server that an editor may ask for.
const VERSION: &str = "vaultls 99.0.0";

fn main() -> io::Result<()> {
    let mut output = io::stdout().lock();
    if std::env::args().any(|argument| argument == "--version") {
        return writeln!(output, "{VERSION}");
    }
    let mut told = std::env::var_os("VAULTLS_IDLE_TOLD");
    let mut input = io::stdin().lock();
    let mut decoder = FrameDecoder::default();
    while let Some(frame) = decoder.read_frame(&mut input)? {
        let Frame::Body(body) = frame else { continue };
        let message: Value = serde_json::from_slice(&body)?;
        let method = message.get("method").and_then(Value::as_str).unwrap_or_default();
        match method {
            "exit" => break,
            "textDocument/didOpen" => {
                if let Some(path) = told.take() {
                    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
                    std::fs::write(path, since.as_millis().to_string())?;
                }
            }
            _ => {}
        }
        // An answer has no method, a notification no id.
        if let Some(id) = message.get("id").filter(|_| !method.is_empty()) {
            let answer = json!({ "jsonrpc": "2.0", "id": id, "result": result(method) }).to_string();
            output.write_all(&encode_frame(&answer))?;
            output.flush()?;
        }
    }
    Ok(())
}

fn result(method: &str) -> Value {
    let start = json!({ "line": 0, "character": 0 });
    match method {
        "initialize" => json!({ "capabilities": {
            "textDocumentSync": { "openClose": true, "change": 2 },
            "diagnosticProvider": { "interFileDependencies": true, "workspaceDiagnostics": false },
        } }),
        "textDocument/diagnostic" => json!({ "kind": "full", "items": [{
            "range": { "start": start, "end": { "line": 0, "character": 1 } },
            "message": "a note",
        }] }),
        _ => Value::Null,
    }
}
