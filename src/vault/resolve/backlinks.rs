//! Backlinks: the links that lead to a file.

use crate::syntax::Link;
use crate::vault::cancel::{Cancel, Cancelled};
use crate::vault::model::{LinkRef, NoteRef, Snapshot};
use crate::vault::names::{FileId, Key};
use crate::vault::resolve::Resolution;

/// The links that lead to one file, in two steps: the notes that may hold some, and those of one note.
#[derive(Debug)]
pub struct Backlinks<'a> {
    vault: &'a Snapshot,
    file: FileId,
    /// The keys of links to the file, sorted.
    keys: Box<[Key]>,
}

impl<'a> Backlinks<'a> {
    /// Prepares the search for the links to a file; none if it is gone.
    pub fn of(vault: &'a Snapshot, file: FileId) -> Backlinks<'a> {
        Backlinks { vault, file, keys: vault.keys_of(file) }
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
    pub fn from(&self, source: NoteRef<'a>) -> impl Iterator<Item = &'a Link> {
        let links = source.note.parsed.links.iter().zip(source.note.keys.links());
        let is_filed_here = |filed: Option<[Key; 2]>| {
            filed.is_some_and(|filed| filed.iter().any(|key| self.keys.binary_search(key).is_ok()))
        };
        let is_own = move |link: &Link| source.id == self.file && link.target.is_empty();
        let candidates =
            links.filter(move |(link, filed)| is_filed_here(*filed) || is_own(link)).map(|(link, _)| link);
        candidates.filter(move |link| {
            matches!(self.vault.resolve(&source, link), Resolution::Found(to) if to.best == self.file)
        })
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
