//! Looking through the names of a whole vault: search rows, names in text, unresolved names.

pub(crate) mod name_matcher;
pub(crate) mod normalized_text;
pub(crate) mod search_names;
pub(crate) mod unresolved;
