//! Which names a file can get so that links can lead to it.

use crate::ide::change::ChangeError;
use crate::ide::links::escape::Position;

/// What separates the parts of a path, and what links of other tools give a meaning to (Obsidian's help,
/// "Supported characters for note names").
const RESERVED: [char; 3] = ['/', '\\', '^'];

/// Refuses a name that links could not lead to.
pub(crate) fn check_name(name: &str) -> Result<(), ChangeError> {
    if name.trim().is_empty() {
        return Err(ChangeError::Empty);
    }
    let is_reserved = |char: &char| RESERVED.contains(char) || Position::Target.rejects(*char);
    if let Some(reserved) = name.chars().find(is_reserved) {
        return Err(ChangeError::reserved(reserved));
    }
    if name.starts_with('.') || name.ends_with('.') {
        return Err(ChangeError::Unfit("one that neither begins nor ends with a dot"));
    }
    Ok(())
}
