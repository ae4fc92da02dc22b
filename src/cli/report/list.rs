//! Lists of notes, tags, headings and links.

use serde_json::{Map, Value, json};

use crate::cli::load::RequestedVault;
use crate::cli::place::{Place, escape_json, place, range_object};
use crate::cli::query::QueryFormat;
use crate::cli::terminal::{FAINT, escape, painted};
use crate::ide::{self, Overview};
use crate::vault::{Cancel, Cancelled, FileId, Snapshot};

use super::ListedKind;

/// One line of a list: where it is, and its fields; numbers come first.
#[derive(Default)]
struct Item {
    place: Option<Place>,
    path: Option<String>,
    count: Option<(&'static str, usize)>,
    fields: Vec<(&'static str, String)>,
}

pub(super) fn written(
    asked: &RequestedVault,
    kind: ListedKind,
    format: QueryFormat,
    cancel: &Cancel,
) -> Result<String, Cancelled> {
    let vault = &asked.loaded.vault;
    let items = items(vault, kind, &ide::overview(vault, cancel)?);
    Ok(match format {
        QueryFormat::Pretty => items.iter().map(|item| line(item, &asked.prefix)).collect(),
        QueryFormat::Json => {
            let objects: Vec<String> =
                items.iter().map(|item| format!("\n{}", Value::from(object(item)))).collect();
            escape_json(&format!("[{}]\n", objects.join(",")))
        }
    })
}

fn items(vault: &Snapshot, kind: ListedKind, all: &Overview) -> Vec<Item> {
    let note = |id: &FileId| {
        let file = vault.file(*id);
        let title = file.and_then(|file| file.note()).and_then(|note| note.title());
        Item {
            path: file.map(|file| file.path.to_string()),
            fields: title.map(|title| ("title", title.to_owned())).into_iter().collect(),
            ..Item::default()
        }
    };
    let counted = |name: &'static str, counted: &[(String, usize)]| {
        let item = |(text, notes): &(String, usize)| Item {
            count: Some(("notes", *notes)),
            fields: vec![(name, text.clone())],
            ..Item::default()
        };
        counted.iter().map(item).collect()
    };
    match kind {
        ListedKind::Notes => all.notes.iter().map(note).collect(),
        ListedKind::Orphans => all.orphans.iter().map(note).collect(),
        ListedKind::Tags => counted("tag", &all.tags),
        ListedKind::Unresolved => counted("name", &all.unresolved),
        ListedKind::Broken => {
            let item = |(id, target): &(FileId, _)| {
                let written = vault.note(*id).map(|note| note.note.slice(*target).into_owned());
                let fields = vec![("target", written.unwrap_or_default())];
                Item { place: place(vault, *id, *target), fields, ..Item::default() }
            };
            all.broken.iter().map(item).collect()
        }
        ListedKind::Headings => all.notes.iter().flat_map(|id| headings(vault, *id)).collect(),
    }
}

fn headings(vault: &Snapshot, id: FileId) -> Vec<Item> {
    let Some(note) = vault.note(id) else { return Vec::new() };
    let parsed = &note.note.parsed;
    let item = |heading: &_| {
        let heading: &crate::syntax::Heading = heading;
        Item {
            place: place(vault, id, heading.content),
            count: Some(("level", usize::from(heading.level))),
            fields: vec![("heading", parsed.heading_name(heading).to_owned())],
            ..Item::default()
        }
    };
    parsed.headings.iter().map(item).collect()
}

fn line(item: &Item, prefix: &str) -> String {
    let place = item.place.as_ref().map(|place| {
        let start = place.range().start;
        format!("{}{}:{}:{}:", escape(prefix), escape(&place.path), start.line + 1, start.column + 1)
    });
    let path = item.path.as_ref().map(|path| format!("{}{}", escape(prefix), escape(path)));
    let count = item.count.map(|(_, count)| count.to_string());
    let fields = item.fields.iter().map(|(_, text)| escape(text).into_owned());
    let place = place.map(|place| painted(FAINT, &place));
    let parts: Vec<String> = place.into_iter().chain(path).chain(count).chain(fields).collect();
    format!("{}\n", parts.join("  "))
}

fn object(item: &Item) -> Map<String, Value> {
    let mut object = Map::new();
    if let Some(path) = item.path.as_ref().or(item.place.as_ref().map(|place| &place.path)) {
        object.insert("path".to_owned(), json!(path));
    }
    if let Some(place) = &item.place {
        object.insert("range".to_owned(), range_object(place));
    }
    object.extend(item.count.map(|(name, count)| (name.to_owned(), json!(count))));
    object.extend(item.fields.iter().map(|(name, text)| ((*name).to_owned(), json!(text))));
    object
}
