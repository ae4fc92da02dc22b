//! The link graph as a call hierarchy: a link is a call.

use serde::{Deserialize, Serialize};
use serde_json::json;
use tower_lsp::ls_types::{
    CallHierarchyIncomingCall, CallHierarchyItem, CallHierarchyOutgoingCall, Range, SymbolKind,
};

use crate::ide::{GraphEdge, GraphFile, Sentence, sentences_around};
use crate::text::Span;
use crate::vault::FileId;

use super::encode::Encoder;

/// A file as an item of the tree; its URI is all that is needed to ask on. `None` if it has no address.
pub fn hierarchy_item(file: &GraphFile, encoder: &Encoder<'_>) -> Option<CallHierarchyItem> {
    let place = file.place;
    Some(CallHierarchyItem {
        name: file.name.clone(),
        kind: SymbolKind::FILE,
        tags: None,
        detail: encoder.vault.file(place.file).map(|file| file.path.to_string()),
        uri: encoder.uri(place.file)?,
        range: encoder.range(place.file, place.whole),
        selection_range: encoder.range(place.file, place.focus),
        data: None,
    })
}

/// The `data` of an item that a client asks about. A client that lists backlinks makes the item itself.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Deserialize)]
pub struct HierarchyItemData {
    /// Whether each note of the answer comes with a sentence for each of its links.
    #[serde(default)]
    pub sentences: bool,
}

impl HierarchyItemData {
    /// Reads the `data` of an item. That of other items, or none, asks for nothing.
    pub fn of(item: &CallHierarchyItem) -> HierarchyItemData {
        item.data.as_ref().and_then(|data| HierarchyItemData::deserialize(data).ok()).unwrap_or_default()
    }
}

/// A sentence as it is sent: in three parts, so that no column has to be counted in it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub(super) struct WireSentence {
    before: String,
    text: String,
    after: String,
}

impl From<Sentence> for WireSentence {
    fn from(sentence: Sentence) -> WireSentence {
        WireSentence { before: sentence.before, text: sentence.place, after: sentence.after }
    }
}

/// The notes that link to an item, with the sentences around their links as `data.sentences` where they are
/// wanted.
pub fn incoming_calls(
    edges: &[GraphEdge],
    wanted: HierarchyItemData,
    encoder: &Encoder<'_>,
) -> Vec<CallHierarchyIncomingCall> {
    let call = |edge: &GraphEdge| {
        let source = edge.file.place.file;
        let mut from = hierarchy_item(&edge.file, encoder)?;
        if wanted.sentences {
            let sentences = sentences_around(&encoder.vault.note(source)?, &edge.links);
            let sentences: Vec<WireSentence> = sentences.into_iter().map(WireSentence::from).collect();
            from.data = Some(json!({ "sentences": sentences }));
        }
        Some(CallHierarchyIncomingCall { from, from_ranges: ranges(source, &edge.links, encoder) })
    };
    edges.iter().filter_map(call).collect()
}

/// The files that an item links to; `source` is the note of the item.
pub fn outgoing_calls(
    edges: &[GraphEdge],
    source: FileId,
    encoder: &Encoder<'_>,
) -> Vec<CallHierarchyOutgoingCall> {
    let call = |edge: &GraphEdge| {
        let to = hierarchy_item(&edge.file, encoder)?;
        Some(CallHierarchyOutgoingCall { to, from_ranges: ranges(source, &edge.links, encoder) })
    };
    edges.iter().filter_map(call).collect()
}

fn ranges(note: FileId, links: &[Span], encoder: &Encoder<'_>) -> Vec<Range> {
    links.iter().map(|span| encoder.range(note, *span)).collect()
}
