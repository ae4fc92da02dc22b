//! Finding things by parts of their names: fuzzy matching, workspace symbols, suggestions for a broken name.

mod edit_distance;
mod likeness;
pub(crate) mod matching;
#[cfg(test)]
pub(crate) mod random_vault;
pub(crate) mod suggestions;
pub(crate) mod typos;
pub(crate) mod vault_symbols;

/// Fewer groups of names than this are searched about as soon as a thread has started, where others have work
/// as well.
pub(crate) const MANY_GROUPS: usize = 200;
