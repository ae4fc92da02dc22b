//! Copies of a snapshot with a change applied, to compare what links mean before and after it.

use rustc_hash::FxHashSet;

use crate::text::Text;
use crate::vault::model::{Change, Content, DiskFile, File, Snapshot, VaultWriter};
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

    /// Returns the notes whose links may change their meaning by such a move, sorted by id: the moved notes
    /// and all users of a name or folder that a moved file has before or after. The cost grows with their
    /// number.
    pub fn users_of_moved(&self, moves: &[(FileId, VaultPath)]) -> Vec<FileId> {
        let mut keys: FxHashSet<Key> = FxHashSet::default();
        for (id, path) in moves {
            keys.extend(self.keys_of(*id));
            keys.extend(path_keys(path));
            let before = self.file(*id).map(|file| &file.path);
            let folders = before.into_iter().chain([path]).flat_map(VaultPath::folders);
            keys.extend(folders.map(Key::folder));
        }
        let moved = moves.iter().map(|(id, _)| *id).filter(|id| self.note(*id).is_some());
        let mut users: Vec<FileId> = keys.iter().flat_map(|key| self.users(*key)).copied().collect();
        users.extend(moved);
        users.sort_unstable();
        users.dedup();
        users
    }
}
