//! Indexing a whole vault, against a lower bound: the same files found by the same walk, read, put on a rope
//! and passed through the Markdown parser once, and nothing else; and against the same vault with its
//! timestamps disguised.
//!
//! `cargo bench --bench index -- [FOLDER]`; without a folder, that of `VAULTLS_BENCH_VAULT`, else a generated
//! vault.

mod support;

use std::error::Error;
use std::hint::black_box;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use ignore::{WalkBuilder, WalkState};
use pulldown_cmark::{Options, Parser};
use ropey::Rope;
use vaultls::cli;

/// Runs of each kind, in turns.
const ROUNDS: usize = 15;

fn main() -> Result<(), Box<dyn Error>> {
    let named = support::arguments().next().or_else(|| std::env::var("VAULTLS_BENCH_VAULT").ok());
    let folder = match named {
        Some(folder) => PathBuf::from(folder),
        None => support::vault_folder(support::size(3_600))?,
    };
    let mut lower_bound_times: Vec<Duration> = Vec::new();
    let mut index_times: Vec<Duration> = Vec::new();
    let mut disguised_times: Vec<Duration> = Vec::new();
    let disguised = disguised_copy(&folder)?;
    let mut counted = (0, 0);
    // The first round fills the page cache and does not count.
    for round in 0..=ROUNDS {
        let start = Instant::now();
        let ropes = lower_bound(&folder)?;
        let lower_bound_time = start.elapsed();
        counted = (ropes.len(), ropes.iter().map(Rope::len_bytes).sum());
        drop(ropes);
        let start = Instant::now();
        let loaded = cli::load(&folder, &|_| {})?;
        let index_time = start.elapsed();
        if loaded.report.total.notes != counted.0 as u64 {
            return Err(format!(
                "{} notes indexed, {} in the lower bound",
                loaded.report.total.notes, counted.0
            )
            .into());
        }
        drop(black_box(loaded));
        let start = Instant::now();
        let loaded = cli::load(&disguised, &|_| {})?;
        let disguised_time = start.elapsed();
        drop(black_box(loaded));
        if round > 0 {
            disguised_times.push(disguised_time);
            lower_bound_times.push(lower_bound_time);
            index_times.push(index_time);
        }
    }
    let (lower_bound, index) = (median(&mut lower_bound_times), median(&mut index_times));
    let without = median(&mut disguised_times);
    let mut out = std::io::stdout().lock();
    writeln!(out, "{} notes, {} bytes, {ROUNDS} rounds in turns, medians", counted.0, counted.1)?;
    writeln!(out, "lower bound: walk, read, rope, parse       {:>11}", support::milliseconds(lower_bound))?;
    writeln!(out, "full index                                {:>11}", support::milliseconds(index))?;
    writeln!(
        out,
        "ratio                                     {:>11.2}",
        index.as_secs_f64() / lower_bound.as_secs_f64()
    )?;
    writeln!(out, "full index without timestamps             {:>11}", support::milliseconds(without))?;
    writeln!(
        out,
        "timestamps cost                           {:>10.1}%",
        (index.as_secs_f64() / without.as_secs_f64() - 1.0) * 100.0
    )?;
    Ok(())
}

/// The notes of a vault, to the byte as long as they are, with nothing in them that is read as a timestamp.
fn disguised_copy(folder: &Path) -> Result<PathBuf, Box<dyn Error>> {
    let copy = Path::new(env!("CARGO_TARGET_TMPDIR")).join("disguised");
    if copy.exists() {
        std::fs::remove_dir_all(&copy)?;
    }
    for note in cli::load(folder, &|_| {})?.vault.notes() {
        let mut text = note.note.text.to_text().to_string().into_bytes();
        for stamp in &note.note.parsed.timestamps {
            let bytes = text.get_mut(stamp.span.range()).unwrap_or_default();
            bytes.iter_mut().filter(|byte| byte.is_ascii_digit()).for_each(|digit| *digit = b'x');
        }
        let text = String::from_utf8(text)?.replace("yt-timestamp", "xt-timestamp");
        let path = copy.join(note.path.as_str());
        std::fs::create_dir_all(path.parent().unwrap_or(&copy))?;
        std::fs::write(path, text)?;
    }
    let left: usize =
        cli::load(&copy, &|_| {})?.vault.notes().map(|note| note.note.parsed.timestamps.len()).sum();
    if left > 0 {
        return Err(format!("{left} timestamps are still read").into());
    }
    Ok(copy)
}

fn median(times: &mut [Duration]) -> Duration {
    support::percentile(times, 50)
}

/// The work that no index can avoid.
fn lower_bound(folder: &Path) -> Result<Vec<Rope>, Box<dyn Error>> {
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
                && let Ok(bytes) = std::fs::read(entry.path())
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
    ropes.into_inner().map_err(|_| "a thread has panicked".into())
}
