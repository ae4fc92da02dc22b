//! All notes of one vault, their names, and what a link means. Knows no files and no protocol.

mod cancel;
mod model;
mod names;
mod resolve;
mod search;

pub use cancel::{Cancel, Cancelled};
pub use model::change::{Change, DiskFile};
pub use model::coverage::Coverage;
pub use model::file::{Content, File, FileId};
pub use model::link_conventions::{LinkConventions, LinkStyle};
pub use model::note::Note;
pub use model::snapshot::{LinkRef, NoteRef, Snapshot};
pub use model::writer::{Applied, VaultWriter};
pub use names::key::{Key, NoteKeys, decode_link_part};
pub use names::normal_forms::{fold, loose};
pub use names::path::{
    NOTE_EXTENSIONS, PathError, VaultPath, folder_distance, last_component, relative_path,
    without_note_extension,
};
pub use names::words::{KeyWord, NameParts, PartsOfNames, Word, key_words};
pub use resolve::backlinks::Backlinks;
pub use resolve::link_target::{Found, Resolution, Tier};
pub use search::name_matcher::{NameInText, NameMatcher, normalized_name};
pub use search::normalized_text::Prefilter;
pub use search::search_names::{Letters, NameKind, SearchNames, searchable};
pub use search::unresolved::UnresolvedName;
