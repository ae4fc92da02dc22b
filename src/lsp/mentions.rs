//! `vaultls.mentions`: who names a note without linking to it.

use serde::Serialize;
use tower_lsp::ls_types::{Range, Uri};

use crate::ide::NoteMentions;
use crate::text::Span;

use super::Encoder;

/// A note that names the one that was asked about.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct MentioningNote {
    uri: Uri,
    /// The title, else the stem.
    title: String,
    /// Where it lies in the vault.
    path: String,
    mentions: Vec<MentionInNote>,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct MentionInNote {
    range: Range,
    /// The words.
    text: String,
}

/// The notes that name another, with the words. Notes without an address are left out.
pub fn mentions(found: &[NoteMentions], encoder: &Encoder<'_>) -> serde_json::Value {
    let in_note = |mentions: &NoteMentions| {
        let note = encoder.vault.note(mentions.note)?;
        let mention = |span: &Span| MentionInNote {
            range: encoder.range(mentions.note, *span),
            text: note.note.slice(*span).into_owned(),
        };
        Some(MentioningNote {
            uri: encoder.uri(mentions.note)?,
            title: note.note.title().unwrap_or(note.path.stem()).to_owned(),
            path: note.path.to_string(),
            mentions: mentions.spans.iter().map(mention).collect(),
        })
    };
    let notes: Vec<MentioningNote> = found.iter().filter_map(in_note).collect();
    serde_json::json!(notes)
}
