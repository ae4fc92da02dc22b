//! Vaults on disk, written as text.

use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

/// A folder of files that goes away with the value.
pub(crate) struct Vault {
    temporary: TempDir,
    root: PathBuf,
}

impl Vault {
    /// A vault of the files in `text`, each after a line `//- folder/name.md`.
    pub(crate) fn new(text: &str) -> Vault {
        let temporary = tempfile::tempdir().unwrap();
        let root = temporary.path().canonicalize().unwrap().join("vault");
        fs::create_dir(&root).unwrap();
        let vault = Vault { temporary, root };
        vault.write_all(text);
        vault
    }

    /// Writes more files, in the form of [`Vault::new`].
    pub(crate) fn write_all(&self, text: &str) {
        let mut files: Vec<(&str, String)> = Vec::new();
        for line in text.split_inclusive('\n') {
            match line.strip_prefix("//- ") {
                Some(path) => files.push((path.trim(), String::new())),
                None => files.last_mut().expect("a text begins with a header").1.push_str(line),
            }
        }
        for (path, content) in files {
            self.write(path, &content);
        }
    }

    pub(crate) fn write(&self, path: &str, content: &str) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }

    pub(crate) fn remove(&self, path: &str) {
        fs::remove_file(self.path(path)).unwrap();
    }

    pub(crate) fn root(&self) -> &Path {
        assert!(self.temporary.path().exists());
        &self.root
    }

    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.root.join(path)
    }

    /// The URI of a file whose name needs no encoding; of the root for an empty path.
    pub(crate) fn uri(&self, path: &str) -> String {
        let path = if path.is_empty() { self.root.clone() } else { self.path(path) };
        format!("file://{}", path.display())
    }
}
