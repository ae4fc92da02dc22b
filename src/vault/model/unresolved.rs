//! Unresolved names: wikilinks use them, and no file has them yet.

use crate::syntax::LinkKind;
use crate::vault::model::Snapshot;
use crate::vault::names::{
    Entry, FileId, Initials, Key, Letters, is_relative, searchable, without_note_extension,
};

/// How many users of a key are searched for a wikilink by its name. A key of something else has none.
const MAX_USERS_SEARCHED: usize = 4;

/// A name that wikilinks use and no file has.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct UnresolvedName<'a> {
    /// The key of the links by this name.
    pub key: Key,
    /// The name as one of the links writes it, without the extension of a note: `a/b`.
    pub name: &'a str,
    /// The name as [`searchable`] makes it.
    pub searchable: &'a str,
    /// The letters of the searchable name.
    pub letters: Letters,
    /// The letters with which its words begin, see [`Initials::of_words`].
    pub initials: Initials,
    /// How many notes link it.
    pub notes: usize,
}

/// The unresolved names of a part of the index, in a row of memory.
#[derive(Clone, Debug, Default)]
pub(crate) struct UnresolvedNames {
    rows: Box<[Row]>,
    /// Each name, followed by its searchable form.
    text: Box<str>,
}

#[derive(Clone, Debug)]
struct Row {
    key: Key,
    letters: Letters,
    initials: Initials,
    name_end: u32,
    searchable_end: u32,
    notes: u32,
}

impl UnresolvedNames {
    fn new<'a>(vault: &Snapshot, entries: impl Iterator<Item = (Key, Entry<'a>)>) -> UnresolvedNames {
        let (mut rows, mut text) = (Vec::new(), String::new());
        let narrow = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        for (key, entry) in entries.filter(|(_, entry)| entry.definers.is_empty()) {
            let users = entry.users.iter().take(MAX_USERS_SEARCHED);
            let Some(name) = users.into_iter().find_map(|user| vault.name_in(*user, key)) else { continue };
            let searchable = searchable(&name);
            text.push_str(&name);
            let name_end = narrow(text.len());
            text.push_str(&searchable);
            rows.push(Row {
                key,
                letters: Letters::held(&searchable),
                initials: Initials::of_words(&searchable),
                name_end,
                searchable_end: narrow(text.len()),
                notes: narrow(entry.users.len()),
            });
        }
        UnresolvedNames { rows: rows.into(), text: text.into() }
    }

    /// Returns the names that hold all these letters.
    fn holding(&self, wanted: Letters) -> impl Iterator<Item = UnresolvedName<'_>> {
        let holding = self.rows.iter().enumerate().filter(move |(_, row)| row.letters.cover(wanted));
        holding.map(|(index, row)| {
            let before = index.checked_sub(1).and_then(|before| self.rows.get(before));
            let start = before.map_or(0, |before| before.searchable_end);
            let slice =
                |start: u32, end: u32| self.text.get(start as usize..end as usize).unwrap_or_default();
            UnresolvedName {
                key: row.key,
                name: slice(start, row.name_end),
                searchable: slice(row.name_end, row.searchable_end),
                letters: row.letters,
                initials: row.initials,
                notes: row.notes as usize,
            }
        })
    }
}

impl Snapshot {
    /// Returns the names that wikilinks use and no file has, each once, in no particular order. The first
    /// call looks at every key, later ones at those that share a group of shards of the index with a change.
    pub fn unresolved(&self) -> impl Iterator<Item = UnresolvedName<'_>> {
        self.unresolved_holding(Letters::default())
    }

    /// Returns those of [`Snapshot::unresolved`] that hold all these letters.
    pub fn unresolved_holding(&self, wanted: Letters) -> impl Iterator<Item = UnresolvedName<'_>> {
        self.need_whole();
        let memos = self.index.memos(|entries| UnresolvedNames::new(self, entries));
        memos.flat_map(move |names| names.holding(wanted))
    }

    /// Returns the target of the first wikilink of a note under `key`.
    fn name_in(&self, note: FileId, key: Key) -> Option<Box<str>> {
        let note = self.note(note)?.note;
        let is_by_name = |filed: Option<[Key; 2]>| filed.is_some_and(|[last, _]| last == key);
        let mut links = note.parsed.links.iter().zip(note.keys.links());
        let (link, _) = links.find(|(link, filed)| is_by_name(*filed) && link.kind == LinkKind::Wikilink)?;
        let target = note.slice(link.target);
        (!is_relative(&target)).then(|| without_note_extension(&target).trim_start_matches('/').into())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::config::Settings;
    use crate::vault::{Change, DiskFile, Note, VaultPath, VaultWriter};

    fn names(vault: &Snapshot) -> Vec<&str> {
        let mut names: Vec<&str> = vault.unresolved().map(|name| name.name).collect();
        names.sort_unstable();
        names
    }

    #[test]
    fn unresolved_names_follow_every_change() {
        let mut writer = VaultWriter::new(Arc::new(Settings::default()));
        let mut write = |path: &str, text: Option<&str>| {
            let file = text.map_or(DiskFile::Gone, |text| DiskFile::Note(Arc::new(Note::new(text))));
            writer.apply(Change::Disk(vec![(VaultPath::resolve("", path).unwrap(), file)]));
            writer.snapshot()
        };
        let first = write(
            "a.md",
            Some("[[b]] [[/x/New one.md#h|y]] [[../up]] [[#own]] ![[pic.png]] [t](md.md) #tag"),
        );
        assert_eq!(names(&first), ["b", "x/New one"]);
        let second = write("b.md", Some("[[new_one]] [[b/c]]"));
        assert_eq!(names(&second), ["b/c", "x/New one"]);
        assert_eq!(names(&write("a.md", Some("[[b]]"))), ["b/c", "new_one"]);
        assert_eq!(names(&write("b.md", None)), ["b"]);
        assert_eq!(names(&first), ["b", "x/New one"], "a snapshot never changes");
    }
}
