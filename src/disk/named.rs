//! Files that links name although the vault leaves them out.

use std::fs;
use std::path::Path;

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
}
