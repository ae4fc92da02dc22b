//! The link graph as a tree that an editor walks: who links to a file, and where the links of a note lead.

use rustc_hash::FxHashMap;

use crate::syntax::Link;
use crate::text::{Offset, Span};
use crate::vault::{Cancel, Cancelled, FileId, NoteRef, Snapshot};

use crate::ide::cursor::under_cursor::{Element, under_cursor};
use crate::ide::note::title::title_place;
use crate::ide::place::{NotePosition, Target};

/// A file as a knot of the link graph.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct GraphFile {
    /// The title of a note, else its stem; the name of an attachment.
    pub name: String,
    /// The file. The focus is the heading that is its title, else the `title` of the front matter, else the
    /// start of the first line of text.
    pub place: Target,
}

/// All links between two files, in one direction.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct GraphEdge {
    /// The file at the other end.
    pub file: GraphFile,
    /// The links, whole and in order: in that file for links that come in, in the note that was asked about
    /// for those that go out.
    pub links: Vec<Span>,
}

/// The file that the link under the cursor leads to, else the note that the cursor is in. `None` if that note
/// is gone.
pub fn graph_file(vault: &Snapshot, at: NotePosition) -> Option<GraphFile> {
    let linked = under_cursor(vault, at).and_then(|found| match found.thing {
        Element::Link(link) => leads_to(vault, &found.source, link),
        _ => None,
    });
    knot(vault, linked.unwrap_or(at.note))
}

/// The notes that link to a file, the file itself among them, by path. Its cost grows with the links that
/// share a name with the file, not with the vault.
pub fn links_into(vault: &Snapshot, file: FileId, cancel: &Cancel) -> Result<Vec<GraphEdge>, Cancelled> {
    let backlinks = vault.backlinks(file, cancel)?;
    let groups = backlinks.chunk_by(|one, next| one.source.id == next.source.id);
    let edge = |links: &[crate::vault::LinkRef<'_>]| {
        let file = knot(vault, links.first()?.source.id)?;
        Some(GraphEdge { file, links: links.iter().map(|link| link.link.span).collect() })
    };
    Ok(groups.filter_map(edge).collect())
}

/// The files that the links of a note lead to, in the order in which it names them first. Empty for
/// attachments.
pub fn links_out_of(vault: &Snapshot, file: FileId, cancel: &Cancel) -> Result<Vec<GraphEdge>, Cancelled> {
    let Some(source) = vault.note(file) else { return Ok(Vec::new()) };
    let mut edges: Vec<GraphEdge> = Vec::new();
    let mut places: FxHashMap<FileId, usize> = FxHashMap::default();
    for link in &source.note.parsed.links {
        cancel.check()?;
        let Some(target) = leads_to(vault, &source, link) else { continue };
        let place = *places.entry(target).or_insert(edges.len());
        match edges.get_mut(place) {
            Some(edge) => edge.links.push(link.span),
            None => edges.extend(knot(vault, target).map(|file| GraphEdge { file, links: vec![link.span] })),
        }
    }
    Ok(edges)
}

fn leads_to(vault: &Snapshot, source: &NoteRef<'_>, link: &Link) -> Option<FileId> {
    vault.resolve(source, link).found().map(|found| found.best)
}

fn knot(vault: &Snapshot, file: FileId) -> Option<GraphFile> {
    let known = vault.file(file)?;
    let Some(note) = vault.note(file) else {
        let place = Target { file, whole: Span::default(), focus: Span::default() };
        return Some(GraphFile { name: known.path.stem().to_owned(), place });
    };
    let whole = Span::between(Offset::ZERO, note.note.text.end());
    let place = Target { file, whole, focus: title_place(&note) };
    Some(GraphFile { name: note.name().to_owned(), place })
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;
    use crate::ide::fixture;

    fn check(text: &str, expected: &Expect) {
        let (vault, at) = fixture::vault(text);
        let cancel = Cancel::new();
        let knot = graph_file(&vault, at).unwrap();
        let slice =
            |file, span| vault.note(file).map(|note| note.note.slice(span).into_owned()).unwrap_or_default();
        let show = |file: &GraphFile| {
            let Target { file: id, focus, .. } = file.place;
            format!("{} ({}) {:?}", file.name, fixture::path(&vault, id), slice(id, focus))
        };
        let mut said = format!("{}\n", show(&knot));
        for edge in links_into(&vault, knot.place.file, &cancel).unwrap() {
            let links: Vec<String> =
                edge.links.iter().map(|span| slice(edge.file.place.file, *span)).collect();
            said.push_str(&format!("<- {}: {}\n", show(&edge.file), links.join(" ")));
        }
        for edge in links_out_of(&vault, knot.place.file, &cancel).unwrap() {
            let links: Vec<String> = edge.links.iter().map(|span| slice(knot.place.file, *span)).collect();
            said.push_str(&format!("-> {}: {}\n", show(&edge.file), links.join(" ")));
        }
        expected.assert_eq(&said);
    }

    const NOTES: &str = "//- b.md\n---\ntitle: The B\n---\ntext ![[p.png]] [[a]]\n//- in/c.md\n\n[x](../a.md) [[gone]] [[a#H]] https://example.org\n//- p.png\n";

    #[test]
    fn the_link_under_the_cursor_is_where_the_walk_begins() {
        check(
            &format!("//- a.md\n# Top\n[[b]] [[p.png]] [[B|$0again]] [[#Top]]\n{NOTES}"),
            &expect![[r##"
                The B (b.md) "The B"
                <- Top (a.md) "# Top": [[b]] [[B|again]]
                -> p.png (p.png) "": ![[p.png]]
                -> Top (a.md) "# Top": [[a]]
            "##]],
        );
    }

    #[test]
    fn elsewhere_it_begins_at_the_own_note() {
        check(
            &format!("//- a.md\n# T$0op\n[[b]] [[none]] [[p.png]] [[B]] [[#Top]]\n{NOTES}"),
            &expect![[r##"
                Top (a.md) "# Top"
                <- The B (b.md) "The B": [[a]]
                <- c (in/c.md) "": [x](../a.md) [[a#H]]
                -> The B (b.md) "The B": [[b]] [[B]]
                -> p.png (p.png) "": [[p.png]]
                -> Top (a.md) "# Top": [[#Top]]
            "##]],
        );
        check(
            &format!("//- a.md\n[[no$0ne]]\n{NOTES}"),
            &expect![[r#"
            a (a.md) ""
            <- The B (b.md) "The B": [[a]]
            <- c (in/c.md) "": [x](../a.md) [[a#H]]
        "#]],
        );
    }

    #[test]
    fn attachments_are_linked_and_link_nowhere() {
        check(
            &format!("//- a.md\n[[p.p$0ng]]\n{NOTES}"),
            &expect![[r#"
            p.png (p.png) ""
            <- a (a.md) "": [[p.png]]
            <- The B (b.md) "The B": ![[p.png]]
        "#]],
        );
    }
}
