//! How often a note and its headings are referred to, above each of them.

use rustc_hash::FxHashMap;

use crate::text::{Offset, Span};
use crate::vault::{Cancel, Cancelled, FileId, LinkRef, NoteRef, Snapshot};

use crate::ide::cursor::symbol::{Symbol, symbol_at};
use crate::ide::links::fragment::{Fragments, Place};
use crate::ide::navigation::references::Reference;
use crate::ide::note::body::first_line;
use crate::ide::note::title::title_heading;
use crate::ide::place::NotePosition;

/// A count to show above a line.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Lens {
    /// What is counted: the title or the heading; empty, at the first line of text, for a note without a
    /// title heading.
    pub span: Span,
    /// Whether it is about the note as a whole.
    pub is_note: bool,
    /// How many links lead there.
    pub count: usize,
    /// How the counted places are found.
    pub list: LensList,
}

/// How the places that a lens counts are found.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum LensList {
    /// They are the references of what stands here.
    At(Offset),
    /// These: no place in the note stands for it, as it has neither title heading nor front matter.
    Places(Vec<Reference>),
}

/// The counts of a note: of the note on its title, always, and of each heading that something refers to, in
/// order. One look at the links that share a name with the note gives all of them. Empty for attachments.
pub fn code_lenses(vault: &Snapshot, note: FileId, cancel: &Cancel) -> Result<Vec<Lens>, Cancelled> {
    let Some(source) = vault.note(note) else { return Ok(Vec::new()) };
    let mut links = vault.links_to(note, cancel)?;
    let fragments = Fragments::of(source);
    let title = title_heading(&source);
    let mut of_headings: FxHashMap<Span, usize> = FxHashMap::default();
    for LinkRef { source, link } in &links {
        if let Place::Heading { heading, .. } = fragments.find_place(source, link)
            && Some(heading) != title
        {
            *of_headings.entry(heading).or_default() += 1;
        }
    }
    let span = title.unwrap_or_else(|| Span::empty(first_line(&source)));
    links.retain(|link| !link.is_within(note));
    let list = list_of_note(vault, &source, title, &links);
    let mut lenses = vec![Lens { span, is_note: true, count: links.len(), list }];
    for (heading, count) in of_headings {
        let subject = Symbol::Heading { note, heading };
        if let Some(at) = place_of(vault, &source, heading, &subject) {
            lenses.push(Lens { span: heading, is_note: false, count, list: LensList::At(at) });
        }
    }
    lenses.sort_by_key(|lens| (lens.span.start, !lens.is_note));
    Ok(lenses)
}

fn list_of_note(
    vault: &Snapshot,
    source: &NoteRef<'_>,
    title: Option<Span>,
    links: &[LinkRef<'_>],
) -> LensList {
    let front_matter = || source.note.parsed.front_matter.as_ref().map(|front_matter| front_matter.span);
    let stands_for_it = title.or_else(front_matter);
    if let Some(at) = stands_for_it.and_then(|span| place_of(vault, source, span, &Symbol::File(source.id))) {
        return LensList::At(at);
    }
    let places = links.iter().map(|link| Reference { note: link.source.id, span: link.link.span });
    LensList::Places(places.collect())
}

/// Where in `span` nothing but the subject is under the cursor: a heading may begin or end with a link.
fn place_of(vault: &Snapshot, source: &NoteRef<'_>, span: Span, subject: &Symbol) -> Option<Offset> {
    let is_about_it = |at: &Offset| {
        let position = NotePosition { note: source.id, at: *at };
        symbol_at(vault, position).is_some_and(|(_, found)| found == *subject)
    };
    [span.start, span.end].into_iter().find(is_about_it)
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;
    use crate::ide::{ReferenceOptions, fixture, references};

    fn check(text: &str, expected: &Expect) {
        let (vault, at) = fixture::vault(text);
        let cancel = Cancel::new();
        let note = vault.note(at.note).unwrap();
        let mut said = String::new();
        for lens in code_lenses(&vault, at.note, &cancel).unwrap() {
            let line = note.note.text.line_of(lens.span.start) + 1;
            let listed = match &lens.list {
                LensList::Places(places) => places.clone(),
                LensList::At(at) => {
                    let position = NotePosition { note: note.id, at: *at };
                    let options = ReferenceOptions { include_definitions: false };
                    references(&vault, position, options, &cancel).unwrap().unwrap().value
                }
            };
            // What the click lists is what the lens counts.
            assert_eq!(listed.len(), lens.count);
            let how = if matches!(lens.list, LensList::At(_)) { "asks" } else { "lists" };
            said.push_str(&format!("{line} {:?} {} {how}\n", note.note.slice(lens.span), lens.count));
        }
        expected.assert_eq(&said);
    }

    const LINKS: &str = "//- b.md\n[[a]] [[a#Part]] [[a#part]] [x](a.md#title) [[a#^id]] [[a#gone]]\n";

    #[test]
    fn the_title_counts_all_links_and_a_heading_those_to_it() {
        check(
            &format!("//- a.md\n# Title\n## Part\n## Alone\n[[#Part]] ^id\n{LINKS}"),
            &expect![[r###"
                1 "# Title" 6 asks
                2 "## Part" 3 asks
            "###]],
        );
    }

    #[test]
    fn a_note_without_a_title_heading_has_its_count_on_its_first_line() {
        check(
            &format!("//- a.md\n---\ntags: [x]\n---\n\ntext\n## Part\n{LINKS}"),
            &expect![[r###"
            5 "" 6 asks
            6 "## Part" 2 asks
        "###]],
        );
        check(
            &format!("//- a.md\n\n## Part\n{LINKS}"),
            &expect![[r###"
            2 "" 6 lists
            2 "## Part" 2 asks
        "###]],
        );
        check(
            "//- a.md\n",
            &expect![[r#"
            1 "" 0 lists
        "#]],
        );
    }

    #[test]
    fn a_heading_that_begins_or_ends_with_a_link_is_asked_about_at_its_other_end() {
        check(
            &format!("//- a.md\n[[b|Title]]\n===\n## [[b|Part]]\n[[b|x]] y\n---\n[[#x y]]\n{LINKS}"),
            &expect![[r###"
                1 "[[b|Title]]\n===" 6 asks
                3 "## [[b|Part]]" 2 asks
                4 "[[b|x]] y\n---" 1 asks
            "###]],
        );
    }
}
