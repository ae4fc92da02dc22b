//! How much of a vault is known.

/// How much of a vault a snapshot holds; what it holds is never wrong, but what it lacks may only be unread.
///
/// Ordered: each level knows what the one before it knows, and more.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Coverage {
    /// Only the documents that are open in the editor: a file outside of any vault, or a folder that cannot
    /// be read.
    OpenOnly,
    /// Only the open documents so far: the folders of the vault are being walked.
    Walking,
    /// The path of every file, and the text of the open notes and of those that were asked about: the others
    /// are being read.
    Names,
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
        matches!(self, Coverage::Walking | Coverage::Names)
    }
}
