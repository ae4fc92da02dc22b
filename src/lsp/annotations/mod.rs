//! What an editor draws into the text of a note: lenses, inlay hints and semantic tokens.

pub(super) mod hints;
pub(super) mod lenses;
pub(super) mod tokens;
