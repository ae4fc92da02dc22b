//! Work that is requested more often than it should be done.

use std::time::Duration;

use tokio::sync::watch;
use tokio::time::sleep;

/// Requests a piece of work. Requests that come while one waits are merged into it, and the last value
/// counts; after the last request the work is always done once more.
#[derive(Debug)]
pub(crate) struct Throttle<T>(watch::Sender<T>);

/// The other end: who does the work.
pub(crate) struct Requests<T> {
    values: watch::Receiver<T>,
    pauses: Pauses,
    has_run: bool,
}

/// How long work is put off.
#[derive(Clone, Copy, Default)]
pub(crate) struct Pauses {
    /// From the first request to the work, so that what comes meanwhile is merged.
    pub(crate) before: Duration,
    /// From the work to the next.
    pub(crate) after: Duration,
}

impl<T: Clone + Default> Throttle<T> {
    /// A throttle and its other end.
    pub(crate) fn new(pauses: Pauses) -> (Throttle<T>, Requests<T>) {
        let (requests, values) = watch::channel(T::default());
        (Throttle(requests), Requests { values, pauses, has_run: false })
    }

    /// Requests the work.
    pub(crate) fn request(&self, value: T) {
        self.0.send_replace(value);
    }
}

impl<T: Clone> Requests<T> {
    /// Waits until the work is to be done; `None` when the throttle is gone and nothing is left to do.
    pub(crate) async fn next(&mut self) -> Option<T> {
        if std::mem::replace(&mut self.has_run, true) && !self.pauses.after.is_zero() {
            sleep(self.pauses.after).await;
        }
        self.values.changed().await.ok()?;
        if !self.pauses.before.is_zero() {
            sleep(self.pauses.before).await;
        }
        Some(self.values.borrow_and_update().clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn requests_are_merged_and_the_last_one_is_served() {
        let (throttle, mut requests) = Throttle::new(Pauses::default());
        (1..=3).for_each(|value| throttle.request(value));
        assert_eq!(requests.next().await, Some(3));
        throttle.request(4);
        drop(throttle);
        assert_eq!((requests.next().await, requests.next().await), (Some(4), None));
    }
}
