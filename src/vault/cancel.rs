//! Cancellation of work whose result is not needed any more.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// A flag that stops work: long loops check it, and the requester raises it. Clones share it.
#[derive(Clone, Debug, Default)]
pub struct Cancel(Arc<AtomicBool>);

/// The work was cancelled before it had a result.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Cancelled;

impl Cancel {
    /// Returns a flag that is not raised.
    pub fn new() -> Cancel {
        Cancel::default()
    }

    /// Raises the flag, for good.
    pub fn cancel(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Returns whether the work should stop.
    ///
    /// # Errors
    ///
    /// `Cancelled` once the flag is raised.
    pub fn check(&self) -> Result<(), Cancelled> {
        if self.0.load(Ordering::Relaxed) { Err(Cancelled) } else { Ok(()) }
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
