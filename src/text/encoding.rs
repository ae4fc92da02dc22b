//! Positions as clients count them, in the encoding that was negotiated.

/// What a client counts columns in (LSP 3.17, `PositionEncodingKind`).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Encoding {
    /// Bytes. Preferred, as offsets are bytes as well.
    Utf8,
    /// 16-bit code units: the default of LSP.
    #[default]
    Utf16,
    /// Code points.
    Utf32,
}

impl Encoding {
    /// All encodings, the preferred ones first.
    pub const PREFERRED: [Encoding; 3] = [Encoding::Utf8, Encoding::Utf32, Encoding::Utf16];
}

/// A line and a column, both counted from zero; the column in units of the negotiated [`Encoding`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub struct Position {
    /// Lines before this one. Lines end with `\n`, `\r\n` or `\r`.
    pub line: u32,
    /// Units before this one on its line.
    pub column: u32,
}

/// A stretch between two positions, its end excluded.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Range {
    /// The first position.
    pub start: Position,
    /// The position after the last one.
    pub end: Position,
}
