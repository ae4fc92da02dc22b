//! Document links, with the line of a fragment for editors that open files at one.

use serde::{Deserialize, Serialize};
use tower_lsp::ls_types::{self, Uri};

use crate::ide::{DocumentLink, LinkDestination, fragment_target};
use crate::vault::FileId;

use super::encode::Encoder;
use super::wire::uri;

/// What travels with a link so that its fragment can be looked up when the link is followed.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct DocumentLinkData {
    /// The note that holds the link.
    pub uri: String,
    /// The path of the note that it leads to.
    pub path: String,
    /// The fragment in it, decoded.
    pub fragment: String,
}

/// The links of a note. Those with a fragment have no target yet where the client opens files at a line.
pub fn document_links(
    links: &[DocumentLink],
    note: FileId,
    source: &Uri,
    encoder: &Encoder<'_>,
) -> Vec<ls_types::DocumentLink> {
    let link = |link: &DocumentLink| {
        let (target, tooltip, data) = match &link.to {
            LinkDestination::Address(address) => (Some(uri::lenient(address)?), None, None),
            LinkDestination::Moment { address, moment } => {
                (Some(uri::lenient(address)?), Some(format!("Video at {moment}")), None)
            }
            LinkDestination::File { file, fragment } => {
                let path = encoder.vault.file(*file)?.path.to_string();
                let fragment = fragment.clone().filter(|_| encoder.features.opens_at_lines);
                let target = encoder.uri(*file)?;
                let data = fragment.map(|fragment| {
                    let uri = source.as_str().to_owned();
                    DocumentLinkData { uri, path: path.clone(), fragment }
                });
                (Some(target).filter(|_| data.is_none()), Some(path), data)
            }
        };
        Some(ls_types::DocumentLink {
            range: encoder.range(note, link.span),
            target,
            tooltip: tooltip.filter(|_| encoder.features.link_tooltips),
            data: data.and_then(|data| serde_json::to_value(data).ok()),
        })
    };
    links.iter().filter_map(link).collect()
}

/// The note and the line that a link leads to: `file:///b.md#L3,1`, both counted from one, as VS Code opens
/// it. Without a line if the fragment is not in the note; `None` if the note is gone.
pub fn link_target(data: &DocumentLinkData, encoder: &Encoder<'_>) -> Option<Uri> {
    let file = encoder.vault.find(&data.path)?;
    let uri = encoder.uri(file)?;
    let Some(target) = fragment_target(encoder.vault, file, &data.fragment) else { return Some(uri) };
    let start = encoder.range(file, target.focus).start;
    format!("{}#L{},{}", uri.as_str(), start.line + 1, start.character + 1).parse().ok()
}
