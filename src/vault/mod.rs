//! All notes of one vault, their names, and what a link means. Knows no files and no protocol.

mod cancel;
mod change;
mod note;
mod path;
mod settings;

pub use cancel::{Cancel, Cancelled};
pub use change::{Change, DiskFile};
pub use note::Note;
pub use path::{NOTE_EXTENSIONS, PathError, VaultPath, folder_distance, without_note_extension};
pub use settings::{Profile, Settings};
