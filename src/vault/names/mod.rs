//! The names of files and how they are compared.

mod file_id;
mod index;
mod key;
mod letters;
mod normal_forms;
mod path;
mod words;

pub use file_id::FileId;
pub(crate) use index::{Entry, Index, Role};
pub use key::{Key, NoteKeys};
pub(crate) use key::{path_keys, sorted};
pub use letters::Letters;
pub use normal_forms::{fold, loose, searchable};
pub use path::{
    NOTE_EXTENSIONS, PathError, VaultPath, dotted_relative_path, folder_distance, is_anchored, is_relative,
    last_component, relative_path, without_note_extension,
};
pub use words::{KeyWord, NameParts, PartsOfNames, Word, key_words};
