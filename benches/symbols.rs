//! The search for a name in a whole vault, as it is typed: every beginning of many headings, and beginnings
//! of two words.
//!
//! `cargo bench --bench symbols -- [NOTES]`; without an argument, a generated vault of 21,000 notes.

mod support;

use std::collections::BTreeMap;
use std::error::Error;
use std::hint::black_box;
use std::io::Write;
use std::time::{Duration, Instant};

use vaultls::ide;
use vaultls::vault::{Cancel, Snapshot};

/// Headings that are typed, spread over the vault.
const TYPED_HEADINGS: usize = 40;

/// Letters of each that are typed at most.
const LONGEST: usize = 12;

/// As many as the server asks for.
const WANTED: usize = 128;

/// Each query counts with the fastest of so many rounds, for other programs run besides.
const ROUNDS: usize = 3;

fn main() -> Result<(), Box<dyn Error>> {
    let notes = support::arguments().find_map(|argument| argument.parse().ok()).unwrap_or(21_000);
    let vault = support::vault_in_memory(support::size(notes)).snapshot();
    let headings: usize = vault.notes().map(|note| note.note.parsed.headings.len()).sum();
    let mut out = std::io::stdout().lock();
    writeln!(out, "{} notes, {headings} headings", vault.file_count())?;
    let mut times: BTreeMap<String, Vec<Duration>> = BTreeMap::new();
    let cancel = Cancel::new();
    for typed in queries(&vault) {
        let mut fastest = Duration::MAX;
        for _ in 0..ROUNDS {
            let start = Instant::now();
            black_box(ide::vault_symbols(&vault, &typed, WANTED, &cancel)).map_err(|_| "cancelled")?;
            fastest = fastest.min(start.elapsed());
        }
        let kind = match typed.chars().count() {
            _ if typed.contains(' ') => "two words".to_owned(),
            letters => format!("{letters:>2} letters"),
        };
        times.entry(kind).or_default().push(fastest);
        times.entry("all".to_owned()).or_default().push(fastest);
    }
    writeln!(out, "{:<12}{:>8}{:>12}{:>12}{:>12}", "", "count", "p50", "p95", "slowest")?;
    for (kind, times) in &mut times {
        let [p50, p95, slowest] =
            [50, 95, 100].map(|percent| support::milliseconds(support::percentile(times, percent)));
        writeln!(out, "{kind:<12}{:>8}{p50:>12}{p95:>12}{slowest:>12}", times.len())?;
    }
    Ok(())
}

/// What is typed on the way to some headings.
fn queries(vault: &Snapshot) -> Vec<String> {
    let mut notes: Vec<_> = vault.notes().filter(|note| !note.note.parsed.headings.is_empty()).collect();
    notes.sort_unstable_by_key(|note| note.path);
    let step = (notes.len() / TYPED_HEADINGS).max(1);
    let mut queries = Vec::new();
    for note in notes.into_iter().step_by(step) {
        let parsed = &note.note.parsed;
        let Some(name) = parsed.headings.last().map(|heading| parsed.heading_name(heading)) else { continue };
        let letters: Vec<char> = name.to_lowercase().chars().take(LONGEST).collect();
        let is_one_word = |end: &usize| !letters.iter().take(*end).any(|letter| letter.is_whitespace());
        queries.extend((1..=letters.len()).filter(is_one_word).map(|end| letters.iter().take(end).collect()));
        let mut words = name.split(' ').map(|word| word.to_lowercase().chars().take(3).collect::<String>());
        if let (Some(first), Some(second)) = (words.next(), words.next()) {
            queries.push(format!("{first} {second}"));
        }
    }
    queries
}
