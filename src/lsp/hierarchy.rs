//! The link graph as a call hierarchy: a link is a call.

use tower_lsp::ls_types::{
    CallHierarchyIncomingCall, CallHierarchyItem, CallHierarchyOutgoingCall, Range, SymbolKind,
};

use crate::ide::{GraphEdge, GraphFile};
use crate::text::Span;
use crate::vault::FileId;

use super::Encoder;

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

/// The notes that link to an item.
pub fn incoming_calls(edges: &[GraphEdge], encoder: &Encoder<'_>) -> Vec<CallHierarchyIncomingCall> {
    let call = |edge: &GraphEdge| {
        let from = hierarchy_item(&edge.file, encoder)?;
        let from_ranges = ranges(edge.file.place.file, &edge.links, encoder);
        Some(CallHierarchyIncomingCall { from, from_ranges })
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
