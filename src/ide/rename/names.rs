//! Which names a file can get.

use crate::vault::{FileId, Snapshot, VaultPath, fold};

use super::ChangeError;
use crate::ide::new_note::file_name::check_name;

/// Where a file lies once it has that name: in its folder, with its extension unless the name brings its own.
pub(super) fn new_path(vault: &Snapshot, file: FileId, name: &str) -> Result<VaultPath, ChangeError> {
    let path = &vault.file(file).ok_or(ChangeError::BrokenLink)?.path;
    check_name(name)?;
    let extension = path.file_name().rsplit_once('.').map_or("", |(_, extension)| extension);
    let has_it =
        |name: &str| name.rsplit_once('.').is_some_and(|(_, other)| other.eq_ignore_ascii_case(extension));
    let name =
        if extension.is_empty() || has_it(name) { name.to_owned() } else { format!("{name}.{extension}") };
    let new = VaultPath::resolve(path.folder(), &name).map_err(|_| ChangeError::Empty)?;
    // Not every file system distinguishes names that differ only in case.
    let wanted = fold(new.as_str()).into_owned();
    let taken = vault.files().find(|(id, other)| *id != file && fold(other.path.as_str()) == wanted);
    match taken {
        Some((_, other)) => Err(ChangeError::Taken(other.path.to_string())),
        None if new == *path => Err(ChangeError::Taken(new.to_string())),
        None => Ok(new),
    }
}
