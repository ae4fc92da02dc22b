//! How many notes link each file by its stem. Completion asks for most files at every keystroke, so the
//! numbers lie in a row; a look into the index for each would take longer than all else.

use std::sync::Arc;

use crate::vault::names::FileId;

/// Counts in a chunk.
const CHUNK: usize = 512;

/// A number for each file, in chunks that clones share until one of them is written.
#[derive(Clone, Debug, Default)]
pub(crate) struct InboundLinkCounts {
    chunks: Arc<Vec<Arc<[u32; CHUNK]>>>,
}

impl InboundLinkCounts {
    /// Returns the count of a file; 0 if none was set.
    pub(crate) fn of(&self, id: FileId) -> u32 {
        let (chunk, place) = (id.index() / CHUNK, id.index() % CHUNK);
        self.chunks.get(chunk).and_then(|chunk| chunk.get(place)).copied().unwrap_or_default()
    }

    /// Sets the count of a file.
    pub(crate) fn set(&mut self, id: FileId, count: usize) {
        let count = u32::try_from(count).unwrap_or(u32::MAX);
        if self.of(id) == count {
            return;
        }
        let (chunk, place) = (id.index() / CHUNK, id.index() % CHUNK);
        let chunks = Arc::make_mut(&mut self.chunks);
        while chunks.len() <= chunk {
            chunks.push(Arc::new([0; CHUNK]));
        }
        let number = chunks.get_mut(chunk).map(Arc::make_mut).and_then(|chunk| chunk.get_mut(place));
        if let Some(number) = number {
            *number = count;
        }
    }
}
