//! Thousands of notes rewritten at once, as when another branch is checked out, until all answers know of it.

use std::error::Error;
use std::fs;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use vaultls::cli;

use crate::editor::{Editor, Times};
use crate::script::{Place, Script};

/// Switches to the other branch and back.
const ROUNDS: usize = 4;

/// How long a switch may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// The stem of the note that is linked to on the other branch, and only there.
const LANDMARK: &str = "landmark-of-another-branch";

/// LSP's kinds of changes of files.
const CREATED: u8 = 1;
const CHANGED: u8 = 2;
const DELETED: u8 = 3;

/// Switches there and back, and leaves the notes as they were: how long each switch took, from the
/// notification that the files have changed to the first answer that counts a link in each of them.
pub(crate) fn measure(editor: &mut Editor, script: &Script) -> Result<Times, Box<dyn Error>> {
    let landmark = script.root.join(LANDMARK).with_extension("md");
    let texts: Vec<Vec<u8>> = script.switched.iter().map(fs::read).collect::<Result<_, _>>()?;
    let links = format!("\n\n## Another branch\n\nAs on [[{LANDMARK}]].\n");
    fs::write(&landmark, format!("---\ntitle: {LANDMARK}\n---\n"))?;
    let place = Place { uri: cli::file_uri(&landmark), position: json!({"line": 1, "character": 7}) };
    notify(editor, std::slice::from_ref(&landmark), CREATED)?;
    let mut times = Vec::new();
    for _ in 0..ROUNDS {
        for (path, text) in script.switched.iter().zip(&texts) {
            fs::write(path, [text, links.as_bytes()].concat())?;
        }
        times.push(switch(editor, script, &place, script.switched.len())?);
        for (path, text) in script.switched.iter().zip(&texts) {
            fs::write(path, text)?;
        }
        times.push(switch(editor, script, &place, 0)?);
    }
    fs::remove_file(&landmark)?;
    notify(editor, &[landmark], DELETED)?;
    Ok(times)
}

/// Says that the notes have changed, and waits until so many link to the landmark.
fn switch(
    editor: &mut Editor,
    script: &Script,
    landmark: &Place,
    links: usize,
) -> Result<Duration, Box<dyn Error>> {
    let start = Instant::now();
    notify(editor, &script.switched, CHANGED)?;
    while start.elapsed() < PATIENCE {
        let found = editor.client.request("textDocument/references", landmark.references())?.result;
        if found.as_array().map_or(0, Vec::len) == links {
            return Ok(start.elapsed());
        }
    }
    Err(format!("no answer counts {links} links to {}", landmark.uri).into())
}

fn notify(editor: &mut Editor, files: &[PathBuf], kind: u8) -> Result<(), Box<dyn Error>> {
    let changes: Vec<Value> =
        files.iter().map(|path| json!({"uri": cli::file_uri(path), "type": kind})).collect();
    Ok(editor.client.notify("workspace/didChangeWatchedFiles", json!({"changes": changes}))?)
}
