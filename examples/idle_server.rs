//! A language server that reads no vault and gives every note the same finding at once: what an editor's own
//! work costs, for `editors/tests/vscode/speed.test.ts` to compare with. It takes part in the start, in open
//! notes, in pulled diagnostics and in the end of a session, and answers everything else with nothing.
//!
//! If `VAULTLS_IDLE_TOLD` names a file, the moment at which it first hears of an open note is written there,
//! in milliseconds since 1970.

use std::io::{self, BufRead, Write};
use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};

/// Newer than any server that an editor may ask for.
const VERSION: &str = "vaultls 99.0.0";

fn main() -> io::Result<()> {
    let mut output = io::stdout().lock();
    if std::env::args().any(|argument| argument == "--version") {
        return writeln!(output, "{VERSION}");
    }
    let mut told = std::env::var_os("VAULTLS_IDLE_TOLD");
    let mut input = io::stdin().lock();
    while let Some(message) = read_message(&mut input)? {
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
            write!(output, "Content-Length: {}\r\n\r\n{answer}", answer.len())?;
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

/// The next message; `None` at the end of the input.
fn read_message(input: &mut impl BufRead) -> io::Result<Option<Value>> {
    let mut length = 0;
    let mut line = String::new();
    loop {
        line.clear();
        if input.read_line(&mut line)? == 0 {
            return Ok(None);
        }
        match line.trim_end().split_once(": ") {
            Some(("Content-Length", number)) => length = number.parse().map_err(io::Error::other)?,
            Some(_) => {}
            None => break,
        }
    }
    let mut body = vec![0; length];
    input.read_exact(&mut body)?;
    Ok(Some(serde_json::from_slice(&body)?))
}
