//! Folders of real files for the tests of this layer.

use std::fs;
use std::path::PathBuf;

use tempfile::TempDir;

/// A vault on disk, deleted when the value is dropped.
pub(super) struct Folder {
    temporary: TempDir,
    root: PathBuf,
}

impl Folder {
    /// Creates a vault with these files.
    pub(super) fn new(files: &[(&str, &str)]) -> Folder {
        Folder::within("vault", files)
    }

    /// Creates a vault in a folder with this name, so that `../x` is a path beside it.
    pub(super) fn within(name: &str, files: &[(&str, &str)]) -> Folder {
        let temporary = tempfile::tempdir().unwrap();
        let root = temporary.path().canonicalize().unwrap().join(name);
        fs::create_dir(&root).unwrap();
        let folder = Folder { temporary, root };
        for (path, text) in files {
            folder.write(path, text);
        }
        folder
    }

    /// Returns the vault's root.
    pub(super) fn root(&self) -> PathBuf {
        assert!(self.temporary.path().exists());
        self.root.clone()
    }

    /// Returns the path of a file.
    pub(super) fn path(&self, path: &str) -> PathBuf {
        self.root.join(path)
    }

    /// Writes a file and the folders that it lies in.
    pub(super) fn write(&self, path: &str, text: &str) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// Creates a symbolic link with this `target`.
    #[cfg(unix)]
    pub(super) fn link(&self, path: &str, target: impl AsRef<std::path::Path>) {
        std::os::unix::fs::symlink(target, self.path(path)).unwrap();
    }
}
