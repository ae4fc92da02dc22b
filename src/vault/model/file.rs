//! The files of a vault by id, in a list that is cheap to clone.

use std::sync::{Arc, OnceLock};

use crate::vault::model::Note;
use crate::vault::model::leaf_rows::LeafRows;
use crate::vault::names::{FileId, PersistentVec, VaultPath};
use crate::vault::search::{
    FileNames, GroupSet, INDEXED_GROUPS, NameRows, SearchNames, Trait, WordCounts, WordIndex,
};

/// A file of the vault.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct File {
    /// Its path in the vault.
    pub path: VaultPath,
    /// What the file holds.
    pub content: Content,
    /// The names that a search finds it by; always those of `path` and `content`.
    pub names: SearchNames,
}

/// The content of a file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Content {
    /// A note whose text is the disk's.
    Note(Arc<Note>),
    /// A note that is open in the editor, with the editor's text.
    OpenNote(Arc<Note>),
    /// A note whose text has not been read yet, or cannot be read.
    Unread,
    /// Any other file.
    Attachment,
}

impl File {
    /// Builds a file and its names.
    pub(crate) fn new(path: VaultPath, content: Content) -> File {
        let names = SearchNames::new(&path, content.note().map(|note| &note.parsed));
        File { path, content, names }
    }

    /// Returns the note, if it is one and has been read.
    pub fn note(&self) -> Option<&Arc<Note>> {
        self.content.note()
    }

    /// Returns whether it is a note, be it read or not.
    pub fn is_note(&self) -> bool {
        !matches!(self.content, Content::Attachment)
    }

    /// Returns whether two states of a file have the same names and headings, as nearly every edit leaves
    /// them.
    fn are_worded_alike(one: Option<&File>, other: Option<&File>) -> bool {
        fn headings(file: &File) -> impl Iterator<Item = (u8, &str)> {
            let parsed = file.note().map(|note| &note.parsed);
            parsed.into_iter().flat_map(|parsed| {
                parsed.headings.iter().map(|heading| (heading.level, parsed.heading_name(heading)))
            })
        }
        // The heading that is the title is a name, and no heading that is searched.
        fn title(file: &File) -> Option<&str> {
            file.note()?.parsed.display_title()
        }
        match (one, other) {
            (Some(one), Some(other)) => {
                one.names == other.names && title(one) == title(other) && headings(one).eq(headings(other))
            }
            (one, other) => one.is_none() && other.is_none(),
        }
    }

    /// Returns whether it is open in the editor.
    pub fn is_open(&self) -> bool {
        matches!(self.content, Content::OpenNote(_))
    }
}

impl Content {
    pub(crate) fn note(&self) -> Option<&Arc<Note>> {
        match self {
            Content::Note(note) | Content::OpenNote(note) => Some(note),
            Content::Attachment | Content::Unread => None,
        }
    }
}

/// How many files a leaf of the list holds.
const LEAF: usize = 64;

/// All files of a vault. A change copies one leaf of the list.
#[derive(Clone, Debug, Default)]
pub(crate) struct Files {
    slots: PersistentVec<Option<File>, LEAF>,
    /// The rows of each leaf of files.
    rows: PersistentVec<Arc<LeafRows>, 64>,
    /// The words in the names of some leaves each, and how many there are in all.
    words: PersistentVec<IndexedLeaves, 64>,
    word_counts: Memo<WordCounts>,
    count: usize,
}

/// The index of the words of some neighbouring leaves. To build it anew after each change would be slow, so
/// it stays, with what of it is out of date.
#[derive(Clone, Debug, Default)]
struct IndexedLeaves {
    index: Memo<WordIndex>,
    /// The leaves that have changed since it was built, with their rows of that time.
    changed: Vec<(usize, Arc<LeafRows>)>,
}

/// With more changed leaves than this, the index is built anew.
const MAX_CHANGED: usize = if cfg!(test) { 1 } else { 48 };

/// What was computed from files when it was first asked for. A change of one of them forgets it, in this
/// snapshot alone.
type Memo<T> = Arc<OnceLock<T>>;

fn forget<T>(memo: &mut Memo<T>) {
    match Arc::get_mut(memo) {
        Some(memo) => _ = memo.take(),
        None => *memo = Arc::default(),
    }
}

impl Files {
    /// Returns how many files there are.
    pub(crate) fn len(&self) -> usize {
        self.count
    }

    pub(crate) fn get(&self, id: FileId) -> Option<&File> {
        self.slots.get(id.index())?.as_ref()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (FileId, &File)> {
        let slots = self.slots.iter().enumerate();
        slots.filter_map(|(index, slot)| Some((FileId::new(index), slot.as_ref()?)))
    }

    /// Returns the lowest id that was never assigned.
    pub(crate) fn next_id(&self) -> FileId {
        FileId::new(self.slots.len())
    }

    /// Stores a file, or none, at an id that was assigned before or is the next one. Returns what was there.
    pub(crate) fn set(&mut self, id: FileId, file: Option<File>) -> Option<File> {
        if id == self.next_id() {
            self.slots.push(None);
        }
        let is_worded_alike = File::are_worded_alike(self.get(id), file.as_ref());
        self.forget(id, is_worded_alike);
        let slot = self.slots.get_mut(id.index())?;
        self.count += usize::from(file.is_some());
        let before = std::mem::replace(slot, file);
        self.count -= usize::from(before.is_some());
        before
    }

    /// Returns how many leaves have rows.
    pub(crate) fn leaf_count(&self) -> usize {
        self.rows.len()
    }

    /// Returns the leaf of a file.
    pub(crate) fn leaf_of(id: FileId) -> usize {
        id.index() / LEAF
    }

    /// Returns the rows of a leaf. The first call after one of its files has changed builds those of that
    /// file.
    pub(crate) fn rows(&self, leaf: usize) -> Option<&NameRows> {
        let ids = (leaf * LEAF..(leaf + 1) * LEAF).map(FileId::new);
        let names = |id| {
            let file = self.get(id)?;
            let (path, names, is_note, is_open) = (&file.path, &file.names, file.is_note(), file.is_open());
            let read = file.note().map(|note| (&note.text, &note.parsed));
            Some(FileNames { id, path, names, read, is_note, is_open })
        };
        Some(self.rows.get(leaf)?.get_or_build(ids.filter_map(names)))
    }

    /// Returns how many names have each word. Counted on the first call after a file has changed, in time
    /// that hardly depends on the number of files.
    pub(crate) fn word_counts(&self) -> &WordCounts {
        self.word_counts.get_or_init(|| {
            let mut all = WordCounts::default();
            for (index, changed) in self.word_indices() {
                all.add_all(&index.counts);
                for (leaf, before) in changed {
                    before.get().iter().for_each(|rows| all.subtract(rows.parts().words()));
                    self.rows(*leaf).iter().for_each(|rows| all.add(rows.parts().words()));
                }
            }
            all
        })
    }

    /// Returns the leaves that have one of these traits, and a few others.
    pub(crate) fn leaves_with_any(&self, traits: &[Trait]) -> GroupSet {
        if traits.is_empty() {
            return GroupSet::default();
        }
        let mut leaves = GroupSet::with_any(self.word_indices().map(|(index, _)| index), traits);
        let changed = self.word_indices().flat_map(|(_, changed)| changed);
        changed.for_each(|(leaf, _)| leaves.insert(*leaf));
        leaves
    }

    fn word_indices(&self) -> impl Iterator<Item = (&WordIndex, &[(usize, Arc<LeafRows>)])> {
        self.words.iter().enumerate().map(|(part, leaves)| {
            let index = leaves.index.get_or_init(|| {
                let mut index = WordIndex::default();
                for leaf in 0..INDEXED_GROUPS {
                    if let Some(rows) = self.rows(part * INDEXED_GROUPS + leaf) {
                        index.add(leaf, rows);
                    }
                }
                index
            });
            (index, &*leaves.changed)
        })
    }

    /// Forgets what depends on a file, of which it is said whether its words stay the same.
    fn forget(&mut self, id: FileId, is_worded_alike: bool) {
        let leaf = Files::leaf_of(id);
        if leaf == self.rows.len() {
            self.rows.push(Arc::default());
        }
        if leaf / INDEXED_GROUPS == self.words.len() {
            self.words.push(IndexedLeaves::default());
        }
        let rows = self.rows.get_mut(leaf);
        if let Some((rows, words)) = rows.zip(self.words.get_mut(leaf / INDEXED_GROUPS)) {
            if !is_worded_alike {
                words.leaf_changes(leaf, rows);
            }
            LeafRows::change(rows, id);
        }
        if !is_worded_alike {
            forget(&mut self.word_counts);
        }
    }
}

impl IndexedLeaves {
    /// Called before the rows of a leaf are forgotten.
    fn leaf_changes(&mut self, leaf: usize, rows: &Arc<LeafRows>) {
        let is_built = self.index.get().is_some();
        if is_built && self.changed.iter().any(|(changed, _)| *changed == leaf) {
            return;
        }
        // Rows that were not asked for since have the words of those before.
        match LeafRows::last_built(rows) {
            Some(before) if is_built && self.changed.len() < MAX_CHANGED => self.changed.push((leaf, before)),
            _ => {
                forget(&mut self.index);
                self.changed.clear();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_and_counts_are_those_of_the_files_after_every_change() {
        let file = |number: usize, text: &str| {
            let path = VaultPath::resolve("", &format!("{}/Note {number}.md", number % 3)).unwrap();
            Some(File::new(path, Content::Note(Arc::new(Note::new(text)))))
        };
        let texts = [
            "# Title\n\n## Stone and Über\n\n#tag #b\n",
            "---\naliases: [one, two words]\nvideoId: Rxmv7rT9leg\n---\n# T\n",
            "",
            "## A\n\n## B b\n",
        ];
        let mut files = Files::default();
        let mut earlier = Vec::new();
        for step in 0..600_usize {
            let id = FileId::new(if step < 100 { step } else { step * 37 % 100 });
            let text = texts[step / 7 % 4].replace("Stone", &format!("Stone{step}"));
            // Opened, and its words stay.
            let open = |files: &mut Files| {
                let mut opened = files.get(id).cloned();
                if let Some(File { content, .. }) = &mut opened {
                    *content =
                        content.note().map_or(Content::Unread, |note| Content::OpenNote(Arc::clone(note)));
                }
                files.set(id, opened);
            };
            if step % 6 == 1 {
                open(&mut files);
            }
            files.set(id, if step % 11 == 10 { None } else { file(step, &text) });
            if step % 4 == 0 {
                open(&mut files);
            }
            if step % 3 != 0 {
                continue;
            }
            let mut anew = Files::default();
            for index in 0..files.slots.len() {
                anew.set(FileId::new(index), files.slots.get(index).cloned().flatten());
            }
            for leaf in 0..files.leaf_count() {
                assert_eq!(format!("{:?}", files.rows(leaf)), format!("{:?}", anew.rows(leaf)), "{step}");
            }
            assert_eq!(format!("{:?}", files.word_counts()), format!("{:?}", anew.word_counts()), "{step}");
            if step % 50 == 0 {
                earlier.push((files.clone(), format!("{:?}", files.rows(0))));
            }
        }
        for (files, rows) in earlier {
            assert_eq!(format!("{:?}", files.rows(0)), rows, "a snapshot never changes");
        }
    }
}
