//! How the time of every request grows with a note, over all kinds of pathological text: the exponent
//! between notes of 32 and of 128 KB, 1 for time in proportion and 2 for its square.
//!
//! `cargo bench --bench growth` prints those that grow faster than in proportion and fails if there are any;
//! `cargo bench --bench growth -- nested hover` measures the kinds with the first word in their names and the
//! requests with the second in theirs, and prints all; `--quick` takes notes of a quarter of the size. Time
//! is that of the processor, so that other programs disturb it little.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a benchmark without its vault has nothing to measure"
)]

#[path = "support/pathological.rs"]
mod pathological;

use std::error::Error;
use std::fs;
use std::io::{self, Write};
use std::time::{Duration, Instant};

use vaultls::vault::Cancel;

use pathological::{Asked, KINDS, Kind, REQUESTS, Request, text};

/// The sizes of the notes, in KB; each four times the one before.
const SIZES: [usize; 3] = [8, 32, 128];

/// The exponent above which time does not grow in proportion, with room for caches and noise.
const MAX_EXPONENT: f64 = 1.4;

/// What takes less, in milliseconds, is not judged, for its time is noise.
const MIN_JUDGED: f64 = 50.0;

/// After a note for which a request took longer, in milliseconds, none that is longer is measured.
const MAX_TIME: f64 = 1_000.0;

fn main() -> Result<(), Box<dyn Error>> {
    let wanted: Vec<String> =
        std::env::args().skip(1).filter(|argument| !argument.starts_with("--")).collect();
    if !std::env::args().any(|argument| argument == "--bench") {
        // Cargo only tests that the benchmark works.
        let asked = Asked::about("# a\n");
        REQUESTS.iter().for_each(|(_, run)| run(&asked, &Cancel::new()).unwrap());
        return Ok(());
    }
    let scale = if std::env::args().any(|argument| argument == "--quick") { 4 } else { 1 };
    let mut out = io::stdout().lock();
    let mut faults = 0;
    writeln!(out, "{:<38}{:<26}{:>9}{:>9}{:>9}  exponent", "kind", "request", "short", "longer", "long")?;
    for kind in KINDS {
        let is_wanted =
            |place: usize, name: &str| wanted.get(place).is_none_or(|wanted| name.contains(wanted.as_str()));
        let requests = REQUESTS.iter().filter(|(name, _)| is_wanted(1, name) && is_wanted(0, kind.name));
        let requests: Vec<&Request> = requests.collect();
        for (name, times) in measured(kind, &requests, scale) {
            let exponent = exponent(&times);
            let is_fault = exponent > MAX_EXPONENT;
            faults += usize::from(is_fault);
            if is_fault || !wanted.is_empty() {
                let times: String = times.iter().map(|time| format!("{time:>9.1}")).collect();
                let mark = if is_fault { " !" } else { "" };
                writeln!(out, "{:<38}{name:<26}{times:<27}  {exponent:.2}{mark}", kind.name)?;
                out.flush()?;
            }
        }
    }
    match faults {
        0 => Ok(()),
        faults => Err(format!("{faults} grow faster than in proportion").into()),
    }
}

/// The times of each request, in milliseconds, for notes of growing size.
fn measured(kind: &Kind, requests: &[&Request], scale: usize) -> Vec<(&'static str, Vec<f64>)> {
    let mut all: Vec<_> = requests.iter().map(|(name, _)| (*name, Vec::new())).collect();
    for size in SIZES {
        if all.iter().all(|(_, times)| times.last().is_some_and(|last| *last >= MAX_TIME)) && !all.is_empty()
        {
            break;
        }
        if requests.is_empty() {
            break;
        }
        let asked = Asked::about(&text(kind, size * 1024 / scale));
        for ((_, run), (_, times)) in requests.iter().zip(&mut all) {
            if times.last().is_none_or(|last| *last < MAX_TIME) {
                times.push(time(|| run(&asked, &Cancel::new()).unwrap()));
            }
        }
    }
    all
}

/// The time of the processor that work takes, in milliseconds; the least of three if it is short.
fn time(mut work: impl FnMut()) -> f64 {
    let mut once = || {
        let before = processor_time();
        work();
        (processor_time() - before).as_secs_f64() * 1000.0
    };
    let first = once();
    if first < 50.0 { first.min(once()).min(once()) } else { first }
}

/// The time that this thread has run: on Linux that of the processor.
fn processor_time() -> Duration {
    thread_local!(static START: Instant = Instant::now());
    let kept = fs::read_to_string("/proc/thread-self/schedstat").ok();
    let ran = kept.and_then(|kept| kept.split(' ').next()?.parse().ok()).map(Duration::from_nanos);
    ran.unwrap_or_else(|| START.with(Instant::elapsed))
}

/// The exponent between the last two sizes; 0 if the time is too short to say.
fn exponent(times: &[f64]) -> f64 {
    match times {
        [.., before, last] if *last >= MIN_JUDGED => (last / before.max(0.001)).log(4.0),
        _ => 0.0,
    }
}
