//! Threads, files and memory go back to the system when documents are closed. The server runs as a process of
//! its own, so that what is counted is its own.

#![cfg(target_os = "linux")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::needless_pass_by_value,
    reason = "a test may fail"
)]

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

/// How long anything may take before a test fails.
const PATIENCE: Duration = Duration::from_secs(60);

/// A server in a process of its own.
struct Server {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    last_id: u64,
}

impl Server {
    fn start() -> Server {
        let mut child = Command::new(env!("CARGO_BIN_EXE_vaultls"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let (input, output) = (child.stdin.take().unwrap(), BufReader::new(child.stdout.take().unwrap()));
        let mut server = Server { child, input, output, last_id: 0 };
        server.request("initialize", json!({ "processId": null, "rootUri": null, "capabilities": {} }));
        server.notify("initialized", json!({}));
        server
    }

    fn send(&mut self, message: &Value) {
        let text = message.to_string();
        write!(self.input, "Content-Length: {}\r\n\r\n{text}", text.len()).unwrap();
        self.input.flush().unwrap();
    }

    fn notify(&mut self, method: &str, params: Value) {
        self.send(&json!({ "jsonrpc": "2.0", "method": method, "params": params }));
    }

    /// Sends a request and waits for its response; requests of the server are answered with nothing.
    fn request(&mut self, method: &str, params: Value) -> Value {
        self.last_id += 1;
        let id = self.last_id;
        self.send(&json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }));
        loop {
            let message = self.receive();
            if message.get("method").is_some() {
                if let Some(asked) = message.get("id") {
                    self.send(&json!({ "jsonrpc": "2.0", "id": asked, "result": null }));
                }
            } else if message["id"] == id {
                return message["result"].clone();
            }
        }
    }

    fn receive(&mut self) -> Value {
        let mut length = 0;
        loop {
            let mut line = String::new();
            assert!(self.output.read_line(&mut line).unwrap() > 0, "the server has ended");
            if line.trim().is_empty() {
                break;
            }
            if let Some(text) = line.trim().strip_prefix("Content-Length: ") {
                length = text.parse().unwrap();
            }
        }
        let mut bytes = vec![0; length];
        self.output.read_exact(&mut bytes).unwrap();
        serde_json::from_slice(&bytes).unwrap()
    }

    fn open(&mut self, uri: &str) {
        let document = json!({ "uri": uri, "languageId": "markdown", "version": 1, "text": "# A\n[[b]]\n" });
        self.notify("textDocument/didOpen", json!({ "textDocument": document }));
        let outline = self.request("textDocument/documentSymbol", json!({ "textDocument": { "uri": uri } }));
        assert_eq!(outline.as_array().map(Vec::len), Some(1), "{uri}: {outline}");
    }

    fn close(&mut self, uri: &str) {
        self.notify("textDocument/didClose", json!({ "textDocument": { "uri": uri } }));
        // Has been handled when the next request is answered.
        self.request("workspace/symbol", json!({ "query": "nothing" }));
    }

    /// The number of threads, or of open files.
    fn count(&self, of: &str) -> usize {
        fs::read_dir(Path::new("/proc").join(self.child.id().to_string()).join(of)).unwrap().count()
    }

    /// Waits until no more than so many threads and open files are left; no message says so.
    fn falls_to(&self, threads: usize, files: usize) {
        let start = Instant::now();
        loop {
            let now = (self.count("task"), self.count("fd"));
            if now.0 <= threads && now.1 <= files {
                return;
            }
            assert!(start.elapsed() < PATIENCE, "{now:?} are more than {threads} threads and {files} files");
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn uri(path: &Path) -> String {
    format!("file://{}", path.display())
}

#[test]
fn closed_vaults_leave_no_threads_and_no_files() {
    let folder = tempfile::tempdir().unwrap();
    let notes: Vec<PathBuf> = (0..40).map(|number| folder.path().join(format!("{number}/a.md"))).collect();
    for note in &notes {
        fs::create_dir_all(note.with_file_name(".obsidian")).unwrap();
        fs::write(note, "# A\n[[b]]\n").unwrap();
    }
    let mut server = Server::start();
    let round = |server: &mut Server| {
        for note in &notes {
            server.open(&uri(note));
            server.close(&uri(note));
        }
    };
    // The vault of the last document stays, and threads that are not of one vault.
    server.open(&uri(&notes[0]));
    server.close(&uri(&notes[0]));
    round(&mut server);
    server.falls_to(16, 16);
    round(&mut server);
    server.falls_to(16, 16);
}

#[test]
fn documents_outside_of_vaults_are_light() {
    let folder = tempfile::tempdir().unwrap();
    let mut server = Server::start();
    let threads = server.count("task");
    let uris: Vec<String> =
        (0..300).map(|number| uri(&folder.path().join(format!("{number}/a.md")))).collect();
    for uri in &uris {
        server.open(uri);
    }
    // As many as before, and what any first request starts.
    server.falls_to(threads + 8, 16);
    for uri in &uris {
        server.close(uri);
    }
    server.falls_to(threads + 8, 16);
}
