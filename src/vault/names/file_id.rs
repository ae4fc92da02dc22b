//! The id of a file, by which names refer to it.

/// A file of one vault. The id of a file that is gone may be given to another file.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct FileId(u32);

impl FileId {
    /// Returns the id of the file at this index of a list that holds an entry for each file.
    pub(crate) fn new(index: usize) -> FileId {
        FileId(u32::try_from(index).unwrap_or(u32::MAX))
    }

    /// Returns the index of the file in a list that holds an entry for each file.
    pub(crate) fn index(self) -> usize {
        self.0 as usize
    }
}
