//! A vault in numbers, counted note by note.

use std::ops::{Add, Sub};

use rustc_hash::FxHashMap;

use crate::vault::{Cancel, Cancelled, FileId, NoteRef, Resolution, Snapshot};

/// How much of each kind of thing a note holds, or all notes of a vault together.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct NoteStats {
    /// Links of all kinds, whether they lead anywhere or not.
    pub links: usize,
    /// Those of them that should lead to a file of the vault and find none.
    pub unresolved_links: usize,
    /// Headings of all levels.
    pub headings: usize,
    /// Timestamps of videos.
    pub timestamps: usize,
}

impl NoteStats {
    /// Counts what a note holds. The cost grows with its links.
    fn of(vault: &Snapshot, note: &NoteRef<'_>) -> NoteStats {
        let parsed = &note.note.parsed;
        let is_unresolved =
            |link: &_| matches!(vault.resolve(note, link), Resolution::Missing | Resolution::OutsideVault);
        NoteStats {
            links: parsed.links.len(),
            unresolved_links: parsed.links.iter().filter(|link| is_unresolved(link)).count(),
            headings: parsed.headings.len(),
            timestamps: parsed.timestamps.len(),
        }
    }

    fn zip(self, other: NoteStats, count: fn(usize, usize) -> usize) -> NoteStats {
        NoteStats {
            links: count(self.links, other.links),
            unresolved_links: count(self.unresolved_links, other.unresolved_links),
            headings: count(self.headings, other.headings),
            timestamps: count(self.timestamps, other.timestamps),
        }
    }
}

/// The numbers of a vault. After a change only the notes that it touched are counted again.
#[derive(PartialEq, Eq, Debug, Default)]
pub struct VaultStats {
    notes: FxHashMap<FileId, NoteStats>,
    attachments: usize,
    total: NoteStats,
}

impl VaultStats {
    /// Returns how many notes have been read.
    pub fn notes(&self) -> usize {
        self.notes.len()
    }

    /// Returns how many files are no notes.
    pub fn attachments(&self) -> usize {
        self.attachments
    }

    /// Returns what all notes hold.
    pub fn total(&self) -> NoteStats {
        self.total
    }

    /// Counts all notes. The cost grows with the links of the vault.
    ///
    /// # Errors
    ///
    /// `Cancelled` if the numbers are not wanted any more.
    pub fn of(vault: &Snapshot, cancel: &Cancel) -> Result<VaultStats, Cancelled> {
        let mut stats = VaultStats::default();
        stats.update(vault, vault.notes().map(|note| note.id), cancel)?;
        Ok(stats)
    }

    /// Counts some notes again: those that the changes since the last count
    /// [touched](crate::vault::Applied), be they still there or not. The cost grows with their links, and
    /// with the number of files.
    ///
    /// # Errors
    ///
    /// `Cancelled` if the numbers are not wanted any more. Some notes are counted then; the same call again
    /// counts all.
    pub fn update(
        &mut self,
        vault: &Snapshot,
        touched: impl IntoIterator<Item = FileId>,
        cancel: &Cancel,
    ) -> Result<(), Cancelled> {
        for id in touched {
            cancel.check()?;
            let counted = vault.note(id).map(|note| NoteStats::of(vault, &note));
            let before = match counted {
                Some(counted) => self.notes.insert(id, counted),
                None => self.notes.remove(&id),
            };
            let others = self.total.zip(before.unwrap_or_default(), Sub::sub);
            self.total = others.zip(counted.unwrap_or_default(), Add::add);
        }
        self.attachments = vault.files().filter(|(_, file)| !file.is_note()).count();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ide::fixture;

    #[test]
    fn everything_is_counted_once_unless_it_is_cancelled() {
        let (vault, _) = fixture::vault(
            "//- a.md\n# A\n## B\n[[b]] [c](c.md) ![[p.png]] <https://a.b>\n//- b.md\n# B\n//- p.png\n",
        );
        let cancel = Cancel::new();
        let stats = VaultStats::of(&vault, &cancel).unwrap();
        assert_eq!((stats.notes(), stats.attachments()), (2, 1));
        let total = NoteStats { links: 4, unresolved_links: 1, headings: 3, timestamps: 0 };
        assert_eq!(stats.total(), total);
        cancel.cancel();
        assert!(VaultStats::of(&vault, &cancel).is_err());
    }
}
