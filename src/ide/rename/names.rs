//! Which names a file can get.

use crate::vault::{FileId, Snapshot, VaultPath, fold};

use super::RenameError;

/// What links give a meaning to (Obsidian's help, "Supported characters for note names"), and what ends a name.
const RESERVED: [char; 8] = ['/', '\\', '[', ']', '#', '^', '|', '\0'];

/// Where a file lies once it has that name: in its folder, with its extension unless the name brings its own.
pub(super) fn new_path(vault: &Snapshot, file: FileId, name: &str) -> Result<VaultPath, RenameError> {
    let path = &vault.file(file).ok_or(RenameError::BrokenLink)?.path;
    check_name(name)?;
    let extension = path.file_name().rsplit_once('.').map_or("", |(_, extension)| extension);
    let has_it =
        |name: &str| name.rsplit_once('.').is_some_and(|(_, other)| other.eq_ignore_ascii_case(extension));
    let name =
        if extension.is_empty() || has_it(name) { name.to_owned() } else { format!("{name}.{extension}") };
    let new = VaultPath::resolve(path.folder(), &name).map_err(|_| RenameError::Empty)?;
    // Not every file system tells names apart that differ only in case.
    let wanted = fold(new.as_str()).into_owned();
    let taken = vault.files().find(|(id, other)| *id != file && fold(other.path.as_str()) == wanted);
    match taken {
        Some((_, other)) => Err(RenameError::Taken(other.path.to_string())),
        None if new == *path => Err(RenameError::Taken(new.to_string())),
        None => Ok(new),
    }
}

/// Refuses what no file can be called that links shall lead to.
pub(in crate::ide) fn check_name(name: &str) -> Result<(), RenameError> {
    if name.trim().is_empty() {
        return Err(RenameError::Empty);
    }
    if let Some(reserved) = name.chars().find(|char| RESERVED.contains(char) || char.is_control()) {
        return Err(RenameError::reserved(reserved));
    }
    if name.starts_with('.') || name.ends_with('.') {
        return Err(RenameError::Unfit("one that neither begins nor ends with a dot"));
    }
    Ok(())
}
