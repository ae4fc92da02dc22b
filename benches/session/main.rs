//! The whole server as an editor knows it: a process of its own, on a wire. How soon it answers rightly and
//! has read its vault, how quickly it answers then, and its memory; each beside what is asked of it.
//!
//! `cargo bench --bench session -- [NOTES | FOLDER]...`; without an argument, a generated vault of 21,000
//! notes. Vaults of 21,000, 200,000 (1.4 GB) and 1,000,000 notes (of 1 KB) have limits of their own. A
//! folder is copied, and only the copy is written to. `--false-answers` measures those alone, in seconds.
//! `VAULTLS_BENCH_SERVER` names another build of the server to measure.

mod branch_switch;
mod editor;
mod first_answers;
mod script;
#[path = "../support/mod.rs"]
mod support;
mod table;

use std::collections::BTreeMap;
use std::error::Error;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use editor::{Editor, Latencies, Start, Times};
use first_answers::Counts;
use ignore::WalkBuilder;
use script::Script;
use table::{Column, Figure};

/// Starts of the server, each after a run of the floor: as many as a vault of 21,000 notes allows in half a
/// minute, and no fewer than this.
const LEAST_STARTS: u64 = 3;
const MOST_STARTS: u64 = 7;

/// After reading and before the memory is looked at: what is done once and given back is no memory of the
/// vault.
const SETTLING: Duration = Duration::from_secs(1);

/// How much lower the priority of the server's threads is that read a vault.
#[cfg(target_os = "linux")]
const READING_NICENESS: i32 = 5;

fn main() -> Result<(), Box<dyn Error>> {
    let named: Vec<String> = support::arguments().collect();
    let named = if named.is_empty() { vec!["21000".to_owned()] } else { named };
    let only_false_answers = std::env::args().any(|argument| argument == "--false-answers");
    let mut columns = Vec::new();
    for vault in named {
        let (folder, is_generated) = match vault.parse() {
            Ok(notes) => (support::vault_folder(support::size(notes))?, true),
            Err(_) => (copy_of(Path::new(&vault))?, false),
        };
        let script = Script::new(&folder)?;
        let title = format!("{} notes, {} MB", script.notes, script.bytes / 1_000_000);
        writeln!(io::stdout(), "\n{title}")?;
        let counts = first_answers::measure(&script)?;
        let wrong: usize = counts.values().map(|counts| counts.wrong).sum();
        let mut figures = vec![(Figure::FalseAnswers, wrong as f64)];
        write_counts(&counts)?;
        if !only_false_answers {
            figures.extend(measure(&script, is_generated)?);
        }
        columns.push(Column { title, notes: script.notes, figures });
    }
    Ok(table::write(&columns)?)
}

/// Measures everything but false answers.
fn measure(script: &Script, is_generated: bool) -> Result<Vec<(Figure, f64)>, Box<dyn Error>> {
    let (mut floors, mut starts) = (Times::new(), Vec::new());
    let (mut resident, mut after_use) = (None, None);
    // Fills the page cache and does not count.
    support::lower_bound(&script.root)?;
    let mut latencies = Latencies::default();
    let mut switches = Times::new();
    let rounds = (150_000 / script.notes.max(1)).clamp(LEAST_STARTS, MOST_STARTS);
    for round in 1..=rounds {
        floors.push(floor(&script.root)?);
        let mut editor = Editor::start(&script.root)?;
        starts.push(editor.measure_start(script)?);
        if round == rounds {
            std::thread::sleep(SETTLING);
            resident = memory(editor.client.process_id());
            for visit in &script.visits {
                editor.visit(visit, &mut latencies)?;
            }
            editor.ask_about_hub(&script.hub.0, &mut latencies)?;
            if is_generated {
                support::set_generated(&script.root, false)?;
            }
            switches = branch_switch::measure(&mut editor, script)?;
            if is_generated {
                support::set_generated(&script.root, true)?;
            }
            std::thread::sleep(SETTLING * 3);
            after_use = memory(editor.client.process_id());
        }
        editor.client.shut_down()?;
    }
    let of_starts = |time: fn(&Start) -> Duration| starts.iter().map(time).collect::<Times>();
    let mut times = [
        ("floor", floors),
        ("spawn to initialize answer", of_starts(|start| start.initialized)),
        ("spawn to right definition", of_starts(|start| start.definition)),
        ("spawn to whole vault", of_starts(|start| start.read)),
        ("completion in a link", latencies.completion),
        ("key in a sentence", latencies.key_in_sentence),
        ("key in a link", latencies.key_in_link),
        ("key in a title", latencies.key_in_title),
        ("definition", latencies.definition),
        ("hover", latencies.hover),
        ("hover on a broken link", latencies.hover_broken),
        ("diagnostics", latencies.diagnostics),
        ("workspace symbol", latencies.symbols),
        ("references of the hub", latencies.references),
        ("rename of the hub", latencies.rename),
        ("branch switch", switches),
    ];
    write_times(&mut times, script.hub.1)?;
    writeln!(io::stdout(), "largest completion list {} bytes", latencies.largest_list)?;
    let mut figures = figures(&mut times);
    if let Some((resident, end)) = resident.zip(after_use) {
        writeln!(io::stdout(), "resident at the end {} MB, at most {} MB", end.now >> 20, end.peak >> 20)?;
        figures.push((Figure::Memory, resident.now as f64 / script.bytes as f64));
        figures.push((Figure::MemoryAfterUse, end.now as f64 / resident.now as f64));
    }
    Ok(figures)
}

/// The work that no reading of a vault can avoid, at the priority at which the server reads: with other
/// programs on the machine, their times can be compared all the same.
fn floor(root: &Path) -> Result<Duration, Box<dyn Error>> {
    let work = || {
        #[cfg(target_os = "linux")]
        let _ = rustix::process::nice(READING_NICENESS);
        support::lower_bound(root).map(|(time, _)| time).map_err(|error| error.to_string())
    };
    let outcome = std::thread::scope(|threads| threads.spawn(work).join());
    Ok(outcome.map_err(|_| "the floor has panicked")??)
}

fn figures(times: &mut [(&str, Times)]) -> Vec<(Figure, f64)> {
    let of = |names: &[&str], percent: usize| {
        let own = times.iter().filter(|(name, times)| names.contains(name) && !times.is_empty());
        let mut own: Times = own.flat_map(|(_, times)| times.iter().copied()).collect();
        (!own.is_empty()).then(|| support::percentile(&mut own, percent).as_secs_f64() * 1_000.0)
    };
    let floor = of(&["floor"], 50);
    let ratio = |time: Option<f64>| Some(time? / floor?);
    let figures = [
        (Figure::FirstDefinition, ratio(of(&["spawn to right definition"], 50))),
        (Figure::Read, ratio(of(&["spawn to whole vault"], 50))),
        (Figure::Key, of(&["key in a link", "key in a title"], 99)),
        (Figure::Completion, of(&["completion in a link"], 95)),
        (Figure::Symbols, of(&["workspace symbol"], 95)),
        (Figure::Definition, of(&["definition"], 95)),
        (Figure::Hover, of(&["hover", "hover on a broken link"], 95)),
        (Figure::References, of(&["references of the hub"], 50)),
        (Figure::Rename, of(&["rename of the hub"], 50)),
        (Figure::BranchSwitch, of(&["branch switch"], 50)),
    ];
    figures.into_iter().filter_map(|(figure, value)| Some((figure, value?))).collect()
}

fn write_times(times: &mut [(&str, Times)], links_to_hub: usize) -> io::Result<()> {
    let mut out = io::stdout().lock();
    // Other programs on the machine make all times longer.
    if let Ok(load) = fs::read_to_string("/proc/loadavg") {
        writeln!(out, "load average {}", load.split(' ').take(3).collect::<Vec<_>>().join(" "))?;
    }
    writeln!(out, "the hub has {links_to_hub} links")?;
    writeln!(out, "{:<28}{:>8}{:>14}{:>14}{:>14}", "", "count", "p50", "p95", "p99")?;
    for (name, times) in times {
        let [p50, p95, p99] =
            [50, 95, 99].map(|percent| support::milliseconds(support::percentile(times, percent)));
        writeln!(out, "{name:<28}{:>8}{p50:>14}{p95:>14}{p99:>14}", times.len())?;
    }
    Ok(())
}

fn write_counts(counts: &BTreeMap<&'static str, Counts>) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(
        out,
        "{:<28}{:>8}{:>8}{:>8}{:>8}{:>11}{:>8}",
        "while the vault is read", "asked", "early", "right", "part", "ask again", "false"
    )?;
    for (method, of) in counts {
        writeln!(
            out,
            "{method:<28}{:>8}{:>8}{:>8}{:>8}{:>11}{:>8}",
            of.asked, of.early, of.right, of.part, of.ask_again, of.wrong
        )?;
    }
    for example in counts.values().filter_map(|of| of.example.as_ref()) {
        writeln!(out, "false: {example}")?;
    }
    Ok(())
}

/// A copy of a vault, to be written to. Other files than notes are linked where that is possible.
fn copy_of(folder: &Path) -> Result<PathBuf, Box<dyn Error>> {
    let copy = Path::new(env!("CARGO_TARGET_TMPDIR")).join("copy");
    if copy.exists() {
        fs::remove_dir_all(&copy)?;
    }
    let mut walk = WalkBuilder::new(folder);
    walk.require_git(false).hidden(false).filter_entry(|entry| entry.file_name() != ".git");
    for entry in walk.build() {
        let entry = entry?;
        let to = copy.join(entry.path().strip_prefix(folder)?);
        let is_note = matches!(to.extension().and_then(|end| end.to_str()), Some("md" | "markdown"));
        if entry.path().is_dir() {
            fs::create_dir_all(&to)?;
        } else if is_note || fs::hard_link(entry.path(), &to).is_err() {
            fs::copy(entry.path(), &to)?;
        }
    }
    Ok(copy)
}

/// Memory of a process that is in RAM, in bytes.
struct Memory {
    now: u64,
    /// The most that it was.
    peak: u64,
}

/// `None` where there is no `/proc`.
fn memory(process: u32) -> Option<Memory> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let bytes = |field: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(field))?;
        line.trim().trim_end_matches("kB").trim().parse::<u64>().ok().map(|kilobytes| kilobytes * 1024)
    };
    Some(Memory { now: bytes("VmRSS:")?, peak: bytes("VmHWM:")? })
}
