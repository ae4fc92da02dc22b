//! How far the files of a vault are from a note, in steps from folder to folder.

use rustc_hash::FxHashMap;

use crate::vault::{File, FileId, Key, NoteRef, folder_distance};

/// Steps from the folder of one note to those of others; each folder is compared once.
pub(crate) struct Distances<'a> {
    source: FileId,
    folder: &'a str,
    /// By the keys of folders.
    known: FxHashMap<Key, usize>,
    /// The last folder: most files lie in the same one as the file before.
    last: Option<(Key, usize)>,
}

impl<'a> Distances<'a> {
    pub(crate) fn from(source: &NoteRef<'a>) -> Distances<'a> {
        Distances { source: source.id, folder: source.path.folder(), known: FxHashMap::default(), last: None }
    }

    /// Steps to the folder of a file. The note itself is the farthest: it is seldom what a link in it means.
    pub(crate) fn to(&mut self, id: FileId, file: &File) -> usize {
        let folder = file.path.folder();
        self.steps_to(id, Key::path(folder), || folder)
    }

    /// The same for a file in the folder of this key.
    pub(crate) fn steps_to<'b>(&mut self, id: FileId, key: Key, folder: impl FnOnce() -> &'b str) -> usize {
        if id == self.source {
            return usize::MAX;
        }
        if let Some((_, steps)) = self.last.filter(|(last, _)| *last == key) {
            return steps;
        }
        let steps = *self.known.entry(key).or_insert_with(|| folder_distance(self.folder, folder()));
        self.last = Some((key, steps));
        steps
    }
}
