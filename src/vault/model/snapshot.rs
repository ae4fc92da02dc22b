//! The immutable state of a vault at one moment, shared and cheap to clone.

use std::sync::{Arc, OnceLock};

use crate::config::Settings;
use crate::syntax::Link;
use crate::vault::model::needs::Account;
use crate::vault::model::{Coverage, File, Files, InboundLinkCounts, LinkConventions, Note, UnresolvedNames};
use crate::vault::names::{FileId, Index, Key, VaultPath, path_keys, sorted};
use crate::vault::parallel::in_parts;
use crate::vault::search::{ExcludedFiles, GroupSet, NameMatcher, NameRow, NameRows, Trait, WordCounts};

/// A vault at one moment. Clones are a handful of reference counts; a snapshot never changes.
#[derive(Clone, Debug)]
pub struct Snapshot {
    pub(crate) revision: u64,
    pub(crate) files: Files,
    pub(crate) index: Index<UnresolvedNames>,
    pub(crate) inbound_links: InboundLinkCounts,
    pub(crate) conventions: LinkConventions,
    pub(crate) settings: Arc<Settings>,
    pub(crate) coverage: Coverage,
    /// What a query lacked; see [`crate::vault::Needs`].
    pub(super) account: Option<Arc<Account>>,
    /// The result of [`Snapshot::name_matcher`], once computed. A change of a name replaces the cell.
    pub(crate) name_matcher: Arc<OnceLock<NameMatcher>>,
    /// The excluded files, once found. Another path or other settings replace the cell.
    pub(crate) excluded: Arc<OnceLock<ExcludedFiles>>,
}

/// A note of a snapshot, with its id and path.
#[derive(Clone, Copy, Debug)]
pub struct NoteRef<'a> {
    /// Its id.
    pub id: FileId,
    /// Its path in the vault.
    pub path: &'a VaultPath,
    /// The note itself.
    pub note: &'a Arc<Note>,
}

impl<'a> NoteRef<'a> {
    /// Returns what a reader calls the note: its title, else the stem of its path.
    pub fn name(&self) -> &'a str {
        self.note.title().unwrap_or(self.path.stem())
    }
}

/// A link of a snapshot, with the note that holds it.
#[derive(Clone, Copy, Debug)]
pub struct LinkRef<'a> {
    /// The note that holds it.
    pub source: NoteRef<'a>,
    /// The link.
    pub link: &'a Link,
}

impl LinkRef<'_> {
    /// Returns whether it leads from a place of the note `target` to another place of it, if it leads there.
    pub fn is_within(&self, target: FileId) -> bool {
        self.source.id == target && (self.link.target.is_empty() || self.link.fragment.is_some())
    }
}

impl Snapshot {
    /// Returns the number of changes since the vault was created.
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// Returns the settings.
    pub fn settings(&self) -> &Arc<Settings> {
        &self.settings
    }

    /// Returns how much of the vault this snapshot holds.
    pub fn coverage(&self) -> Coverage {
        self.coverage
    }

    /// Returns how many files there are, attachments included.
    pub fn file_count(&self) -> usize {
        self.files.len()
    }

    /// Returns a file by its id; `None` if it is gone.
    pub fn file(&self, id: FileId) -> Option<&File> {
        self.files.get(id)
    }

    /// Returns all files, in no particular order.
    pub fn files(&self) -> impl Iterator<Item = (FileId, &File)> {
        self.need_names();
        self.files.iter()
    }

    /// Returns how many groups of files [`Snapshot::name_rows`] knows.
    pub fn name_rows_count(&self) -> usize {
        self.need_names();
        self.files.leaf_count()
    }

    /// Returns the names of the files of one group, ready to be searched. Built on the first call after a
    /// file of the group has changed; all snapshots with these files share them.
    pub fn name_rows(&self, group: usize) -> Option<&NameRows> {
        self.files.rows(group)
    }

    /// Returns how many names of files have each word. Counted on the first call after a file has changed.
    pub fn word_counts(&self) -> &WordCounts {
        self.need_names();
        self.files.word_counts()
    }

    /// Returns the groups of [`Snapshot::name_rows`] whose names or headings have one of these traits, and a
    /// few others.
    pub fn groups_with_any(&self, traits: &[Trait]) -> GroupSet {
        self.need_names();
        self.files.leaves_with_any(traits)
    }

    /// Builds all that [`Snapshot::name_rows`], [`Snapshot::word_counts`] and [`Snapshot::unresolved`]
    /// return.
    pub fn prepare_search(&self) {
        in_parts(self.name_rows_count(), 64, |groups| groups.for_each(|group| _ = self.name_rows(group)));
        self.word_counts();
        self.unresolved().for_each(drop);
    }

    /// Returns the names of one file, ready to be searched.
    pub fn name_row(&self, id: FileId) -> Option<NameRow<'_>> {
        self.files.rows(Files::leaf_of(id))?.get(id)
    }

    /// Returns all notes, in no particular order.
    pub fn notes(&self) -> impl Iterator<Item = NoteRef<'_>> {
        self.need_whole();
        self.files.iter().filter_map(|(id, file)| Some(NoteRef { id, path: &file.path, note: file.note()? }))
    }

    /// Returns a note by its id; `None` if it is gone or an attachment.
    pub fn note(&self, id: FileId) -> Option<NoteRef<'_>> {
        let file = self.files.get(id)?;
        self.need_text(id, &file.content);
        Some(NoteRef { id, path: &file.path, note: file.note()? })
    }

    /// Returns the file at exactly this path.
    pub fn find(&self, path: &str) -> Option<FileId> {
        let candidates = self.defined_by_path(Key::path(path)).iter().copied();
        candidates.into_iter().find(|id| self.file(*id).is_some_and(|file| file.path.as_str() == path))
    }

    /// Returns the files that define a key, sorted by id.
    pub fn definers(&self, key: Key) -> &[FileId] {
        self.need_whole();
        self.index.get(key).definers
    }

    /// Returns the files that define a key, of which the caller uses only those that do so by their path.
    pub(crate) fn defined_by_path(&self, key: Key) -> &[FileId] {
        self.need_names();
        self.index.get(key).definers
    }

    /// Returns the notes that use a key, sorted by id.
    pub fn users(&self, key: Key) -> &[FileId] {
        self.need_whole();
        self.index.get(key).users
    }

    /// Returns how many notes link a file by its stem: the number of [`Snapshot::users`] of its stem's key.
    /// Constant time.
    pub fn users_by_stem(&self, id: FileId) -> u32 {
        self.need_whole();
        self.inbound_links.of(id)
    }

    /// Returns every key with its definers and users, in no particular order.
    pub fn keys(&self) -> impl Iterator<Item = (Key, &[FileId], &[FileId])> {
        self.need_whole();
        self.index.entries().map(|(key, entry)| (key, entry.definers, entry.users))
    }

    /// Returns the names of all notes, ready to be found in a text. Built on the first call after a name has
    /// changed, which takes time in proportion to the names; all snapshots with these names share it.
    pub fn name_matcher(&self) -> &NameMatcher {
        self.need_whole();
        let notes = || self.files().filter(|(_, file)| file.is_note());
        self.name_matcher
            .get_or_init(|| NameMatcher::of_notes(notes().map(|(id, file)| (id, &file.path, &file.names))))
    }

    /// Returns whether a file is excluded by the setting `files.excluded`: it is part of the vault and listed
    /// last. The first call after a path or the settings have changed reads all paths.
    pub fn is_excluded(&self, id: FileId) -> bool {
        let filters = &self.settings.excluded_files;
        if filters.is_empty() {
            return false;
        }
        let paths = || self.files().map(|(id, file)| (id, &file.path));
        self.excluded.get_or_init(|| ExcludedFiles::of(filters, paths())).contain(id)
    }

    /// Returns the keys under which links to this file are filed, sorted.
    pub fn keys_of(&self, id: FileId) -> Box<[Key]> {
        let Some(file) = self.file(id) else { return Box::default() };
        self.need_text(id, &file.content);
        let mut keys: Vec<Key> = path_keys(&file.path).collect();
        if let Some(note) = file.note() {
            keys.extend(note.keys.defines.iter().copied());
        }
        sorted(keys)
    }
}
