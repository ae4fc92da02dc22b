//! Every place that is about what stands under the cursor.

use crate::text::Span;
use crate::vault::{Cancel, Cancelled, FileId, Snapshot};

use crate::ide::cursor::symbol::{Occurrence, Occurrences, symbol_at};
use crate::ide::place::{NotePosition, Ranged};

/// Which references are wanted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ReferenceOptions {
    /// Also the places that define the thing: a note's title, a heading, the definition of a label.
    pub include_definitions: bool,
}

/// A place that refers to something.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Reference {
    /// The note.
    pub note: FileId,
    /// The whole link, tag, label or timestamp.
    pub span: Span,
}

/// A place of the own note that is about what stands under the cursor.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Highlight {
    /// The whole link, heading, tag, label or timestamp.
    pub span: Span,
    /// Whether the thing is defined there.
    pub is_definition: bool,
}

/// The places of the vault that refer to what stands under the cursor, by path and place. `None` if nothing
/// there can be referred to.
///
/// On the target of a link, a title or an alias these are the links to the note, wherever in it they lead; on
/// a fragment or a heading below the title those to that part; on a tag, label or `videoId` its uses; on a
/// timestamp the moments of the same video within 30 seconds. The cost grows with what shares a name or video
/// with the thing.
pub fn references(
    vault: &Snapshot,
    at: NotePosition,
    options: ReferenceOptions,
    cancel: &Cancel,
) -> Result<Option<Ranged<Vec<Reference>>>, Cancelled> {
    let Some((found, subject)) = symbol_at(vault, at) else { return Ok(None) };
    let all = Occurrences::of(vault, &subject).all(cancel)?;
    let wanted = all.into_iter().filter(|(_, one)| options.include_definitions || !one.is_definition);
    let places = wanted.map(|(note, Occurrence { span, .. })| Reference { note, span }).collect();
    Ok(Some(Ranged { span: found.span, value: places }))
}

/// The places of the own note that are about what stands under the cursor, in order; empty if nothing can be.
/// Moments must be the same to the second.
pub fn document_highlights(vault: &Snapshot, at: NotePosition) -> Vec<Highlight> {
    let Some((found, subject)) = symbol_at(vault, at) else { return Vec::new() };
    let occurrences = Occurrences::of(vault, &subject.within_note()).within(found.source);
    let highlight = |one: Occurrence| Highlight { span: one.span, is_definition: one.is_definition };
    occurrences.into_iter().map(highlight).filter(|one| !one.span.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;
    use crate::ide::fixture;

    /// Definitions are marked with `=`; then the places in the own note that are highlighted.
    fn check(text: &str, expected: &Expect) {
        let (vault, at) = fixture::vault(text);
        let cancel = Cancel::new();
        let ask =
            |include_definitions| references(&vault, at, ReferenceOptions { include_definitions }, &cancel);
        let mut said = String::new();
        if let Some(found) = ask(true).unwrap() {
            let without = ask(false).unwrap().unwrap().value;
            for place in found.value {
                let note = vault.note(place.note).unwrap();
                let mark = if without.contains(&place) { ' ' } else { '=' };
                let line = note.note.text.line_of(place.span.start) + 1;
                said.push_str(&format!("{mark} {}:{line} {:?}\n", note.path, note.note.slice(place.span)));
            }
        }
        let own = vault.note(at.note).unwrap();
        let highlights = document_highlights(&vault, at);
        let shown: Vec<String> = highlights
            .iter()
            .map(|one| format!("{}{}", if one.is_definition { "=" } else { "" }, own.note.slice(one.span)))
            .collect();
        said.push_str(&format!("here: {}\n", shown.join(", ")));
        expected.assert_eq(&said);
    }

    const NOTES: &str = "//- b.md\n---\naliases: [Bee]\n---\n# Title\n## Part\n[[#Part]]\nblock ^id\n\n<a id=\"here\"></a>\n\
        //- in/c.md\n[[b]] [[Bee#Part]] [x](../b.md#title) ![[b#^id]] [[b#here]] [[b#none]]\n";

    #[test]
    fn of_a_note_from_a_link_its_title_or_its_front_matter() {
        let expected = &expect![[r##"
              a.md:1 "[[b]]"
              a.md:1 "[[b#Part]]"
            = b.md:4 "# Title"
              in/c.md:1 "[[b]]"
              in/c.md:1 "[[Bee#Part]]"
              in/c.md:1 "[x](../b.md#title)"
              in/c.md:1 "![[b#^id]]"
              in/c.md:1 "[[b#here]]"
              in/c.md:1 "[[b#none]]"
            here: [[b]], [[b#Part]]
        "##]];
        check(&format!("//- a.md\n[[$0b]] [[b#Part]]\n{NOTES}"), expected);
    }

    #[test]
    fn of_a_heading_a_block_and_an_anchor() {
        check(
            &format!("//- a.md\n[[b#Pa$0rt]]\n{NOTES}"),
            &expect![[r###"
              a.md:1 "[[b#Part]]"
            = b.md:5 "## Part"
              b.md:6 "[[#Part]]"
              in/c.md:1 "[[Bee#Part]]"
            here: [[b#Part]]
        "###]],
        );
        check(
            &format!("//- a.md\n[[b#^i$0d]]\n{NOTES}"),
            &expect![[r#"
              a.md:1 "[[b#^id]]"
            = b.md:7 "id"
              in/c.md:1 "![[b#^id]]"
            here: [[b#^id]]
        "#]],
        );
        check(
            &NOTES.replace("## Part", "## Pa$0rt"),
            &expect![[r###"
            = b.md:5 "## Part"
              b.md:6 "[[#Part]]"
              in/c.md:1 "[[Bee#Part]]"
            here: =## Part, [[#Part]]
        "###]],
        );
        check(
            &NOTES.replace("^id", "^i$0d"),
            &expect![[r#"
            = b.md:7 "id"
              in/c.md:1 "![[b#^id]]"
            here: ![[b#^id]]
        "#]],
        );
        check(
            &NOTES.replace("=\"here", "=\"he$0re"),
            &expect![[r#"
            = b.md:9 "here"
              in/c.md:1 "[[b#here]]"
            here: =here
        "#]],
        );
    }

    #[test]
    fn of_a_note_from_its_alias_and_its_title() {
        check(
            &NOTES.replace("[Bee]", "[Be$0e]"),
            &expect![[r##"
                = b.md:4 "# Title"
                  in/c.md:1 "[[b]]"
                  in/c.md:1 "[[Bee#Part]]"
                  in/c.md:1 "[x](../b.md#title)"
                  in/c.md:1 "![[b#^id]]"
                  in/c.md:1 "[[b#here]]"
                  in/c.md:1 "[[b#none]]"
                here: =# Title
            "##]],
        );
        check(
            &NOTES.replace("# Title", "# Ti$0tle"),
            &expect![[r##"
                = b.md:4 "# Title"
                  in/c.md:1 "[[b]]"
                  in/c.md:1 "[[Bee#Part]]"
                  in/c.md:1 "[x](../b.md#title)"
                  in/c.md:1 "![[b#^id]]"
                  in/c.md:1 "[[b#here]]"
                  in/c.md:1 "[[b#none]]"
                here: =# Title
            "##]],
        );
    }

    #[test]
    fn of_labels_footnotes_and_tags() {
        check(
            "[x][La$0bel] [LABEL] [^label]\n\n[label]: b.md\n[^label]: note\n",
            &expect![[r#"
              note.md:1 "[x][Label]"
              note.md:1 "[LABEL]"
            = note.md:3 "label"
            here: [x][Label], [LABEL], =label
        "#]],
        );
        check(
            "[x][label] [^n] [^n$0]\n\n[^n]: note\n[^m]: note\n",
            &expect![[r#"
              note.md:1 "[^n]"
              note.md:1 "[^n]"
            = note.md:3 "n"
            here: [^n], [^n], =n
        "#]],
        );
        check(
            "//- a.md\n#Ta$0g #tag/b #other\n//- b.md\n---\ntags: [tag]\n---\n",
            &expect![[r##"
                  a.md:1 "#Tag"
                  a.md:1 "#tag/b"
                  b.md:2 "tag"
                here: #Tag
            "##]],
        );
    }

    #[test]
    fn of_moments_and_videos() {
        let video = "---\nvideoId: Rxmv7rT9leo\n---\n";
        check(
            &format!(
                "//- a.md\n{video}[0:01:$050] [0:02:10] [0:05:00] [0:01:50]\n//- b.md\n{video}[0:02:20]\n//- c.md\n[1:50](https://youtu.be/Rxmv7rT9leo?t=110s)\n//- d.md\n---\nvideoId: aaaaaaaaaaa\n---\n[0:01:50]\n"
            ),
            &expect![[r#"
                  a.md:4 "[0:01:50]"
                  a.md:4 "[0:02:10]"
                  a.md:4 "[0:01:50]"
                  b.md:4 "[0:02:20]"
                  c.md:1 "[1:50](https://youtu.be/Rxmv7rT9leo?t=110s)"
                here: [0:01:50], [0:01:50]
            "#]],
        );
        check(
            &format!(
                "//- a.md\n{}[0:01:50]\n//- c.md\n[1:50](https://youtu.be/Rxmv7rT9leo?t=110s)\n",
                video.replace("leo", "l$0eo")
            ),
            &expect![[r#"
                = a.md:2 "Rxmv7rT9leo"
                  c.md:1 "[1:50](https://youtu.be/Rxmv7rT9leo?t=110s)"
                here: =Rxmv7rT9leo
            "#]],
        );
    }

    #[test]
    fn of_an_attachment_and_of_nothing() {
        check(
            "//- a.md\n![[p.p$0ng]] ![x](p.png)\n//- p.png\n",
            &expect![[r#"
              a.md:1 "![[p.png]]"
              a.md:1 "![x](p.png)"
            here: ![[p.png]], ![x](p.png)
        "#]],
        );
        check(
            "//- a.md\nwo$0rd\n",
            &expect![[r#"
            here: 
        "#]],
        );
    }

    #[test]
    fn of_what_is_not_there() {
        let notes = "//- in/c.md\n[[none]] [x](../no/none.md) [y](none.md) ![[no/none#H]]\n//- b.md\n[[none.png]] [[nones]]\n";
        check(
            &format!("//- a.md\n[[no$0ne]] [[None#H]]\n{notes}"),
            &expect![[r#"
              a.md:1 "[[none]]"
              a.md:1 "[[None#H]]"
              in/c.md:1 "[[none]]"
              in/c.md:1 "[y](none.md)"
            here: [[none]], [[None#H]]
        "#]],
        );
        check(
            &format!("//- a.md\n[[no/no$0ne]] [[none]]\n{notes}"),
            &expect![[r#"
              a.md:1 "[[no/none]]"
              a.md:1 "[[none]]"
              in/c.md:1 "[[none]]"
              in/c.md:1 "[x](../no/none.md)"
              in/c.md:1 "[y](none.md)"
              in/c.md:1 "![[no/none#H]]"
            here: [[no/none]], [[none]]
        "#]],
        );
        check(
            &format!("//- a.md\n![](no$0ne.png)\n{notes}"),
            &expect![[r#"
              a.md:1 "![](none.png)"
              b.md:1 "[[none.png]]"
            here: ![](none.png)
        "#]],
        );
        check(
            "//- a.md\n[[b#My $0Part]] [x](b.md#my-part) [[b#Other]] [[b]] [[c#My Part]]\n//- b.md\n# T\n",
            &expect![[r#"
                  a.md:1 "[[b#My Part]]"
                  a.md:1 "[x](b.md#my-part)"
                here: [[b#My Part]], [x](b.md#my-part)
            "#]],
        );
        check(
            "//- a.md\n[[c#My $0Part]] [[c]] [[b#my part]]\n//- b.md\n[[c#My-part]]\n",
            &expect![[r#"
              a.md:1 "[[c#My Part]]"
              b.md:1 "[[c#My-part]]"
            here: [[c#My Part]]
        "#]],
        );
        check(
            "//- a.md\n[x](../../o$0ut.md)\n",
            &expect![[r#"
            here: 
        "#]],
        );
    }

    #[test]
    fn of_an_address() {
        let notes = "//- b.md\n<https://a.example/x#y>\n[r]: https://a.example/x#y\n";
        let text = "//- a.md\n[x](https://a.exam$0ple/x#y) https://a.example/x [[https://a.example/x#y]]\n";
        check(
            &format!("{text}{notes}"),
            &expect![[r#"
              a.md:1 "[x](https://a.example/x#y)"
              a.md:1 "[[https://a.example/x#y]]"
              b.md:1 "<https://a.example/x#y>"
              b.md:2 "https://a.example/x#y"
            here: [x](https://a.example/x#y), [[https://a.example/x#y]]
        "#]],
        );
    }

    #[test]
    fn links_of_a_note_to_its_title_are_highlighted() {
        check(
            "//- a.md\n# Ti$0tle\n[[#Title]] [[#Part]] [x](a.md#title) [[a]]\n## Part\n//- b.md\n[[a#Title]]\n",
            &expect![[r##"
                = a.md:1 "# Title"
                  a.md:2 "[[a]]"
                  b.md:1 "[[a#Title]]"
                here: =# Title, [[#Title]], [x](a.md#title), [[a]]
            "##]],
        );
    }
}
