//! Completion on small vaults: what is offered, and the line after the first item is accepted.

mod contexts;
mod inserted;
mod order;
mod paths;
mod plain;
mod timestamps;

use std::fmt::Write;

use expect_test::{Expect, expect};

use super::*;
use crate::config::{Profile, Settings};
use crate::ide::fixture;

/// The items, then the cursor's line once the first of them is accepted, with the cursor where it ends up.
pub(super) fn check(text: &str, expected: &Expect) {
    check_with(text, Settings::default(), expected);
}

pub(super) fn check_with(text: &str, settings: Settings, expected: &Expect) {
    let (vault, at) = fixture::with_settings(text, settings);
    let answer = completion(&vault, at, &Cancel::new()).unwrap();
    let mut out = String::new();
    for item in &answer.items {
        match &item.detail {
            Some(detail) => writeln!(out, "{} — {detail}", item.label).unwrap(),
            None => writeln!(out, "{}", item.label).unwrap(),
        }
    }
    match answer.items.first() {
        Some(first) => writeln!(out, "=> {}", accepted(&vault, at, first)).unwrap(),
        None => writeln!(out, "nothing").unwrap(),
    }
    expected.assert_eq(&out);
}

pub(super) fn accepted(vault: &Snapshot, at: NotePosition, item: &CompletionItem) -> String {
    let note = vault.note(at.note).unwrap();
    let text = &note.note.text;
    let line = text.line(text.line_of(at.at)).unwrap();
    assert!(line.covers(item.replace) && item.replace.touches(at.at), "{item:?} leaves the cursor's line");
    let typed = text.slice(Span::between(item.replace.start, at.at));
    assert_eq!(item.filter, typed, "clients filter by what stands before the cursor");
    let before = text.slice(Span::between(line.start, item.replace.start));
    let after = text.slice(Span::between(item.replace.end, line.end));
    format!("{before}{}│{after}", item.new_text)
}

#[test]
fn notes_by_stem_title_and_alias() {
    let vault = |cursor: &str| {
        format!(
            "//- start.md\n{cursor}\n//- ai/large_language_models.md\n# Large Language Models\n\
             //- ai/transformer.md\n---\ntitle: Attention is all you need\naliases: [GPT, encoder-decoder]\n---\n"
        )
    };
    check(
        &vault("[[large lang$0"),
        &expect![[r#"
            large_language_models — Large Language Models
            => [[large_language_models]]│
        "#]],
    );
    check(
        &vault("[[attention$0]]"),
        &expect![[r#"
            Attention is all you need — ai/transformer.md
            => [[transformer│]]
        "#]],
    );
    check(
        &vault("[[encoder_d$0]]"),
        &expect![[r#"
            encoder-decoder — ai/transformer.md
            => [[transformer|encoder-decoder│]]
        "#]],
    );
    check(
        &vault("[[ai/tr$0]]"),
        &expect![[r#"
            transformer — Attention is all you need
            => [[transformer│]]
        "#]],
    );
    check(
        &vault("[[zzz$0]]"),
        &expect![[r#"
            nothing
        "#]],
    );
}

#[test]
fn words_in_any_order_and_case() {
    let vault =
        "//- a.md\n[[MODEL lang$0]]\n//- large_language_models.md\n//- language.md\n//- Überblick.md\n";
    check(
        vault,
        &expect![[r#"
            large_language_models
            => [[large_language_models│]]
        "#]],
    );
    check(
        "//- a.md\n[[uber$0]]\n//- Überblick.md\n",
        &expect![[r#"
            Überblick
            => [[Überblick│]]
        "#]],
    );
    check(
        "//- a.md\n[[ПЛАН$0]]\n//- план_на_год.md\n",
        &expect![[r#"
            план_на_год
            => [[план_на_год│]]
        "#]],
    );
}

#[test]
fn a_stem_that_several_notes_share_gets_as_much_path_as_it_takes() {
    let vault = "//- start.md\n[[intro$0]]\n//- rust/intro.md\n//- go/intro.md\n//- x/go/intro.md\n";
    check(
        vault,
        &expect![[r#"
            intro — go/intro.md
            intro — rust/intro.md
            intro — x/go/intro.md
            => [[go/intro│]]
        "#]],
    );
    let (snapshot, at) = fixture::vault(vault);
    let source = snapshot.note(at.note).unwrap();
    let context = Context::find(&source, at.at).unwrap();
    let writer = LinkWriter::at(&snapshot, &source, context.start());
    for file in ["rust/intro.md", "go/intro.md", "x/go/intro.md"].map(|path| snapshot.find(path).unwrap()) {
        let kind = LinkKind::Wikilink;
        let name = writer.nearest_target(kind, file, snapshot.file(file).unwrap());
        let resolution = snapshot.resolve_target(source.path.folder(), kind, &name);
        assert!(
            matches!(resolution, Resolution::Found(found) if found.best == file && !found.is_ambiguous),
            "{name}"
        );
    }
    check_with(
        "//- go/start.md\n[[intro$0]]\n//- rust/intro.md\n//- go/intro.md\n",
        Settings { profile: Profile::Quartz, ..Settings::default() },
        &expect![[r#"
            intro — go/intro.md
            intro — rust/intro.md
            => [[go/intro│]]
        "#]],
    );
    check(
        "//- sub/start.md\n[[home$0]]\n//- home.md\n//- sub/home.md\n",
        &expect![[r#"
            home — sub/home.md
            home — home.md
            => [[sub/home│]]
        "#]],
    );
}

#[test]
fn names_that_no_link_can_hold_are_written_as_a_link_can() {
    check(
        "//- a.md\n[[C$0]]\n//- C# in depth.md\n---\naliases: [CSharp]\n---\n",
        &expect![[r#"
            C# in depth — C# in depth.md
            => [[CSharp│]]
        "#]],
    );
}

#[test]
fn attachments_in_embeds_only() {
    let vault = |cursor: &str| format!("//- a.md\n{cursor}\n//- img/diagram.png\n//- dia.md\n");
    check(
        &vault("![[dia$0]]"),
        &expect![[r#"
            dia
            diagram.png — img
            => ![[dia│]]
        "#]],
    );
    check(
        &vault("[[dia$0]]"),
        &expect![[r#"
            dia
            => [[dia│]]
        "#]],
    );
}

/// What accepting `foobar` makes of a line.
fn accept(line: &str) -> String {
    let (vault, at) = fixture::vault(&format!("//- start.md\n{line}\n//- foobar.md\n"));
    let answer = completion(&vault, at, &Cancel::new()).unwrap();
    let item = answer.items.iter().find(|item| item.label == "foobar");
    item.map_or("nothing".into(), |item| accepted(&vault, at, item))
}

#[test]
fn an_item_replaces_the_link_and_nothing_else() {
    let cases = [
        // Closing brackets are never doubled.
        ("x [[$0", "x [[foobar]]│"),
        ("x [[$0]] y", "x [[foobar│]] y"),
        ("x [[fo$0] y", "x [[foobar]]│ y"),
        ("x [[fo$0o]", "x [[foobar]]│"),
        // What stands in the link already is replaced, spaces are kept.
        ("[[ fo$0 ]]", "[[ foobar│ ]]"),
        ("[[fo$0 old name]]", "[[foobar│]]"),
        ("[[$0old#Heading]]", "[[foobar│#Heading]]"),
        ("[[ fo$0o | shown ]]", "[[ foobar│ | shown ]]"),
        ("| [[fo$0o\\|shown]] | x |", "| [[foobar│\\|shown]] | x |"),
        // Without an end: the rest of the name, but not the prose after it.
        ("[[foo$0bar baz", "[[foobar]]│ baz"),
        ("[[foo$0word baz", "[[foobar]]│word baz"),
        ("[[$0word", "[[foobar]]│word"),
        ("[[fo$0 and [[bar]]", "[[foobar]]│ and [[bar]]"),
        ("| [[fo$0 | x |", "| [[foobar]]│ | x |"),
        ("[[bar]] [[fo$0", "[[bar]] [[foobar]]│"),
        ("[[[fo$0", "[[[foobar]]│"),
        ("é😀 [[fo$0 é", "é😀 [[foobar]]│ é"),
        ("\\\\[[fo$0]]", "\\\\[[foobar│]]"),
    ];
    for (line, expected) in cases {
        assert_eq!(accept(line), expected, "{line}");
    }
}

#[test]
fn nothing_outside_of_links_and_in_opaque_places() {
    let cases = [
        "fo$0",
        "[fo$0",
        "[[foo]]$0",
        "[[foo]$0]",
        "\\[[fo$0",
        "[[foo|fo$0",
        "`[[fo$0`",
        "$[[fo$0$",
        "%% [[fo$0 %%",
        "<!-- [[fo$0 -->",
        "```\n[[fo$0\n```",
        "```\n[[fo$0",
        "    [[fo$0",
        "[[foo\n$0",
        "---\nrelated: [[fo$0\n---",
        "---\nrelated:\n  - [[fo$0\n---",
        "---\n# [[fo$0\n---",
    ];
    for text in cases {
        assert_eq!(accept(text), "nothing", "{text}");
    }
    assert_eq!(accept("---\nrelated: \"[[fo$0\"\n---"), "related: \"[[foobar]]│\"");
    assert_eq!(accept("---\nrelated:\n  - 'x [[fo$0]]'\n---"), "  - 'x [[foobar│]]'");
    let long = format!("[[{}$0", "fo ".repeat(100));
    assert_eq!(accept(&long), "nothing", "a paragraph is no name");
}

const GUIDE: &str = "//- guide.md\n# Guide\n## Install\n### Linux\n## Use\n### Linux\n## C# | F#\n## Array [1]\n### `code` *it*\n";

#[test]
fn headings_of_the_target() {
    check(
        &format!("//- a.md\n[[guide#$0]]\n{GUIDE}"),
        &expect![[r#"
            Guide
            Install — Guide
            Linux — Guide › Install
            Use — Guide
            Linux — Guide › Use
            C# | F# — Guide
            Array [1] — Guide
            code it — Guide › Array [1]
            => [[guide#Guide│]]
        "#]],
    );
    check(
        &format!("//- a.md\nsee [[guide#use#lin$0\n{GUIDE}"),
        &expect![[r#"
            Linux — Guide › Use
            => see [[guide#Use#Linux]]│
        "#]],
    );
    check(
        "//- a.md\n# One\n## Two\n[[#tw$0]]\n",
        &expect![[r#"
            Two — One
            => [[#Two│]]
        "#]],
    );
    check(
        &format!("//- a.md\n[[missing#$0]]\n{GUIDE}"),
        &expect![[r#"
            nothing
        "#]],
    );
}

#[test]
fn every_heading_that_is_offered_is_found_again() {
    let (vault, at) =
        fixture::vault(&format!("//- a.md\n[[guide#$0]]\n{GUIDE}## Same\n## Same\n## ^\n## 100%% \\ \n"));
    let guide = vault.note(vault.find("guide.md").unwrap()).unwrap();
    let parsed = &guide.note.parsed;
    let headings = parsed.heading_index();
    let mut found = Vec::new();
    for item in completion(&vault, at, &Cancel::new()).unwrap().items {
        let index = headings.find(&item.new_text).unwrap_or_else(|| panic!("{item:?} is lost"));
        assert_eq!(parsed.heading_name(&parsed.headings[index]), item.label);
        found.push(index);
    }
    assert!(found.is_sorted_by(|a, b| a < b), "each heading once: {found:?}");
    assert!(found.len() >= 10, "{found:?}");
}

#[test]
fn blocks_with_ids() {
    let vault = |cursor: &str| {
        format!("//- a.md\n{cursor}\n//- n.md\n# N\n\nFirst paragraph. ^one\n\n- item two ^two\n\nno id\n")
    };
    check(
        &vault("[[n#^$0]]"),
        &expect![[r#"
            ^one — First paragraph.
            ^two — - item two
            no id — ^iu1vy4, new
            => [[n#^one│]]
        "#]],
    );
    check(
        &vault("[[n#^item$0"),
        &expect![[r#"
            ^two — - item two
            => [[n#^two]]│
        "#]],
    );
    check(
        &vault("[[^^par$0"),
        &expect![[r#"
            ^one — First paragraph. — n.md
            => [[n#^one]]│
        "#]],
    );
    check(
        "//- a.md\nMine. ^mine\n\n[[#^$0]]\n",
        &expect![[r#"
            ^mine — Mine.
            => [[#^mine│]]
        "#]],
    );
}

#[test]
fn blocks_of_the_whole_vault_without_an_id() {
    let vault = |cursor: &str| {
        format!(
            "//- a.md\nThe river here.\n\n{cursor}\n//- x/far.md\n> A river\n> of LIGHT\n\nno light\n\n- A light\n- river\n\
             //- near.md\n- one\n- Light of the river\n\nNamed river of light ^named\n"
        )
    };
    let expected = [
        (
            "[[^^river$0",
            expect![[r#"
            ^named — Named river of light — near.md
            - Light of the river — ^s699e6, new — near.md
            > A river — ^eq0fsv, new — x/far.md
            - river — ^c3q6p6, new — x/far.md
            The river here. — ^0fvghj, new — a.md
            => [[near#^named]]│
        "#]],
        ),
        (
            "[[^^light riv$0",
            expect![[r#"
            ^named — Named river of light — near.md
            - Light of the river — ^s699e6, new — near.md
            => [[near#^named]]│
        "#]],
        ),
        (
            "[[^^of light$0",
            expect![[r#"
            ^named — Named river of light — near.md
            - Light of the river — ^s699e6, new — near.md
            > A river — ^eq0fsv, new — x/far.md
            => [[near#^named]]│
        "#]],
        ),
        (
            "[[^^ri$0",
            expect![[r#"
            ^named — Named river of light — near.md
            => [[near#^named]]│
        "#]],
        ),
        (
            "[[^^light$0 and light]]",
            expect![[r#"
            ^named — Named river of light — near.md
            - Light of the river — ^s699e6, new — near.md
            > A river — ^eq0fsv, new — x/far.md
            no light — ^hlmdey, new — x/far.md
            - A light — ^gznnhg, new — x/far.md
            => [[near#^named│]]
        "#]],
        ),
    ];
    for (cursor, expected) in expected {
        check(&vault(cursor), &expected);
    }
}

#[test]
fn headings_of_the_whole_vault() {
    check(
        &format!("//- sub/a.md\n## Linux here\n[[##linux$0]]\n{GUIDE}"),
        &expect![[r#"
            Linux — guide.md › Guide › Install
            Linux — guide.md › Guide › Use
            Linux here — sub/a.md
            => [[guide#Install#Linux│]]
        "#]],
    );
}

#[test]
fn at_most_as_many_as_the_settings_allow() {
    let mut text = String::from("//- a.md\n[[n$0\n");
    for number in 0..9 {
        writeln!(text, "//- n{number}.md").unwrap();
    }
    let settings = Settings { completion_max_items: 2, ..Settings::default() };
    check_with(
        &text,
        settings,
        &expect![[r#"
            n0
            n1
            => [[n0]]│
        "#]],
    );
    check_with(
        &text,
        Settings { completion_max_items: 0, ..Settings::default() },
        &expect![[r#"
            nothing
        "#]],
    );
}

#[test]
fn a_raised_flag_stops_it() {
    let (vault, at) = fixture::vault("[[$0");
    let cancel = Cancel::new();
    cancel.cancel();
    assert_eq!(completion(&vault, at, &cancel), Err(Cancelled));
}

#[test]
fn documentation_shows_the_note_or_the_part_that_is_named() {
    let (vault, _) =
        fixture::vault("//- a b/n.md\n# Title\nIntro [[n]].\n\n## Part\nText. ^id\n//- a b/pic.png\n");
    let documentation = |path: &str, fragment: Option<&str>| {
        let subject = CompletionSubject::File { path: path.into(), fragment: fragment.map(str::to_owned) };
        completion_documentation(&vault, &subject, &|path| format!("file:///v/{path}"))
            .map_or("gone".to_owned(), |preview| preview.markdown())
            .replace("\n\n", "\n")
    };
    let shown = [
        documentation("a b/n.md", None),
        documentation("a b/n.md", Some("Part")),
        documentation("a b/n.md", Some("^id")),
        documentation("a b/pic.png", None),
        documentation("gone.md", None),
    ];
    expect![[r#"
        **Title**
        [a b/n.md](file:///v/a b/n.md)
        ---
        # Title
        Intro [n](file:///v/a b/n.md).
        ## Part
        Text.
        =====
        **Title**
        [a b/n.md](file:///v/a b/n.md)
        ---
        ## Part
        Text.
        =====
        **Title**
        [a b/n.md](file:///v/a b/n.md)
        ---
        Text.
        =====
        **pic.png**
        [a b/pic.png](file:///v/a b/pic.png)
        =====
        gone"#]]
    .assert_eq(&shown.join("\n=====\n"));
}

/// Whatever stands around the cursor, wherever it is, each answer is on its line and fits what was typed.
#[test]
fn any_cursor_in_any_text_is_answered() {
    let text = "---\na: \"[[x#é|y]]\"\n---\n# é😀 ^h\n![[ n#A#^b \\| c ]] [[##é]] [[^^]] \\[[n [[/n]]]]]\r\n[[../n[[[]#|^] ^b\n\
                [a](<d/n.md#é) ![x](../é%20 \"t\") x #tag [^1] [t][l] <img src='d/\n> [!nóte]\n\n[l]: <d\n[^1]: x\n| [[n \\|é]] |\n";
    let (vault, at) = fixture::vault(&format!("//- note.md\n{text}//- d/n.md\n# A\n"));
    for place in (0..=text.len()).filter(|place| text.is_char_boundary(*place)) {
        let at = NotePosition { at: Offset::new(place), ..at };
        for item in completion(&vault, at, &Cancel::new()).unwrap().items {
            accepted(&vault, at, &item);
        }
    }
}
