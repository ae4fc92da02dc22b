//! The threads that compute answers. Work that grows with the vault never takes the last of them, and work
//! that no user waits for never the last but one: so a hover waits for neither, and a rename does not wait
//! for diagnostics.
//!
//! Interactive work may take all of them, and some of it may turn out long. If more of it then waits longer
//! than [`PATIENCE`], a thread is added for it. There are at most [`MAX_ADDED`] of those; from then on the
//! oldest interactive work is stopped instead. So a hover is computed whatever else was asked for.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::sync::oneshot;

use crate::vault::{Cancel, Cancelled};

use super::lock::lock;

/// How urgent a piece of work is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Priority {
    /// The user waits for it.
    Interactive,
    /// The user waits for it, and it grows with what links to one thing, or with the vault.
    Lengthy,
    /// The user sees its result, and goes on without it.
    Background,
    /// It grows with the vault, and the user does not wait for it.
    WholeVault,
}

/// Why a piece of work has no result.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Failure {
    /// Its result is not wanted any more, or the server stops.
    Cancelled,
    /// It took long, and other work could not begin until it was stopped.
    TooLong,
    /// It panicked.
    Panicked,
}

impl From<Cancelled> for Failure {
    fn from(_: Cancelled) -> Failure {
        Failure::Cancelled
    }
}

/// How long interactive work waits for a thread before one is added: longer than the usual takes.
const PATIENCE: Duration = Duration::from_millis(10);

/// How many threads are added at most. One that waits costs the pages of its stack that it has used.
const MAX_ADDED: usize = 32;

/// The stack of a thread, in bytes. No function calls itself as deep as a note nests;
/// `tests/growth.rs` asks about the deepest on a stack of a quarter of this.
const STACK_SIZE: usize = 4 * 1024 * 1024;

struct Job {
    run: Box<dyn FnOnce() + Send>,
    /// What stops it; `None` if nothing does.
    stop: Option<Stop>,
}

/// Stops work that takes too long.
#[derive(Clone, Default)]
struct Stop {
    cancel: Cancel,
    is_too_long: Arc<AtomicBool>,
}

/// A number of threads and a queue of jobs by priority. When it is dropped, the threads end with what they
/// are doing.
pub(crate) struct Pool {
    shared: Arc<Shared>,
}

struct Shared {
    queue: Mutex<Queue>,
    /// Notified when a job may begin.
    news: Condvar,
    /// Notified when interactive work begins to wait.
    waiting: Condvar,
    /// How many threads there always are.
    threads: usize,
    /// How many more there may be.
    max_added: usize,
}

#[derive(Default)]
struct Queue {
    /// The most urgent first, those of one priority in their order.
    jobs: BTreeMap<(Priority, u64), Job>,
    /// How many jobs have been queued.
    number: u64,
    /// How many jobs run now.
    running: BTreeMap<Priority, usize>,
    /// What stops the interactive jobs that run now, by their numbers.
    stops: BTreeMap<u64, Stop>,
    /// How many threads were added and have not ended.
    added: usize,
    is_closed: bool,
}

impl Pool {
    /// A pool with a thread for each processor and one more, so that answers and unhurried work can keep all
    /// of them busy.
    pub(crate) fn new() -> Pool {
        let pool =
            Pool::of(std::thread::available_parallelism().map_or(2, usize::from).max(2) + 1, MAX_ADDED);
        let shared = Arc::clone(&pool.shared);
        start_thread("pool".to_owned(), move || shared.watch());
        pool
    }

    /// A pool that adds a thread only when [`Shared::relieve`] is called.
    fn of(threads: usize, max_added: usize) -> Pool {
        let (news, waiting) = (Condvar::new(), Condvar::new());
        let shared = Arc::new(Shared { queue: Mutex::default(), news, waiting, threads, max_added });
        for number in 0..threads {
            let shared = Arc::clone(&shared);
            start_thread(format!("worker {number}"), move || shared.work());
        }
        Pool { shared }
    }

    /// Runs work whose result is awaited. Dropping the returned future raises the flag that the work is
    /// given.
    pub(crate) fn run<T: Send + 'static>(
        &self,
        priority: Priority,
        work: impl FnOnce(&Cancel) -> Result<T, Cancelled> + Send + 'static,
    ) -> Work<T> {
        let stop = Stop::default();
        let (sender, outcome) = oneshot::channel();
        let (cancel, flag, is_too_long) =
            (stop.cancel.clone(), stop.cancel.clone(), Arc::clone(&stop.is_too_long));
        let run = Box::new(move || {
            let outcome = match flag.check() {
                Err(cancelled) => Err(cancelled.into()),
                Ok(()) => match catch_unwind(AssertUnwindSafe(|| work(&flag))) {
                    Ok(Err(Cancelled)) if is_too_long.load(Ordering::Relaxed) => Err(Failure::TooLong),
                    Ok(outcome) => outcome.map_err(Failure::from),
                    Err(_) => Err(Failure::Panicked),
                },
            };
            let _ = sender.send(outcome);
        });
        self.queue(priority, Job { run, stop: Some(stop) });
        Work { cancel, outcome }
    }

    /// Runs work whose result is not awaited. A panic in it is logged.
    pub(crate) fn spawn(&self, priority: Priority, work: impl FnOnce() + Send + 'static) {
        self.queue(priority, Job { run: Box::new(work), stop: None });
    }

    fn queue(&self, priority: Priority, job: Job) {
        let mut queue = lock(&self.shared.queue);
        queue.number += 1;
        let key = (priority, queue.number);
        queue.jobs.insert(key, job);
        drop(queue);
        self.shared.news.notify_one();
        if priority == Priority::Interactive {
            self.shared.waiting.notify_one();
        }
    }
}

fn start_thread(name: String, run: impl FnOnce() + Send + 'static) -> bool {
    let builder = std::thread::Builder::new().name(name).stack_size(STACK_SIZE);
    let started = builder.spawn(run);
    if let Err(error) = &started {
        tracing::error!("cannot start a worker thread: {error}");
    }
    started.is_ok()
}

impl Drop for Pool {
    fn drop(&mut self) {
        let mut queue = lock(&self.shared.queue);
        queue.is_closed = true;
        queue.jobs.clear();
        drop(queue);
        self.shared.news.notify_all();
        self.shared.waiting.notify_all();
    }
}

impl Queue {
    /// The most urgent job, if it may take one of so many threads now; if it may not, no other may.
    fn pop(&mut self, threads: usize) -> Option<Begun> {
        let first = self.jobs.first_entry()?;
        let (priority, number) = *first.key();
        let at_least =
            |priority: Priority| self.running.range(priority..).map(|(_, count)| count).sum::<usize>();
        let may_run = match priority {
            Priority::Interactive => true,
            Priority::Lengthy => at_least(Priority::Lengthy) + 1 < threads,
            Priority::Background | Priority::WholeVault => {
                at_least(Priority::Lengthy) + 1 < threads && at_least(Priority::Background) + 2 < threads
            }
        };
        if !may_run {
            return None;
        }
        let Job { run, stop } = first.remove();
        *self.running.entry(priority).or_default() += 1;
        if let Some(stop) = stop.filter(|_| priority == Priority::Interactive) {
            self.stops.insert(number, stop);
        }
        Some(Begun { priority, number, run })
    }

    fn end(&mut self, priority: Priority, number: u64) {
        if let Some(running) = self.running.get_mut(&priority) {
            *running -= 1;
        }
        self.stops.remove(&number);
    }

    /// The number of the interactive job that has waited longest.
    fn waiting(&self) -> Option<u64> {
        let ((priority, number), _) = self.jobs.first_key_value()?;
        (*priority == Priority::Interactive).then_some(*number)
    }
}

/// A job that a thread has taken.
struct Begun {
    priority: Priority,
    number: u64,
    run: Box<dyn FnOnce() + Send>,
}

impl Shared {
    /// What one of the threads does that there always are.
    fn work(&self) {
        while let Some(begun) = self.next() {
            self.run(begun);
        }
    }

    fn next(&self) -> Option<Begun> {
        let mut queue = lock(&self.queue);
        loop {
            if queue.is_closed {
                return None;
            }
            if let Some(begun) = queue.pop(self.threads) {
                return Some(begun);
            }
            queue = self.news.wait(queue).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// What an added thread does: interactive work, and it ends when none waits.
    fn work_off(&self) {
        loop {
            let mut queue = lock(&self.queue);
            let begun = if queue.waiting().is_some() { queue.pop(self.threads) } else { None };
            let Some(begun) = begun else {
                queue.added -= 1;
                return;
            };
            drop(queue);
            self.run(begun);
        }
    }

    fn run(&self, Begun { priority, number, run }: Begun) {
        if catch_unwind(AssertUnwindSafe(run)).is_err() {
            tracing::error!("a background job panicked");
        }
        lock(&self.queue).end(priority, number);
        self.news.notify_one();
    }

    /// Relieves interactive work that waits longer than [`PATIENCE`], until the pool is dropped.
    fn watch(self: &Arc<Self>) {
        let mut queue = lock(&self.queue);
        while !queue.is_closed {
            let Some(number) = queue.waiting() else {
                queue = self.waiting.wait(queue).unwrap_or_else(PoisonError::into_inner);
                continue;
            };
            drop(queue);
            std::thread::sleep(PATIENCE);
            queue = lock(&self.queue);
            if queue.waiting() == Some(number) {
                drop(queue);
                self.relieve();
                queue = lock(&self.queue);
            }
        }
    }

    /// Adds a thread for the interactive work that waits. If there are too many, stops the oldest that runs:
    /// its thread is free as soon as it looks at its flag.
    fn relieve(self: &Arc<Self>) {
        let mut queue = lock(&self.queue);
        if queue.added < self.max_added {
            queue.added += 1;
            drop(queue);
            let shared = Arc::clone(self);
            if start_thread("added worker".to_owned(), move || shared.work_off()) {
                return;
            }
            queue = lock(&self.queue);
            queue.added -= 1;
        }
        if let Some((_, stop)) = queue.stops.pop_first() {
            stop.is_too_long.store(true, Ordering::Relaxed);
            stop.cancel.cancel();
        }
    }
}

/// Work under way. Dropping it cancels the work.
pub(crate) struct Work<T> {
    cancel: Cancel,
    outcome: oneshot::Receiver<Result<T, Failure>>,
}

impl<T> Future for Work<T> {
    type Output = Result<T, Failure>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<T, Failure>> {
        let outcome = Pin::new(&mut self.outcome).poll(context);
        outcome.map(|outcome| outcome.unwrap_or(Err(Failure::Cancelled)))
    }
}

impl<T> Drop for Work<T> {
    fn drop(&mut self) {
        self.cancel.cancel();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    use std::sync::mpsc;

    /// Work that goes on until it is cancelled.
    fn endless(pool: &Pool, priority: Priority) -> Work<()> {
        pool.run(priority, |cancel| {
            loop {
                cancel.check()?;
                std::thread::sleep(Duration::from_millis(1));
            }
        })
    }

    #[tokio::test]
    async fn background_work_leaves_a_thread_free() {
        for unhurried in [Priority::WholeVault, Priority::Background] {
            let pool = Pool::new();
            let mut long: Vec<Work<()>> = (0..64).map(|_| endless(&pool, unhurried)).collect();
            let lengthy = pool.run(Priority::Lengthy, |_| Ok(0));
            assert_eq!(tokio::time::timeout(Duration::from_secs(5), lengthy).await, Ok(Ok(0)));
            long.extend((0..64).map(|_| endless(&pool, Priority::Lengthy)));
            let quick = pool.run(Priority::Interactive, |_| Ok(1));
            assert_eq!(tokio::time::timeout(Duration::from_secs(5), quick).await, Ok(Ok(1)));
            drop(long);
            let after = pool.run(unhurried, |_| Ok(2));
            assert_eq!(tokio::time::timeout(Duration::from_secs(5), after).await, Ok(Ok(2)));
        }
    }

    #[tokio::test]
    async fn what_is_shown_comes_before_whole_vault_work() {
        // Two of the three threads are never used for background work.
        let pool = Pool::of(3, 0);
        let busy: Vec<Work<()>> = (0..64).map(|_| endless(&pool, Priority::Background)).collect();
        let order = Arc::new(Mutex::new(Vec::new()));
        let note = |name: &'static str| {
            let order = Arc::clone(&order);
            move |_: &Cancel| {
                lock(&order).push(name);
                Ok(())
            }
        };
        let later = pool.run(Priority::WholeVault, note("whole vault"));
        let sooner = pool.run(Priority::Background, note("background"));
        drop(busy);
        assert_eq!((sooner.await, later.await), (Ok(()), Ok(())));
        assert_eq!(lock(&order).first(), Some(&"background"));
    }

    /// Work that runs until the sender is dropped, whether it is cancelled or not. Returns once it has begun;
    /// `queued` runs before.
    fn blocked(pool: &Pool, priority: Priority, queued: impl Fn()) -> (Work<()>, mpsc::Sender<()>) {
        let (sender, receiver) = mpsc::channel::<()>();
        let (begun, has_begun) = mpsc::channel();
        let work = pool.run(priority, move |_| {
            begun.send(()).unwrap();
            let _ = receiver.recv();
            Ok(())
        });
        queued();
        has_begun.recv().unwrap();
        (work, sender)
    }

    #[tokio::test]
    async fn a_hover_runs_though_all_threads_have_long_work() {
        let pool = Pool::of(3, 8);
        let mut long: Vec<_> = (0..3).map(|_| blocked(&pool, Priority::Interactive, || {})).collect();
        // And though the added threads have long work as well.
        long.extend((0..7).map(|_| blocked(&pool, Priority::Interactive, || pool.shared.relieve())));
        let hover = pool.run(Priority::Interactive, |_| Ok(1));
        assert!(lock(&pool.shared.queue).waiting().is_some());
        pool.shared.relieve();
        assert_eq!(hover.await, Ok(1));
        for (work, sender) in long {
            drop(sender);
            assert_eq!(work.await, Ok(()));
        }
    }

    #[tokio::test]
    async fn where_no_thread_may_be_added_the_oldest_work_is_stopped() {
        let pool = Pool::of(3, 0);
        let mut long = Vec::new();
        for _ in 0..3 {
            let (begun, has_begun) = mpsc::channel();
            long.push(pool.run(Priority::Interactive, move |cancel| -> Result<(), Cancelled> {
                begun.send(()).unwrap();
                loop {
                    cancel.check()?;
                    std::thread::yield_now();
                }
            }));
            has_begun.recv().unwrap();
        }
        let hover = pool.run(Priority::Interactive, |_| Ok(1));
        pool.shared.relieve();
        assert_eq!(hover.await, Ok(1));
        assert_eq!(long.remove(0).await, Err(Failure::TooLong));
        drop(long);
        assert_eq!(pool.run(Priority::WholeVault, |_| Ok(2)).await, Ok(2));
    }

    #[tokio::test]
    async fn what_waits_is_relieved_unasked() {
        let pool = Pool::new();
        let long: Vec<_> =
            (0..pool.shared.threads).map(|_| blocked(&pool, Priority::Interactive, || {})).collect();
        assert_eq!(pool.run(Priority::Interactive, |_| Ok(1)).await, Ok(1));
        drop(long);
    }

    #[tokio::test]
    async fn a_panic_fails_its_own_work_only() {
        let pool = Pool::new();
        for _ in 0..8 {
            let panics = pool.run(Priority::WholeVault, |_| -> Result<(), Cancelled> { panic!("as asked") });
            assert_eq!(panics.await, Err(Failure::Panicked));
        }
        pool.spawn(Priority::Interactive, || panic!("as asked"));
        assert_eq!(pool.run(Priority::WholeVault, |_| Ok(())).await, Ok(()));
    }
}
