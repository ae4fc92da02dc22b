//! `vaultls/resolveLinks`: links and timestamps resolved by their text, for editors with their own renderer.

use serde::{Deserialize, Serialize};
use tower_lsp::ls_types::{TextDocumentIdentifier, Uri};

use crate::ide::{FragmentMeaning, LinkMeaning, LinkText};

use super::encode::Encoder;

/// What is asked.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ResolveLinksParams {
    /// The note that the links stand in; it need not be open.
    pub text_document: TextDocumentIdentifier,
    /// The links.
    links: Vec<WireLinkText>,
    /// The clocks of timestamps: `1:55`.
    #[serde(default)]
    pub clocks: Vec<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct WireLinkText {
    /// What stands between `[[` and `|` or `]]`.
    target: String,
    #[serde(default)]
    is_embed: bool,
}

impl ResolveLinksParams {
    /// The links, in order.
    pub fn links(&self) -> Vec<LinkText> {
        let link = |link: &WireLinkText| LinkText { name: link.target.clone(), is_embed: link.is_embed };
        self.links.iter().map(link).collect()
    }
}

/// What is answered.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ResolvedLinks {
    /// One for each link that was asked for, `None` if it leads to no file.
    pub links: Vec<Option<ResolvedLink>>,
    /// For each clock the address of that moment of the note's video. `None` if it is no clock,
    /// or the note has no video.
    pub moments: Vec<Option<String>>,
}

/// Where one link leads.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ResolvedLink {
    /// The file, the best one if the link is ambiguous.
    uri: Uri,
    kind: FileKind,
    /// The GitHub slug of a heading, `^id` of a block, the name of an HTML anchor.
    fragment: Option<String>,
    /// Whether a fragment was asked for and is not there.
    is_fragment_missing: bool,
    /// The Markdown that an embed of a note shows.
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<String>,
}

#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
enum FileKind {
    Note,
    Attachment,
}

/// One answer; `None` if its file has no address.
pub fn resolved_link(meaning: LinkMeaning, encoder: &Encoder<'_>) -> Option<ResolvedLink> {
    let is_fragment_missing = meaning.fragment == FragmentMeaning::Missing;
    Some(ResolvedLink {
        uri: encoder.uri(meaning.file)?,
        kind: if meaning.is_note { FileKind::Note } else { FileKind::Attachment },
        fragment: match meaning.fragment {
            FragmentMeaning::Found(fragment) => Some(fragment),
            FragmentMeaning::None | FragmentMeaning::Missing => None,
        },
        is_fragment_missing,
        text: meaning.excerpt,
    })
}
