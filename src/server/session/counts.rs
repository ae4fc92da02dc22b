//! The numbers of each vault, shared by all who ask for them.

use std::sync::{Arc, Mutex};

use rustc_hash::FxHashMap;

use crate::ide::VaultStats;
use crate::server::lock::lock;
use crate::server::workspace::vault::ServedVault;
use crate::vault::{Cancel, Cancelled, Snapshot};

/// The numbers of all vaults. They are brought up to date when they are asked for.
#[derive(Debug, Default)]
pub(crate) struct VaultCounts(Mutex<FxHashMap<u64, Arc<Mutex<Counted>>>>);

/// The numbers of a vault at a revision; `None` before the first count.
#[derive(Debug, Default)]
struct Counted(Option<(u64, VaultStats)>);

impl VaultCounts {
    /// The numbers of a vault as it is now, with the snapshot that they are of: what `take` makes of them.
    /// Counts the notes that were touched since they were asked for last.
    pub(crate) fn of<T>(
        &self,
        vault: &ServedVault,
        cancel: &Cancel,
        take: impl FnOnce(&VaultStats, &Snapshot) -> T,
    ) -> Result<T, Cancelled> {
        let counted = Arc::clone(lock(&self.0).entry(vault.number).or_default());
        // Held while counting, so that counts follow each other.
        let mut counted = lock(&counted);
        let snapshot = vault.snapshot();
        let touched = counted.0.as_ref().and_then(|(revision, _)| vault.touched_since(*revision));
        match counted.0.as_mut().zip(touched) {
            Some(((revision, stats), touched)) => {
                stats.update(&snapshot, touched, cancel)?;
                *revision = snapshot.revision();
            }
            None => counted.0 = Some((snapshot.revision(), VaultStats::of(&snapshot, cancel)?)),
        }
        let (_, stats) = counted.0.get_or_insert_default();
        Ok(take(stats, &snapshot))
    }

    /// Forgets a vault that is not served any more.
    pub(crate) fn forget(&self, vault: &ServedVault) {
        lock(&self.0).remove(&vault.number);
    }
}
