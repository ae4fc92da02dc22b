//! Cancellation of work whose result is not needed any more.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// A flag that stops work: long loops check it, and the requester raises it. Clones share it.
#[derive(Clone, Debug, Default)]
pub struct Cancel(Arc<Flag>);

#[derive(Debug, Default)]
struct Flag {
    is_raised: AtomicBool,
    /// For a flag that counts its checks: how many there have been, and how many there may be.
    checks: Option<(AtomicU64, u64)>,
}

/// The work was cancelled before it had a result.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Cancelled;

impl Cancel {
    /// Returns a flag that is not raised.
    pub fn new() -> Cancel {
        Cancel::default()
    }

    /// Returns a flag that counts how often it is checked, and raises itself after `checks`: for tests of how
    /// soon work ends.
    pub fn after(checks: u64) -> Cancel {
        Cancel(Arc::new(Flag {
            is_raised: AtomicBool::new(false),
            checks: Some((AtomicU64::new(0), checks)),
        }))
    }

    /// Returns how often the flag has been checked; 0 if it does not count.
    pub fn checked(&self) -> u64 {
        self.0.checks.as_ref().map_or(0, |(checked, _)| checked.load(Ordering::Relaxed))
    }

    /// Raises the flag, for good.
    pub fn cancel(&self) {
        self.0.is_raised.store(true, Ordering::Relaxed);
    }

    /// Returns whether the work should stop.
    ///
    /// # Errors
    ///
    /// `Cancelled` once the flag is raised.
    pub fn check(&self) -> Result<(), Cancelled> {
        if let Some((checked, most)) = &self.0.checks
            && checked.fetch_add(1, Ordering::Relaxed) >= *most
        {
            self.cancel();
        }
        if self.0.is_raised.load(Ordering::Relaxed) { Err(Cancelled) } else { Ok(()) }
    }

    /// Checks as [`Cancel::check`] does, but only at every 256th `index`: for loops whose steps cost little.
    ///
    /// # Errors
    ///
    /// `Cancelled` once the flag is raised.
    pub fn check_at(&self, index: usize) -> Result<(), Cancelled> {
        if index.is_multiple_of(256) { self.check() } else { Ok(()) }
    }
}
