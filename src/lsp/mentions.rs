//! `vaultls.mentions`: who names a note without linking to it.

use serde::Serialize;
use tower_lsp::ls_types::{Range, Uri};

use crate::ide::{ActionSubject, Mention, NoteMentions, Sentence, sentences_around};
use crate::text::Span;
use crate::vault::FileId;

use super::code_actions::{CodeActionData, fingerprint};
use super::encode::Encoder;
use super::hierarchy::WireSentence;

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
    /// The sentence around them.
    sentence: WireSentence,
    /// Whether they can mean another note as well.
    is_ambiguous: bool,
    /// The argument of `vaultls.applyAction` that makes a link of them.
    link: CodeActionData,
}

/// The notes that name `mentioned`, with the words. Notes without an address are left out.
pub fn mentions(found: &[NoteMentions], mentioned: FileId, encoder: &Encoder<'_>) -> serde_json::Value {
    let mentioned = encoder.vault.file(mentioned).map(|file| file.path.to_string()).unwrap_or_default();
    let in_note = |mentions: &NoteMentions| {
        let note = encoder.vault.note(mentions.note)?;
        let uri = encoder.uri(mentions.note)?;
        let fingerprint = fingerprint(&note.note.text);
        let link = |span: Span| CodeActionData {
            uri: uri.as_str().to_owned(),
            text: fingerprint.clone(),
            subject: ActionSubject::LinkMention { span, note: mentioned.clone() },
        };
        let places: Vec<Span> = mentions.mentions.iter().map(|mention| mention.span).collect();
        let mention = |(mention, sentence): (&Mention, Sentence)| MentionInNote {
            range: encoder.range(mentions.note, mention.span),
            text: note.note.slice(mention.span).into_owned(),
            sentence: sentence.into(),
            is_ambiguous: mention.is_ambiguous,
            link: link(mention.span),
        };
        Some(MentioningNote {
            title: note.name().to_owned(),
            path: note.path.to_string(),
            uri: uri.clone(),
            mentions: mentions.mentions.iter().zip(sentences_around(&note, &places)).map(mention).collect(),
        })
    };
    let notes: Vec<MentioningNote> = found.iter().filter_map(in_note).collect();
    serde_json::json!(notes)
}
