//! Requests about many notes, or about a very long one, asked of a server on a wire: what must not grow with
//! the vault unless the answer does.
//!
//! `cargo bench --bench whole_vault -- [NOTES | FOLDER]`; without an argument, a generated vault of 21,000
//! notes. A folder is not changed.

mod support;

use std::error::Error;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use vaultls::cli::{self, Client, Loaded};
use vaultls::ide;
use vaultls::text::{Encoding, Offset, Position, Text};
use vaultls::vault::{Backlinks, Cancel, NoteRef, Resolution, Snapshot};

use support::generated_vault::{DEFAULT_SEED, note_of};

/// Each request is sent so often.
const ROUNDS: usize = 15;
/// One that takes long is sent so often.
const FEW_ROUNDS: usize = 3;

/// How many broken links are asked about.
const BROKEN_LINKS: usize = 100;

type Outcome<T> = Result<T, Box<dyn Error>>;

fn main() -> Outcome<()> {
    let named = support::arguments().next().unwrap_or_else(|| "21000".to_owned());
    let folder = match named.parse() {
        Ok(notes) => support::vault_folder(support::size(notes))?,
        Err(_) => PathBuf::from(named),
    };
    let loaded = cli::load(&folder, &|_| {})?;
    let mut editor = Editor::start(&loaded)?;
    let (total, mut out) = (loaded.report.total, std::io::stdout());
    writeln!(out, "{} notes, {} bytes", total.notes, total.bytes)?;
    writeln!(out, "{:<58}{:>6}{:>12}{:>12}{:>12}", "", "count", "p50", "p95", "most")?;
    editor.hub()?;
    editor.broken_links()?;
    editor.diagnostics()?;
    editor.stats()?;
    editor.mentions()?;
    editor.long_note_with_findings()?;
    editor.long_note_typed_in(1_000_000)?;
    editor.long_note_typed_in(5_000_000)?;
    editor.client.shut_down()?;
    Ok(())
}

/// An editor with one vault.
struct Editor<'a> {
    client: Client,
    root: &'a Path,
    vault: &'a Snapshot,
}

impl<'a> Editor<'a> {
    fn start(loaded: &'a Loaded) -> Outcome<Editor<'a>> {
        let mut client = Client::start(Path::new(env!("CARGO_BIN_EXE_vaultls")))?;
        let capabilities = json!({
            "general": {"positionEncodings": ["utf-8"]},
            "textDocument": {"diagnostic": {}},
            "workspace": {"workspaceEdit": {"documentChanges": true, "resourceOperations": ["create", "rename"]}},
            "window": {"workDoneProgress": true},
        });
        let folders = json!([{"uri": cli::file_uri(&loaded.root), "name": "vault"}]);
        let options = json!({"diagnostics": {"scope": "vault"}});
        let params = json!({
            "processId": null,
            "workspaceFolders": folders,
            "capabilities": capabilities,
            "initializationOptions": options,
        });
        client.request("initialize", params)?;
        client.notify("initialized", json!({}))?;
        client.wait_for_index(Duration::from_secs(120))?;
        Ok(Editor { client, root: &loaded.root, vault: &loaded.vault })
    }

    /// References and rename of the note with the most links.
    fn hub(&mut self) -> Outcome<()> {
        let links = |note: &NoteRef<'_>| {
            let sources = Backlinks::of(self.vault, note.id).sources();
            sources.len()
        };
        let titled = self.vault.notes().filter(|note| note.note.parsed.title().is_some());
        let hub = titled.max_by_key(links).ok_or("no note has a title")?;
        let title = hub.note.parsed.title().ok_or("no title")?.span.start;
        let at = json!({"textDocument": {"uri": self.uri(hub.path.as_str())}, "position": position(&hub.note.text, title)});
        let with = |more: Value| merged(&at, more);
        let references = with(json!({"context": {"includeDeclaration": false}}));
        let found = self.client.request("textDocument/references", references.clone())?.result;
        let count = found.as_array().map_or(0, Vec::len);
        self.repeat(&format!("references of a note with {count} links"), "textDocument/references", || {
            references.clone()
        })?;
        let rename = with(json!({"newName": "another_name_of_it"}));
        self.repeat("rename of it", "textDocument/rename", || rename.clone())?;
        Ok(())
    }

    /// Hover and code actions at links that lead nowhere.
    fn broken_links(&mut self) -> Outcome<()> {
        let vault = self.vault;
        let mut notes: Vec<_> = vault.notes().collect();
        notes.sort_unstable_by_key(|note| note.path);
        let broken: Vec<_> = notes.iter().flat_map(|note| broken_links(vault, note)).collect();
        let step = broken.len().div_ceil(BROKEN_LINKS).max(1);
        let (mut hovers, mut actions) = (Vec::new(), Vec::new());
        for (note, at) in broken.iter().step_by(step) {
            let document = json!({"uri": self.uri(note.path.as_str())});
            let at = position(&note.note.text, *at);
            let params = json!({"textDocument": document, "position": at});
            hovers.push(self.client.request("textDocument/hover", params)?.took);
            let range = json!({"start": at, "end": at});
            let params = json!({"textDocument": document, "range": range, "context": {"diagnostics": []}});
            actions.push(self.client.request("textDocument/codeAction", params)?.took);
        }
        report("hover at a broken link", &mut hovers)?;
        report("code actions at a broken link", &mut actions)?;
        Ok(())
    }

    /// The diagnostics of all notes and of one, before and after a key.
    fn diagnostics(&mut self) -> Outcome<()> {
        let (uri, mut text) = self.open_typical()?;
        let poll = |previous: &Value| json!({"previousResultIds": previous});
        let first = self.client.request("workspace/diagnostic", poll(&json!([])))?;
        report("all diagnostics, for the first time", &mut [first.took])?;
        let mut known = result_ids(&first.result);
        self.repeat("all diagnostics, nothing changed", "workspace/diagnostic", || poll(&json!(known)))?;
        self.repeat("all diagnostics, by a client that knows none", "workspace/diagnostic", || {
            poll(&json!([]))
        })?;
        let mut times = Vec::new();
        for version in 1..=ROUNDS {
            self.type_letter(&uri, version, &mut text)?;
            let answered = self.client.request("workspace/diagnostic", poll(&json!(known)))?;
            times.push(answered.took);
            let changed = result_ids(&answered.result);
            known.retain(|one| changed.iter().all(|other| one.get("uri") != other.get("uri")));
            known.extend(changed);
        }
        report("all diagnostics, after a key", &mut times)?;
        let params = json!({"textDocument": {"uri": uri}});
        self.repeat("diagnostics of one note, nothing changed", "textDocument/diagnostic", || {
            params.clone()
        })?;
        self.close(&uri)
    }

    fn stats(&mut self) -> Outcome<()> {
        let (uri, mut text) = self.open_typical()?;
        let command = json!({"command": "vaultls.stats"});
        self.repeat("statistics, nothing changed", "workspace/executeCommand", || command.clone())?;
        let mut times = Vec::new();
        for version in 1..=ROUNDS {
            self.type_letter(&uri, version, &mut text)?;
            times.push(self.client.request("workspace/executeCommand", command.clone())?.took);
        }
        report("statistics, after a key", &mut times)?;
        self.close(&uri)
    }

    /// The mentions of the note that most others name.
    fn mentions(&mut self) -> Outcome<()> {
        let (vault, cancel) = (self.vault, Cancel::new());
        let mut counts = std::collections::BTreeMap::<_, usize>::new();
        let step = (vault.notes().count() / 100).max(1);
        for note in vault.notes().step_by(step) {
            for mention in ide::mentions(vault, note.id, &cancel).unwrap_or_default() {
                *counts.entry(mention.notes.first().copied()).or_default() += 1;
            }
        }
        let most = counts.into_iter().max_by_key(|(_, count)| *count).and_then(|(note, _)| vault.note(note?));
        let Some(most) = most else { return Ok(()) };
        let arguments = json!([{"uri": self.uri(most.path.as_str())}]);
        let params = json!({"command": "vaultls.mentions", "arguments": arguments});
        self.client.request("workspace/executeCommand", params.clone())?;
        self.ask(FEW_ROUNDS, "mentions of the note that most name", "workspace/executeCommand", || {
            params.clone()
        })
    }

    /// Code actions at one finding of a note that has thousands, and diagnostics of that note.
    fn long_note_with_findings(&mut self) -> Outcome<()> {
        let mut text = note_of(1_000_000, DEFAULT_SEED);
        for number in 0..5_000 {
            text += &format!("\nA word about [[nothing_of_this_{number}]] and [12:75:{}].\n", number % 60);
        }
        let uri = self.open("long_with_findings.md", &text)?;
        let text = Text::from(text.as_str());
        let line = text.line_count() - 2_000;
        let range = |from: usize, to: usize| json!({"start": {"line": from, "character": 16}, "end": {"line": to, "character": 16}});
        let document = json!({"uri": uri});
        let action = |range: Value, only: &[&str]| {
            let context = json!({"diagnostics": [], "only": only});
            json!({"textDocument": document, "range": range, "context": context})
        };
        let line = if line % 2 == 0 { line } else { line + 1 };
        for (name, line) in [("at a broken link", line), ("beside it", line + 1)] {
            let params = action(range(line, line), &["quickfix"]);
            let name = format!("quick fixes {name}, of 10,000 findings in 1 MB");
            self.repeat(&name, "textDocument/codeAction", || params.clone())?;
        }
        let params = action(range(line, line), &["refactor"]);
        self.repeat("refactorings there", "textDocument/codeAction", || params.clone())?;
        let params = action(range(line, line), &["source.fixAll"]);
        self.ask(FEW_ROUNDS, "all safe fixes of the note", "textDocument/codeAction", || params.clone())?;
        let params = json!({"textDocument": document});
        self.repeat("diagnostics of that note", "textDocument/diagnostic", || params.clone())?;
        self.close(&uri)
    }

    /// A key in the middle of a long note, until the server can answer a request about it.
    fn long_note_typed_in(&mut self, bytes: usize) -> Outcome<()> {
        let text = note_of(bytes, DEFAULT_SEED);
        let uri = self.open("long.md", &text)?;
        let mut text = Text::from(text.as_str());
        let mut times = Vec::new();
        for version in 1..=ROUNDS {
            times.push(self.type_letter(&uri, version, &mut text)?);
        }
        report(&format!("a key in a note of {} MB", bytes / 1_000_000), &mut times)?;
        self.close(&uri)
    }

    /// Types a letter at the end of the middle line, and waits until it is in.
    fn type_letter(&mut self, uri: &str, version: usize, text: &mut Text) -> Outcome<Duration> {
        let line = text.line(text.line_count() / 2).ok_or("no line")?;
        let at = position(text, line.end);
        text.replace(vaultls::text::Span::empty(line.end), "e");
        let change = json!({"range": {"start": at, "end": at}, "text": "e"});
        let start = Instant::now();
        let params = json!({"textDocument": {"uri": uri, "version": version}, "contentChanges": [change]});
        self.client.notify("textDocument/didChange", params)?;
        let params = json!({"textDocument": {"uri": uri}, "position": {"line": 0, "character": 0}});
        self.client.request("textDocument/hover", params)?;
        Ok(start.elapsed())
    }

    /// Opens a note of 5 to 8 KB.
    fn open_typical(&mut self) -> Outcome<(String, Text)> {
        let notes = self.vault.notes().filter(|note| (5_000..8_000).contains(&note.note.text.len()));
        let typical = notes.min_by_key(|note| note.path).ok_or("no usual note")?;
        let text = typical.note.text.clone();
        Ok((self.open(typical.path.as_str(), &text.to_text())?, text))
    }

    fn open(&mut self, path: &str, text: &str) -> Outcome<String> {
        let uri = self.uri(path);
        let document = json!({"uri": uri, "languageId": "markdown", "version": 0, "text": text});
        self.client.notify("textDocument/didOpen", json!({"textDocument": document}))?;
        Ok(uri)
    }

    fn close(&mut self, uri: &str) -> Outcome<()> {
        Ok(self.client.notify("textDocument/didClose", json!({"textDocument": {"uri": uri}}))?)
    }

    fn repeat(&mut self, name: &str, method: &str, params: impl Fn() -> Value) -> Outcome<()> {
        self.ask(ROUNDS, name, method, params)
    }

    fn ask(&mut self, rounds: usize, name: &str, method: &str, params: impl Fn() -> Value) -> Outcome<()> {
        let mut times = Vec::new();
        for _ in 0..rounds {
            times.push(self.client.request(method, params())?.took);
        }
        report(name, &mut times)
    }

    fn uri(&self, path: &str) -> String {
        cli::file_uri(&self.root.join(path))
    }
}

fn merged(one: &Value, other: Value) -> Value {
    let mut all = one.clone();
    if let (Some(all), Value::Object(other)) = (all.as_object_mut(), other) {
        all.extend(other);
    }
    all
}

/// What a client sends back of a report: the result of each note that it has.
fn result_ids(report: &Value) -> Vec<Value> {
    let items = report.get("items").and_then(Value::as_array).into_iter().flatten();
    items.map(|item| json!({"uri": item.get("uri"), "value": item.get("resultId")})).collect()
}

fn broken_links<'a>(vault: &'a Snapshot, note: &NoteRef<'a>) -> impl Iterator<Item = (NoteRef<'a>, Offset)> {
    let note = *note;
    let links = note.note.parsed.links.iter();
    let broken = links.filter(move |link| vault.resolve(&note, link) == Resolution::Missing);
    broken.map(move |link| (note, link.target.start))
}

fn position(text: &Text, at: Offset) -> Value {
    let Position { line, column } = text.position(at, Encoding::Utf8);
    json!({"line": line, "character": column})
}

fn report(name: &str, times: &mut [Duration]) -> Outcome<()> {
    let [p50, p95, most] =
        [50, 95, 100].map(|percent| support::milliseconds(support::percentile(times, percent)));
    Ok(writeln!(std::io::stdout(), "{name:<58}{:>6}{p50:>12}{p95:>12}{most:>12}", times.len())?)
}
