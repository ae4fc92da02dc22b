//! The whole server as an editor knows it: a process of its own, on a wire. Memory, time to readiness, and
//! latencies.
//!
//! `cargo bench --bench session -- [NOTES | FOLDER]`; without an argument, generated vaults of 3,600 and
//! 21,000 notes.

mod support;

use std::error::Error;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use vaultls::cli::{self, Client, Loaded};
use vaultls::text::{Encoding, Offset, Position, Span, Text};
use vaultls::vault::{NoteRef, Resolution, Snapshot};

/// Notes that are opened, spread over the vault.
const OPEN_NOTES: usize = 40;

/// Keystrokes that are measured in each of them.
const STROKES: usize = 25;

type Times = Vec<Duration>;

fn main() -> Result<(), Box<dyn Error>> {
    let named: Vec<String> = support::arguments().collect();
    let named = if named.is_empty() { vec!["3600".to_owned(), "21000".to_owned()] } else { named };
    for vault in named {
        let folder = match vault.parse() {
            Ok(notes) => support::vault_folder(support::size(notes))?,
            Err(_) => PathBuf::from(vault),
        };
        measure(&cli::load(&folder, &|_| {})?)?;
    }
    Ok(())
}

fn measure(loaded: &Loaded) -> Result<(), Box<dyn Error>> {
    let mut editor = Editor::start(&loaded.root)?;
    let total = loaded.report.total;
    let mut out = std::io::stdout().lock();
    writeln!(out, "\n{} notes, {} bytes", total.notes, total.bytes)?;
    writeln!(out, "spawn to initialize answer  {:>12}", support::milliseconds(editor.initialized))?;
    writeln!(out, "spawn to indexed            {:>12}", support::milliseconds(editor.indexed))?;
    match resident_bytes(editor.client.process_id()) {
        Some(bytes) => {
            let ratio = bytes as f64 / total.bytes as f64;
            writeln!(out, "resident after indexing     {:>9} MB  ({ratio:.2} times the notes)", bytes >> 20)?;
        }
        None => writeln!(out, "resident after indexing       unknown on this system")?,
    }
    let mut times = Measured::default();
    for note in some_notes(&loaded.vault) {
        editor.visit(&loaded.vault, &note, &mut times)?;
    }
    writeln!(out, "{:<28}{:>8}{:>12}{:>12}{:>12}", "", "count", "p50", "p95", "p99")?;
    for (name, times) in [
        ("keystroke and answer", &mut times.keystroke),
        ("completion in a link", &mut times.completion),
        ("definition", &mut times.definition),
        ("hover", &mut times.hover),
        ("diagnostics", &mut times.diagnostics),
        ("workspace symbol", &mut times.symbols),
    ] {
        let [p50, p95, p99] =
            [50, 95, 99].map(|percent| support::milliseconds(support::percentile(times, percent)));
        writeln!(out, "{name:<28}{:>8}{p50:>12}{p95:>12}{p99:>12}", times.len())?;
    }
    writeln!(out, "largest completion list     {:>9} bytes", times.largest_list)?;
    if let Some(bytes) = resident_bytes(editor.client.process_id()) {
        writeln!(out, "resident at the end         {:>9} MB", bytes >> 20)?;
    }
    editor.client.shut_down()?;
    Ok(())
}

#[derive(Default)]
struct Measured {
    keystroke: Times,
    completion: Times,
    /// Of the answers to completion, in bytes of JSON.
    largest_list: usize,
    definition: Times,
    hover: Times,
    diagnostics: Times,
    symbols: Times,
}

/// An editor with one vault.
struct Editor {
    client: Client,
    root: PathBuf,
    initialized: Duration,
    indexed: Duration,
}

impl Editor {
    fn start(root: &Path) -> Result<Editor, Box<dyn Error>> {
        let mut client = Client::start(Path::new(env!("CARGO_BIN_EXE_vaultls")))?;
        let capabilities = json!({
            "general": {"positionEncodings": ["utf-8"]},
            "textDocument": {"diagnostic": {}},
            "workspace": {"diagnostics": {"refreshSupport": true}},
        });
        let folders = json!([{"uri": cli::file_uri(root), "name": "vault"}]);
        let params = json!({"processId": null, "workspaceFolders": folders, "capabilities": capabilities});
        client.request("initialize", params)?;
        let initialized = client.started().elapsed();
        client.notify("initialized", json!({}))?;
        let Some((indexed, _)) = client.wait_for_index(Duration::from_secs(120))? else {
            return Err("the server has not read the vault within two minutes".into());
        };
        Ok(Editor { client, root: root.to_path_buf(), initialized, indexed })
    }

    /// Opens a note, asks at its links, searches for its last heading, types into it, and closes it.
    fn visit(
        &mut self,
        vault: &Snapshot,
        note: &NoteRef<'_>,
        times: &mut Measured,
    ) -> Result<(), Box<dyn Error>> {
        let uri = cli::file_uri(&self.root.join(note.path.as_str()));
        let document = json!({"uri": uri});
        let mut text = note.note.text.clone();
        let open = json!({"uri": uri, "languageId": "markdown", "version": 0, "text": text.to_text()});
        self.client.notify("textDocument/didOpen", json!({"textDocument": open}))?;
        let params = json!({"textDocument": document});
        times.diagnostics.push(self.client.request("textDocument/diagnostic", params)?.took);
        for link in good_links(vault, note).take(5) {
            let params = json!({"textDocument": document, "position": position(&text, link.start)});
            times.definition.push(self.client.request("textDocument/definition", params.clone())?.took);
            times.hover.push(self.client.request("textDocument/hover", params)?.took);
        }
        let heading = note.note.parsed.headings.last().map(|heading| note.note.parsed.heading_name(heading));
        for (end, letter) in heading.into_iter().flat_map(str::char_indices).take(6) {
            // As it is typed, letter by letter.
            let typed = heading.and_then(|heading| heading.get(..end + letter.len_utf8()));
            let found = self.client.request("workspace/symbol", json!({"query": typed}))?;
            times.symbols.push(found.took);
        }
        let mut version = 0;
        let mut stroke = |editor: &mut Editor, typed: &str| -> Result<(Duration, Value), Box<dyn Error>> {
            version += 1;
            let at = position(&text, text.end());
            text.replace(Span::empty(text.end()), typed);
            let change = json!({"range": {"start": at, "end": at}, "text": typed});
            let document = json!({"uri": uri, "version": version});
            let start = Instant::now();
            let params = json!({"textDocument": document, "contentChanges": [change]});
            editor.client.notify("textDocument/didChange", params)?;
            // Nothing to find at the start of the note: its answer says only that the edit is in.
            let params = json!({"textDocument": {"uri": uri}, "position": {"line": 0, "character": 0}});
            editor.client.request("textDocument/hover", params)?;
            Ok((start.elapsed(), position(&text, text.end())))
        };
        for typed in std::iter::once("\n\n").chain(std::iter::repeat_n("e", STROKES)) {
            times.keystroke.push(stroke(self, typed)?.0);
        }
        let Some(target) = good_links(vault, note).next() else { return Ok(()) };
        let name: String = note.note.slice(target).chars().take(6).collect();
        for key in std::iter::once(" [[".to_owned()).chain(name.chars().map(String::from)) {
            let (_, at) = stroke(self, &key)?;
            let params = json!({"textDocument": document, "position": at});
            let answered = self.client.request("textDocument/completion", params)?;
            let items = answered.result.get("items").unwrap_or(&answered.result);
            if items.as_array().is_none_or(Vec::is_empty) {
                return Err(format!("no completion for [[{name} in {}", note.path).into());
            }
            times.largest_list = times.largest_list.max(answered.result.to_string().len());
            times.completion.push(answered.took);
        }
        self.client.notify("textDocument/didClose", json!({"textDocument": document}))?;
        Ok(())
    }
}

fn position(text: &Text, at: Offset) -> Value {
    let Position { line, column } = text.position(at, Encoding::Utf8);
    json!({"line": line, "character": column})
}

/// Notes spread evenly over the vault by path, lists of links excluded.
fn some_notes(vault: &Snapshot) -> impl Iterator<Item = NoteRef<'_>> {
    let mut notes: Vec<NoteRef<'_>> =
        vault.notes().filter(|note| note.note.parsed.links.len() < 100).collect();
    notes.sort_unstable_by(|a, b| a.path.cmp(b.path));
    let step = (notes.len() / OPEN_NOTES).max(1);
    notes.into_iter().step_by(step)
}

/// The targets of the wikilinks of a note that lead to a note.
fn good_links<'a>(vault: &'a Snapshot, note: &'a NoteRef<'a>) -> impl Iterator<Item = Span> + 'a {
    let links = note.note.parsed.links.iter().filter(|link| link.kind.is_wiki() && !link.target.is_empty());
    links
        .filter(move |link| matches!(vault.resolve(note, link), Resolution::Found(_)))
        .map(|link| link.target)
}

/// Memory of a process that is in RAM (`VmRSS`); `None` where there is no `/proc`.
fn resident_bytes(process: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.trim().trim_end_matches("kB").trim().parse::<u64>().ok().map(|kilobytes| kilobytes * 1024)
}
