//! Finding things by parts of their names: fuzzy matching, workspace symbols, suggestions for a broken name.

mod edit_distance;
pub(crate) mod matching;
pub(crate) mod parts;
#[cfg(test)]
pub(crate) mod random_vault;
pub(crate) mod suggestions;
pub(crate) mod vault_symbols;
