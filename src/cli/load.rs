//! Reading a whole vault at once, for commands that look at it and go.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use crate::config::Settings;
use crate::disk::{self, ScanError, ScanOptions, ScanProgress, ScanReport, VaultSettings};
use crate::ide;
use crate::vault::{Cancel, Change, Snapshot, VaultWriter};

/// A vault, read.
#[derive(Debug)]
pub struct Loaded {
    /// Its folder, with all links followed.
    pub root: PathBuf,
    /// All of it at the moment of reading, with the settings that lie in it.
    pub vault: Snapshot,
    /// How the reading went.
    pub report: ScanReport,
    /// The settings that lie in it, and what is wrong in them.
    pub settings: VaultSettings,
}

/// Why a vault could not be read.
#[derive(Debug)]
pub enum LoadError {
    /// The folder is not there or cannot be reached.
    Unreachable(io::Error),
    /// The folder was found and is no vault.
    Scan(ScanError),
}

impl fmt::Display for LoadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            LoadError::Unreachable(error) => error.fmt(f),
            LoadError::Scan(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for LoadError {}

/// Reads the vault at `root` with all processors.
///
/// # Errors
///
/// If there is no vault. What of it cannot be read is listed in the report.
pub fn load(root: &Path, on_progress: &(dyn Fn(ScanProgress) + Sync)) -> Result<Loaded, LoadError> {
    let root = root.canonicalize().map_err(LoadError::Unreachable)?;
    let found = disk::read_vault_settings(&root, ide::DIAGNOSTIC_CODES);
    // What means nothing in them is told with their places.
    let (settings, _) = Settings::layered(&found.layers, ide::DIAGNOSTIC_CODES);
    let options = ScanOptions::from(&settings);
    let writer = Mutex::new(VaultWriter::new(Arc::new(settings)));
    let report = disk::scan(&root, &options, &Cancel::new(), &|batch, progress| {
        // A poisoned lock means that another thread has panicked, and then the scan ends with that.
        writer.lock().unwrap_or_else(PoisonError::into_inner).apply(Change::Disk(batch));
        on_progress(progress);
    });
    let report = report.map_err(LoadError::Scan)?;
    let vault = writer.into_inner().unwrap_or_else(PoisonError::into_inner).snapshot();
    Ok(Loaded { root, vault, report, settings: found })
}

/// Reads a vault; on a terminal with a sign that something happens.
pub(super) fn load_shown(root: &Path) -> Result<Loaded, LoadError> {
    // Hides itself where stderr is no terminal.
    let bar = ProgressBar::new_spinner();
    if let Ok(style) = ProgressStyle::with_template("{spinner} reading the vault: {msg} notes") {
        bar.set_style(style);
    }
    bar.enable_steady_tick(Duration::from_millis(100));
    let loaded = load(root, &|progress| bar.set_message(progress.notes.to_string()));
    bar.finish_and_clear();
    loaded
}
