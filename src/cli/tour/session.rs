//! The tour's side of the session: notes by their paths, places by their offsets.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::cli::client::{Answered, Client, SessionError, file_path, file_uri};
use crate::disk;
use crate::text::{Encoding, Position, Range, Span};
use crate::vault::{DiskFile, Note, VaultPath};

use super::places::Stop;

/// How long the first index of a vault may take.
const LONGEST_INDEX: Duration = Duration::from_secs(120);

/// How long pushed diagnostics may take.
const LONGEST_SILENCE: Duration = Duration::from_secs(2);

/// A session in one vault.
#[derive(Debug)]
pub(super) struct Session {
    client: Client,
    root: PathBuf,
    encoding: Encoding,
    capabilities: Value,
    name: String,
    /// The versions of open notes, by URI.
    versions: HashMap<String, i32>,
}

/// A place that an answer leads to.
#[derive(Clone, Debug)]
pub(super) struct Target {
    /// Relative to the vault, if it lies there.
    pub(super) path: String,
    /// Counted from 1.
    pub(super) line: u32,
    /// What stands on that line; the title of a whole note.
    pub(super) content: String,
}

/// A diagnostic as an editor gets it.
#[derive(Clone, Debug)]
pub(super) struct Shown {
    /// 1 is the worst.
    pub(super) severity: u64,
    pub(super) code: String,
    pub(super) message: String,
    pub(super) span: Span,
}

impl Session {
    /// Starts a server for the vault at `root`; how long it took until it introduced itself.
    pub(super) fn start(program: &Path, root: &Path) -> Result<(Session, Duration), SessionError> {
        let mut client = Client::start(program)?;
        let uri = file_uri(root);
        let name = root.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let answered = client.request("initialize", initialize(&uri, &name))?;
        let took = client.started().elapsed();
        let capabilities = answered.result.get("capabilities").cloned().unwrap_or_default();
        let encoding = match capabilities.get("positionEncoding").and_then(Value::as_str) {
            Some("utf-8") => Encoding::Utf8,
            Some("utf-32") => Encoding::Utf32,
            _ => Encoding::Utf16,
        };
        let of_server =
            |part: &str| answered.result.pointer(part).and_then(Value::as_str).unwrap_or_default();
        let name = format!("{} {}", of_server("/serverInfo/name"), of_server("/serverInfo/version"));
        client.notify("initialized", json!({}))?;
        let root = root.to_path_buf();
        Ok((Session { client, root, encoding, capabilities, name, versions: HashMap::new() }, took))
    }

    /// Name and version of the server, as it says.
    pub(super) fn server_name(&self) -> &str {
        self.name.trim()
    }

    /// The id of the server's process.
    pub(super) fn started(&self) -> u32 {
        self.client.process_id()
    }

    /// Waits until the whole vault is read; how long that took since the server was started, and what it
    /// counts.
    pub(super) fn wait_for_index(&mut self) -> Result<(Duration, Value), SessionError> {
        let (took, vaults) = self.client.wait_for_index(LONGEST_INDEX)?;
        Ok((took, vaults.into_iter().next().unwrap_or_default()))
    }

    /// Opens a note as it is on disk.
    pub(super) fn open(&mut self, stop: &Stop) -> Result<(), SessionError> {
        let uri = self.uri(&stop.path);
        self.versions.insert(uri.clone(), 1);
        let text = stop.text.to_text();
        let document = json!({"uri": uri, "languageId": "markdown", "version": 1, "text": text});
        self.client.notify("textDocument/didOpen", json!({"textDocument": document}))
    }

    /// Closes a note; what was typed into it is gone.
    pub(super) fn close(&mut self, stop: &Stop) -> Result<(), SessionError> {
        let uri = self.uri(&stop.path);
        self.versions.remove(&uri);
        self.client.notify("textDocument/didClose", json!({"textDocument": {"uri": uri}}))
    }

    /// Types the last letter of `typed` at the end of an open note; where the cursor is then. The first
    /// letter begins a new paragraph.
    pub(super) fn type_at_end(&mut self, stop: &Stop, typed: &str) -> Result<Position, SessionError> {
        const NEW_PARAGRAPH: &str = "\n\n";
        let letter_start = typed.char_indices().next_back().map_or(0, |(start, _)| start);
        let (before, letter) = typed.split_at_checked(letter_start).unwrap_or(("", typed));
        let mut text = stop.text.clone();
        let new_text = if before.is_empty() {
            format!("{NEW_PARAGRAPH}{letter}")
        } else {
            text.replace(Span::empty(text.end()), &format!("{NEW_PARAGRAPH}{before}"));
            letter.to_owned()
        };
        let at = wire(text.position(text.end(), self.encoding));
        let uri = self.uri(&stop.path);
        let version = self.versions.entry(uri.clone()).or_insert(1);
        *version += 1;
        let change = json!({"range": {"start": at, "end": at}, "text": new_text});
        self.client.notify(
            "textDocument/didChange",
            json!({"textDocument": {"uri": uri, "version": *version}, "contentChanges": [change]}),
        )?;
        text.replace(Span::empty(text.end()), &new_text);
        Ok(text.position(text.end(), self.encoding))
    }

    /// Asks at a place of an open note that has not been typed into.
    pub(super) fn at_stop(&mut self, method: &str, stop: &Stop) -> Result<Answered, SessionError> {
        self.at_position(method, &stop.path, stop.text.position(stop.at, self.encoding))
    }

    /// Asks at a position of an open note.
    pub(super) fn at_position(
        &mut self,
        method: &str,
        path: &VaultPath,
        position: Position,
    ) -> Result<Answered, SessionError> {
        let document = json!({"uri": self.uri(path)});
        self.client.request(method, json!({"textDocument": document, "position": wire(position)}))
    }

    /// The diagnostics of an open note: asked for if the server offers that, else waited for.
    pub(super) fn diagnostics(&mut self, stop: &Stop) -> Result<(Vec<Value>, Duration), SessionError> {
        let uri = self.uri(&stop.path);
        if self.capabilities.get("diagnosticProvider").is_some() {
            let params = json!({"textDocument": {"uri": uri}});
            let answered = self.client.request("textDocument/diagnostic", params)?;
            return Ok((items(answered.result.get("items")), answered.took));
        }
        let asked = Instant::now();
        self.client.listen(LONGEST_SILENCE, |client| client.pushed_diagnostics(&uri).is_some())?;
        let pushed = self.client.pushed_diagnostics(&uri).and_then(|pushed| pushed.get("diagnostics"));
        Ok((items(pushed), asked.elapsed()))
    }

    /// Diagnostics with their places in the note.
    pub(super) fn findings(&self, stop: &Stop, items: &[Value]) -> Vec<Shown> {
        let text =
            |item: &Value, part: &str| item.get(part).and_then(Value::as_str).unwrap_or_default().to_owned();
        let shown = items.iter().map(|item| Shown {
            severity: item.get("severity").and_then(Value::as_u64).unwrap_or(1),
            code: text(item, "code"),
            message: text(item, "message"),
            span: stop.text.span(range(item.get("range")), self.encoding),
        });
        shown.collect()
    }

    /// The places that an answer names: a location, locations, or links to locations.
    pub(super) fn targets(&self, answer: &Value) -> Vec<Target> {
        let one = std::slice::from_ref(answer);
        let all = answer.as_array().map_or(one, Vec::as_slice);
        all.iter().filter_map(|location| self.target(location)).collect()
    }

    fn target(&self, location: &Value) -> Option<Target> {
        let uri = location.get("targetUri").or_else(|| location.get("uri"))?.as_str()?;
        let range = range(location.get("targetSelectionRange").or_else(|| location.get("range")));
        let disk_path = file_path(uri)?;
        let path = disk::to_vault_path(&self.root, &disk_path);
        let note = path.as_ref().and_then(|path| read_note(&self.root, path));
        let content = note.and_then(|note| match range.start.line {
            // A whole note is known by its title; its first line is most often `---`.
            0 => note.title().map(str::to_owned),
            line => note.text.line(line as usize).map(|line| note.slice(line).trim().to_owned()),
        });
        Some(Target {
            path: path.map_or_else(|| disk_path.display().to_string(), |path| path.to_string()),
            line: range.start.line + 1,
            content: content.unwrap_or_default(),
        })
    }

    /// Ends session and server.
    pub(super) fn shut_down(self) -> Result<(), SessionError> {
        self.client.shut_down()
    }

    fn uri(&self, path: &VaultPath) -> String {
        file_uri(&disk::to_disk_path(&self.root, path))
    }
}

fn initialize(root_uri: &str, name: &str) -> Value {
    json!({
        "processId": std::process::id(),
        "clientInfo": {"name": "vaultls tour", "version": env!("CARGO_PKG_VERSION")},
        "rootUri": root_uri,
        "workspaceFolders": [{"uri": root_uri, "name": name}],
        "capabilities": {
            "general": {"positionEncodings": ["utf-8", "utf-32", "utf-16"]},
            "workspace": {
                "workspaceFolders": true,
                "configuration": true,
                "diagnostics": {"refreshSupport": true},
            },
            "window": {"workDoneProgress": true},
            "textDocument": {
                "synchronization": {"didSave": true},
                "completion": {"completionItem": {"documentationFormat": ["markdown"]}},
                "definition": {"linkSupport": true},
                "hover": {"contentFormat": ["markdown", "plaintext"]},
                "publishDiagnostics": {"relatedInformation": true, "versionSupport": true},
                "diagnostic": {"relatedDocumentSupport": false},
            },
        },
    })
}

fn items(items: Option<&Value>) -> Vec<Value> {
    items.and_then(Value::as_array).cloned().unwrap_or_default()
}

fn wire(position: Position) -> Value {
    json!({"line": position.line, "character": position.column})
}

fn range(range: Option<&Value>) -> Range {
    let number = |pointer: &str| {
        let number = range.and_then(|range| range.pointer(pointer)).and_then(Value::as_u64);
        number.and_then(|number| u32::try_from(number).ok()).unwrap_or_default()
    };
    Range {
        start: Position { line: number("/start/line"), column: number("/start/character") },
        end: Position { line: number("/end/line"), column: number("/end/character") },
    }
}

fn read_note(root: &Path, path: &VaultPath) -> Option<Arc<Note>> {
    match disk::read(root, path) {
        Ok(DiskFile::Note(note)) => Some(note),
        _ => None,
    }
}
