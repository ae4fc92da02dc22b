//! Which names a file can get so that links can lead to it.

use crate::ide::change::ChangeError;

/// What links give a meaning to (Obsidian's help, "Supported characters for note names"), and what ends a name.
const RESERVED: [char; 8] = ['/', '\\', '[', ']', '#', '^', '|', '\0'];

/// Refuses a name that links could not lead to.
pub(crate) fn check_name(name: &str) -> Result<(), ChangeError> {
    if name.trim().is_empty() {
        return Err(ChangeError::Empty);
    }
    if let Some(reserved) = name.chars().find(|char| RESERVED.contains(char) || char.is_control()) {
        return Err(ChangeError::reserved(reserved));
    }
    if name.starts_with('.') || name.ends_with('.') {
        return Err(ChangeError::Unfit("one that neither begins nor ends with a dot"));
    }
    Ok(())
}
