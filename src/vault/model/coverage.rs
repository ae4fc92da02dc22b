//! How much of a vault is known.

/// How much of a vault a snapshot holds; what it holds is never wrong, but what it lacks may only be unread.
///
/// Ordered: each level knows what the one before it knows, and more.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Coverage {
    /// Only the documents that are open in the editor: a file outside of any vault, or a folder that cannot
    /// be read.
    OpenOnly,
    /// The path of every file, and the text of none but the open ones.
    Names,
    /// The path of every file, and the text of some.
    Partial,
    /// Everything: what a whole snapshot lacks does not exist.
    Whole,
}

impl Coverage {
    /// Whether all notes have been read, so that something that is not found is missing.
    pub fn is_whole(self) -> bool {
        self == Coverage::Whole
    }

    /// Whether the vault is still being read, so that more will be known soon.
    pub fn is_loading(self) -> bool {
        matches!(self, Coverage::Names | Coverage::Partial)
    }
}
