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
use std::time::{Duration, Instant};

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
        let (lower_bound_time, ropes) = support::lower_bound(&folder)?;
        counted = (ropes.len(), ropes.iter().map(|rope| rope.len_bytes()).sum());
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
