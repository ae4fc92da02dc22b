//! `vaultls/resolveLinks`: where the links of a text lead, for previews.

use tower_lsp::jsonrpc::Result;

use crate::ide;
use crate::lsp::{self, Encoder, RESOLVE_LINKS, ResolveLinksParams, ResolvedLinks};
use crate::server::session::{Session, query};

/// `vaultls/resolveLinks`
pub(crate) async fn resolve_links(session: &Session, params: ResolveLinksParams) -> Result<ResolvedLinks> {
    let uri = params.text_document.uri.clone();
    let (links, clocks) = (params.links(), params.clocks);
    let nothing = ResolvedLinks {
        links: links.iter().map(|_| None).collect(),
        moments: clocks.iter().map(|_| None).collect(),
    };
    let ask = query::ask_note(session, RESOLVE_LINKS, &uri, move |view, cancel| {
        let found = ide::link_meanings(&view.snapshot, view.file, &links, cancel)?;
        let encode = |encoder: &Encoder<'_>| {
            let links = found.into_iter().map(|meaning| lsp::resolved_link(meaning?, encoder)).collect();
            let note = view.snapshot.note(view.file);
            let moment = |clock: &String| ide::address_of_moment(note.as_ref()?, clock);
            ResolvedLinks { links, moments: clocks.iter().map(moment).collect() }
        };
        Ok(Some(view.encode(encode)))
    });
    Ok(ask.await?.unwrap_or(nothing))
}
