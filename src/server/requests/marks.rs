//! Requests for what an editor draws on or around the text of one note.

use tower_lsp::jsonrpc::Result;
use tower_lsp::ls_types::{
    DocumentLink, DocumentLinkParams, FoldingRange, FoldingRangeParams, InlayHint, InlayHintParams, Position,
    SelectionRange, SelectionRangeParams,
};

use crate::ide;
use crate::lsp::{self, DocumentLinkData, to_text_range, uri};
use crate::text::Offset;

use crate::server::session::Session;

impl Session {
    /// `textDocument/documentLink`
    pub(crate) async fn document_links(
        &self,
        params: DocumentLinkParams,
    ) -> Result<Option<Vec<DocumentLink>>> {
        let ask = self.ask("textDocument/documentLink", &params.text_document.uri, |asked, cancel| {
            let found = ide::document_links(&asked.snapshot, asked.note, cancel)?;
            Ok(Some(asked.encode(|encoder| lsp::document_links(&found, asked.note, &asked.uri, encoder))))
        });
        ask.await
    }

    /// `documentLink/resolve`
    pub(crate) async fn link_with_target(&self, mut link: DocumentLink) -> Result<DocumentLink> {
        let data: Option<DocumentLinkData> =
            link.data.clone().and_then(|data| serde_json::from_value(data).ok());
        let uri = data.as_ref().and_then(|data| uri::lenient(&data.uri));
        let Some((data, uri)) = data.zip(uri) else { return Ok(link) };
        let ask = self.ask("documentLink/resolve", &uri, move |asked, _| {
            Ok(asked.encode(|encoder| lsp::link_target(&data, encoder)))
        });
        link.target = ask.await?.or(link.target);
        Ok(link)
    }

    /// `textDocument/foldingRange`
    pub(crate) async fn folds(&self, params: FoldingRangeParams) -> Result<Option<Vec<FoldingRange>>> {
        let ask = self.ask("textDocument/foldingRange", &params.text_document.uri, |asked, _| {
            let limit = asked.features.folds_at_most.unwrap_or(usize::MAX);
            Ok(Some(lsp::folding_ranges(&ide::folding_ranges(&asked.snapshot, asked.note, limit))))
        });
        ask.await
    }

    /// `textDocument/selectionRange`
    pub(crate) async fn selections(
        &self,
        params: SelectionRangeParams,
    ) -> Result<Option<Vec<SelectionRange>>> {
        let SelectionRangeParams { text_document, positions, .. } = params;
        let ask = self.ask("textDocument/selectionRange", &text_document.uri, move |asked, cancel| {
            let Some(note) = asked.snapshot.note(asked.note) else { return Ok(None) };
            let offset = |at: &Position| lsp::position(&note.note.text, *at, asked.features.encoding);
            let places: Vec<Offset> = positions.iter().map(offset).collect();
            let found = ide::selection_ranges(&asked.snapshot, asked.note, &places, cancel)?;
            Ok(found.map(|found| {
                asked.encode(|encoder| {
                    found.iter().map(|steps| lsp::selection_range(steps, asked.note, encoder)).collect()
                })
            }))
        });
        ask.await
    }

    /// `textDocument/inlayHint`
    pub(crate) async fn title_hints(&self, params: InlayHintParams) -> Result<Option<Vec<InlayHint>>> {
        let InlayHintParams { text_document, range, .. } = params;
        let ask = self.ask("textDocument/inlayHint", &text_document.uri, move |asked, cancel| {
            let Some(note) = asked.snapshot.note(asked.note) else { return Ok(None) };
            let within = note.note.text.span(to_text_range(range), asked.features.encoding);
            let found = ide::title_hints(&asked.snapshot, asked.note, within, cancel)?;
            Ok(Some(asked.encode(|encoder| lsp::title_hints(&found, asked.note, encoder))))
        });
        ask.await
    }
}
