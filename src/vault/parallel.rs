//! Work over a whole vault on several threads.

use std::ops::Range;
use std::panic::resume_unwind;
use std::thread;

/// More threads would take the processor from other requests.
const MAX_THREADS: usize = 4;

/// Divides so many pieces of work into neighbouring ones and hands each part to a thread of its own. Fewer
/// than `many` are one part, for the calling thread: they are done sooner than a thread is started for them.
/// Returns the results in order.
pub(crate) fn in_parts<T: Send>(
    pieces: usize,
    many: usize,
    work: impl Fn(Range<usize>) -> T + Sync,
) -> Vec<T> {
    let threads = || thread::available_parallelism().map_or(1, usize::from).min(MAX_THREADS);
    let many = if cfg!(test) { 2 } else { many };
    let parts = if pieces < many { 1 } else { threads() };
    let part = |index: usize| pieces * index / parts..pieces * (index + 1) / parts;
    thread::scope(|scope| {
        let work = &work;
        let others: Vec<_> = (1..parts).map(|index| scope.spawn(move || work(part(index)))).collect();
        let mut results = vec![work(part(0))];
        results.extend(
            others.into_iter().map(|other| other.join().unwrap_or_else(|panic| resume_unwind(panic))),
        );
        results
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_piece_is_in_one_part() {
        for pieces in [0, 1, 2, 3, 100, 1_001] {
            let parts = in_parts(pieces, 0, |part| part.collect::<Vec<_>>());
            assert_eq!(parts.concat(), (0..pieces).collect::<Vec<_>>());
        }
    }
}
