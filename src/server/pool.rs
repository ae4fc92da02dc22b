//! The threads that answer queries. Work that grows with the vault never takes the last of them, and work that nobody waits
//! for never the last but one: so a hover waits for neither, and a rename waits for no diagnostics.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::{Arc, Condvar, Mutex};
use std::task::{Context, Poll};

use tokio::sync::oneshot;

use crate::vault::{Cancel, Cancelled};

use crate::server::lock;

/// How urgent a piece of work is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Priority {
    /// A person waits for it.
    Interactive,
    /// A person waits for it, and it grows with what links to one thing, or with the vault.
    Lengthy,
    /// A person looks at what it shows, and goes on without it.
    Background,
    /// It grows with the vault, and nobody waits for it before going on.
    WholeVault,
}

/// Why a piece of work has no result.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Failure {
    /// Nobody wants it any more, or the server stops.
    Cancelled,
    /// It panicked.
    Panicked,
}

impl From<Cancelled> for Failure {
    fn from(_: Cancelled) -> Failure {
        Failure::Cancelled
    }
}

type Job = Box<dyn FnOnce() + Send>;

/// A fixed number of threads and a queue of jobs for each priority. When it is dropped, the threads end with what they are doing.
#[derive(Debug)]
pub(crate) struct Pool {
    shared: Arc<Shared>,
}

struct Shared {
    queues: Mutex<Queues>,
    news: Condvar,
    threads: usize,
}

impl std::fmt::Debug for Shared {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Shared").field("threads", &self.threads).finish_non_exhaustive()
    }
}

#[derive(Default)]
struct Queues {
    interactive: VecDeque<Job>,
    lengthy: VecDeque<Job>,
    background: VecDeque<Job>,
    whole_vault: VecDeque<Job>,
    /// Lengthy jobs that run now.
    lengthy_running: usize,
    /// Background and whole-vault jobs that run now.
    unhurried_running: usize,
    is_closed: bool,
}

impl Pool {
    /// A pool with a thread for each processor and one more, so that answers and unhurried work can keep all of them busy.
    pub(crate) fn new() -> Pool {
        Pool::of(std::thread::available_parallelism().map_or(2, usize::from).max(2) + 1)
    }

    fn of(threads: usize) -> Pool {
        let shared = Arc::new(Shared { queues: Mutex::default(), news: Condvar::new(), threads });
        for number in 0..threads {
            let shared = Arc::clone(&shared);
            let builder = std::thread::Builder::new().name(format!("worker {number}"));
            if let Err(error) = builder.spawn(move || shared.work()) {
                tracing::error!("cannot start a worker thread: {error}");
            }
        }
        Pool { shared }
    }

    /// Runs work whose result is awaited. Dropping the returned future raises the flag that the work is given.
    pub(crate) fn run<T: Send + 'static>(
        &self,
        priority: Priority,
        work: impl FnOnce(&Cancel) -> Result<T, Cancelled> + Send + 'static,
    ) -> Work<T> {
        let cancel = Cancel::new();
        let (sender, outcome) = oneshot::channel();
        let flag = cancel.clone();
        self.spawn(priority, move || {
            let outcome = match flag.check() {
                Err(cancelled) => Err(cancelled.into()),
                Ok(()) => match catch_unwind(AssertUnwindSafe(|| work(&flag))) {
                    Ok(outcome) => outcome.map_err(Failure::from),
                    Err(_) => Err(Failure::Panicked),
                },
            };
            let _ = sender.send(outcome);
        });
        Work { cancel, outcome }
    }

    /// Runs work that nobody waits for. A panic in it is logged.
    pub(crate) fn spawn(&self, priority: Priority, work: impl FnOnce() + Send + 'static) {
        let mut queues = lock(&self.shared.queues);
        match priority {
            Priority::Interactive => queues.interactive.push_back(Box::new(work)),
            Priority::Lengthy => queues.lengthy.push_back(Box::new(work)),
            Priority::Background => queues.background.push_back(Box::new(work)),
            Priority::WholeVault => queues.whole_vault.push_back(Box::new(work)),
        }
        drop(queues);
        self.shared.news.notify_one();
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        let mut queues = lock(&self.shared.queues);
        queues.is_closed = true;
        queues.interactive.clear();
        queues.lengthy.clear();
        queues.background.clear();
        queues.whole_vault.clear();
        drop(queues);
        self.shared.news.notify_all();
    }
}

impl Queues {
    /// The most urgent job that may take one of so many threads now.
    fn pop(&mut self, threads: usize) -> Option<(Priority, Job)> {
        if let Some(job) = self.interactive.pop_front() {
            return Some((Priority::Interactive, job));
        }
        let running = self.lengthy_running + self.unhurried_running;
        if running + 1 >= threads {
            return None;
        }
        if let Some(job) = self.lengthy.pop_front() {
            return Some((Priority::Lengthy, job));
        }
        if self.unhurried_running + 2 >= threads {
            return None;
        }
        let background = self.background.pop_front().map(|job| (Priority::Background, job));
        background.or_else(|| self.whole_vault.pop_front().map(|job| (Priority::WholeVault, job)))
    }

    /// How many jobs like this run now, where that is counted.
    fn running(&mut self, priority: Priority) -> Option<&mut usize> {
        match priority {
            Priority::Interactive => None,
            Priority::Lengthy => Some(&mut self.lengthy_running),
            Priority::Background | Priority::WholeVault => Some(&mut self.unhurried_running),
        }
    }
}

impl Shared {
    fn work(&self) {
        while let Some((priority, job)) = self.next() {
            if catch_unwind(AssertUnwindSafe(job)).is_err() {
                tracing::error!("a background job panicked");
            }
            if let Some(running) = lock(&self.queues).running(priority) {
                *running -= 1;
                self.news.notify_one();
            }
        }
    }

    fn next(&self) -> Option<(Priority, Job)> {
        let mut queues = lock(&self.queues);
        loop {
            if queues.is_closed {
                return None;
            }
            if let Some((priority, job)) = queues.pop(self.threads) {
                if let Some(running) = queues.running(priority) {
                    *running += 1;
                }
                return Some((priority, job));
            }
            queues = self.news.wait(queues).unwrap_or_else(std::sync::PoisonError::into_inner);
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

    use std::time::Duration;

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
    async fn work_that_nobody_waits_for_leaves_a_thread_free() {
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
        // Two of the three are never theirs.
        let pool = Pool::of(3);
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

    #[tokio::test]
    async fn a_panic_costs_its_own_work() {
        let pool = Pool::new();
        for _ in 0..8 {
            let panics = pool.run(Priority::WholeVault, |_| -> Result<(), Cancelled> { panic!("as asked") });
            assert_eq!(panics.await, Err(Failure::Panicked));
        }
        pool.spawn(Priority::Interactive, || panic!("as asked"));
        assert_eq!(pool.run(Priority::WholeVault, |_| Ok(())).await, Ok(()));
    }
}
