//! Backlinks: the links that lead to a file.

use crate::syntax::Link;
use crate::vault::cancel::{Cancel, Cancelled};
use crate::vault::model::{LinkRef, NoteRef, Snapshot};
use crate::vault::names::{FileId, Key, VaultPath};
use crate::vault::resolve::Resolution;

/// The links that lead to one file, in two steps: the notes that may hold some, and those of one note.
#[derive(Debug)]
pub struct Backlinks<'a> {
    vault: &'a Snapshot,
    /// The vault with the file, if it is not there.
    vault_with_file: Option<Snapshot>,
    file: FileId,
    /// The keys of links to the file, sorted.
    keys: Box<[Key]>,
}

impl<'a> Backlinks<'a> {
    /// Prepares the search for the links to a file; none if it is gone.
    pub fn of(vault: &'a Snapshot, file: FileId) -> Backlinks<'a> {
        Backlinks { vault, vault_with_file: None, file, keys: vault.keys_of(file) }
    }

    /// Prepares the search for the broken links that would lead to a file at this path, if it were there. The
    /// cost is that of adding a file.
    pub fn of_missing(vault: &'a Snapshot, path: &VaultPath) -> Option<Backlinks<'a>> {
        let with_file = vault.with_file(path.clone());
        let file = with_file.find(path.as_str())?;
        Some(Backlinks { vault, file, keys: with_file.keys_of(file), vault_with_file: Some(with_file) })
    }

    /// Returns the notes that may link to the file, itself included, sorted by id. The cost grows with the
    /// notes that use a name of the file, not with the vault.
    pub fn sources(&self) -> Vec<NoteRef<'a>> {
        let mut sources: Vec<FileId> =
            self.keys.iter().flat_map(|key| self.vault.users(*key)).copied().collect();
        sources.push(self.file);
        sources.sort_unstable();
        sources.dedup();
        sources.into_iter().filter_map(|source| self.vault.note(source)).collect()
    }

    /// Returns the links of a note that lead to the file, in order. Resolves only those that share a name
    /// with it.
    pub fn from<'b>(&'b self, source: NoteRef<'a>) -> impl Iterator<Item = &'a Link> + use<'a, 'b> {
        let links = source.note.parsed.links.iter().zip(source.note.keys.links());
        let is_filed_here = |filed: Option<[Key; 2]>| {
            filed.is_some_and(|filed| filed.iter().any(|key| self.keys.binary_search(key).is_ok()))
        };
        let is_own = move |link: &Link| source.id == self.file && link.target.is_empty();
        let candidates =
            links.filter(move |(link, filed)| is_filed_here(*filed) || is_own(link)).map(|(link, _)| link);
        candidates.filter(move |link| self.leads_there(&source, link))
    }

    fn leads_there(&self, source: &NoteRef<'_>, link: &Link) -> bool {
        let leads_to_file = |vault: &Snapshot| matches!(vault.resolve(source, link), Resolution::Found(to) if to.best == self.file);
        match &self.vault_with_file {
            None => leads_to_file(self.vault),
            Some(with_file) => {
                leads_to_file(with_file) && self.vault.resolve(source, link) == Resolution::Missing
            }
        }
    }
}

impl Snapshot {
    /// Returns the links that resolve to `id` and tell something of it: all but those within the note, as in
    /// a table of contents; see [`LinkRef::is_within`].
    ///
    /// # Errors
    ///
    /// `Cancelled` if the work was cancelled.
    pub fn backlinks(&self, id: FileId, cancel: &Cancel) -> Result<Vec<LinkRef<'_>>, Cancelled> {
        let mut links = self.links_to(id, cancel)?;
        links.retain(|link| !link.is_within(id));
        Ok(links)
    }

    /// Returns the links that resolve to `id`, its own included, by path of the source and place. The cost
    /// grows with the links that share a name with the file, not with the vault.
    ///
    /// # Errors
    ///
    /// `Cancelled` if the work was cancelled.
    pub fn links_to(&self, id: FileId, cancel: &Cancel) -> Result<Vec<LinkRef<'_>>, Cancelled> {
        let backlinks = Backlinks::of(self, id);
        let mut sources = backlinks.sources();
        sources.sort_by_key(|source| source.path);
        let mut found = Vec::new();
        for source in sources {
            cancel.check()?;
            found.extend(backlinks.from(source).map(|link| LinkRef { source, link }));
        }
        Ok(found)
    }
}
