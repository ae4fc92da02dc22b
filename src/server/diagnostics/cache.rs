//! The identities of results that were computed, so that what has not been touched since is not computed
//! again.

use std::sync::Mutex;

use rustc_hash::FxHashMap;

use crate::server::lock::lock;
use crate::server::workspace::vault::ServedVault;
use crate::server::workspace::view::VaultView;
use crate::vault::FileId;

/// The result of each note by the number of its vault, with the revision that it is about.
#[derive(Debug, Default)]
pub(crate) struct ResultCache(Mutex<FxHashMap<(u64, FileId), (u64, String)>>);

impl ResultCache {
    /// The identity of a note's present diagnostics, if it is known.
    pub(crate) fn get(&self, vault: &ServedVault, note: FileId) -> Option<String> {
        self.get_from(vault.fresh_from(note), vault.number, note)
    }

    fn get_from(&self, fresh_from: u64, vault: u64, note: FileId) -> Option<String> {
        let results = lock(&self.0);
        let (revision, result) = results.get(&(vault, note))?;
        (*revision >= fresh_from).then(|| result.clone())
    }

    /// Remembers the identity of a note's diagnostics in a state.
    pub(crate) fn set(&self, view: &VaultView, note: FileId, result: &str) {
        self.set_at(view.snapshot.revision(), view.vault.number, note, result);
    }

    fn set_at(&self, revision: u64, vault: u64, note: FileId, result: &str) {
        let mut results = lock(&self.0);
        let known = results.entry((vault, note)).or_default();
        if known.0 <= revision {
            *known = (revision, result.to_owned());
        }
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
        let mut writer = VaultWriter::new(std::sync::Arc::default());
        let path = VaultPath::resolve("", "a.md").unwrap();
        let note = writer.apply(Change::Opened { path, text: "".into() }).changed[0];
        let cache = ResultCache::default();
        cache.set_at(3, 0, note, "a");
        assert_eq!(cache.get_from(3, 0, note), Some("a".to_owned()));
        assert_eq!((cache.get_from(4, 0, note), cache.get_from(3, 1, note)), (None, None));
        cache.set_at(5, 0, note, "b");
        cache.set_at(4, 0, note, "late");
        assert_eq!(cache.get_from(4, 0, note), Some("b".to_owned()));
    }
}
