//! Loads a whole vault, for commands that run once.

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

use super::root::{prefix, root_of};

/// A vault that has been read.
#[derive(Debug)]
pub struct Loaded {
    /// Its folder, with symbolic links resolved.
    pub root: PathBuf,
    /// Its notes and attachments, with its own settings.
    pub vault: Snapshot,
    /// What was read, and what could not be.
    pub report: ScanReport,
    /// Its own settings, and the problems in them.
    pub settings: VaultSettings,
}

/// Why a vault could not be read.
#[derive(Debug)]
pub enum LoadError {
    /// The folder does not exist or cannot be accessed.
    Unreachable(io::Error),
    /// The folder exists and cannot be read as a vault.
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

/// Reads the vault at `root` on all processors.
///
/// # Errors
///
/// If there is no vault. Files that cannot be read are listed in the report.
pub fn load(root: &Path, on_progress: &(dyn Fn(ScanProgress) + Sync)) -> Result<Loaded, LoadError> {
    let root = root.canonicalize().map_err(LoadError::Unreachable)?;
    let found = disk::read_vault_settings(&root, ide::DIAGNOSTIC_CODES);
    // Invalid settings are reported by their place in the file.
    let (settings, _) = Settings::layered(&found.layers, ide::DIAGNOSTIC_CODES);
    let options = ScanOptions::from(&settings);
    let files = Mutex::new(Vec::new());
    let report = disk::scan(&root, &options, &Cancel::new(), &|batch, progress| {
        // If a thread has panicked, the scan resumes the panic.
        files.lock().unwrap_or_else(PoisonError::into_inner).extend(batch);
        on_progress(progress);
    });
    let report = report.map_err(LoadError::Scan)?;
    let mut writer = VaultWriter::new(Arc::new(settings));
    writer.apply(Change::Disk(files.into_inner().unwrap_or_else(PoisonError::into_inner)));
    writer.apply(Change::Disk(disk::existing(&root, &writer.snapshot().all_unlisted_places())));
    Ok(Loaded { root, vault: writer.snapshot(), report, settings: found })
}

/// The vault of a path on the command line.
#[derive(Debug)]
pub(super) struct RequestedVault {
    /// The path, with symbolic links resolved.
    pub(super) real: PathBuf,
    pub(super) loaded: Loaded,
    /// The path from the current folder to the vault, empty or ending with `/`.
    pub(super) prefix: String,
}

/// Reads the vault that a path lies in, with a progress indicator on a terminal.
///
/// # Errors
///
/// Says why it cannot be read.
pub(super) fn load_requested(path: &Path) -> Result<RequestedVault, String> {
    let real = path.canonicalize().map_err(|error| format!("{}: {error}", path.display()))?;
    let root = root_of(&real);
    let loaded = load_with_progress(&root).map_err(|error| format!("{}: {error}", root.display()))?;
    let here = std::env::current_dir().and_then(|here| here.canonicalize()).ok();
    Ok(RequestedVault { real, prefix: prefix(here.as_deref(), &loaded.root), loaded })
}

/// Reads a vault, with a progress indicator on a terminal.
pub(super) fn load_with_progress(root: &Path) -> Result<Loaded, LoadError> {
    // Hidden if stderr is not a terminal.
    let bar = ProgressBar::new_spinner();
    if let Ok(style) = ProgressStyle::with_template("{spinner} loading the vault: {msg} notes") {
        bar.set_style(style);
    }
    bar.enable_steady_tick(Duration::from_millis(100));
    let loaded = load(root, &|progress| bar.set_message(progress.notes.to_string()));
    bar.finish_and_clear();
    loaded
}
