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
        if id == self.source {
            return usize::MAX;
        }
        let folder = file.names.folder_key();
        if let Some((_, steps)) = self.last.filter(|(last, _)| *last == folder) {
            return steps;
        }
        let measure = || folder_distance(self.folder, file.path.folder());
        let steps = *self.known.entry(folder).or_insert_with(measure);
        self.last = Some((folder, steps));
        steps
    }
}
