//! Which names a file can get.

use crate::vault::{FileId, Snapshot, VaultPath, fold};

use super::ChangeError;
use crate::ide::new_note::file_name::check_name;

/// Where a file lies once it has a name, with its extension unless the name brings its own: in its folder,
/// or, if the name is a path, at that path from `folder` or, with a leading `/`, from the root.
///
/// # Errors
///
/// If no file can be called so, or the path leads out of the vault.
pub(super) fn new_path(path: &VaultPath, folder: &str, name: &str) -> Result<VaultPath, ChangeError> {
    let (folders, name) = match name.rsplit_once('/') {
        Some(("", name)) => (Some("/"), name),
        Some((folders, name)) => (Some(folders), name),
        None => (None, name),
    };
    check_name(name)?;
    let extension = path.file_name().rsplit_once('.').map_or("", |(_, extension)| extension);
    let has_it =
        |name: &str| name.rsplit_once('.').is_some_and(|(_, other)| other.eq_ignore_ascii_case(extension));
    let name =
        if extension.is_empty() || has_it(name) { name.to_owned() } else { format!("{name}.{extension}") };
    let new = match folders {
        None => VaultPath::resolve(path.folder(), &name),
        Some(folders) => {
            let named = folders.split('/').filter(|one| !matches!(*one, "" | "." | ".."));
            named.into_iter().try_for_each(check_name)?;
            let base = if folders.starts_with('/') { "" } else { folder };
            VaultPath::resolve(base, &format!("{folders}/{name}"))
        }
    };
    new.map_err(|_| ChangeError::OutsideVault)
}

/// Refuses a path for `file` at which it is already, or another file.
pub(super) fn check_free(vault: &Snapshot, file: FileId, new: &VaultPath) -> Result<(), ChangeError> {
    // Not every file system distinguishes names that differ only in case.
    let wanted = fold(new.as_str()).into_owned();
    let is_there = |id: FileId, path: &VaultPath| {
        if id == file { path == new } else { fold(path.as_str()) == wanted }
    };
    match vault.files().find(|(id, other)| is_there(*id, &other.path)) {
        Some((_, other)) => Err(ChangeError::Taken(other.path.to_string())),
        None => Ok(()),
    }
}
