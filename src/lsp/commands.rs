//! The commands of `workspace/executeCommand`: their names, what they take and what they answer.

use serde::Deserialize;
use serde_json::{Value, json};
use tower_lsp::jsonrpc::{Error, Result};
use tower_lsp::ls_types::{Location, Position};

use crate::ide::{LinkGraph, Reach, VaultStats};
use crate::syntax::TimestampForm;
use crate::vault::{FileId, LinkRef};

use super::code_actions::APPLY_ACTION_COMMAND;
use super::completion::ADD_BLOCK_ID_COMMAND;
use super::encode::Encoder;

/// Counts of all vaults.
pub const STATS_COMMAND: &str = "vaultls.stats";
/// Reads every vault again.
pub const REINDEX_COMMAND: &str = "vaultls.reindex";
/// Creates a note. Takes [`CreateNoteArguments`].
pub const CREATE_NOTE_COMMAND: &str = "vaultls.createNote";
/// Creates the daily note if it is missing. Takes [`DailyNoteArguments`].
pub const DAILY_NOTE_COMMAND: &str = "vaultls.dailyNote";
/// Applies all safe fixes of a note. Takes [`NoteArguments`].
pub const FIX_ALL_COMMAND: &str = "vaultls.fixAll";
/// The links to a file. Takes [`NoteArguments`].
pub const BACKLINKS_COMMAND: &str = "vaultls.backlinks";
/// The notes that name a note without linking to it. Takes [`NoteArguments`].
pub const MENTIONS_COMMAND: &str = "vaultls.mentions";
/// Makes links of the words that name a note. Takes [`LinkMentionsArguments`].
pub const LINK_MENTIONS_COMMAND: &str = "vaultls.linkMentions";
/// Files and links of the vault. Takes [`VaultArguments`].
pub const GRAPH_COMMAND: &str = "vaultls.graph";
/// Inserts a timestamp at a place of a note. Takes [`InsertTimestampArguments`].
pub const INSERT_TIMESTAMP_COMMAND: &str = "vaultls.insertTimestamp";
/// Writes the timestamps of a note or its vault in a form. Takes [`ConvertTimestampsArguments`].
pub const CONVERT_TIMESTAMPS_COMMAND: &str = "vaultls.convertTimestamps";
/// Applies all safe fixes of one timestamp rule. Takes [`FixTimestampsArguments`].
pub const FIX_TIMESTAMPS_COMMAND: &str = "vaultls.fixTimestamps";
/// All commands.
pub const COMMANDS: [&str; 14] = [
    STATS_COMMAND,
    REINDEX_COMMAND,
    APPLY_ACTION_COMMAND,
    CREATE_NOTE_COMMAND,
    DAILY_NOTE_COMMAND,
    FIX_ALL_COMMAND,
    BACKLINKS_COMMAND,
    MENTIONS_COMMAND,
    LINK_MENTIONS_COMMAND,
    GRAPH_COMMAND,
    ADD_BLOCK_ID_COMMAND,
    INSERT_TIMESTAMP_COMMAND,
    CONVERT_TIMESTAMPS_COMMAND,
    FIX_TIMESTAMPS_COMMAND,
];

/// A file that a command is about.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
pub struct NoteArguments {
    /// Its address.
    pub uri: String,
}

/// Whose mentions become links.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
pub struct LinkMentionsArguments {
    /// The address of the note that is named.
    pub uri: String,
    /// The address of the note in which it is; without one it is every note of the vault.
    pub within: Option<String>,
}

/// A vault that a command is about.
#[derive(Clone, PartialEq, Eq, Debug, Default, Deserialize)]
pub struct VaultArguments {
    /// The address of any of its files or of its root; without one it is the first vault.
    pub uri: Option<String>,
}

/// A note that shall be.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
pub struct CreateNoteArguments {
    /// Its name, or its path from the root of the vault.
    pub name: String,
    /// The address of the note that it is asked for in, or of anything else in the vault; without one it is
    /// the first vault.
    pub uri: Option<String>,
    /// Another template than the one that is set.
    pub template: Option<String>,
    /// Whether it is shown; so it is unless it is said not to be.
    pub show: Option<bool>,
}

/// A daily note that shall be.
#[derive(Clone, PartialEq, Eq, Debug, Default, Deserialize)]
pub struct DailyNoteArguments {
    /// The address of anything in the vault; without one it is the first vault.
    pub uri: Option<String>,
    /// The day, `2026-03-01`; today without one.
    pub date: Option<String>,
    /// Whether it is shown; so it is unless it is said not to be.
    pub show: Option<bool>,
}

/// A timestamp that shall be.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
pub struct InsertTimestampArguments {
    /// The address of the note.
    pub uri: String,
    /// Where.
    pub position: Position,
    /// The moment; without one it is that of the clipboard, else the next that other notes cite.
    pub moment: Option<WantedMoment>,
    /// The text of the clipboard, which counts if it names a moment.
    pub clipboard: Option<String>,
}

/// A moment as editors and players name it.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(untagged)]
pub enum WantedMoment {
    /// Seconds from the start of the video.
    Seconds(u32),
    /// A clock (`1:55`), seconds, or the address of the moment.
    Named(String),
}

impl WantedMoment {
    /// The moment in words.
    pub fn into_words(self) -> String {
        match self {
            WantedMoment::Seconds(seconds) => seconds.to_string(),
            WantedMoment::Named(words) => words,
        }
    }
}

/// Timestamps that shall have another form.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
pub struct ConvertTimestampsArguments {
    /// The address of the note.
    pub uri: String,
    /// The form.
    pub form: TimestampForm,
    /// Which timestamps; without it those of the note.
    pub reach: Option<Reach>,
}

/// Timestamps to fix.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
pub struct FixTimestampsArguments {
    /// The address of the note.
    pub uri: String,
    /// The code of the findings: `timestamp/empty-label`.
    pub code: String,
    /// Which notes; without it the note.
    pub reach: Option<Reach>,
}

/// The argument of a command: one object.
///
/// # Errors
///
/// If it is not what the command takes.
pub fn argument<T: for<'de> Deserialize<'de>>(arguments: Vec<Value>) -> Result<T> {
    let argument = arguments.into_iter().next().unwrap_or_else(|| json!({}));
    serde_json::from_value(argument)
        .map_err(|error| Error::invalid_params(format!("the argument does not fit: {error}")))
}

/// What a vault holds, in numbers.
pub fn stats(stats: &VaultStats, root: Option<&str>, revision: u64, is_loading: bool) -> Value {
    let total = stats.total();
    json!({
        "root": root,
        "notes": stats.notes(),
        "attachments": stats.attachments(),
        "links": total.links,
        "unresolvedLinks": total.unresolved_links,
        "headings": total.headings,
        "timestamps": total.timestamps,
        "revision": revision,
        "isLoading": is_loading,
    })
}

/// Where links stand.
pub fn link_locations(links: &[LinkRef<'_>], encoder: &Encoder<'_>) -> Vec<Location> {
    links.iter().filter_map(|link| encoder.location(link.source.id, link.link.span)).collect()
}

/// `{ nodes: [{ uri, path, title, isNote }], edges: [{ source, target, count }] }`, with places in `nodes` as
/// the ends of edges.
pub fn link_graph(graph: &LinkGraph, encoder: &Encoder<'_>) -> Value {
    let node = |file: &FileId| {
        let path = encoder.vault.file(*file).map(|file| file.path.to_string());
        let note = encoder.vault.note(*file);
        let title = note.as_ref().and_then(|note| note.note.title());
        json!({ "uri": encoder.uri(*file), "path": path, "title": title, "isNote": note.is_some() })
    };
    let edges = graph
        .edges()
        .into_iter()
        .map(|(source, target, count)| json!({ "source": source, "target": target, "count": count }));
    json!({ "nodes": graph.files.iter().map(node).collect::<Vec<_>>(), "edges": edges.collect::<Vec<_>>() })
}
