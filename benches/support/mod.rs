//! What the benchmarks share: generated vaults on disk and in memory, and figures for people.

#![allow(dead_code, reason = "each benchmark uses some of it")]

pub(crate) mod generated_vault;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use vaultls::config::Settings;
use vaultls::vault::{Change, DiskFile, Note, VaultPath, VaultWriter};

use generated_vault::{DEFAULT_SEED, generate, write_to};

/// A generated vault on disk, written anew, so that it is never that of an earlier generator.
pub(crate) fn vault_folder(notes: usize) -> io::Result<PathBuf> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("generated-{notes}"));
    if folder.exists() {
        std::fs::remove_dir_all(&folder)?;
    }
    write_to(&folder, notes, DEFAULT_SEED)?;
    Ok(folder)
}

/// A generated vault in memory.
pub(crate) fn vault_in_memory(notes: usize) -> VaultWriter {
    let mut writer = VaultWriter::new(Arc::new(Settings::default()));
    let files = generate(notes, DEFAULT_SEED).filter_map(|(path, text)| {
        let path = VaultPath::resolve("", &path).ok()?;
        Some((path, DiskFile::Note(Arc::new(Note::new(&text)))))
    });
    writer.apply(Change::Disk(files.collect()));
    writer
}

/// The arguments that are no options (cargo passes `--bench`).
pub(crate) fn arguments() -> impl Iterator<Item = String> {
    std::env::args().skip(1).filter(|argument| !argument.starts_with('-'))
}

/// How many notes a generated vault has: few if cargo only tests that the benchmark works (it passes no
/// `--bench`).
pub(crate) fn size(notes: usize) -> usize {
    if std::env::args().any(|argument| argument == "--bench") { notes } else { notes.min(60) }
}

/// The time that so many of a hundred do not exceed. Sorts them.
pub(crate) fn percentile(times: &mut [Duration], percent: usize) -> Duration {
    times.sort_unstable();
    let place = (times.len() * percent).div_ceil(100).saturating_sub(1);
    times.get(place).copied().unwrap_or_default()
}

/// Milliseconds with two decimals.
pub(crate) fn milliseconds(time: Duration) -> String {
    format!("{:.2} ms", time.as_secs_f64() * 1_000.0)
}
