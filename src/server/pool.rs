//! The threads that compute answers. Work that grows with the vault never takes the last of them, and work
//! that no user waits for never the last but one: so a hover waits for neither, and a rename does not wait
//! for diagnostics.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::{Arc, Condvar, Mutex};
use std::task::{Context, Poll};

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
    /// It panicked.
    Panicked,
}

impl From<Cancelled> for Failure {
    fn from(_: Cancelled) -> Failure {
        Failure::Cancelled
    }
}

type Job = Box<dyn FnOnce() + Send>;

/// A fixed number of threads and a queue of jobs by priority. When it is dropped, the threads end with what
/// they are doing.
pub(crate) struct Pool {
    shared: Arc<Shared>,
}

struct Shared {
    queue: Mutex<Queue>,
    news: Condvar,
    threads: usize,
}

#[derive(Default)]
struct Queue {
    /// The most urgent first, those of one priority in their order.
    jobs: BTreeMap<(Priority, u64), Job>,
    /// How many jobs have been queued.
    number: u64,
    /// How many jobs run now.
    running: BTreeMap<Priority, usize>,
    is_closed: bool,
}

impl Pool {
    /// A pool with a thread for each processor and one more, so that answers and unhurried work can keep all
    /// of them busy.
    pub(crate) fn new() -> Pool {
        Pool::of(std::thread::available_parallelism().map_or(2, usize::from).max(2) + 1)
    }

    fn of(threads: usize) -> Pool {
        let shared = Arc::new(Shared { queue: Mutex::default(), news: Condvar::new(), threads });
        for number in 0..threads {
            let shared = Arc::clone(&shared);
            let builder = std::thread::Builder::new().name(format!("worker {number}"));
            if let Err(error) = builder.spawn(move || shared.work()) {
                tracing::error!("cannot start a worker thread: {error}");
            }
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

    /// Runs work whose result is not awaited. A panic in it is logged.
    pub(crate) fn spawn(&self, priority: Priority, work: impl FnOnce() + Send + 'static) {
        let mut queue = lock(&self.shared.queue);
        queue.number += 1;
        let key = (priority, queue.number);
        queue.jobs.insert(key, Box::new(work));
        drop(queue);
        self.shared.news.notify_one();
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        let mut queue = lock(&self.shared.queue);
        queue.is_closed = true;
        queue.jobs.clear();
        drop(queue);
        self.shared.news.notify_all();
    }
}

impl Queue {
    /// The most urgent job, if it may take one of so many threads now; if it may not, no other may.
    fn pop(&mut self, threads: usize) -> Option<(Priority, Job)> {
        let first = self.jobs.first_entry()?;
        let priority = first.key().0;
        let at_least =
            |priority: Priority| self.running.range(priority..).map(|(_, count)| count).sum::<usize>();
        let may_run = match priority {
            Priority::Interactive => true,
            Priority::Lengthy => at_least(Priority::Lengthy) + 1 < threads,
            Priority::Background | Priority::WholeVault => {
                at_least(Priority::Lengthy) + 1 < threads && at_least(Priority::Background) + 2 < threads
            }
        };
        may_run.then(|| (priority, first.remove()))
    }
}

impl Shared {
    fn work(&self) {
        while let Some((priority, job)) = self.next() {
            if catch_unwind(AssertUnwindSafe(job)).is_err() {
                tracing::error!("a background job panicked");
            }
            if let Some(running) = lock(&self.queue).running.get_mut(&priority) {
                *running -= 1;
            }
            self.news.notify_one();
        }
    }

    fn next(&self) -> Option<(Priority, Job)> {
        let mut queue = lock(&self.queue);
        loop {
            if queue.is_closed {
                return None;
            }
            if let Some((priority, job)) = queue.pop(self.threads) {
                *queue.running.entry(priority).or_default() += 1;
                return Some((priority, job));
            }
            queue = self.news.wait(queue).unwrap_or_else(std::sync::PoisonError::into_inner);
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
