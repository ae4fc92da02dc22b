//! Names as they are typed, letter by letter, in a whole vault: links that are completed, and searches for
//! headings and for two words.
//!
//! `cargo bench --bench symbols -- [NOTES [BYTES]]`; without an argument, a generated vault of 21,000 notes.
//! With `BYTES`, no note has more.

mod support;

use std::collections::BTreeMap;
use std::error::Error;
use std::hint::black_box;
use std::io::{StdoutLock, Write};
use std::sync::Arc;
use std::time::{Duration, Instant};

use vaultls::config::Settings;
use vaultls::ide::{self, NotePosition};
use vaultls::text::Span;
use vaultls::vault::{Cancel, Change, DiskFile, Note, NoteRef, Resolution, Snapshot, VaultPath, VaultWriter};

use support::generated_vault::{DEFAULT_SEED, generate};

/// Headings that are typed, and notes that links are typed in, spread over the vault.
const SPREAD: usize = 40;

/// Letters of each name that are typed at most.
const LONGEST: usize = 12;

/// As many symbols as the server asks for.
const WANTED: usize = 128;

/// Each query counts with the fastest of so many rounds, for other programs run besides.
const ROUNDS: usize = 3;

fn main() -> Result<(), Box<dyn Error>> {
    let mut numbers = support::arguments().filter_map(|argument| argument.parse().ok());
    let notes = support::size(numbers.next().unwrap_or(21_000));
    let mut writer = vault(notes, numbers.next().unwrap_or(usize::MAX));
    let vault = writer.snapshot();
    let headings: usize = vault.notes().map(|note| note.note.parsed.headings.len()).sum();
    let mut out = std::io::stdout().lock();
    writeln!(out, "{} notes, {headings} headings", vault.file_count())?;
    completions(&mut writer, &mut out)?;
    searches(&writer.snapshot(), &mut out)
}

/// A generated vault, of notes that are cut after so many bytes.
fn vault(notes: usize, bytes: usize) -> VaultWriter {
    let mut writer = VaultWriter::new(Arc::new(Settings::default()));
    let files = generate(notes, DEFAULT_SEED).filter_map(|(path, text)| {
        let path = VaultPath::resolve("", &path).ok()?;
        let end = text.floor_char_boundary(bytes);
        Some((path, DiskFile::Note(Arc::new(Note::new(text.get(..end)?)))))
    });
    writer.apply(Change::Disk(files.collect()));
    writer
}

/// Times by how much was typed.
#[derive(Default)]
struct Times(BTreeMap<String, Vec<Duration>>);

impl Times {
    fn add(&mut self, typed: &str, took: Duration) {
        let kind = match typed.chars().count() {
            _ if typed.contains(' ') => "two words".to_owned(),
            letters => format!("{letters:>2} letters"),
        };
        self.0.entry(kind).or_default().push(took);
        self.0.entry("all".to_owned()).or_default().push(took);
    }

    fn print(&mut self, name: &str, out: &mut StdoutLock<'_>) -> std::io::Result<()> {
        writeln!(out, "\n{name:<12}{:>8}{:>12}{:>12}{:>12}", "count", "p50", "p95", "slowest")?;
        for (kind, times) in &mut self.0 {
            let [p50, p95, slowest] =
                [50, 95, 100].map(|percent| support::milliseconds(support::percentile(times, percent)));
            writeln!(out, "{kind:<12}{:>8}{p50:>12}{p95:>12}{slowest:>12}", times.len())?;
        }
        Ok(())
    }
}

/// Types the names that some notes link at their ends, each letter an edit.
fn completions(writer: &mut VaultWriter, out: &mut StdoutLock<'_>) -> Result<(), Box<dyn Error>> {
    let vault = writer.snapshot();
    let mut linking = vault.notes().filter(|note| note.note.parsed.links.len() < 100).collect::<Vec<_>>();
    linking.sort_unstable_by_key(|note| note.path);
    let step = (linking.len() / SPREAD).max(1);
    let cancel = Cancel::new();
    let mut times = Times::default();
    for (round, note) in linking.into_iter().step_by(step).enumerate() {
        let Some(name) = linked_name(&vault, &note) else { continue };
        let mut text = note.note.text.clone();
        writer.apply(Change::Opened { path: note.path.clone(), text: text.clone() });
        let letters: Vec<char> = name.chars().take(LONGEST).collect();
        for end in 0..=letters.len() {
            let typed = end.checked_sub(1).and_then(|last| letters.get(last));
            let key = typed.map_or_else(|| "\n\n[[".to_owned(), char::to_string);
            text.replace(Span::empty(text.end()), &key);
            writer.apply(Change::Edited { path: note.path.clone(), text: text.clone() });
            let vault = writer.snapshot();
            let at = NotePosition { note: note.id, at: text.end() };
            let mut fastest = Duration::MAX;
            for repeat in 0..ROUNDS {
                let start = Instant::now();
                black_box(ide::completion(&vault, at, &cancel)).map_err(|_| "cancelled")?;
                fastest = fastest.min(start.elapsed());
                if round + end + repeat == 0 {
                    writeln!(out, "first completion {}", support::milliseconds(start.elapsed()))?;
                }
            }
            times.add(&"x".repeat(end), fastest);
        }
        writer.apply(Change::Closed { path: note.path.clone() });
    }
    times.print("completion", out)?;
    Ok(())
}

/// The stem of the note that the first wikilink of a note leads to.
fn linked_name(vault: &Snapshot, note: &NoteRef<'_>) -> Option<String> {
    let links = note.note.parsed.links.iter().filter(|link| link.kind.is_wiki()).skip(1);
    let mut found = links.filter_map(|link| match vault.resolve(note, link) {
        Resolution::Found(found) => Some(vault.file(found.best)?.path.stem().to_owned()),
        _ => None,
    });
    found.next()
}

/// Searches for some headings as they are typed.
fn searches(vault: &Snapshot, out: &mut StdoutLock<'_>) -> Result<(), Box<dyn Error>> {
    let mut times = Times::default();
    let cancel = Cancel::new();
    for typed in queries(vault) {
        let mut fastest = Duration::MAX;
        for _ in 0..ROUNDS {
            let start = Instant::now();
            black_box(ide::vault_symbols(vault, &typed, WANTED, &cancel)).map_err(|_| "cancelled")?;
            fastest = fastest.min(start.elapsed());
        }
        times.add(&typed, fastest);
    }
    times.print("symbols", out)?;
    Ok(())
}

/// What is typed on the way to some headings.
fn queries(vault: &Snapshot) -> Vec<String> {
    let mut notes: Vec<_> = vault.notes().filter(|note| !note.note.parsed.headings.is_empty()).collect();
    notes.sort_unstable_by_key(|note| note.path);
    let step = (notes.len() / SPREAD).max(1);
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
