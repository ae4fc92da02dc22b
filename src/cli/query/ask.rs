//! Computes the answer to a request.

use crate::cli::client::file_uri;
use crate::cli::place::{Place, place};
use crate::ide::{self, NotePosition, ReferenceOptions, SymbolSubject};
use crate::syntax::is_video_id;
use crate::text::{Encoding, Position, Span};
use crate::vault::{Cancel, FileId, VaultPath};

use super::{Query, Spot};
use crate::cli::load::RequestedVault;

/// As many as the server sends to an editor.
const MAX_SYMBOLS: usize = 128;

/// An item of an answer.
#[derive(Clone, Debug)]
pub(super) struct Found {
    /// Its place; a completion replaces it.
    pub(super) place: Option<Place>,
    /// Its fields by their names in JSON: the name of a heading, a moment, the text to insert.
    pub(super) fields: Vec<(&'static str, String)>,
}

impl RequestedVault {
    pub(super) fn answer(&self, query: &Query) -> Result<Vec<Found>, String> {
        match query {
            Query::Definition(spot) => {
                let targets = ide::definition(&self.loaded.vault, self.at(spot)?);
                let targets = targets.map(|found| found.value).unwrap_or_default();
                Ok(targets.iter().map(|target| self.line(target.file, target.focus)).collect())
            }
            Query::References(spot) => {
                let options = ReferenceOptions { include_definitions: true };
                let found = ide::references(&self.loaded.vault, self.at(spot)?, options, &Cancel::new());
                let places = found.ok().flatten().map(|found| found.value).unwrap_or_default();
                Ok(places.iter().map(|found| self.line(found.note, found.span)).collect())
            }
            Query::Hover(spot) => self.hover(spot),
            Query::Complete(spot) => self.complete(spot),
            Query::Backlinks(_) => {
                let links = self.loaded.vault.backlinks(self.file()?, &Cancel::new()).unwrap_or_default();
                Ok(links.iter().map(|link| self.line(link.source.id, link.link.span)).collect())
            }
            Query::Symbols { text, .. } => Ok(self.symbols(text)),
            Query::Moments { video, .. } => self.moments(video),
        }
    }

    fn at(&self, spot: &Spot) -> Result<NotePosition, String> {
        let id = self.file()?;
        let note =
            self.loaded.vault.note(id).ok_or_else(|| format!("{}: not a note", self.real.display()))?;
        let position = Position { line: spot.line, column: spot.column };
        Ok(NotePosition { note: id, at: note.note.text.offset(position, Encoding::Utf32) })
    }

    fn place(&self, file: FileId, span: Span) -> Option<Place> {
        place(&self.loaded.vault, file, span)
    }

    /// Returns a place with the line that contains it.
    fn line(&self, file: FileId, span: Span) -> Found {
        let place = self.place(file, span);
        let text = place.as_ref().and_then(|place| {
            let line = place.text.line(place.text.line_of(span.start))?;
            Some(place.text.slice(line).trim().to_owned())
        });
        Found { place, fields: vec![("text", text.unwrap_or_default())] }
    }

    fn hover(&self, spot: &Spot) -> Result<Vec<Found>, String> {
        let at = self.at(spot)?;
        let address = |path: &VaultPath| file_uri(&crate::disk::to_disk_path(&self.loaded.root, path));
        let found = ide::hover(&self.loaded.vault, at, &address, &Cancel::new()).ok().flatten();
        let shown = |found: ide::Ranged<ide::Preview>| Found {
            place: self.place(at.note, found.span),
            fields: vec![("markdown", found.value.markdown())],
        };
        Ok(found.map(shown).into_iter().collect())
    }

    fn complete(&self, spot: &Spot) -> Result<Vec<Found>, String> {
        let at = self.at(spot)?;
        let offered = ide::completion(&self.loaded.vault, at, &Cancel::new()).unwrap_or_default();
        let shown = |item: ide::CompletionItem| Found {
            place: self.place(at.note, item.replace),
            fields: vec![
                ("label", item.label),
                ("detail", item.detail.unwrap_or_default()),
                ("newText", item.new_text),
            ],
        };
        Ok(offered.items.into_iter().map(shown).collect())
    }

    fn symbols(&self, text: &str) -> Vec<Found> {
        let vault = &self.loaded.vault;
        let found = ide::vault_symbols(vault, text, MAX_SYMBOLS, &Cancel::new()).unwrap_or_default();
        let shown = |symbol: ide::VaultSymbol| {
            let span = ide::symbol_place(vault, symbol.note, symbol.subject, &symbol.name);
            let kind = match symbol.subject {
                SymbolSubject::Note => "note",
                SymbolSubject::Alias => "alias",
                SymbolSubject::Heading(_) => "heading",
                SymbolSubject::Tag => "tag",
                SymbolSubject::Video => "video",
            };
            Found {
                place: self.place(symbol.note, span.unwrap_or_default()),
                fields: vec![("kind", kind.to_owned()), ("name", symbol.name)],
            }
        };
        found.into_iter().map(shown).collect()
    }

    fn moments(&self, video: &str) -> Result<Vec<Found>, String> {
        if !is_video_id(video) {
            return Err(format!(
                "invalid video ID `{video}`: expected 11 characters (letters, digits, `_`, `-`)"
            ));
        }
        let found = ide::moments(&self.loaded.vault, video, &Cancel::new());
        let moments = found.map(|found| found.moments).unwrap_or_default();
        let shown = |cited: ide::CitedMoment| Found {
            place: self.place(cited.note, cited.span),
            fields: vec![("moment", cited.moment.to_string()), ("sentence", cited.sentence)],
        };
        Ok(moments.into_iter().map(shown).collect())
    }
}
