//! Symbols of the whole workspace, whose places are looked up when they are wanted, if the client can wait.

use serde::{Deserialize, Serialize};
use tower_lsp::ls_types::{Location, OneOf, SymbolKind, Uri, WorkspaceLocation, WorkspaceSymbol};

use crate::ide::{SymbolSubject, VaultSymbol, symbol_place};
use crate::vault::FileId;

use super::encode::Encoder;

/// What travels with a symbol so that its place can be looked up.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "kind", content = "index", rename_all = "camelCase")]
enum SymbolData {
    Note,
    Alias,
    Heading(usize),
    Tag,
    Video,
}

impl From<SymbolSubject> for SymbolData {
    fn from(subject: SymbolSubject) -> SymbolData {
        match subject {
            SymbolSubject::Note => SymbolData::Note,
            SymbolSubject::Alias => SymbolData::Alias,
            SymbolSubject::Heading(index) => SymbolData::Heading(index),
            SymbolSubject::Tag => SymbolData::Tag,
            SymbolSubject::Video => SymbolData::Video,
        }
    }
}

impl From<SymbolData> for SymbolSubject {
    fn from(data: SymbolData) -> SymbolSubject {
        match data {
            SymbolData::Note => SymbolSubject::Note,
            SymbolData::Alias => SymbolSubject::Alias,
            SymbolData::Heading(index) => SymbolSubject::Heading(index),
            SymbolData::Tag => SymbolSubject::Tag,
            SymbolData::Video => SymbolSubject::Video,
        }
    }
}

/// A symbol, without its range if the client can ask for that later; `None` if its note has no address.
pub fn vault_symbol(symbol: &VaultSymbol, encoder: &Encoder<'_>) -> Option<WorkspaceSymbol> {
    let location = if encoder.features.resolves_symbol_ranges {
        OneOf::Right(WorkspaceLocation { uri: encoder.uri(symbol.note)? })
    } else {
        let span = symbol_place(encoder.vault, symbol.note, symbol.subject, &symbol.name)?;
        OneOf::Left(encoder.location(symbol.note, span)?)
    };
    Some(WorkspaceSymbol {
        name: symbol.name.clone(),
        kind: match symbol.subject {
            SymbolSubject::Note => SymbolKind::FILE,
            SymbolSubject::Alias => SymbolKind::KEY,
            SymbolSubject::Heading(_) => SymbolKind::STRING,
            SymbolSubject::Tag => SymbolKind::CONSTANT,
            SymbolSubject::Video => SymbolKind::EVENT,
        },
        tags: None,
        container_name: symbol.container.clone(),
        location,
        data: serde_json::to_value(SymbolData::from(symbol.subject)).ok(),
    })
}

/// The URI of the note that a symbol is in.
pub fn symbol_uri(symbol: &WorkspaceSymbol) -> &Uri {
    match &symbol.location {
        OneOf::Left(location) => &location.uri,
        OneOf::Right(location) => &location.uri,
    }
}

/// The place of a symbol that was sent without it; `None` if it is none of ours.
pub fn symbol_location(symbol: &WorkspaceSymbol, note: FileId, encoder: &Encoder<'_>) -> Option<Location> {
    let data: SymbolData = serde_json::from_value(symbol.data.clone()?).ok()?;
    let span = symbol_place(encoder.vault, note, data.into(), &symbol.name)?;
    Some(Location { uri: symbol_uri(symbol).clone(), range: encoder.range(note, span) })
}
