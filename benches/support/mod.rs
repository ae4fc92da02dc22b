//! What the benchmarks share: generated vaults on disk and in memory, the work that no reading of a vault can
//! avoid, and figures for people.

#![allow(dead_code, reason = "each benchmark uses some of it")]

pub(crate) mod generated_vault;

use std::error::Error;
use std::fs;
use std::hint::black_box;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use ignore::{WalkBuilder, WalkState};
use pulldown_cmark::{Options, Parser};
use ropey::Rope;
use vaultls::config::Settings;
use vaultls::vault::{Change, DiskFile, Note, VaultPath, VaultWriter};

use generated_vault::{DEFAULT_SEED, generate, write_to};

/// What all generated vaults come from. Kept beside each, so that a vault of an earlier generator is not
/// used.
const GENERATOR: &str = include_str!("generated_vault.rs");

/// A generated vault on disk, written if it is not there since an earlier run.
pub(crate) fn vault_folder(notes: usize) -> io::Result<PathBuf> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("generated-{notes}"));
    if fs::read_to_string(stamp(&folder)).ok().as_deref() != Some(GENERATOR) {
        if folder.exists() {
            fs::remove_dir_all(&folder)?;
        }
        write_to(&folder, notes, DEFAULT_SEED)?;
        set_generated(&folder, true)?;
    }
    Ok(folder)
}

/// Notes whether a folder holds a generated vault as it was written, to the byte. It is not to be used as one
/// while a benchmark changes it.
pub(crate) fn set_generated(folder: &Path, is_as_written: bool) -> io::Result<()> {
    if is_as_written { fs::write(stamp(folder), GENERATOR) } else { fs::remove_file(stamp(folder)) }
}

fn stamp(folder: &Path) -> PathBuf {
    folder.with_extension("generator")
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

/// Does the work that no reading of a vault can avoid: walk, read, rope, and one pass of the Markdown parser.
pub(crate) fn lower_bound(folder: &Path) -> Result<(Duration, Vec<Rope>), Box<dyn Error>> {
    let start = Instant::now();
    let ropes = Mutex::new(Vec::new());
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let walk = WalkBuilder::new(folder).require_git(false).threads(threads).build_parallel();
    walk.run(|| {
        Box::new(|entry| {
            let Ok(entry) = entry else { return WalkState::Continue };
            let extension = entry.path().extension().and_then(|extension| extension.to_str());
            let is_note = matches!(extension, Some("md" | "markdown"));
            if is_note
                && entry.file_type().is_some_and(|kind| kind.is_file())
                && let Ok(bytes) = fs::read(entry.path())
            {
                let text = String::from_utf8_lossy(&bytes);
                let options = Options::ENABLE_TABLES
                    | Options::ENABLE_FOOTNOTES
                    | Options::ENABLE_STRIKETHROUGH
                    | Options::ENABLE_TASKLISTS;
                black_box(Parser::new_ext(&text, options).into_offset_iter().count());
                let rope = Rope::from_str(&text);
                if let Ok(mut ropes) = ropes.lock() {
                    ropes.push(rope);
                }
            }
            WalkState::Continue
        })
    });
    let ropes = ropes.into_inner().map_err(|_| "a thread has panicked")?;
    Ok((start.elapsed(), ropes))
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
