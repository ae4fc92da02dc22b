//! Where the thing under the cursor is defined.

use crate::syntax::{LabelDefinition, LabelKind, LabelUse, Link, fold_label};
use crate::text::{Offset, Span};
use crate::vault::{FileId, NoteRef, Resolution, Snapshot};

use crate::ide::cursor::symbol::{Occurrences, Symbol};
use crate::ide::cursor::under_cursor::{Element, UnderCursor, under_cursor};
use crate::ide::links::fragment::{Place, find_place};
use crate::ide::note::title::title_heading;
use crate::ide::place::{NotePosition, Ranged, Target};

/// The places that define what stands under the cursor, the likeliest first; all candidates of an ambiguous
/// link. `None` where nothing under the cursor leads anywhere.
///
/// A link leads to its note, heading or block; to the note alone if the fragment is not in it. A label leads
/// to its definition, the definition of a footnote to its first use, a tag or timestamp to the first other
/// place that bears it.
pub fn definition(vault: &Snapshot, at: NotePosition) -> Option<Ranged<Vec<Target>>> {
    let found = under_cursor(vault, at)?;
    let source = &found.source;
    let targets = match found.thing {
        Element::Link(link) => link_targets(vault, source, link),
        Element::LabelUse(label) => label_targets(source, label.kind, label.label),
        Element::LabelDefinition(label) => match first_use(source, label) {
            Some(target) => vec![target],
            None => label_targets(source, label.kind, label.label),
        },
        Element::Tag(_) | Element::Timestamp(_) => first_other(vault, &found, at.at).into_iter().collect(),
        Element::Block(_)
        | Element::Anchor(_)
        | Element::Video(_)
        | Element::Name(_)
        | Element::Heading(_)
        | Element::FrontMatter(_) => Vec::new(),
    };
    (!targets.is_empty()).then_some(Ranged { span: found.span, value: targets })
}

/// Where a link leads: one target a candidate.
pub(crate) fn link_targets(vault: &Snapshot, source: &NoteRef<'_>, link: &Link) -> Vec<Target> {
    let Resolution::Found(found) = vault.resolve(source, link) else { return Vec::new() };
    let candidates: &[FileId] =
        if found.is_ambiguous { &found.all } else { std::slice::from_ref(&found.best) };
    candidates.iter().map(|file| place_in(vault, *file, source, link)).collect()
}

fn place_in(vault: &Snapshot, file: FileId, source: &NoteRef<'_>, link: &Link) -> Target {
    let Some(target) = vault.note(file) else {
        return Target { file, whole: Span::default(), focus: Span::default() };
    };
    let whole = Span::between(Offset::ZERO, target.note.text.end());
    let top = Target {
        file,
        whole,
        focus: Span::empty(title_heading(&target).map_or(Offset::ZERO, |title| title.start)),
    };
    match find_place(source, link, &target) {
        Place::Heading { section, heading } => Target { file, whole: section, focus: heading },
        Place::Block { block, id } => Target { file, whole: block, focus: id },
        Place::Anchor(span) => Target { file, whole: span, focus: span },
        Place::Lines(lines) => Target { file, whole: lines, focus: Span::empty(lines.start) },
        Place::Whole | Place::Missing => top,
    }
}

/// The first definition of a label, the only one that counts.
fn label_targets(source: &NoteRef<'_>, kind: LabelKind, label: Span) -> Vec<Target> {
    let wanted = fold_label(&source.note.slice(label));
    let mut definitions = source.note.parsed.label_definitions.iter();
    let first =
        definitions.find(|one| one.kind == kind && fold_label(&source.note.slice(one.label)) == wanted);
    first.into_iter().map(|one| Target { file: source.id, whole: one.span, focus: one.label }).collect()
}

/// The first use of a footnote outside of its definition, from which a reader came to it.
fn first_use(source: &NoteRef<'_>, definition: &LabelDefinition) -> Option<Target> {
    let wanted = fold_label(&source.note.slice(definition.label));
    let is_its = |one: &&LabelUse| {
        one.kind == definition.kind
            && !definition.span.covers(one.span)
            && fold_label(&source.note.slice(one.label)) == wanted
    };
    let mut uses = source.note.parsed.label_uses.iter().filter(|_| definition.kind == LabelKind::Footnote);
    let first = uses.find(is_its)?;
    Some(Target { file: source.id, whole: first.span, focus: first.label })
}

/// The first other place that bears the same tag, or cites the same moment to the second; in the notes by
/// path.
fn first_other(vault: &Snapshot, found: &UnderCursor<'_>, at: Offset) -> Option<Target> {
    let symbol = Symbol::of(vault, found, at)?.within_note();
    let (file, place) = Occurrences::of(vault, &symbol).first_but(found.source.id, found.span)?;
    Some(Target { file, whole: place.span, focus: place.span })
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;
    use crate::ide::fixture;

    fn check(text: &str, expected: &Expect) {
        let (vault, at) = fixture::vault(text);
        let mut said = String::new();
        if let Some(found) = definition(&vault, at) {
            let asking = vault.note(at.note).unwrap();
            said.push_str(&format!("on {:?}\n", asking.note.slice(found.span)));
            for target in found.value {
                let slice = |span| vault.note(target.file).map(|note| note.note.slice(span).into_owned());
                let focus = slice(target.focus).unwrap_or_default();
                let whole = slice(target.whole).unwrap_or_default();
                said.push_str(&format!("{} {focus:?} of {whole:?}\n", fixture::path(&vault, target.file)));
            }
        }
        expected.assert_eq(&said);
    }

    #[test]
    fn a_link_leads_to_its_note() {
        check(
            "//- a.md\nsee [[large_la$0nguage_models | LLMs]]\n//- x/large_language_models.md\n---\ntitle: T\n---\n# Top\n",
            &expect![[r#"
                on "[[large_language_models | LLMs]]"
                x/large_language_models.md "" of "---\ntitle: T\n---\n# Top\n"
            "#]],
        );
    }

    #[test]
    fn a_fragment_leads_into_the_note() {
        check(
            "//- a.md\n[[b#Two$0]]\n//- b.md\n# One\n## Two\ntext\n# Three\n",
            &expect![[r###"
            on "[[b#Two]]"
            b.md "## Two" of "## Two\ntext\n"
        "###]],
        );
        check(
            "//- a.md\n[[b#^i$0d]]\n//- b.md\none\n\ntwo ^id\n",
            &expect![[r#"
            on "[[b#^id]]"
            b.md "id" of "two ^id"
        "#]],
        );
        check(
            "//- a.md\n[x](b.md#t$0wo-1)\n//- b.md\n# Two\n# Two\nsecond\n",
            &expect![[r##"
            on "[x](b.md#two-1)"
            b.md "# Two" of "# Two\nsecond\n"
        "##]],
        );
        check(
            "//- a.md\n[[b#Go$0ne]]\n//- b.md\ntext\n",
            &expect![[r#"
            on "[[b#Gone]]"
            b.md "" of "text\n"
        "#]],
        );
    }

    #[test]
    fn an_ambiguous_link_leads_to_all_candidates() {
        check(
            "//- a.md\n[[tw$0in]]\n//- x/twin.md\nx\n//- y/twin.md\ny\n//- z/z/twin.md\nz\n",
            &expect![[r#"
            on "[[twin]]"
            x/twin.md "" of "x\n"
            y/twin.md "" of "y\n"
            z/z/twin.md "" of "z\n"
        "#]],
        );
    }

    #[test]
    fn the_nearest_note_wins() {
        check(
            "//- x/a.md\n[[tw$0in]]\n//- x/twin.md\nx\n//- y/twin.md\ny\n",
            &expect![[r#"
            on "[[twin]]"
            x/twin.md "" of "x\n"
        "#]],
        );
    }

    #[test]
    fn every_way_to_write_a_link_works() {
        check(
            "//- x/a.md\n[t](../b%20c.m$0d)\n//- b c.md\nhere\n",
            &expect![[r#"
            on "[t](../b%20c.md)"
            b c.md "" of "here\n"
        "#]],
        );
        check(
            "//- a.md\n[t](<b c.md>$0)\n//- b c.md\nhere\n",
            &expect![[r#"
            on "[t](<b c.md>)"
            b c.md "" of "here\n"
        "#]],
        );
        check(
            "//- a.md\n![[pic$0.png]]\n//- img/pic.png\n",
            &expect![[r#"
            on "![[pic.png]]"
            img/pic.png "" of ""
        "#]],
        );
    }

    #[test]
    fn labels_folders_and_front_matter_lead_on() {
        check(
            "//- a.md\n[text][lab$0el]\n\n[label]: b.md\n//- b.md\nhere\n",
            &expect![[r#"
            on "[text][label]"
            a.md "label" of "[label]: b.md"
        "#]],
        );
        check(
            "//- a.md\n[text][label]\n\n[label]: b$0.md\n//- b.md\nhere\n",
            &expect![[r#"
            on "[label]: b.md"
            b.md "" of "here\n"
        "#]],
        );
        check(
            "//- a.md\nword[^1$0]\n\n[^1]: note\n",
            &expect![[r#"
            on "[^1]"
            a.md "1" of "[^1]: note"
        "#]],
        );
        check(
            "//- a.md\nword[^A] and[^a]\n\n[^a$0]: note [^a]\n",
            &expect![[r#"
                on "[^a]"
                a.md "A" of "[^A]"
            "#]],
        );
        check(
            "//- a.md\n[^a$0]: note [^a]\n",
            &expect![[r#"
                on "[^a]"
                a.md "a" of "[^a]: note [^a]"
            "#]],
        );
        check(
            "//- a.md\n[[fol$0der]]\n//- folder/index.md\nhere\n",
            &expect![[r#"
            on "[[folder]]"
            folder/index.md "" of "here\n"
        "#]],
        );
        check(
            "//- a.md\n[[#He$0re]]\n\n# Here\n",
            &expect![[r##"
            on "[[#Here]]"
            a.md "# Here" of "# Here\n"
        "##]],
        );
        check(
            "//- a.md\n---\nup: \"[[b$0]]\"\n---\n//- b.md\nhere\n",
            &expect![[r#"
            on "[[b]]"
            b.md "" of "here\n"
        "#]],
        );
    }

    #[test]
    fn tags_and_moments_lead_to_their_next_bearer() {
        check(
            "//- a.md\n#x/y$0 and\n//- b.md\nalso #X/y here\n",
            &expect![[r##"
            on "#x/y"
            b.md "#X/y" of "#X/y"
        "##]],
        );
        check(
            "//- a.md\n---\nvideoId: Rxmv7rT9leo\n---\n<a class=\"yt-timestamp\" data-t=\"00:0$01:55\">[00:01:55]</a>\n\
             //- b.md\n[one](https://youtu.be/Rxmv7rT9leo?t=115)\n",
            &expect![""],
        );
    }

    #[test]
    fn text_leads_nowhere() {
        check("//- a.md\njust te$0xt\n", &expect![""]);
        check("//- a.md\n[[go$0ne]]\n", &expect![""]);
        check("//- a.md\n`[[b$0]]`\n//- b.md\nx\n", &expect![""]);
        check("//- a.md\n<https://exam$0ple.org>\n", &expect![""]);
    }
}
