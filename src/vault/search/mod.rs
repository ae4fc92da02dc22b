//! Search over the names of a vault: the rows that completion and symbols search, an index of their words,
//! and the names in running text.

mod excluded;
mod name_matcher;
mod name_rows;
mod normalized_text;
mod search_names;
mod word_index;

pub(crate) use excluded::ExcludedFiles;
pub use excluded::invalid_filters;
pub use name_matcher::{NameInText, NameMatcher, normalized_name};
pub(crate) use name_rows::FileNames;
pub use name_rows::{NameRow, NameRows, SearchHeading};
pub use normalized_text::Prefilter;
pub(crate) use normalized_text::{NormalizedText, is_syllable};
pub use search_names::{NameKind, SearchNames};
pub use word_index::{GroupSet, Trait, WordCounts};
pub(crate) use word_index::{INDEXED_GROUPS, WordIndex};
