//! The vault's files: walking, reading, watching and mending them. The only floor that opens files; it knows
//! neither the protocol nor the features, and everything it finds it hands on as
//! [`DiskFile`](crate::vault::DiskFile)s.
//!
//! # Which files belong to a vault
//!
//! One set of rules decides for the scan of a whole vault and for a single path after a change:
//!
//! - Files and folders whose names start with a dot are left out (`.git`, `.obsidian`, `.trash`).
//! - `.gitignore` and `.ignore` files of the vault count, with or without a git repository. If the vault lies
//!   in a repository, those between the repository's root and the vault count too, unless they leave out the
//!   whole vault.
//! - What [`ScanOptions::ignore`] matches is left out, and nothing brings it back.
//! - A link to a file is a file of its own, with the link's name. A link to a folder is followed if that
//!   folder lies apart from the vault: neither inside it, where its files have their names already, nor
//!   around it. (Obsidian asks the same of linked folders.) Within a linked folder further links to folders
//!   are not followed. So no walk ever loops, and what is found does not depend on the order of the walk.
//! - Of files that are no notes only the name counts; they are not opened.

mod changed;
mod obsidian;
mod read;
mod root;
mod rules;
mod scan;
mod settings_file;
mod since;
#[cfg(test)]
mod testing;
mod vault_settings;
mod watch;
mod write;

pub use changed::{Changed, ChangedFiles, read_changed};
pub use read::{MAX_NOTE_BYTES, Unread, UnreadReason, read};
pub use root::{SETTINGS_FILE, exists, find_marked_root, find_root, to_disk_path, to_vault_path};
pub use rules::ScanOptions;
pub use scan::{OnBatch, ScanError, ScanProgress, ScanReport, check_root, scan};
pub use settings_file::{FileProblem, SettingsFile, parse_settings};
pub use since::changed_since;
pub use vault_settings::{SETTINGS_CODE, VaultSettings, layer_problems, read_vault_settings};
pub use watch::{WatchError, WatchEvent, Watcher, holds_settings};
pub use write::{WriteError, replace_text};
