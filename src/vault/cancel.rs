//! Stopping work whose answer nobody waits for any more.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// A flag that the asker raises and long loops look at. Clones share it.
#[derive(Clone, Debug, Default)]
pub struct Cancel(Arc<AtomicBool>);

/// The work was stopped before it had an answer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Cancelled;

impl Cancel {
    /// A flag that is not raised.
    pub fn new() -> Cancel {
        Cancel::default()
    }

    /// Raises the flag, for good.
    pub fn cancel(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Whether the work should stop.
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
