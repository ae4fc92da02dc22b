//! The files of vaults: scanning, reading, watching and writing them. The only layer that opens files; it
//! knows neither the protocol nor the features, and reports files as [`DiskFile`](crate::vault::DiskFile)s.
//!
//! # Which files belong to a vault
//!
//! The scan of a whole vault and the check of a single path after a change use the same rules:
//!
//! - Files and folders whose names start with a dot are excluded (`.git`, `.obsidian`, `.trash`).
//! - `.gitignore` and `.ignore` files of the vault apply, with or without a git repository. If the vault lies
//!   in a repository, those between the root of the repository and the vault apply too, unless they exclude
//!   the whole vault.
//! - Files that match [`ScanOptions::ignore`] are excluded, whatever the other rules say.
//! - A link to a file is a file with the name of the link. A link to a folder is followed if that folder lies
//!   neither inside the vault, where its files have their own names, nor around it (Obsidian has the same
//!   rule). Links to folders within a linked folder are not followed. So a scan always ends, and its result
//!   does not depend on its order.
//! - Files that are not notes are known by name only; they are not opened.

mod canvas;
mod changed;
mod confine;
mod ignore_files;
mod open;
mod read;
mod root;
mod rules;
mod scan;
mod settings;
mod since;
#[cfg(test)]
mod since_tests;
#[cfg(test)]
mod testing;
mod watch;
mod write;

pub use canvas::{Canvas, ShownFile, canvas_path, is_canvas, read_canvas};
pub use changed::{Changed, ChangedFiles, read_changed};
pub use confine::{check_new_place, confined, existing};
pub use open::is_running;
pub use read::{MAX_NOTE_BYTES, Unread, UnreadReason, read};
pub use root::{SETTINGS_FILE, exists, find_marked_root, find_root, to_disk_path, to_vault_path};
pub use rules::ScanOptions;
pub use scan::{Listing, OnBatch, OnFound, ScanError, ScanProgress, ScanReport, check_root, list, scan};
pub use settings::{
    FileProblem, SETTINGS_CODE, SettingsFile, VaultSettings, layer_problems, parse_settings,
    read_vault_settings,
};
pub use since::{Extent, LastLook};

pub use watch::{WatchError, WatchEvent, Watcher, holds_settings};
pub use write::{WriteError, remove_left_behind, replace_text};
