//! How many instructions the hot paths take, counted by callgrind, against the counts that are kept in
//! `benches/instructions.txt`: a measure that other programs on the machine do not disturb.
//!
//! `cargo bench --bench instructions` shows by how much each has changed and fails if one has grown by more
//! than the limit; `cargo bench --bench instructions -- --record` keeps the new counts. Both need Valgrind.
//! Counts of another compiler or processor differ: record those before a change, then compare.

#![allow(clippy::expect_used, reason = "a benchmark without its vault has nothing to measure")]

mod support;

use std::collections::BTreeMap;
use std::error::Error;
use std::fs;
use std::hint::black_box;
use std::io::{self, Write};
use std::path::Path;
use std::process::{Command, Stdio};

use vaultls::ide::{self, NotePosition};
use vaultls::syntax::parse;
use vaultls::text::{Span, Text};
use vaultls::vault::{Cancel, Change, NoteRef, Snapshot, VaultPath, VaultWriter};

use support::generated_vault::{DEFAULT_SEED, note_of, typical_note};

/// By how much a count may grow, in percent.
const LIMIT: f64 = 5.0;

/// Small, for everything takes fifty times as long below Valgrind; and so small that all runs on one thread.
const NOTES: usize = 800;

/// The counts that are kept, a line each: the path and its instructions.
const KEPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/instructions.txt");

type Work = Box<dyn FnMut()>;
type Prepare = fn() -> Work;

/// The hot paths, each prepared first and then measured.
const PATHS: [(&str, Prepare); 4] =
    [("parse", parsing), ("edit", editing), ("resolve", resolving), ("complete", completing)];

fn main() -> Result<(), Box<dyn Error>> {
    let is_asked = |option: &str| std::env::args().any(|argument| argument == option);
    if let Some(name) = support::arguments().next() {
        let (_, prepare) = PATHS.iter().find(|(path, _)| *path == name).ok_or("no such path")?;
        measured(&mut prepare());
        return Ok(());
    }
    if !is_asked("--bench") {
        // Cargo only tests that the benchmark works.
        PATHS.iter().for_each(|(_, prepare)| measured(&mut prepare()));
        return Ok(());
    }
    let counts = PATHS.iter().map(|(name, _)| Ok((*name, count(name)?)));
    let counts: Vec<(&str, u64)> = counts.collect::<Result<_, Box<dyn Error>>>()?;
    if is_asked("--record") {
        let lines: Vec<String> = counts.iter().map(|(name, count)| format!("{name} {count}\n")).collect();
        return Ok(fs::write(KEPT, lines.concat())?);
    }
    compare(&counts)
}

/// Shows by how much each count has changed.
///
/// # Errors
///
/// If one has grown by more than the limit, or is not kept.
fn compare(counts: &[(&str, u64)]) -> Result<(), Box<dyn Error>> {
    let kept = fs::read_to_string(KEPT)?;
    let kept: BTreeMap<&str, u64> = kept
        .lines()
        .filter_map(|line| line.split_once(' '))
        .filter_map(|(name, count)| Some((name, count.parse().ok()?)))
        .collect();
    let mut out = io::stdout().lock();
    let mut grown = Vec::new();
    writeln!(out, "{:<12}{:>16}{:>16}{:>10}", "instructions", "kept", "now", "change")?;
    for (name, now) in counts {
        let kept = *kept.get(name).ok_or_else(|| format!("no count of {name} is kept"))?;
        let percent = (*now as f64 / kept as f64 - 1.0) * 100.0;
        writeln!(out, "{name:<12}{kept:>16}{now:>16}{percent:>+9.2}%")?;
        if percent > LIMIT {
            grown.push(*name);
        }
    }
    match grown.is_empty() {
        true => Ok(()),
        false => Err(format!(
            "grown by more than {LIMIT} %: {}. If that is right: cargo bench --bench instructions -- --record",
            grown.join(", ")
        )
        .into()),
    }
}

/// The instructions of one path, run in a process of its own.
fn count(name: &str) -> Result<u64, Box<dyn Error>> {
    let out = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("instructions-{name}"));
    let status = Command::new("valgrind")
        .args(["--tool=callgrind", "--toggle-collect=instructions::measured*"])
        .arg(format!("--callgrind-out-file={}", out.display()))
        .arg(std::env::current_exe()?)
        .args(["--bench", name])
        .stderr(Stdio::null())
        .status()
        .map_err(|error| format!("valgrind does not run ({error}); .ci/install.sh installs it"))?;
    if !status.success() {
        return Err(format!("{name} below valgrind: {status}").into());
    }
    let written = fs::read_to_string(out)?;
    let total =
        written.lines().find_map(|line| line.strip_prefix("totals: ")).ok_or("callgrind counted nothing")?;
    Ok(total.trim().parse()?)
}

/// What runs in here is counted.
#[inline(never)]
fn measured(work: &mut Work) {
    work();
}

/// Typical notes, and a long one.
fn parsing() -> Work {
    let mut texts = vec![note_of(200_000, DEFAULT_SEED)];
    texts.extend((0..20).map(|seed| typical_note(DEFAULT_SEED + seed)));
    Box::new(move || texts.iter().for_each(|text| drop(black_box(parse(text)))))
}

/// Letters typed in a sentence, in a link and in a heading, each until there is a new snapshot.
fn editing() -> Work {
    let mut writer = support::vault_in_memory(NOTES);
    let path = VaultPath::resolve("", "typed/in.md").expect("a path");
    let mut text = Text::from(&*typical_note(DEFAULT_SEED));
    text.replace(Span::empty(text.end()), "\n\nA sentence");
    writer.apply(Change::Opened { path: path.clone(), text: text.clone() });
    Box::new(move || {
        for (begun, rest) in [("", ""), ("\n\n[[some_not", "]]"), ("\n\n## A headin", "")] {
            text.replace(Span::empty(text.end()), &format!("{begun}{rest}"));
            for letter in "grows by a letter".chars() {
                let at = text.len() - rest.len();
                text.replace(Span::new(at, at), &letter.to_string());
                black_box(writer.apply(Change::Edited { path: path.clone(), text: text.clone() }));
                black_box(writer.snapshot());
            }
        }
    })
}

/// All links of every fourth note.
fn resolving() -> Work {
    let vault = support::vault_in_memory(NOTES).snapshot();
    Box::new(move || {
        for note in by_path(&vault).into_iter().step_by(4) {
            for link in &note.note.parsed.links {
                black_box(vault.resolve(&note, link));
            }
        }
    })
}

/// A name in a link as it is typed, in several notes.
fn completing() -> Work {
    const TYPED: [&str; 4] = ["", "s", "st", "stam_l"];
    let mut writer: VaultWriter = support::vault_in_memory(NOTES);
    let mut asked = Vec::new();
    let vault = writer.snapshot();
    // As the server does when it has read a vault.
    vault.prepare_search();
    for note in by_path(&vault).into_iter().step_by(NOTES / 4) {
        for typed in TYPED {
            let mut text = note.note.text.clone();
            text.replace(Span::empty(text.end()), &format!("\n\n[[{typed}"));
            writer.apply(Change::Opened { path: note.path.clone(), text: text.clone() });
            asked.push((writer.snapshot(), NotePosition { note: note.id, at: text.end() }));
        }
    }
    Box::new(move || {
        for (vault, at) in &asked {
            black_box(ide::completion(vault, *at, &Cancel::new())).expect("not cancelled");
        }
    })
}

fn by_path(vault: &Snapshot) -> Vec<NoteRef<'_>> {
    let mut notes: Vec<NoteRef<'_>> = vault.notes().collect();
    notes.sort_unstable_by(|a, b| a.path.cmp(b.path));
    notes
}
