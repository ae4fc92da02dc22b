//! Definitions, hovers and outlines.

use tower_lsp::ls_types::{
    DocumentHighlight, DocumentHighlightKind, DocumentSymbol, DocumentSymbolResponse, GotoDefinitionResponse,
    Hover, HoverContents, Location, LocationLink, MarkupContent, MarkupKind, SymbolInformation, SymbolKind,
    Uri,
};

use crate::ide::{self, DocumentSymbolKind, Highlight, Preview, Ranged, Reference, Target};
use crate::vault::FileId;

use super::encode::Encoder;

/// The places that define something, as links with the whole thing as range where the client takes them.
pub fn definition(
    found: &Ranged<Vec<Target>>,
    asking: FileId,
    encoder: &Encoder<'_>,
) -> GotoDefinitionResponse {
    if !encoder.features.definition_links {
        let locations = found.value.iter().filter_map(|target| encoder.location(target.file, target.focus));
        return GotoDefinitionResponse::Array(locations.collect());
    }
    let origin = encoder.range(asking, found.span);
    let links = found.value.iter().filter_map(|target| {
        Some(LocationLink {
            origin_selection_range: Some(origin),
            target_uri: encoder.uri(target.file)?,
            target_range: encoder.range(target.file, target.whole),
            target_selection_range: encoder.range(target.file, target.focus),
        })
    });
    GotoDefinitionResponse::Link(links.collect())
}

/// The places that refer to something.
pub fn references(found: &[Reference], encoder: &Encoder<'_>) -> Vec<Location> {
    found.iter().filter_map(|place| encoder.location(place.note, place.span)).collect()
}

/// The places of a note that are about the same thing: where it is defined as one that is written, all others
/// as read.
pub fn highlights(found: &[Highlight], note: FileId, encoder: &Encoder<'_>) -> Vec<DocumentHighlight> {
    let highlight = |place: &Highlight| DocumentHighlight {
        range: encoder.range(note, place.span),
        kind: Some(if place.is_definition {
            DocumentHighlightKind::WRITE
        } else {
            DocumentHighlightKind::READ
        }),
    };
    found.iter().map(highlight).collect()
}

/// A preview, in the format that the client shows.
pub fn hover(found: &Ranged<Preview>, asking: FileId, encoder: &Encoder<'_>) -> Hover {
    Hover {
        contents: HoverContents::Markup(markup(&found.value, encoder.features.hover_markdown)),
        range: Some(encoder.range(asking, found.span)),
    }
}

/// A preview as Markdown or as plain text.
pub(super) fn markup(preview: &Preview, as_markdown: bool) -> MarkupContent {
    if as_markdown {
        MarkupContent { kind: MarkupKind::Markdown, value: preview.markdown() }
    } else {
        MarkupContent { kind: MarkupKind::PlainText, value: preview.plain_text() }
    }
}

/// The outline of a note: a tree where the client takes one, else a list in the order of the text.
pub fn document_symbols(
    symbols: &[ide::DocumentSymbol],
    note: FileId,
    uri: &Uri,
    encoder: &Encoder<'_>,
) -> DocumentSymbolResponse {
    if encoder.features.symbol_trees {
        let tree = symbols.iter().map(|symbol| tree_symbol(symbol, note, encoder));
        return DocumentSymbolResponse::Nested(tree.collect());
    }
    let mut list = Vec::new();
    flatten(symbols, None, &mut |symbol, container| {
        list.push(flat_symbol(
            symbol,
            container,
            Location { uri: uri.clone(), range: encoder.range(note, symbol.span) },
        ));
    });
    DocumentSymbolResponse::Flat(list)
}

/// The protocol's nearest kinds, as for the symbols of a vault.
fn symbol_kind(kind: DocumentSymbolKind) -> SymbolKind {
    match kind {
        DocumentSymbolKind::Heading(_) => SymbolKind::STRING,
        DocumentSymbolKind::LinkDefinition => SymbolKind::KEY,
        DocumentSymbolKind::Tag => SymbolKind::CONSTANT,
    }
}

#[allow(deprecated, reason = "the type has a deprecated field without a default")]
fn tree_symbol(symbol: &ide::DocumentSymbol, note: FileId, encoder: &Encoder<'_>) -> DocumentSymbol {
    let children: Vec<DocumentSymbol> =
        symbol.children.iter().map(|child| tree_symbol(child, note, encoder)).collect();
    DocumentSymbol {
        name: symbol.name.clone(),
        detail: None,
        kind: symbol_kind(symbol.kind),
        tags: None,
        deprecated: None,
        range: encoder.range(note, symbol.span),
        selection_range: encoder.range(note, symbol.focus),
        children: (!children.is_empty()).then_some(children),
    }
}

#[allow(deprecated, reason = "the type has a deprecated field without a default")]
fn flat_symbol(
    symbol: &ide::DocumentSymbol,
    container: Option<&str>,
    location: Location,
) -> SymbolInformation {
    SymbolInformation {
        name: symbol.name.clone(),
        kind: symbol_kind(symbol.kind),
        tags: None,
        deprecated: None,
        location,
        container_name: container.map(str::to_owned),
    }
}

fn flatten<'a>(
    symbols: &'a [ide::DocumentSymbol],
    container: Option<&'a str>,
    take: &mut dyn FnMut(&'a ide::DocumentSymbol, Option<&'a str>),
) {
    for symbol in symbols {
        take(symbol, container);
        flatten(&symbol.children, Some(&symbol.name), take);
    }
}
