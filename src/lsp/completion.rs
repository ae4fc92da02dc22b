//! Completion lists and the data that travels with their items.

use serde::{Deserialize, Serialize};
use tower_lsp::ls_types::{
    self, Command, CompletionItemKind, CompletionTextEdit, Documentation, Range, TextEdit, Uri,
};

use crate::ide::{Completion, CompletionItem, CompletionKind, CompletionSubject, NewBlockId, Preview};
use crate::vault::FileId;

use super::encode::Encoder;
use super::encode::workspace_edit::text_edit;
use super::navigation::markup;
use super::session::client::ClientFeatures;

/// Writes an id to a block of a note, for a link that names the block. Takes one [`AddBlockId`].
pub const ADD_BLOCK_ID_COMMAND: &str = "vaultls.addBlockId";

/// Which block gets its id.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct AddBlockId {
    /// The note.
    pub uri: String,
    /// The id that was offered for the block.
    pub id: String,
}

/// What an item carries so that its documentation can be asked for later.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct CompletionData {
    /// The note that was written in.
    pub uri: String,
    /// The path of the file that the item is about; empty if it is about something else.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub path: String,
    /// The fragment in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fragment: Option<String>,
    /// The tag that the item is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tag: Option<String>,
    /// The moment that the item is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub moment: Option<MomentData>,
}

/// A moment of a video.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct MomentData {
    /// The id of the video.
    pub video: String,
    /// Seconds from its start.
    pub seconds: u32,
}

impl CompletionData {
    /// What the item is about.
    pub fn subject(&self) -> CompletionSubject {
        match (&self.moment, &self.tag) {
            (Some(MomentData { video, seconds }), _) => {
                CompletionSubject::Moment { video: video.clone(), seconds: *seconds }
            }
            (None, Some(tag)) => CompletionSubject::Tag(tag.clone()),
            (None, None) => {
                CompletionSubject::File { path: self.path.clone(), fragment: self.fragment.clone() }
            }
        }
    }

    fn new(uri: &Uri, subject: CompletionSubject) -> CompletionData {
        let mut data = CompletionData {
            uri: uri.as_str().to_owned(),
            path: String::new(),
            fragment: None,
            tag: None,
            moment: None,
        };
        match subject {
            CompletionSubject::File { path, fragment } => (data.path, data.fragment) = (path, fragment),
            CompletionSubject::Tag(tag) => data.tag = Some(tag),
            CompletionSubject::Moment { video, seconds } => data.moment = Some(MomentData { video, seconds }),
        }
        data
    }
}

/// The answer to `textDocument/completion`: a `CompletionList` with what the library's type lacks of LSP
/// 3.17.
#[derive(Clone, PartialEq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CompletionAnswer {
    is_incomplete: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    item_defaults: Option<ItemDefaults>,
    items: Vec<AnsweredItem>,
}

/// What holds for each item that does not say otherwise.
#[derive(Clone, PartialEq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct ItemDefaults {
    edit_range: Range,
}

#[derive(Clone, PartialEq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct AnsweredItem {
    #[serde(flatten)]
    item: ls_types::CompletionItem,
    /// What replaces the range that all items share.
    #[serde(skip_serializing_if = "Option::is_none")]
    text_edit_text: Option<String>,
}

/// The list for the client. `sortText` counts up, so the client keeps our order.
pub fn completion(found: &Completion, note: FileId, uri: &Uri, encoder: &Encoder<'_>) -> CompletionAnswer {
    // What the client cannot do is not offered.
    let can_be_done = |item: &&CompletionItem| {
        encoder.features.applies_edits || item.block_id.as_ref().is_none_or(|id| id.note == note)
    };
    let first = found.items.first().map(|item| item.replace);
    let shared = first.filter(|_| encoder.features.shares_edit_ranges).map(|span| encoder.range(note, span));
    let items = found.items.iter().filter(can_be_done).enumerate();
    let items = items.map(|(place, item)| {
        let edit = TextEdit { range: encoder.range(note, item.replace), new_text: item.new_text.clone() };
        let mut item = self::item(item, place, note, uri, encoder);
        let is_shared = Some(edit.range) == shared;
        let text_edit_text = is_shared.then(|| edit.new_text.clone());
        item.text_edit = (!is_shared).then_some(CompletionTextEdit::Edit(edit));
        AnsweredItem { item, text_edit_text }
    });
    CompletionAnswer {
        is_incomplete: found.is_incomplete,
        item_defaults: shared.map(|edit_range| ItemDefaults { edit_range }),
        items: items.collect(),
    }
}

/// An item without its edit.
fn item(
    item: &CompletionItem,
    place: usize,
    note: FileId,
    uri: &Uri,
    encoder: &Encoder<'_>,
) -> ls_types::CompletionItem {
    let data = item.subject.clone().map(|subject| CompletionData::new(uri, subject));
    // An edit beside that of the item can change its own note only.
    let (own, other): (Option<&NewBlockId>, _) = match &item.block_id {
        Some(id) if id.note == note => (Some(id), None),
        id => (None, id.as_ref()),
    };
    ls_types::CompletionItem {
        label: item.label.clone(),
        detail: item.detail.clone(),
        kind: Some(match item.kind {
            CompletionKind::Note => CompletionItemKind::FILE,
            CompletionKind::Attachment => CompletionItemKind::REFERENCE,
            CompletionKind::UnresolvedName => CompletionItemKind::VALUE,
            CompletionKind::Heading => CompletionItemKind::TEXT,
            CompletionKind::Anchor => CompletionItemKind::FIELD,
            CompletionKind::Block => CompletionItemKind::SNIPPET,
            CompletionKind::Folder => CompletionItemKind::FOLDER,
            CompletionKind::Tag => CompletionItemKind::KEYWORD,
            CompletionKind::Callout => CompletionItemKind::ENUM_MEMBER,
            CompletionKind::Label => CompletionItemKind::VARIABLE,
            CompletionKind::Key => CompletionItemKind::PROPERTY,
            CompletionKind::Moment => CompletionItemKind::EVENT,
            CompletionKind::Display | CompletionKind::Value => CompletionItemKind::CONSTANT,
        }),
        sort_text: Some(format!("{place:05}")),
        filter_text: Some(item.filter.clone()),
        additional_text_edits: own.map(|id| vec![text_edit(&id.edit, note, encoder)]),
        command: other.and_then(|id| add_block_id_command(id, encoder)),
        data: data.and_then(|data| serde_json::to_value(data).ok()),
        ..ls_types::CompletionItem::default()
    }
}

/// Has the server write a block id into another note, after a link to it was completed.
fn add_block_id_command(id: &NewBlockId, encoder: &Encoder<'_>) -> Option<Command> {
    let data = AddBlockId { uri: encoder.uri(id.note)?.as_str().to_owned(), id: id.id.clone() };
    Some(Command {
        title: "Write the id of the block".to_owned(),
        command: ADD_BLOCK_ID_COMMAND.to_owned(),
        arguments: Some(vec![serde_json::to_value(data).ok()?]),
    })
}

/// The documentation of an item, in the format that the client shows.
pub fn completion_documentation(preview: &Preview, features: &ClientFeatures) -> Documentation {
    Documentation::MarkupContent(markup(preview, features.completion_markdown))
}
