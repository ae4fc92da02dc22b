//! A vault in numbers.

use crate::vault::{Cancel, Cancelled, NoteRef, Resolution, Snapshot};

/// How much of each kind of thing a vault holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct VaultStats {
    /// Files that are read as notes.
    pub notes: usize,
    /// All other files.
    pub attachments: usize,
    /// Links of all kinds, whether they lead anywhere or not.
    pub links: usize,
    /// Those of them that should lead to a file of the vault and find none.
    pub unresolved_links: usize,
    /// Headings of all levels.
    pub headings: usize,
    /// Timestamps of videos.
    pub timestamps: usize,
}

/// The links of one note.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct LinkCounts {
    /// Links of all kinds.
    pub links: usize,
    /// Those that should lead to a file of the vault and find none.
    pub unresolved: usize,
}

/// Counts the links of a note. Its cost grows with them.
pub fn count_links(vault: &Snapshot, note: &NoteRef<'_>) -> LinkCounts {
    let links = &note.note.parsed.links;
    let is_unresolved =
        |link: &_| matches!(vault.resolve(note, link), Resolution::Missing | Resolution::OutsideVault);
    LinkCounts { links: links.len(), unresolved: links.iter().filter(|link| is_unresolved(link)).count() }
}

/// Counts what a vault holds. Linear in the number of links.
pub fn stats(vault: &Snapshot, cancel: &Cancel) -> Result<VaultStats, Cancelled> {
    let mut stats = VaultStats::default();
    for note in vault.notes() {
        cancel.check()?;
        let parsed = &note.note.parsed;
        stats.notes += 1;
        let links = count_links(vault, &note);
        stats.links += links.links;
        stats.unresolved_links += links.unresolved;
        stats.headings += parsed.headings.len();
        stats.timestamps += parsed.timestamps.len();
    }
    stats.attachments = vault.files().filter(|(_, file)| !file.is_note()).count();
    Ok(stats)
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
        let expected = VaultStats {
            notes: 2,
            attachments: 1,
            links: 4,
            unresolved_links: 1,
            headings: 3,
            timestamps: 0,
        };
        assert_eq!(stats(&vault, &cancel), Ok(expected));
        cancel.cancel();
        assert_eq!(stats(&vault, &cancel), Err(Cancelled));
    }
}
