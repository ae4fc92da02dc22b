//! An editor with one vault: it starts the server, and does in it what people do, one thing at a time.

use std::error::Error;
use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use vaultls::cli::{self, Client, SessionError};
use vaultls::text::{Offset, Span, Text};

use crate::script::{GoodLink, Place, Script, Visit, position};

/// How long an answer may take, and the reading of a vault.
const PATIENCE: Duration = Duration::from_secs(900);

/// Keys that are typed in each note: in a sentence, in a link, and in the title.
const KEYS: usize = 15;

/// How often it is asked who links to the most linked note, and what its rename would edit.
const HUB_ROUNDS: usize = 9;

/// Between two questions for what is not known yet.
const PAUSE: Duration = Duration::from_millis(1);

pub(crate) type Times = Vec<Duration>;

/// An editor, and the server that it started.
pub(crate) struct Editor {
    pub(crate) client: Client,
    /// From the start of the server to the answer of `initialize`.
    pub(crate) initialized: Duration,
    /// Of the texts that replaced those of open notes.
    version: u64,
}

/// What one start of the server took.
pub(crate) struct Start {
    /// To the answer of `initialize`.
    pub(crate) initialized: Duration,
    /// To the first definition that is right, of a link in a note that was opened at once.
    pub(crate) definition: Duration,
    /// To the whole vault.
    pub(crate) read: Duration,
}

/// The times of what was asked, by kind.
#[derive(Default)]
pub(crate) struct Latencies {
    pub(crate) key_in_sentence: Times,
    pub(crate) key_in_link: Times,
    pub(crate) key_in_title: Times,
    pub(crate) completion: Times,
    pub(crate) symbols: Times,
    pub(crate) definition: Times,
    pub(crate) hover: Times,
    pub(crate) hover_broken: Times,
    pub(crate) diagnostics: Times,
    pub(crate) references: Times,
    pub(crate) rename: Times,
    /// Of the answers to completion, in bytes of JSON.
    pub(crate) largest_list: usize,
}

impl Editor {
    pub(crate) fn start(root: &Path) -> Result<Editor, Box<dyn Error>> {
        let program = std::env::var_os("VAULTLS_BENCH_SERVER");
        let program = program.unwrap_or_else(|| env!("CARGO_BIN_EXE_vaultls").into());
        let mut client = Client::start(Path::new(&program))?;
        client.set_patience(PATIENCE);
        let capabilities = json!({
            "general": {"positionEncodings": ["utf-8"]},
            "textDocument": {
                "diagnostic": {},
                "documentSymbol": {"hierarchicalDocumentSymbolSupport": true},
                "rename": {"prepareSupport": true},
            },
            "workspace": {
                "diagnostics": {"refreshSupport": true},
                "didChangeWatchedFiles": {"dynamicRegistration": true},
                "workspaceEdit": {"documentChanges": true, "resourceOperations": ["create", "rename", "delete"]},
            },
            "window": {"workDoneProgress": true},
        });
        let folders = json!([{"uri": cli::file_uri(root), "name": "vault"}]);
        let params = json!({"processId": null, "workspaceFolders": folders, "capabilities": capabilities});
        client.request("initialize", params)?;
        let initialized = client.started().elapsed();
        client.notify("initialized", json!({}))?;
        Ok(Editor { client, initialized, version: 0 })
    }

    /// Opens a note, with something added to its text.
    pub(crate) fn open(&mut self, visit: &Visit, added: &str) -> Result<(), SessionError> {
        let text = format!("{}{added}", visit.text.to_text());
        let open = json!({"uri": visit.uri, "languageId": "markdown", "version": 0, "text": text});
        self.client.notify("textDocument/didOpen", json!({"textDocument": open}))
    }

    /// Replaces the text of an open note by that on disk, with something added.
    pub(crate) fn replace(&mut self, visit: &Visit, added: &str) -> Result<(), SessionError> {
        let changes = json!([{"text": format!("{}{added}", visit.text.to_text())}]);
        self.version += 1;
        let document = json!({"uri": visit.uri, "version": self.version});
        let params = json!({"textDocument": document, "contentChanges": changes});
        self.client.notify("textDocument/didChange", params)
    }

    /// Opens a note at once and asks where a link leads until that is answered rightly, and waits until the
    /// vault is read.
    pub(crate) fn measure_start(&mut self, script: &Script) -> Result<Start, Box<dyn Error>> {
        let from_middle = script.visits.iter().skip(script.visits.len() / 2);
        let (visit, link) = from_middle
            .chain(&script.visits)
            .find_map(|visit| Some((visit, visit.links.first()?)))
            .ok_or("no note with a link by name")?;
        self.open(visit, "")?;
        let started = self.client.started();
        while !leads_where_it_should(
            &self.client.request("textDocument/definition", link.place.params())?.result,
            link,
        ) {
            if started.elapsed() > PATIENCE {
                return Err(format!("[[{}]] never leads to {}", link.target, link.leads_to).into());
            }
            std::thread::sleep(PAUSE);
        }
        let definition = started.elapsed();
        let (read, _) = self.client.wait_for_index(PATIENCE)?;
        Ok(Start { initialized: self.initialized, definition, read })
    }

    /// Opens a note, asks at its links, searches for its last heading, types into it, and closes it.
    pub(crate) fn visit(&mut self, visit: &Visit, times: &mut Latencies) -> Result<(), Box<dyn Error>> {
        let document = json!({"textDocument": {"uri": visit.uri}});
        self.open(visit, "")?;
        times.diagnostics.push(self.client.request("textDocument/diagnostic", document.clone())?.took);
        for link in &visit.links {
            let answered = self.client.request("textDocument/definition", link.place.params())?;
            if !leads_where_it_should(&answered.result, link) {
                return Err(format!("[[{}]] does not lead to {}", link.target, link.leads_to).into());
            }
            times.definition.push(answered.took);
            times.hover.push(self.client.request("textDocument/hover", link.place.params())?.took);
        }
        if let Some(broken) = &visit.broken {
            times.hover_broken.push(self.client.request("textDocument/hover", broken.params())?.took);
        }
        for (end, letter) in visit.heading.iter().flat_map(|heading| heading.char_indices()).take(6) {
            // As it is typed, letter by letter.
            let typed = visit.heading.as_deref().and_then(|heading| heading.get(..end + letter.len_utf8()));
            times.symbols.push(self.client.request("workspace/symbol", json!({"query": typed}))?.took);
        }
        let mut typist = Typist { client: &mut self.client, visit, text: visit.text.clone(), version: 0 };
        typist.type_keys(times)?;
        self.client.notify("textDocument/didClose", document)?;
        Ok(())
    }

    /// Asks who links to the most linked note, and what its rename would edit.
    pub(crate) fn ask_about_hub(&mut self, hub: &Place, times: &mut Latencies) -> Result<(), Box<dyn Error>> {
        for _ in 0..HUB_ROUNDS {
            let answered = self.client.request("textDocument/references", hub.references())?;
            times.references.push(answered.took);
            let answered = self.client.request("textDocument/rename", hub.rename())?;
            if answered.result.pointer("/documentChanges/0").is_none() {
                return Err("no edit renames the most linked note".into());
            }
            times.rename.push(answered.took);
        }
        Ok(())
    }
}

/// Whether the answer to `textDocument/definition` has the file of a link and no other.
fn leads_where_it_should(result: &Value, link: &GoodLink) -> bool {
    let places = result.as_array().map_or(std::slice::from_ref(result), Vec::as_slice);
    let uris = places.iter().map(|place| place.get("uri").or_else(|| place.get("targetUri")));
    !places.is_empty() && uris.into_iter().all(|uri| uri.and_then(Value::as_str) == Some(&link.leads_to))
}

/// Types in a note that is open.
struct Typist<'a> {
    client: &'a mut Client,
    visit: &'a Visit,
    text: Text,
    version: u64,
}

impl Typist<'_> {
    fn type_keys(&mut self, times: &mut Latencies) -> Result<(), Box<dyn Error>> {
        self.key(self.text.end(), "\n\n")?;
        for _ in 0..KEYS {
            times.key_in_sentence.push(self.key(self.text.end(), "e")?);
        }
        if let Some(link) = self.visit.links.first() {
            let name: String = link.target.chars().take(6).collect();
            for key in std::iter::once(" [[".to_owned()).chain(name.chars().map(String::from)) {
                self.key(self.text.end(), &key)?;
                let at = position(&self.text, self.text.end());
                let params = json!({"textDocument": {"uri": self.visit.uri}, "position": at});
                let answered = self.client.request("textDocument/completion", params)?;
                let items = answered.result.get("items").unwrap_or(&answered.result);
                if items.as_array().is_none_or(Vec::is_empty) {
                    return Err(format!("no completion for [[{name} in {}", self.visit.uri).into());
                }
                times.largest_list = times.largest_list.max(answered.result.to_string().len());
                times.completion.push(answered.took);
            }
        }
        // A name that is used, another with each key; and a name by which the note is found.
        self.key(self.text.end(), "\n\n[[some_not]]")?;
        for _ in 0..KEYS {
            let inside = Offset::new(self.text.len() - "]]".len());
            times.key_in_link.push(self.key(inside, "e")?);
        }
        for typed in 0..KEYS {
            let Some(end) = self.visit.title_end else { break };
            times.key_in_title.push(self.key(end.plus(typed), "e")?);
        }
        Ok(())
    }

    /// Types something: how long it takes until an answer knows of it.
    fn key(&mut self, at: Offset, typed: &str) -> Result<Duration, SessionError> {
        let place = position(&self.text, at);
        self.text.replace(Span::empty(at), typed);
        self.version += 1;
        let document = json!({"uri": self.visit.uri, "version": self.version});
        let change = json!({"range": {"start": place, "end": place}, "text": typed});
        let start = Instant::now();
        let params = json!({"textDocument": document, "contentChanges": [change]});
        self.client.notify("textDocument/didChange", params)?;
        // Nothing to find at the start of the note: its answer says only that the edit is in.
        let params =
            json!({"textDocument": {"uri": self.visit.uri}, "position": {"line": 0, "character": 0}});
        self.client.request("textDocument/hover", params)?;
        Ok(start.elapsed())
    }
}
