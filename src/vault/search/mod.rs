//! Looking through the names of a whole vault: search rows, and names in running text.

mod name_matcher;
mod normalized_text;
mod search_names;

pub use name_matcher::{NameInText, NameMatcher, normalized_name};
pub use normalized_text::Prefilter;
pub(crate) use normalized_text::{NormalizedText, is_syllable};
pub use search_names::{NameKind, SearchNames};
