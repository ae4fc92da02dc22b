//! The `|` between the target of a wikilink and what it shows.

use crate::text::{Offset, Span};
use crate::vault::{LinkStyle, Note};

/// How much may stand before the first bar of a table's row, in bytes: indentation and the marks of quotes.
const MARGIN: usize = 100;

/// How the bar of a link must be written where the link stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Pipe {
    /// `|`
    Plain,
    /// `\|`, in a row of a table, where a plain one would end the cell.
    Escaped,
}

impl Pipe {
    /// For a link around `at`.
    pub(crate) fn at(note: &Note, at: Offset) -> Pipe {
        let line = note.text.line(note.text.line_of(at));
        let start = line.map(|line| Span::between(line.start, at.min(line.start.plus(MARGIN))));
        let row = start.map(|start| note.text.slice(start));
        let is_row = row.is_some_and(|row| {
            row.trim_start_matches(|c: char| c.is_whitespace() || c == '>').starts_with('|')
        });
        if is_row { Pipe::Escaped } else { Pipe::Plain }
    }

    /// As it is written.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Pipe::Plain => "|",
            Pipe::Escaped => "\\|",
        }
    }

    /// As it is written with the spaces that the links of the vault have.
    pub(crate) fn with_style(self, style: &LinkStyle) -> &'static str {
        match self {
            Pipe::Plain if style.has_spaced_bar => " | ",
            Pipe::Escaped if style.has_spaced_bar => " \\| ",
            bar => bar.as_str(),
        }
    }
}
