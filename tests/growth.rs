//! What every request costs, over all kinds of pathological text, counted and not timed: the memory that it
//! takes in all grows in proportion to the note, and work that is cancelled ends. What grows without taking
//! memory is measured by `cargo bench --bench growth`.

#![allow(clippy::unwrap_used, clippy::panic)] // a test may fail

#[path = "../benches/support/pathological.rs"]
mod pathological;

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use allocation_counter::measure;
use vaultls::vault::{Cancel, Cancelled, Note};

use pathological::{Asked, KINDS, Kind, REQUESTS, text};

/// The sizes of the notes, in bytes, the second four times the first.
const SIZES: [usize; 2] = [512, 2 * 1024];

/// How much more memory a request may take in a note four times as long. It would be four times as much for
/// what is in proportion; there is room for tables that double when they are full, and for what is done for
/// each of 50 findings at most, of which the shorter note has fewer. It would be 16 times as much for a
/// square.
const MAX_RATIO: f64 = 10.0;

/// What a request may take whatever the note, in bytes.
const FREE: u64 = 96 * 1024;

/// A quarter of the stack of the server's workers, so that no function calls itself as deep as a note nests.
const STACK_SIZE: usize = 1024 * 1024;

/// Runs a check of all kinds on all processors; it returns what is wrong.
fn each_kind(kinds: &[&Kind], check: impl Fn(&Kind) -> Vec<String> + Sync) {
    let (next, faults) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    let work = || {
        while let Some(kind) = kinds.get(next.fetch_add(1, Ordering::Relaxed)) {
            let found = check(kind);
            faults.lock().unwrap().extend(found.into_iter().map(|fault| format!("{}: {fault}", kind.name)));
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(2, usize::from) {
            std::thread::Builder::new().stack_size(STACK_SIZE).spawn_scoped(scope, work).unwrap();
        }
    });
    let mut faults = faults.into_inner().unwrap();
    faults.sort();
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
}

fn all_kinds() -> Vec<&'static Kind> {
    KINDS.iter().collect()
}

#[test]
fn memory_grows_with_the_note_and_no_faster() {
    each_kind(&all_kinds(), |kind| {
        let [small, large] = SIZES.map(|size| Asked::about(&text(kind, size)));
        let taken = |asked: &Asked, run: pathological::Work| measure(|| run(asked, &Cancel::new()).unwrap());
        let faults = REQUESTS.iter().filter_map(|(name, run)| {
            let (before, after) = (taken(&small, *run).bytes_total, taken(&large, *run).bytes_total);
            let most = (before + FREE) as f64 * MAX_RATIO;
            (after as f64 > most).then(|| format!("{name} takes {before} and {after} bytes"))
        });
        faults.collect()
    });
}

/// A note of 1 MB is not to take more than 160 MB while it is read, nor 100 MB afterwards.
#[test]
fn a_note_takes_a_limited_multiple_of_its_text() {
    each_kind(&all_kinds(), |kind| {
        let text = text(kind, 64 * 1024);
        let taken = measure(|| std::mem::forget(Note::new(&text)));
        let (most, left) = (taken.bytes_max / text.len() as u64, taken.bytes_current / text.len() as i64);
        let is_right = most <= 160 && left <= 100;
        (!is_right)
            .then(|| format!("{most} bytes a byte while it is read, {left} afterwards"))
            .into_iter()
            .collect()
    });
}

/// How much memory a request takes between two looks at the flag, for each byte of the note.
const MAX_BETWEEN: u64 = 500;

#[test]
fn cancelled_work_ends() {
    each_kind(&all_kinds(), |kind| {
        let asked = Asked::about(&text(kind, SIZES[0]));
        let size = asked.text.len() as u64;
        let mut faults = Vec::new();
        for (name, run) in REQUESTS {
            run(&asked, &Cancel::new()).unwrap();
            let counting = Cancel::after(u64::MAX);
            let whole = measure(|| run(&asked, &counting).unwrap()).bytes_total;
            let checks = counting.checked();
            let between = whole.saturating_sub(FREE) / (checks + 1) / size;
            if between > MAX_BETWEEN {
                faults.push(format!("{name} looks at its flag {checks} times in {whole} bytes"));
            }
            for most in [0, checks / 2, checks.saturating_sub(1)] {
                if checks > 0 && run(&asked, &Cancel::after(most)) != Err(Cancelled) {
                    faults.push(format!("{name} goes on after check {most} of {checks}"));
                }
            }
        }
        faults
    });
}

#[test]
fn nesting_takes_no_stack() {
    let deep = KINDS.iter().filter(|kind| kind.name.contains("nested") || kind.name.starts_with("brackets"));
    each_kind(&deep.collect::<Vec<_>>(), |kind| {
        let text = text(kind, 100_000);
        let note = Note::new(&text);
        drop(note);
        Vec::new()
    });
}
