//! Taking in a whole vault at once: the index is built from all files instead of changed file by file.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::vault::model::writer::{Effect, FileKeys};
use crate::vault::model::{Content, DiskFile, File, InboundLinkCounts, LinkConventions, VaultWriter};
use crate::vault::names::{FileId, Filing, Index, VaultPath};
use crate::vault::parallel::in_parts;

/// Fewer files are always taken in one by one.
const BULK_FILES: usize = if cfg!(test) { 4 } else { 1024 };

impl VaultWriter {
    /// Whether so many files are taken in faster by building the index anew.
    pub(super) fn is_bulk(&self, count: usize) -> bool {
        count >= BULK_FILES && count >= self.current.files.len() / 4
    }

    /// Takes in files whose number is in the order of that of all files: linear in the number of all, on
    /// several threads, and nothing that a reader holds is copied more than once.
    pub(super) fn take_bulk(&mut self, files: Vec<(VaultPath, DiskFile)>, effect: &mut Effect) {
        let current = self.current.files.iter().map(|(id, file)| (file.path.clone(), id));
        let mut ids: FxHashMap<VaultPath, FileId> = current.collect();
        let built = in_parts(files.len(), BULK_FILES, |part| {
            let files = files.get(part).unwrap_or_default();
            files.iter().map(|(path, file)| file_at(path, file)).collect::<Vec<_>>()
        });
        for ((path, file), built) in files.into_iter().zip(built.into_iter().flatten()) {
            let known = ids.get(&path).copied();
            if self.keep_under_open_note(known, &file) {
                continue;
            }
            match (built, known) {
                (None, None) => {}
                (Some(file), Some(id)) if file.content == Content::Unread && self.is_note(id) => {}
                (None, Some(id)) => {
                    ids.remove(&path);
                    self.current.files.set(id, None);
                    self.free_ids.push(id);
                    self.on_disk.remove(&id);
                }
                (Some(file), known) => {
                    let id = known.or_else(|| self.free_ids.pop());
                    let id = id.unwrap_or_else(|| self.current.files.next_id());
                    ids.insert(path, id);
                    self.current.files.set(id, Some(file));
                }
            }
        }
        self.index_anew();
        effect.is_everything = true;
    }

    /// Derives everything that a vault holds beyond its files from them.
    fn index_anew(&mut self) {
        let files: Vec<(FileId, &File)> = self.current.files.iter().collect();
        let parts = in_parts(files.len(), BULK_FILES, |part| {
            let mut filings = Vec::new();
            for (id, file) in files.get(part).unwrap_or_default() {
                FileKeys::of(Some(file)).each(|key, role| filings.push(Filing { key, role, id: *id }));
            }
            filings.sort_unstable();
            filings
        });
        self.current.index = Index::build(parts.concat());
        let conventions = files.iter().filter_map(|(_, file)| Some(file.note()?.conventions));
        self.current.conventions = conventions.fold(LinkConventions::default(), LinkConventions::and);
        let mut inbound_links = InboundLinkCounts::default();
        for (id, file) in &files {
            inbound_links.set(*id, self.current.index.get(file.names.stem_key()).users.len());
        }
        self.current.inbound_links = inbound_links;
        self.current.name_matcher = Arc::default();
        self.current.excluded = Arc::default();
    }
}

/// Builds a file as it is on disk; `None` if it is gone.
fn file_at(path: &VaultPath, file: &DiskFile) -> Option<File> {
    let content = match file {
        DiskFile::Gone => return None,
        DiskFile::Attachment => Content::Attachment,
        DiskFile::Unread => Content::Unread,
        DiskFile::Note(note) => Content::Note(Arc::clone(note)),
    };
    Some(File::new(path.clone(), content))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::config::Settings;
    use crate::text::Text;
    use crate::vault::{Change, Note, Snapshot};

    /// Everything that is kept beyond the files, with paths for ids.
    fn kept(vault: &Snapshot) -> String {
        let path = |id: &FileId| vault.file(*id).unwrap().path.to_string();
        let paths = |ids: &[FileId]| {
            let mut paths: Vec<String> = ids.iter().map(path).collect();
            paths.sort();
            paths
        };
        let keys = vault.keys().map(|(key, definers, users)| (key, (paths(definers), paths(users))));
        let counts = vault.files().map(|(id, file)| (file.path.clone(), vault.users_by_stem(id)));
        let (keys, counts): (BTreeMap<_, _>, BTreeMap<_, _>) = (keys.collect(), counts.collect());
        let mut unresolved: Vec<&str> = vault.unresolved().map(|name| name.name).collect();
        unresolved.sort_unstable();
        format!(
            "{keys:?}\n{counts:?}\n{unresolved:?}\n{:?}\n{}",
            vault.link_conventions(),
            vault.file_count()
        )
    }

    fn file(number: usize, round: usize) -> (VaultPath, DiskFile) {
        let path = match number % 5 {
            0 => format!("pic {number}.png"),
            1 => format!("a/b/note_{number}.md"),
            _ => format!("{}/Note {number}.md", number % 3),
        };
        let path = VaultPath::resolve("", &path).unwrap();
        let text = format!(
            "---\naliases: [n{}]\n---\n[[note {}]] [[gone{round}]] [x](../a/b/) #t{}\n",
            number * round,
            (number + round) % 30,
            number % 4
        );
        let file = match (number % 5, (number + round) % 7) {
            (_, 0) => DiskFile::Gone,
            (0, _) => DiskFile::Attachment,
            _ => DiskFile::Note(Arc::new(Note::new(&text))),
        };
        (path, file)
    }

    #[test]
    fn files_taken_in_at_once_or_one_by_one_make_the_same_vault() {
        let mut bulk = VaultWriter::new(Arc::new(Settings::default()));
        let mut single = VaultWriter::new(Arc::new(Settings::default()));
        for round in 0..5 {
            let files: Vec<_> =
                (0..40).filter(|number| (number + round) % 6 != 0).map(|n| file(n, round)).collect();
            assert!(bulk.is_bulk(files.len()));
            let (path, _) = file(2, round);
            let open = Change::Opened { path: path.clone(), text: Text::from("[[gone0]] open") };
            for writer in [&mut bulk, &mut single] {
                writer.apply(if round == 3 { Change::Closed { path: path.clone() } } else { open.clone() });
            }
            for file in files.clone() {
                single.apply(Change::Disk(vec![file]));
            }
            assert!(bulk.apply(Change::Disk(files)).is_everything);
            assert_eq!(kept(&bulk.snapshot()), kept(&single.snapshot()), "round {round}");
        }
    }
}
