//! All notes of one vault, their names, and what a link means. Knows no files and no protocol.

mod backlinks;
mod cancel;
mod change;
mod code;
mod definition;
mod files;
mod habits;
mod index;
mod key;
mod lexicon;
mod moved;
mod name;
mod note;
mod path;
mod popularity;
mod resolve;
mod search;
mod settings;
mod settings_page;
mod snapshot;
mod spelling;
mod unwritten;
mod wording;
mod words;
mod writer;

pub use backlinks::Backlinks;
pub use cancel::{Cancel, Cancelled};
pub use change::{Change, DiskFile};
pub use code::{Code, Severity};
pub use definition::{Choice, DEFINITIONS, Definition, Kind, OFF, Refusal};
pub use files::{Content, File, FileId};
pub use habits::{LinkHabits, LinkStyle};
pub use key::{Key, NoteKeys, decode_link_part};
pub use lexicon::{Lexicon, NameInText, wording_of_name};
pub use name::{fold, loose};
pub use note::Note;
pub use path::{
    NOTE_EXTENSIONS, PathError, VaultPath, folder_distance, last_component, relative_path,
    without_note_extension,
};
pub use resolve::{Found, Resolution, Tier};
pub use search::{Letters, NameKind, SearchNames, searchable};
pub use settings::{
    DiagnosticScope, DisplayTexts, Layer, LinkPaths, Part, Profile, SettingProblem, SettingValue, Settings,
    TitleStyle,
};
pub use settings_page::settings_page;
pub use snapshot::{LinkRef, NoteRef, Snapshot};
pub use spelling::edit_distance;
pub use unwritten::Unwritten;
pub use wording::Sieve;
pub use words::{KeyWord, NameParts, PartsOfNames, Word, key_words};
pub use writer::{Applied, VaultWriter};
