//! Completion lists and the data that travels with their items.

use serde::{Deserialize, Serialize};
use tower_lsp::ls_types::{
    self, CompletionItemKind, CompletionList, CompletionResponse, CompletionTextEdit, Documentation,
    TextEdit, Uri,
};

use crate::ide::{Completion, CompletionItem, CompletionKind, CompletionSubject};
use crate::vault::FileId;

use super::navigation::markup;
use super::{ClientFeatures, Encoder};

/// What an item carries so that its documentation can be asked for later.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct CompletionData {
    /// The note that was written in.
    pub uri: String,
    /// The path of the file that the item is about.
    pub path: String,
    /// The fragment in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fragment: Option<String>,
}

impl CompletionData {
    /// What the item is about.
    pub fn subject(&self) -> CompletionSubject {
        CompletionSubject { path: self.path.clone(), fragment: self.fragment.clone() }
    }
}

/// The list for the client. `sortText` counts up, so the client keeps our order.
pub fn completion(found: &Completion, note: FileId, uri: &Uri, encoder: &Encoder<'_>) -> CompletionResponse {
    let items =
        found.items.iter().enumerate().map(|(place, item)| self::item(item, place, note, uri, encoder));
    CompletionResponse::List(CompletionList { is_incomplete: found.is_incomplete, items: items.collect() })
}

fn item(
    item: &CompletionItem,
    place: usize,
    note: FileId,
    uri: &Uri,
    encoder: &Encoder<'_>,
) -> ls_types::CompletionItem {
    let subject = item.subject.clone();
    let data =
        CompletionData { uri: uri.as_str().to_owned(), path: subject.path, fragment: subject.fragment };
    let edit = TextEdit { range: encoder.range(note, item.replace), new_text: item.new_text.clone() };
    ls_types::CompletionItem {
        label: item.label.clone(),
        detail: item.detail.clone(),
        kind: Some(match item.kind {
            CompletionKind::Note => CompletionItemKind::FILE,
            CompletionKind::Attachment => CompletionItemKind::REFERENCE,
            CompletionKind::Heading => CompletionItemKind::TEXT,
            CompletionKind::Block => CompletionItemKind::SNIPPET,
        }),
        sort_text: Some(format!("{place:05}")),
        filter_text: Some(item.filter.clone()),
        text_edit: Some(CompletionTextEdit::Edit(edit)),
        data: serde_json::to_value(data).ok(),
        ..ls_types::CompletionItem::default()
    }
}

/// The documentation of an item.
pub fn completion_documentation(text: String, features: &ClientFeatures) -> Documentation {
    Documentation::MarkupContent(markup(text, features.completion_markdown))
}
