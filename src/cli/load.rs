//! Reading a whole vault at once, for commands that look at it and go.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use crate::disk::{self, FileProblem, SETTINGS_FILE, ScanError, ScanOptions, ScanProgress, ScanReport};
use crate::text::Span;
use crate::vault::{Cancel, Change, Settings, Snapshot, VaultWriter};

/// A vault, read.
#[derive(Debug)]
pub struct Loaded {
    /// Its folder, with all links followed.
    pub root: PathBuf,
    /// All of it at the moment of reading, with the settings that lie in it.
    pub vault: Snapshot,
    /// How the reading went.
    pub report: ScanReport,
    /// What is wrong in its `.vaultls.toml`.
    pub settings_problems: Vec<FileProblem>,
    /// What is wrong in the settings that other programs keep in the vault.
    pub other_problems: Vec<String>,
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
    let found = VaultSettings::read(&root);
    let options = ScanOptions { ignore: found.settings.ignored_files.clone() };
    let writer = Mutex::new(VaultWriter::new(Arc::new(found.settings)));
    let report = disk::scan(&root, &options, &Cancel::new(), &|batch, progress| {
        // A poisoned lock means that another thread has panicked, and then the scan ends with that.
        writer.lock().unwrap_or_else(PoisonError::into_inner).apply(Change::Disk(batch));
        on_progress(progress);
    });
    let report = report.map_err(LoadError::Scan)?;
    let vault = writer.into_inner().unwrap_or_else(PoisonError::into_inner).snapshot();
    let mut settings_problems = found.in_file;
    for (glob, why) in &report.bad_globs {
        let message = format!("files.ignore: the glob `{glob}` means nothing: {why}");
        settings_problems.push(FileProblem { span: Span::default(), message });
    }
    Ok(Loaded { root, vault, report, settings_problems, other_problems: found.elsewhere })
}

/// The settings that lie in a vault: those of Obsidian, and over them `.vaultls.toml`.
struct VaultSettings {
    settings: Settings,
    in_file: Vec<FileProblem>,
    elsewhere: Vec<String>,
}

impl VaultSettings {
    fn read(root: &Path) -> VaultSettings {
        let (obsidian, mut elsewhere) = disk::obsidian_layer(root);
        let file = disk::read_settings(root);
        let (settings, problems) = Settings::layered(&[obsidian, file.layer.clone()]);
        let mut in_file = file.problems.clone();
        for problem in problems {
            match file.locate(&problem) {
                Some(span) => {
                    let message = format!("{}: {}", problem.key, problem.message);
                    in_file.push(FileProblem { span, message });
                }
                None if problem.layer == SETTINGS_FILE => {
                    let message = format!("{}: {}", problem.key, problem.message);
                    in_file.push(FileProblem { span: Span::default(), message });
                }
                None => elsewhere.push(problem.to_string()),
            }
        }
        in_file.sort_by_key(|problem| problem.span);
        VaultSettings { settings, in_file, elsewhere }
    }
}
