//! The vault as a graph: files, and how often each links to which.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use crate::vault::{Cancel, Cancelled, FileId, Resolution, Snapshot};

/// All links of a vault by what they lead to.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct LinkGraph {
    /// All notes, and the attachments that something links to, by path.
    pub files: Vec<FileId>,
    /// From a note to a file, and how many links there are; no note to itself.
    pub links: BTreeMap<(FileId, FileId), usize>,
}

impl LinkGraph {
    /// Returns the links as places in [`LinkGraph::files`], from and to, and their number; in order.
    pub fn edges(&self) -> Vec<(usize, usize, usize)> {
        let places: FxHashMap<FileId, usize> =
            self.files.iter().enumerate().map(|(place, file)| (*file, place)).collect();
        let edge = |((from, to), count): (&(FileId, FileId), &usize)| {
            Some((*places.get(from)?, *places.get(to)?, *count))
        };
        let mut edges: Vec<_> = self.links.iter().filter_map(edge).collect();
        edges.sort_unstable();
        edges
    }
}

/// The graph of a vault. Resolves every link.
pub fn link_graph(vault: &Snapshot, cancel: &Cancel) -> Result<LinkGraph, Cancelled> {
    let mut graph = LinkGraph::default();
    for note in vault.notes() {
        cancel.check()?;
        graph.files.push(note.id);
        for link in &note.note.parsed.links {
            if let Resolution::Found(found) = vault.resolve(&note, link)
                && found.best != note.id
            {
                *graph.links.entry((note.id, found.best)).or_default() += 1;
            }
        }
    }
    graph.files.extend(graph.links.keys().map(|(_, to)| *to));
    graph.files.sort_by_key(|id| vault.file(*id).map(|file| &file.path));
    graph.files.dedup();
    Ok(graph)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ide::fixture;

    #[test]
    fn links_are_counted_by_where_they_lead() {
        let text =
            "[[b]] [x](b.md#y) [[a]] [[gone]] ![[p.png]]\n//- b.md\n[[a]]\n//- p.png\n//- q.png\n//- a.md\n";
        let (vault, _) = fixture::vault(text);
        let graph = link_graph(&vault, &Cancel::new()).unwrap();
        let name = |id: &FileId| fixture::path(&vault, *id);
        let files: Vec<String> = graph.files.iter().map(name).collect();
        assert_eq!(files, ["a.md", "b.md", "note.md", "p.png"]);
        let mut links: Vec<String> = graph
            .links
            .iter()
            .map(|((from, to), count)| format!("{} {} {count}", name(from), name(to)))
            .collect();
        links.sort();
        assert_eq!(links, ["b.md a.md 1", "note.md a.md 1", "note.md b.md 2", "note.md p.png 1"]);
        let cancel = Cancel::new();
        cancel.cancel();
        assert_eq!(link_graph(&vault, &cancel), Err(Cancelled));
    }
}
