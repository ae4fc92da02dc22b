//! The rows of a leaf of files, built when they are first asked for.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use crate::vault::names::FileId;
use crate::vault::search::{FileNames, NameRows};

/// The rows of a leaf. Snapshots in which its files are the same share them.
#[derive(Debug, Default)]
pub(crate) struct LeafRows {
    built: OnceLock<NameRows>,
    /// Rows of an earlier state, of which those of other files serve; until these have been built.
    before: Mutex<Option<Before>>,
}

#[derive(Clone, Debug)]
struct Before {
    rows: Arc<LeafRows>,
    /// The files that have changed since.
    changed: Vec<FileId>,
}

/// With more changed files than this, rows are built anew.
const MAX_CHANGED: usize = 16;

impl LeafRows {
    /// Returns the rows, if they have been asked for.
    pub(crate) fn get(&self) -> Option<&NameRows> {
        self.built.get()
    }

    /// Returns the rows that were built last: these or, if they have not been asked for, those of before.
    pub(crate) fn last_built(rows: &Arc<LeafRows>) -> Option<Arc<LeafRows>> {
        if rows.get().is_some() {
            return Some(Arc::clone(rows));
        }
        let before = rows.before.lock().unwrap_or_else(PoisonError::into_inner);
        before.as_ref().map(|before| Arc::clone(&before.rows))
    }

    /// Returns the rows of these files. The first call builds them.
    pub(crate) fn get_or_build<'a>(&self, files: impl Iterator<Item = FileNames<'a>>) -> &NameRows {
        self.built.get_or_init(|| {
            let before = self.before.lock().unwrap_or_else(PoisonError::into_inner).take();
            let rows = before.as_ref().and_then(|before| before.rows.get());
            NameRows::new(files, rows, |id| {
                before.as_ref().is_some_and(|before| before.changed.contains(&id))
            })
        })
    }

    /// Replaces the rows by those of a state in which a file is another one.
    pub(crate) fn change(rows: &mut Arc<LeafRows>, file: FileId) {
        let before = match rows.get() {
            Some(_) => Some(Before { rows: Arc::clone(rows), changed: Vec::new() }),
            None => rows.before.lock().unwrap_or_else(PoisonError::into_inner).clone(),
        };
        let before = before.filter(|before| before.changed.len() < MAX_CHANGED).map(|mut before| {
            before.changed.push(file);
            before
        });
        let changed = LeafRows { built: OnceLock::new(), before: Mutex::new(before) };
        match Arc::get_mut(rows) {
            Some(rows) => *rows = changed,
            None => *rows = Arc::new(changed),
        }
    }
}
