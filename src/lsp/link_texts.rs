//! `vaultls/resolveLinks`: what links mean by their text, for an editor that renders notes itself.

use serde::{Deserialize, Serialize};
use tower_lsp::ls_types::{TextDocumentIdentifier, Uri};

use crate::ide::{FragmentMeaning, LinkMeaning, LinkText};

use super::Encoder;

/// The method's name.
pub const RESOLVE_LINKS: &str = "vaultls/resolveLinks";

/// What is asked.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ResolveLinksParams {
    /// The note that the links stand in; it need not be open.
    pub text_document: TextDocumentIdentifier,
    /// The links.
    links: Vec<WireLinkText>,
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
    pub fn into_links(self) -> Vec<LinkText> {
        let link = |link: WireLinkText| LinkText { name: link.target, is_embed: link.is_embed };
        self.links.into_iter().map(link).collect()
    }
}

/// What is answered.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ResolvedLinks {
    /// The video of the note, if its id can be one.
    pub video_id: Option<String>,
    /// One for each link that was asked for, `None` if it leads to no file.
    pub links: Vec<Option<ResolvedLink>>,
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
    /// The video that the timestamps in that text are about.
    #[serde(skip_serializing_if = "Option::is_none")]
    video_id: Option<String>,
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
    let (text, video_id) = meaning.excerpt.map(|excerpt| (excerpt.text, excerpt.video)).unzip();
    Some(ResolvedLink {
        uri: encoder.uri(meaning.file)?,
        kind: if meaning.is_note { FileKind::Note } else { FileKind::Attachment },
        fragment: match meaning.fragment {
            FragmentMeaning::Found(fragment) => Some(fragment),
            FragmentMeaning::None | FragmentMeaning::Missing => None,
        },
        is_fragment_missing,
        text,
        video_id: video_id.flatten(),
    })
}
