//! How many notes link each file by its stem: for all files in a row, because completion asks for most of
//! them at every letter, and a look into the index for each would take longer than all else.

use std::sync::Arc;

use crate::vault::names::FileId;

/// Numbers that are copied together when one of them changes.
const CHUNK: usize = 512;

/// A number for each file, in chunks that clones share until one of them is written.
#[derive(Clone, Debug, Default)]
pub(crate) struct InboundLinkCounts {
    chunks: Arc<Vec<Arc<[u32; CHUNK]>>>,
}

impl InboundLinkCounts {
    /// The number of a file; 0 if none was ever set.
    pub(crate) fn of(&self, id: FileId) -> u32 {
        let (chunk, place) = (id.index() / CHUNK, id.index() % CHUNK);
        self.chunks.get(chunk).and_then(|chunk| chunk.get(place)).copied().unwrap_or_default()
    }

    /// Sets the number of a file.
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
