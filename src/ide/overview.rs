//! A vault at a glance: what it holds, what stands alone, what leads nowhere.

use std::borrow::Cow;
use std::cmp::Reverse;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::text::Span;
use crate::vault::{Cancel, Cancelled, FileId, Key, Letters, NameRows, Resolution, Snapshot, fold};

/// What a whole vault holds.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Overview {
    /// Notes, by path.
    pub notes: Vec<FileId>,
    /// How many links lead to each file from other notes, the most first, then by path; none without any.
    pub linked: Vec<(FileId, usize)>,
    /// Notes that no other note links, by path.
    pub orphans: Vec<FileId>,
    /// Links that should lead to a file of the vault and find none, as [`NoteStats`](crate::ide::NoteStats)
    /// counts them, by path of their note and place: the note and the target.
    pub broken: Vec<(FileId, Span)>,
    /// Names that wikilinks use and no file has, with the number of notes that do, the most first.
    pub unresolved: Vec<(String, usize)>,
    /// Tags in their most frequent spelling, with the number of notes that hold them, the most first.
    pub tags: Vec<(String, usize)>,
    /// The number of videos that notes name in their front matter.
    pub videos: usize,
}

/// The overview of a vault. Resolves every link.
///
/// # Errors
///
/// `Cancelled` if it is not wanted any more.
pub fn overview(vault: &Snapshot, cancel: &Cancel) -> Result<Overview, Cancelled> {
    let path = |id: &FileId| vault.file(*id).map(|file| &file.path);
    let mut all = Overview { notes: vault.notes().map(|note| note.id).collect(), ..Overview::default() };
    all.notes.sort_by_key(path);
    let mut linked: FxHashMap<FileId, usize> = FxHashMap::default();
    let mut videos: FxHashSet<Key> = FxHashSet::default();
    for note in all.notes.iter().filter_map(|id| vault.note(*id)) {
        cancel.check()?;
        videos.extend(note.note.parsed.video().map(|video| Key::video(&video.value)));
        for link in note.note.parsed.links.iter().filter(|link| !link.is_external) {
            match vault.resolve(&note, link) {
                Resolution::Found(found) if found.best != note.id => {
                    *linked.entry(found.best).or_default() += 1;
                }
                Resolution::Missing | Resolution::OutsideVault => all.broken.push((note.id, link.target)),
                _ => {}
            }
        }
    }
    all.videos = videos.len();
    all.orphans = all.notes.iter().copied().filter(|id| !linked.contains_key(id)).collect();
    all.linked = linked.into_iter().collect();
    all.linked.sort_by_key(|(id, links)| (Reverse(*links), path(id)));
    all.unresolved = vault.unresolved().map(|name| (name.name.to_owned(), name.notes)).collect();
    most_first(&mut all.unresolved);
    all.tags = tags(vault);
    Ok(all)
}

fn tags(vault: &Snapshot) -> Vec<(String, usize)> {
    /// A tag by its spellings, and the notes that hold one of them.
    #[derive(Default)]
    struct Tag<'a> {
        spellings: FxHashMap<&'a str, usize>,
        notes: usize,
        last: Option<FileId>,
    }
    let mut tags: FxHashMap<Cow<'_, str>, Tag<'_>> = FxHashMap::default();
    let rows = (0..vault.name_rows_count()).filter_map(|group| vault.name_rows(group));
    for row in rows.flat_map(NameRows::iter) {
        for name in row.tags(Letters::default()) {
            let tag = tags.entry(fold(name)).or_default();
            *tag.spellings.entry(name).or_default() += 1;
            tag.notes += usize::from(tag.last.replace(row.id()) != Some(row.id()));
        }
    }
    let mut counted: Vec<(String, usize)> = tags
        .into_values()
        .filter_map(|tag| {
            let most = tag.spellings.into_iter().max_by_key(|(name, notes)| (*notes, Reverse(*name)));
            most.map(|(name, _)| (name.to_owned(), tag.notes))
        })
        .collect();
    most_first(&mut counted);
    counted
}

fn most_first(counted: &mut [(String, usize)]) {
    counted.sort_by(|(one, count), (other, other_count)| other_count.cmp(count).then_with(|| one.cmp(other)));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ide::fixture;

    #[test]
    fn a_vault_at_a_glance() {
        let (vault, _) = fixture::vault(
            "//- a.md\n---\nvideoId: Rxmv7rT9leo\n---\n[[b]] [[b]] [[gone]] [x](gone.md) #Tag ![[p.png]] [[a]] $0\n\
             //- b.md\n---\nvideoId: Rxmv7rT9leo\n---\n[[gone]] [[a]] #tag #TAG #other <https://a.b> [x](../up.md)\n\
             //- c.md\n[[c]] [[lost]] #tag\n//- p.png\n",
        );
        let all = overview(&vault, &Cancel::new()).unwrap();
        let path = |id: &FileId| fixture::path(&vault, *id);
        let paths = |ids: &[FileId]| ids.iter().map(path).collect::<Vec<_>>().join(" ");
        assert_eq!(paths(&all.notes), "a.md b.md c.md");
        assert_eq!(paths(&all.orphans), "c.md");
        let linked: Vec<String> =
            all.linked.iter().map(|(id, links)| format!("{} {links}", path(id))).collect();
        assert_eq!(linked, ["b.md 2", "a.md 1", "p.png 1"]);
        let broken = all
            .broken
            .iter()
            .map(|(id, span)| format!("{} {}", path(id), vault.note(*id).unwrap().note.slice(*span)));
        assert_eq!(
            broken.collect::<Vec<_>>(),
            ["a.md gone", "a.md gone.md", "b.md gone", "b.md ../up.md", "c.md lost"]
        );
        let counted = |counted: &[(String, usize)]| {
            counted.iter().map(|(name, count)| format!("{name} {count}")).collect::<Vec<_>>().join(", ")
        };
        assert_eq!(counted(&all.unresolved), "gone 2, lost 1");
        assert_eq!(counted(&all.tags), "tag 3, other 1");
        assert_eq!(all.videos, 1);
        let cancel = Cancel::new();
        cancel.cancel();
        assert_eq!(overview(&vault, &cancel), Err(Cancelled));
    }
}
