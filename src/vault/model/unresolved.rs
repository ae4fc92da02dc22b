//! Unresolved names: wikilinks use them, and no file has them yet.

use crate::syntax::LinkKind;
use crate::vault::model::Snapshot;
use crate::vault::names::{Entry, FileId, Key, Letters, is_relative, searchable, without_note_extension};

/// How many users of a key are searched for a wikilink by its name. A key of something else has none.
const MAX_USERS_SEARCHED: usize = 4;

/// A name that wikilinks use and no file has.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct UnresolvedName {
    /// The key of the links by this name.
    pub key: Key,
    /// The name as one of the links writes it, without the extension of a note: `a/b`.
    pub name: Box<str>,
    /// The name as [`searchable`] makes it.
    pub searchable: Box<str>,
    /// The letters of the searchable name.
    pub letters: Letters,
    /// How many notes link it.
    pub notes: usize,
}

impl Snapshot {
    /// Returns the names that wikilinks use and no file has, each once, in no particular order. The first
    /// call looks at every key, later ones at those that share a shard of the index with a change.
    pub fn unresolved(&self) -> impl Iterator<Item = &UnresolvedName> {
        self.need_whole();
        let undefined = |(_, entry): &(Key, Entry<'_>)| entry.definers.is_empty();
        let unresolved = |(key, entry): (Key, Entry<'_>)| {
            let name =
                entry.users.iter().take(MAX_USERS_SEARCHED).find_map(|user| self.name_in(*user, key))?;
            let searchable: Box<str> = searchable(&name).into();
            let letters = Letters::held(&searchable);
            Some(UnresolvedName { key, name, searchable, letters, notes: entry.users.len() })
        };
        self.index
            .memos(move |shard| shard.iter().filter(undefined).filter_map(unresolved).collect())
            .flat_map(|names| names.iter())
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
        let mut names: Vec<&str> = vault.unresolved().map(|name| &*name.name).collect();
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
