//! The model of one vault: its notes, their names and what a link means. Knows neither files nor the
//! protocol.

mod cancel;
mod model;
mod names;
mod parallel;
mod resolve;
mod search;

pub use cancel::{Cancel, Cancelled};
pub use model::{
    Applied, Change, Content, Coverage, DiskFile, File, LinkConventions, LinkRef, LinkStyle, MovedNote,
    Needs, Note, NoteRef, Snapshot, UnresolvedName, VaultWriter,
};
pub use names::{
    FileId, Initials, Key, KeyWord, Letters, NameParts, NoteKeys, PartsOfNames, PathError, VaultPath, Word,
    dotted_relative_path, fold, folder_distance, is_loosely, is_relative, key_words, last_component, loose,
    relative_path, searchable, without_note_extension,
};
pub(crate) use names::{fits_pattern, ordinal, site_marker, without_query};
pub(crate) use parallel::in_parts;
pub(crate) use resolve::page_folder;
pub use resolve::{Backlinks, Found, Resolution, Site, Tier};
pub use search::{
    GroupSet, NameInText, NameKind, NameMatcher, NameRow, NameRows, Prefilter, SearchHeading, SearchNames,
    Trait, WordCounts, invalid_filters, normalized_name,
};
