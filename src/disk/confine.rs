//! Which places on disk a vault may name, read besides its notes, write and create. Every path that comes
//! from a note, a setting or a client passes through here before a file is touched.
//!
//! Notes are read where the walk finds them, in linked folders as well (see [`super`]). Anything else that is
//! read or written must lie in the folder of the vault itself, whatever links lead there.

use std::fs;
use std::path::{Path, PathBuf};

use crate::vault::{DiskFile, VaultPath};

use super::root::to_disk_path;

/// Returns those of some places that hold a regular file of the folder at `root`, be it hidden or ignored. It
/// is known by its name alone: what it holds belongs to no vault, so that it counts as an attachment also if
/// it is a note.
pub fn existing(root: &Path, places: &[VaultPath]) -> Vec<(VaultPath, DiskFile)> {
    let Some(real_root) = root.canonicalize().ok().filter(|_| !places.is_empty()) else { return Vec::new() };
    let is_there = |place: &&VaultPath| {
        let path = to_disk_path(root, place).canonicalize().ok();
        path.filter(|path| path.starts_with(&real_root))
            .and_then(|path| fs::metadata(path).ok())
            .is_some_and(|metadata| metadata.is_file())
    };
    places.iter().filter(is_there).map(|place| (place.clone(), DiskFile::Attachment)).collect()
}

/// Returns where a file of the vault really lies, if neither the file itself is a link that leads out of the
/// vault, nor, unless it `is_known` to belong to the vault, a folder around it.
pub fn confined(root: &Path, place: &VaultPath, is_known: bool) -> Option<PathBuf> {
    let path = to_disk_path(root, place);
    let real = path.canonicalize().ok()?;
    let in_vault = || root.canonicalize().is_ok_and(|root| real.starts_with(root));
    // A note in a linked folder, which the walk has followed.
    let in_known_folder = || {
        is_known
            && !path.is_symlink()
            && path.parent().and_then(|folder| folder.canonicalize().ok()).as_deref() == real.parent()
    };
    (in_vault() || in_known_folder()).then_some(real)
}

/// Checks that a file may be created at a place, or moved there: nothing lies there, not even a link, and it
/// comes to lie in the vault and in no hidden folder of it. A linked folder counts if the vault follows it.
///
/// # Errors
///
/// Says in words why not.
pub fn check_new_place(root: &Path, place: &VaultPath) -> Result<(), String> {
    let refuse = |why: &str| Err(format!("`{place}` {why}"));
    let Ok(real_root) = root.canonicalize() else { return refuse("cannot be created: there is no vault") };
    let path = to_disk_path(root, place);
    let Some(folder) = path.ancestors().skip(1).find(|folder| folder.symlink_metadata().is_ok()) else {
        return refuse("cannot be created: there is no vault");
    };
    let Ok(real) = folder.canonicalize() else {
        return refuse("cannot be created: a folder of its path is a link that leads nowhere");
    };
    if !real.is_dir() {
        return refuse("cannot be created: a folder of its path is a file");
    }
    let inside = real.strip_prefix(&real_root).ok();
    let is_hidden =
        |folder: &Path| folder.components().any(|name| name.as_os_str().as_encoded_bytes().starts_with(b"."));
    match inside {
        Some(inside) if is_hidden(inside) => refuse("cannot be created in a hidden folder"),
        Some(_) => Ok(()),
        None if follows_to(&real_root, root, folder) => Ok(()),
        None => refuse("cannot be created: a link leads out of the vault there"),
    }
}

/// Returns whether the vault reaches a folder through one link that it follows.
fn follows_to(real_root: &Path, root: &Path, folder: &Path) -> bool {
    let around = folder.ancestors().take_while(|around| *around != root);
    let links: Vec<&Path> = around.filter(|around| around.is_symlink()).collect();
    let [link] = *links else { return false };
    link.canonicalize().is_ok_and(|target| !real_root.starts_with(target))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::disk::testing::Folder;

    #[test]
    fn only_regular_files_of_the_folder_exist() {
        let folder = Folder::new(&[(".hidden/a.md", ""), ("b.pdf", "")]);
        fs::create_dir(folder.path("folder.md")).unwrap();
        #[cfg(unix)]
        std::os::unix::fs::symlink("/etc/hosts", folder.path("outside.md")).unwrap();
        let places = [".hidden/a.md", "b.pdf", "folder.md", "outside.md", "none.md"];
        let places = places.map(|place| VaultPath::resolve("", place).unwrap());
        let found = existing(&folder.root(), &places);
        let found: Vec<&str> = found.iter().map(|(path, _)| path.as_str()).collect();
        assert_eq!(found, [".hidden/a.md", "b.pdf"]);
    }

    #[cfg(unix)]
    fn hostile() -> Folder {
        let folder = Folder::new(&[
            (".git/hooks/x", ""),
            ("sub/a.md", ""),
            ("../outside/o.md", ""),
            ("../vault2/v.md", ""),
        ]);
        folder.link("out", "../outside");
        folder.link("hooks", ".git/hooks");
        folder.link("up", "..");
        folder.link("gone", "../nowhere");
        folder.link("inner", "sub");
        folder.link("leak.md", "../outside/o.md");
        folder.link("alias.md", "sub/a.md");
        folder.link("sub/dangling.md", "../../outside/new.md");
        folder
    }

    #[cfg(unix)]
    #[test]
    fn files_are_created_in_the_vault_only() {
        let folder = hostile();
        let table = [
            ("new.md", Ok(())),
            ("sub/new.md", Ok(())),
            ("made/deep/new.md", Ok(())),
            ("inner/new.md", Ok(())),
            // Followed by the vault.
            ("out/new.md", Ok(())),
            ("hooks/new.md", Err("in a hidden folder")),
            (".git/hooks/new.md", Err("in a hidden folder")),
            ("up/new.md", Err("leads out of the vault")),
            ("up/vault2/new.md", Err("leads out of the vault")),
            ("gone/new.md", Err("leads nowhere")),
            ("sub/a.md/new.md", Err("is a file")),
        ];
        for (place, expected) in table {
            let outcome = check_new_place(&folder.root(), &VaultPath::resolve("", place).unwrap());
            match (&outcome, expected) {
                (Ok(()), Ok(())) => {}
                (Err(why), Err(part)) if why.contains(part) => {}
                _ => panic!("{place}: {outcome:?}"),
            }
        }
    }

    #[cfg(unix)]
    #[test]
    fn no_link_leads_out_of_the_vault() {
        let folder = hostile();
        // As a place that a setting names, and as a file that the walk found.
        let table = [
            ("sub/a.md", true, true),
            ("alias.md", true, true),
            ("leak.md", false, false),
            ("out/o.md", false, true),
            ("up/vault2/v.md", false, true),
            ("none.md", false, false),
            ("sub/dangling.md", false, false),
        ];
        for (place, named, known) in table {
            let path = VaultPath::resolve("", place).unwrap();
            let is_confined = |is_known| confined(&folder.root(), &path, is_known).is_some();
            assert_eq!((is_confined(false), is_confined(true)), (named, known), "{place}");
        }
    }
}
