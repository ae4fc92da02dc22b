//! Copies of a snapshot with a change applied, to compare what links mean before and after it.

use std::sync::Arc;

use rustc_hash::FxHashSet;

use crate::syntax::Link;
use crate::text::Text;
use crate::vault::model::{Change, Content, DiskFile, File, LinkRef, Note, Snapshot, VaultWriter};
use crate::vault::names::{FileId, Key, VaultPath, path_keys};

impl Snapshot {
    /// Returns the vault after these files have moved, all at once; they keep their ids. The cost grows with
    /// the number of moves.
    #[must_use]
    pub fn with_moved(&self, moves: &[(FileId, VaultPath)]) -> Snapshot {
        let mut writer = VaultWriter::starting_from(self.clone());
        for (id, path) in moves {
            let content = self.file(*id).map(|file| file.content.clone());
            let content = content.map(|content| if path.is_note() { content } else { Content::Attachment });
            if let Some(content) = content {
                writer.replace(*id, File::new(path.clone(), content));
            }
        }
        writer.snapshot()
    }

    /// Returns the vault with another text of a note, which keeps its id.
    #[must_use]
    pub fn with_text(&self, note: FileId, text: &str) -> Snapshot {
        let mut writer = VaultWriter::starting_from(self.clone());
        if let Some(file) = self.file(note) {
            let (path, text) = (file.path.clone(), Text::from(text));
            writer.apply(Change::Opened { path, text });
        }
        writer.snapshot()
    }

    /// Returns the vault with one more note.
    #[must_use]
    pub fn with_created(&self, path: VaultPath, text: &str) -> Snapshot {
        let mut writer = VaultWriter::starting_from(self.clone());
        writer.apply(Change::Opened { path, text: Text::from(text) });
        writer.snapshot()
    }

    /// Returns the vault with one more file: an empty note or an attachment, as its path says.
    #[must_use]
    pub fn with_file(&self, path: VaultPath) -> Snapshot {
        let mut writer = VaultWriter::starting_from(self.clone());
        let note = || DiskFile::Note(Arc::new(Note::new("")));
        let file = if path.is_note() { note() } else { DiskFile::Attachment };
        writer.apply(Change::Disk(vec![(path, file)]));
        writer.snapshot()
    }

    /// Returns the vault without a file.
    #[must_use]
    pub fn without(&self, id: FileId) -> Snapshot {
        let mut writer = VaultWriter::starting_from(self.clone());
        if let Some(file) = self.file(id) {
            let path = file.path.clone();
            if file.is_open() {
                writer.apply(Change::Closed { path: path.clone() });
            }
            writer.apply(Change::Disk(vec![(path, DiskFile::Gone)]));
        }
        writer.snapshot()
    }

    /// Returns the links that may change their meaning by such a move, note by note: all links of moved
    /// notes, and of other notes those that use a name or folder which a moved file has before or after. The
    /// cost grows with the links of the notes that use one.
    pub fn links_touched_by_move(&self, moves: &[(FileId, VaultPath)]) -> Vec<LinkRef<'_>> {
        let mut keys: FxHashSet<Key> = FxHashSet::default();
        for (id, path) in moves {
            keys.extend(self.keys_of(*id));
            keys.extend(path_keys(path));
            let paths = self.file(*id).map(|file| &file.path).into_iter().chain([path]);
            for path in paths {
                keys.extend(path.folders().map(Key::folder));
                // A link may lead to the note of a folder without its name: `[up](..)`.
                keys.extend(path.stands_for_folder().into_iter().flat_map(|_| [".", ".."].map(Key::name)));
            }
        }
        // Nor does it have to name a folder: `[up](..)`.
        keys.insert(Key::folder(".."));
        let moved: FxHashSet<FileId> = moves.iter().map(|(id, _)| *id).collect();
        let mut sources: Vec<FileId> = keys.iter().flat_map(|key| self.users(*key)).copied().collect();
        sources.extend(&moved);
        sources.sort_unstable();
        sources.dedup();
        let mut touched = Vec::new();
        for source in sources.into_iter().filter_map(|id| self.note(id)) {
            let is_moved = moved.contains(&source.id);
            let names_folder = source.note.keys.folders.iter().any(|key| keys.contains(key));
            let uses_key = |link: &Link, filed: Option<[Key; 2]>| {
                filed.is_some_and(|filed| filed.iter().any(|key| keys.contains(key)))
                    || names_folder
                        && Key::folder_of(link, &source.note.slice(link.target))
                            .is_some_and(|key| keys.contains(&key))
            };
            let links = source.note.parsed.links.iter().zip(source.note.keys.links());
            let links = links.filter(|(link, filed)| is_moved || uses_key(link, *filed));
            touched.extend(links.map(|(link, _)| LinkRef { source, link }));
        }
        touched
    }
}
