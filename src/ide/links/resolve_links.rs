//! What links mean by their text alone, for clients that show a note in another form: the preview of an
//! editor has a note's words, but not our places in them.

use crate::syntax::{LinkKind, split_wikilink_name};
use crate::text::{Span, Text};
use crate::vault::{Cancel, Cancelled, FileId, NoteRef, Resolution, Snapshot};

use crate::ide::links::fragment::{FragmentCache, Fragments, Place};

/// A note that is shown in another one is shown to this many bytes, about a hundred pages.
const MOST_BYTES: usize = 256 * 1024;

/// A wikilink or an embed by its text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LinkText {
    /// What stands before its `|`: `note#Heading`.
    pub name: String,
    /// Whether it is an embed, whose text is wanted.
    pub is_embed: bool,
}

/// What such a link means.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LinkMeaning {
    /// The note or attachment.
    pub file: FileId,
    /// Whether it is a note.
    pub is_note: bool,
    /// What part of it.
    pub fragment: FragmentMeaning,
    /// What an embed of a note shows: the Markdown of the note without its front matter, or of the section or
    /// block that the fragment names.
    pub excerpt: Option<String>,
}

/// What the fragment of a link means.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum FragmentMeaning {
    /// There is none.
    None,
    /// The GitHub slug of a heading, `^id` of a block as its note writes it, or the name of an HTML anchor.
    Found(String),
    /// The note has nothing of that name.
    Missing,
}

/// What links that stand in the note `from` mean, one by one; `None` for those that lead to no file. Resolved
/// as [`definition`](crate::ide::navigation::definition::definition) does. Each costs what its resolution
/// does, and one with a fragment or an embed as much as its note is long.
///
/// # Errors
///
/// `Cancelled` if the answer is not wanted any more.
pub fn link_meanings(
    vault: &Snapshot,
    from: FileId,
    links: &[LinkText],
    cancel: &Cancel,
) -> Result<Vec<Option<LinkMeaning>>, Cancelled> {
    let Some(source) = vault.note(from) else { return Ok(vec![None; links.len()]) };
    let places = FragmentCache::default();
    let meaning = |link: &LinkText| {
        cancel.check()?;
        Ok(meaning_of(vault, &source, link, &places))
    };
    links.iter().map(meaning).collect()
}

fn meaning_of<'a>(
    vault: &'a Snapshot,
    source: &NoteRef<'_>,
    link: &LinkText,
    places: &FragmentCache<'a>,
) -> Option<LinkMeaning> {
    let (target, fragment) = split_wikilink_name(&link.name);
    let target = link.name.get(target)?;
    let fragment = fragment.and_then(|fragment| link.name.get(fragment)).filter(|text| !text.is_empty());
    let file = if target.is_empty() {
        fragment.map(|_| source.id)?
    } else {
        let kind = if link.is_embed { LinkKind::Embed } else { LinkKind::Wikilink };
        match vault.resolve_target(source.path.folder(), kind, target) {
            Resolution::Found(found) => found.best,
            _ => return None,
        }
    };
    let Some(note) = vault.note(file) else {
        return Some(LinkMeaning { file, is_note: false, fragment: FragmentMeaning::None, excerpt: None });
    };
    let places = places.of(note);
    let place = fragment.map_or(Place::Whole, |fragment| places.find(fragment));
    let part = place.part_of(&note).filter(|_| link.is_embed);
    Some(LinkMeaning {
        file,
        is_note: true,
        fragment: fragment_of(&note, place, &places),
        excerpt: part.map(|part| cut(&note.note.text, part)),
    })
}

fn fragment_of(note: &NoteRef<'_>, place: Place, places: &Fragments<'_>) -> FragmentMeaning {
    let headings = &note.note.parsed.headings;
    match place {
        Place::Whole => FragmentMeaning::None,
        Place::Heading { heading, .. } => {
            let index = headings.partition_point(|one| one.span.start < heading.start);
            let slug = places.slugs().get(index).cloned();
            slug.map_or(FragmentMeaning::Missing, FragmentMeaning::Found)
        }
        Place::Block { id, .. } => FragmentMeaning::Found(format!("^{}", note.note.slice(id))),
        Place::Anchor(name) => FragmentMeaning::Found(note.note.slice(name).into_owned()),
        Place::Lines(_) | Place::Missing => FragmentMeaning::Missing,
    }
}

/// At most so much of a stretch, up to the end of a line.
fn cut(text: &Text, part: Span) -> String {
    if part.len() <= MOST_BYTES {
        return text.slice(part).into_owned();
    }
    let last = text.line(text.line_of(part.start.plus(MOST_BYTES))).map_or(part.start, |line| line.start);
    text.slice(Span::between(part.start, last.max(part.start))).into_owned()
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;
    use crate::ide::fixture;

    fn check(text: &str, names: &[&str], expected: &Expect) {
        let (vault, at) = fixture::vault(text);
        let link = |name: &&str| LinkText {
            name: name.trim_start_matches('!').to_owned(),
            is_embed: name.starts_with('!'),
        };
        let links: Vec<LinkText> = names.iter().map(link).collect();
        let found = link_meanings(&vault, at.note, &links, &Cancel::new()).unwrap();
        let mut out = String::new();
        for (name, meaning) in names.iter().zip(found) {
            out.push_str(&format!("{name}\n"));
            let Some(meaning) = meaning else { continue };
            let path = &vault.file(meaning.file).unwrap().path;
            out.push_str(&format!("  {path} {:?}", meaning.fragment));
            match meaning.excerpt {
                Some(text) => out.push_str(&format!(" ‹{}›\n", text.replace('\n', "⏎"))),
                None => out.push('\n'),
            }
        }
        expected.assert_eq(&out);
    }

    #[test]
    fn links_mean_what_definition_says() {
        check(
            "//- x/a.md\n# Own\n$0\n//- b.md\n---\nvideoId: _abcdefghij\n---\nText ^Id\n\n## A b\nOne\n## A b\nTwo\n//- p.png\n",
            &["b", " B # A b ", "b#a-b-1", "b#^id", "b#None", "#Own", "none", "p.png", ""],
            &expect![[r#"
                b
                  b.md None
                 B # A b 
                  b.md Found("a-b")
                b#a-b-1
                  b.md Found("a-b-1")
                b#^id
                  b.md Found("^Id")
                b#None
                  b.md Missing
                #Own
                  x/a.md Found("own")
                none
                p.png
                  p.png None

            "#]],
        );
    }

    #[test]
    fn embeds_come_with_what_they_show() {
        check(
            "//- a.md\n$0\n//- b.md\n---\nvideoId: _abcdefghij\n---\nText ^Id\n\n## A\nOne\n## B\nTwo\n//- c.md\n---\nvideoId: short\n---\nC\n//- p.png\n",
            &["!b#A", "!b#^id", "!c", "!b#None", "!p.png"],
            &expect![[r#"
                !b#A
                  b.md Found("a") ‹## A⏎One⏎›
                !b#^id
                  b.md Found("^Id") ‹Text ^Id›
                !c
                  c.md None ‹⏎C⏎›
                !b#None
                  b.md Missing
                !p.png
                  p.png None
            "#]],
        );
    }

    #[test]
    fn a_huge_note_is_cut_at_a_line() {
        let line = "word ".repeat(20);
        let text = format!("//- a.md\n$0\n//- b.md\n{}", format!("{line}\n").repeat(4000));
        let (vault, at) = fixture::vault(&text);
        let links = [LinkText { name: "b".to_owned(), is_embed: true }];
        let found = link_meanings(&vault, at.note, &links, &Cancel::new()).unwrap();
        let shown = found[0].as_ref().unwrap().excerpt.as_ref().unwrap();
        assert!(shown.len() <= MOST_BYTES && shown.len() > MOST_BYTES - 200);
        assert!(shown.ends_with(&format!("{line}\n")));
    }
}
