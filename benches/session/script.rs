//! What is asked in a vault, as plain data: the model in which it was found is dropped before a server
//! starts.

use std::collections::HashMap;
use std::error::Error;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use vaultls::cli;
use vaultls::syntax::Link;
use vaultls::text::{Encoding, Offset, Position, Text};
use vaultls::vault::{FileId, Found, NoteRef, Resolution, Snapshot, Tier};

/// Notes that are opened, spread over the vault.
const VISITED_NOTES: usize = 40;

/// Links that are asked at in each of them.
const LINKS_OF_NOTE: usize = 5;

/// Notes that a branch switch rewrites.
const SWITCHED_NOTES: usize = 2_000;

/// A vault, and the places in it at which something is known.
pub(crate) struct Script {
    pub(crate) root: PathBuf,
    pub(crate) notes: u64,
    pub(crate) bytes: u64,
    /// Spread evenly over the vault by path, lists of links excluded.
    pub(crate) visits: Vec<Visit>,
    /// The note that most links lead to: a link that leads there, and how many do.
    pub(crate) hub: (Place, usize),
    /// The notes that a branch switch rewrites, spread likewise.
    pub(crate) switched: Vec<PathBuf>,
}

/// A note to be opened.
pub(crate) struct Visit {
    pub(crate) uri: String,
    pub(crate) text: Text,
    pub(crate) links: Vec<GoodLink>,
    /// A link that leads nowhere.
    pub(crate) broken: Option<Place>,
    /// Its last heading.
    pub(crate) heading: Option<String>,
    /// Where the title of its front matter ends.
    pub(crate) title_end: Option<Offset>,
}

/// A wikilink by name or path that leads to one file.
pub(crate) struct GoodLink {
    pub(crate) place: Place,
    /// What is written in it.
    pub(crate) target: String,
    /// The URI of the file.
    pub(crate) leads_to: String,
}

/// A place in a note, as parameters of a request.
#[derive(Clone)]
pub(crate) struct Place {
    pub(crate) uri: String,
    pub(crate) position: Value,
}

impl Place {
    /// `textDocument` and `position`.
    pub(crate) fn params(&self) -> Value {
        json!({"textDocument": {"uri": self.uri}, "position": self.position})
    }

    /// Those of `textDocument/references`.
    pub(crate) fn references(&self) -> Value {
        let context = json!({"includeDeclaration": false});
        json!({"textDocument": {"uri": self.uri}, "position": self.position, "context": context})
    }

    /// Those of `textDocument/rename`.
    pub(crate) fn rename(&self) -> Value {
        let name = "a name of its own";
        json!({"textDocument": {"uri": self.uri}, "position": self.position, "newName": name})
    }
}

impl Script {
    /// Reads a vault and finds what can be asked in it.
    pub(crate) fn new(folder: &Path) -> Result<Script, Box<dyn Error>> {
        let loaded = cli::load(folder, &|_| {})?;
        let (root, vault) = (loaded.root, loaded.vault);
        let mut notes: Vec<NoteRef<'_>> = vault.notes().collect();
        notes.sort_unstable_by(|a, b| a.path.cmp(b.path));
        let step = (notes.len() / SWITCHED_NOTES).max(1);
        let switched = notes.iter().step_by(step).take(SWITCHED_NOTES);
        let switched = switched.map(|note| root.join(note.path.as_str())).collect();
        let hub = hub(&vault, &notes, &root).ok_or("the vault has no link that leads to a note")?;
        notes.retain(|note| note.note.parsed.links.len() < 100);
        let step = (notes.len() / VISITED_NOTES).max(1);
        let visits = notes.iter().step_by(step).map(|note| Visit::new(&vault, note, &root)).collect();
        let total = loaded.report.total;
        Ok(Script { notes: total.notes, bytes: total.bytes, visits, hub, switched, root })
    }
}

impl Visit {
    fn new(vault: &Snapshot, note: &NoteRef<'_>, root: &Path) -> Visit {
        let (text, parsed) = (&note.note.text, &note.note.parsed);
        let uri = uri(root, note);
        let place = |link: &Link| place(&uri, text, link.target.start);
        let links = parsed.links.iter().filter_map(|link| {
            let found = by_name(vault, note, link)?;
            let target = vault.note(found.best)?;
            let leads_to = self::uri(root, &target);
            Some(GoodLink { place: place(link), target: text.slice(link.target).into_owned(), leads_to })
        });
        let broken = parsed
            .links
            .iter()
            .find(|link| link.kind.is_wiki() && vault.resolve(note, link) == Resolution::Missing);
        Visit {
            links: links.take(LINKS_OF_NOTE).collect(),
            broken: broken.map(place),
            heading: parsed.headings.last().map(|heading| parsed.heading_name(heading).to_owned()),
            title_end: parsed.title().map(|title| title.span.end),
            text: text.clone(),
            uri,
        }
    }
}

/// The file that a wikilink leads to by its name or path, if it is the only one.
fn by_name(vault: &Snapshot, note: &NoteRef<'_>, link: &Link) -> Option<Found> {
    let is_meant = link.kind.is_wiki() && !link.target.is_empty();
    let found = vault.resolve(note, link).found().filter(|_| is_meant)?;
    (found.all.len() == 1 && found.tier <= Tier::Folded).then_some(found)
}

/// A link to the note that most links lead to, and how many do.
fn hub(vault: &Snapshot, notes: &[NoteRef<'_>], root: &Path) -> Option<(Place, usize)> {
    let mut counts: HashMap<FileId, (usize, &NoteRef<'_>, &Link)> = HashMap::new();
    for note in notes {
        for link in &note.note.parsed.links {
            if let Some(found) = by_name(vault, note, link) {
                counts.entry(found.best).or_insert((0, note, link)).0 += 1;
            }
        }
    }
    let notes_only = counts.iter().filter(|(id, _)| vault.note(**id).is_some());
    let (_, (count, note, link)) = notes_only.max_by_key(|(id, (count, ..))| (*count, **id))?;
    Some((place(&uri(root, note), &note.note.text, link.target.start), *count))
}

fn uri(root: &Path, note: &NoteRef<'_>) -> String {
    cli::file_uri(&root.join(note.path.as_str()))
}

fn place(uri: &str, text: &Text, at: Offset) -> Place {
    Place { uri: uri.to_owned(), position: position(text, at) }
}

/// A position as it is sent.
pub(crate) fn position(text: &Text, at: Offset) -> Value {
    let Position { line, column } = text.position(at, Encoding::Utf8);
    json!({"line": line, "character": column})
}
