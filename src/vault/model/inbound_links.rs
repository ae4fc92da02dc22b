//! How many notes link each file by its stem. Completion asks for most files at every keystroke, so the
//! numbers lie in a row; a look into the index for each would take longer than all else.

use crate::vault::names::{FileId, PersistentVec};

/// A number for each file.
#[derive(Clone, Debug, Default)]
pub(crate) struct InboundLinkCounts(PersistentVec<u32, 512>);

impl InboundLinkCounts {
    /// Returns the number of a file; 0 if none was ever set.
    pub(crate) fn of(&self, id: FileId) -> u32 {
        self.0.get(id.index()).copied().unwrap_or_default()
    }

    /// Sets the number of a file.
    pub(crate) fn set(&mut self, id: FileId, count: usize) {
        let count = u32::try_from(count).unwrap_or(u32::MAX);
        if self.of(id) == count {
            return;
        }
        while self.0.len() <= id.index() {
            self.0.push(0);
        }
        if let Some(number) = self.0.get_mut(id.index()) {
            *number = count;
        }
    }
}
