//! What the thing under the cursor is, in Markdown.

use crate::vault::{Cancel, Cancelled, Snapshot, VaultPath};

use super::{NotePosition, Ranged};

/// A preview of what stands under the cursor, as Markdown. `address` gives the URI of a file of the vault, for links and
/// images in the preview.
///
/// # Errors
///
/// `Cancelled` if the answer is not wanted any more: counting backlinks takes time in proportion to them.
pub fn hover(
    vault: &Snapshot,
    at: NotePosition,
    address: &dyn Fn(&VaultPath) -> String,
    cancel: &Cancel,
) -> Result<Option<Ranged<String>>, Cancelled> {
    let _ = (vault, at, address, cancel);
    Ok(None)
}
