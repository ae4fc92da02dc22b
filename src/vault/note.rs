//! One note in memory: its text, what it says, and the names it gives and uses.

use crate::syntax::{self, Parsed};
use crate::text::{Offset, Text};

/// A note as it was read. Never changes; an edit makes a new one.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Note {
    /// The text.
    pub text: Text,
    /// What it says; always that of `text`.
    pub parsed: Parsed,
    /// The first byte on disk that is not UTF-8. Such a note holds its text with each bad stretch replaced by U+FFFD
    /// and is never edited. The offset is that of the first U+FFFD.
    pub invalid_utf8: Option<Offset>,
}

impl Note {
    /// Reads a text. Linear in its length.
    pub fn new(text: &str) -> Note {
        Note { text: Text::from(text), parsed: syntax::parse(text), invalid_utf8: None }
    }

    /// Reads the bytes of a file, which may not be UTF-8.
    pub fn from_bytes(bytes: &[u8]) -> Note {
        match std::str::from_utf8(bytes) {
            Ok(text) => Note::new(text),
            Err(error) => {
                let invalid_utf8 = Some(Offset::new(error.valid_up_to()));
                Note { invalid_utf8, ..Note::new(&String::from_utf8_lossy(bytes)) }
            }
        }
    }
}
