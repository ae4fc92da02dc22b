//! Obsidian's canvases: JSON files that show notes and attachments of the vault on a surface.
//!
//! A card of the type `file` names its file by the path from the root of the vault
//! (<https://jsoncanvas.org/spec/1.0/>).

use std::path::Path;

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::text::Span;
use crate::vault::VaultPath;

use super::confine::confined;
use super::open::read_small_file;
use super::root::to_disk_path;

/// Larger canvases are not read.
const MAX_CANVAS_BYTES: u64 = 16 << 20;

/// A canvas, as far as it names files.
#[derive(PartialEq, Eq, Debug)]
pub struct Canvas {
    /// Its text.
    pub text: String,
    /// The files that it shows, in order; one that it shows twice is listed twice.
    pub shown: Vec<ShownFile>,
}

/// A file that a canvas shows.
#[derive(PartialEq, Eq, Debug)]
pub struct ShownFile {
    /// Its path from the root of the vault, as the canvas names it.
    pub path: String,
    /// The JSON string with that path, quotation marks included.
    pub span: Span,
}

#[derive(Deserialize)]
struct Cards<'a> {
    #[serde(borrow, default)]
    nodes: Vec<Card<'a>>,
}

#[derive(Deserialize)]
struct Card<'a> {
    #[serde(borrow)]
    file: Option<&'a RawValue>,
}

/// Returns whether a file is a canvas by its name.
pub fn is_canvas(path: &VaultPath) -> bool {
    path.as_str().ends_with(".canvas")
}

/// Reads the canvas at a path of the vault at `root`; `None` if it is not there.
///
/// # Errors
///
/// Says in words why it is not read, or that it is not a canvas.
pub fn read_canvas(root: &Path, path: &VaultPath) -> Result<Option<Canvas>, String> {
    let Some(text) = read_small_file(&to_disk_path(root, path), MAX_CANVAS_BYTES)? else { return Ok(None) };
    if confined(root, path, true).is_none() {
        return Err("it is a link that leads out of the vault".to_owned());
    }
    let shown = shown_files(&text).map_err(|error| format!("not a valid canvas: {error}"))?;
    Ok(Some(Canvas { text, shown }))
}

/// Returns a path as a canvas writes it: a JSON string.
pub fn canvas_path(path: &VaultPath) -> String {
    serde_json::Value::from(path.as_str()).to_string()
}

fn shown_files(text: &str) -> Result<Vec<ShownFile>, serde_json::Error> {
    // Obsidian writes an empty file for an empty canvas.
    if text.trim().is_empty() {
        return Ok(Vec::new());
    }
    let cards: Cards<'_> = serde_json::from_str(text)?;
    let shown = |card: Card<'_>| {
        let json = card.file?.get();
        // The raw value is a part of the text.
        let start = (json.as_ptr() as usize).checked_sub(text.as_ptr() as usize)?;
        let path = serde_json::from_str(json).ok()?;
        Some(ShownFile { path, span: Span::new(start, start + json.len()) })
    };
    Ok(cards.nodes.into_iter().filter_map(shown).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::disk::testing::Folder;

    #[test]
    fn a_canvas_names_files_by_their_paths() {
        let text = r#"{ "nodes":[
            {"id":"1","type":"text","text":"\"file\": \"x.md\"","x":1.5},
            {"id":"2", "type":"file", "file" : "a/\u00e9 \"b\".md", "subpath":"\#Ä"},
            {"id":"3","type":"file","file":"img.png"}, {"file": null}, {"file": 7}],
            "edges":[{"file":"no.md"}] }"#
            .replace("\\#", "#");
        let folder = Folder::new(&[("x/a.canvas", &text), ("empty.canvas", ""), ("not.canvas", "[1]")]);
        let read = |path: &str| read_canvas(&folder.root(), &VaultPath::resolve("", path).unwrap());
        let canvas = read("x/a.canvas").unwrap().unwrap();
        let part = |shown: &ShownFile| canvas.text.get(shown.span.range()).unwrap().to_owned();
        let shown: Vec<(&str, String)> =
            canvas.shown.iter().map(|shown| (&*shown.path, part(shown))).collect();
        assert_eq!(
            shown,
            [("a/é \"b\".md", r#""a/\u00e9 \"b\".md""#.to_owned()), ("img.png", r#""img.png""#.to_owned())]
        );
        assert_eq!(read("empty.canvas").unwrap().unwrap().shown, []);
        assert_eq!(read("none.canvas"), Ok(None));
        assert!(read("not.canvas").unwrap_err().starts_with("not a valid canvas: "));
    }

    #[test]
    fn paths_are_json_strings() {
        assert_eq!(canvas_path(&VaultPath::resolve("", "a/\"b\" é.md").unwrap()), r#""a/\"b\" é.md""#);
    }
}
