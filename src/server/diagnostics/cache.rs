//! The identities of results that were computed, so that what has not been touched since is not computed
//! again.

use std::sync::{Arc, Mutex};

use rustc_hash::FxHashMap;

use crate::server::lock::lock;
use crate::server::workspace::vault::ServedVault;
use crate::server::workspace::view::VaultView;
use crate::vault::FileId;

/// The result of each note by the number of its vault. Pulls of one document and of the whole workspace share
/// it.
#[derive(Debug, Default)]
pub(crate) struct ResultCache(Mutex<FxHashMap<(u64, FileId), Known>>);

/// A result, and the revision that it is about.
#[derive(Debug)]
struct Known {
    revision: u64,
    result: Arc<str>,
}

impl ResultCache {
    /// The identity of a note's present diagnostics, if it is known.
    pub(crate) fn get(&self, vault: &ServedVault, note: FileId) -> Option<Arc<str>> {
        self.get_from(vault.fresh_from(note), vault.number, note)
    }

    fn get_from(&self, fresh_from: u64, vault: u64, note: FileId) -> Option<Arc<str>> {
        let results = lock(&self.0);
        let known = results.get(&(vault, note))?;
        (known.revision >= fresh_from).then(|| Arc::clone(&known.result))
    }

    /// Remembers the identity of a note's diagnostics in a state.
    pub(crate) fn set(&self, view: &VaultView, note: FileId, result: &str) {
        self.set_at(view.snapshot.revision(), view.vault.number, note, result);
    }

    fn set_at(&self, revision: u64, vault: u64, note: FileId, result: &str) {
        let mut results = lock(&self.0);
        let known =
            results.entry((vault, note)).or_insert_with(|| Known { revision, result: Arc::from(result) });
        if known.revision <= revision && *known.result != *result {
            known.result = Arc::from(result);
        }
        known.revision = known.revision.max(revision);
    }

    /// Forgets the results of a vault that is not served any more.
    pub(crate) fn forget(&self, vault: &ServedVault) {
        lock(&self.0).retain(|(number, _), _| *number != vault.number);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vault::{Change, VaultPath, VaultWriter};

    #[test]
    fn only_results_of_the_state_after_the_last_change_count() {
        let mut writer = VaultWriter::new(Arc::default());
        let path = VaultPath::resolve("", "a.md").unwrap();
        let note = writer.apply(Change::Opened { path, text: "".into() }).changed[0];
        let cache = ResultCache::default();
        cache.set_at(3, 0, note, "a");
        assert_eq!(cache.get_from(3, 0, note), Some(Arc::from("a")));
        assert_eq!((cache.get_from(4, 0, note), cache.get_from(3, 1, note)), (None, None));
        cache.set_at(5, 0, note, "b");
        cache.set_at(4, 0, note, "late");
        assert_eq!(cache.get_from(4, 0, note), Some(Arc::from("b")));
    }
}
