//! Unresolved names: wikilinks use them, and no file has them yet.

use rustc_hash::FxHashMap;

use crate::syntax::{Link, LinkKind};
use crate::vault::model::{Note, Snapshot};
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
        let mut names_in = NamesInNotes::default();
        let narrow = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        for (key, entry) in entries.filter(|(_, entry)| entry.definers.is_empty()) {
            let users = entry.users.iter().take(MAX_USERS_SEARCHED);
            let Some(name) = users.into_iter().find_map(|user| names_in.name(vault, *user, key)) else {
                continue;
            };
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

/// After so many names of one note have been looked for among its links, all of them are gathered at once.
const MANY_NAMES: usize = 16;

/// The names by which notes link, for many questions about one note.
#[derive(Default)]
struct NamesInNotes {
    /// How often a note was asked about.
    asked: FxHashMap<FileId, usize>,
    /// The first name under each key, for notes that were asked about often.
    gathered: FxHashMap<FileId, FxHashMap<Key, Box<str>>>,
}

impl NamesInNotes {
    /// Returns the target of the first wikilink of a note under `key`.
    fn name(&mut self, vault: &Snapshot, note: FileId, key: Key) -> Option<Box<str>> {
        let asked = self.asked.entry(note).or_default();
        *asked += 1;
        if *asked <= MANY_NAMES {
            return vault.name_in(note, key);
        }
        let names = self.gathered.entry(note).or_insert_with(|| vault.names_in(note));
        names.get(&key).cloned()
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
        wikilinks(note).find(|(_, last)| *last == key).and_then(|(link, _)| unresolved_name(note, link))
    }

    /// Returns the target of the first wikilink under each key that a note uses.
    fn names_in(&self, note: FileId) -> FxHashMap<Key, Box<str>> {
        let Some(note) = self.note(note) else { return FxHashMap::default() };
        let mut first = FxHashMap::default();
        wikilinks(note.note).for_each(|(link, key)| _ = first.entry(key).or_insert(link));
        first.into_iter().filter_map(|(key, link)| Some((key, unresolved_name(note.note, link)?))).collect()
    }
}

/// Returns the wikilinks of a note, each with the key of the last component of its target.
fn wikilinks(note: &Note) -> impl Iterator<Item = (&Link, Key)> {
    let links = note.parsed.links.iter().zip(note.keys.links());
    let links = links.filter(|(link, _)| link.kind == LinkKind::Wikilink);
    links.filter_map(|(link, filed)| filed.map(|[last, _]| (link, last)))
}

fn unresolved_name(note: &Note, link: &Link) -> Option<Box<str>> {
    let target = note.slice(link.target);
    (!is_relative(&target)).then(|| without_note_extension(&target).trim_start_matches('/').into())
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
