//! Code lenses, which list places by a command of the client's.

use serde_json::json;
use tower_lsp::ls_types::{CodeLens, Command, Range, Uri};

use crate::ide::{Lens, LensList};
use crate::text::Span;
use crate::vault::FileId;

use crate::lsp::encode::Encoder;
use crate::lsp::navigation::references;
use crate::lsp::session::client::SHOW_REFERENCES_COMMAND;

/// The lenses of a note.
pub fn code_lenses(lenses: &[Lens], note: FileId, uri: &Uri, encoder: &Encoder<'_>) -> Vec<CodeLens> {
    let lens = |lens: &Lens| {
        let range = encoder.range(note, lens.span);
        let at = match &lens.list {
            LensList::At(at) => encoder.range(note, Span::empty(*at)).start,
            LensList::Places(_) => range.start,
        };
        let mut arguments = vec![json!(uri), json!(at)];
        if let LensList::Places(places) = &lens.list {
            arguments.push(json!(references(places, encoder)));
        }
        let command = Command {
            title: title(lens),
            command: SHOW_REFERENCES_COMMAND.to_owned(),
            arguments: Some(arguments),
        };
        CodeLens { range: first_line(range), command: Some(command), data: None }
    };
    lenses.iter().map(lens).collect()
}

fn title(lens: &Lens) -> String {
    let what = if lens.is_note { "backlink" } else { "reference" };
    let plural = if lens.count == 1 { "" } else { "s" };
    format!("{} {what}{plural}", lens.count)
}

/// A lens belongs to one line; a setext heading has two.
fn first_line(range: Range) -> Range {
    if range.end.line > range.start.line { Range::new(range.start, range.start) } else { range }
}
