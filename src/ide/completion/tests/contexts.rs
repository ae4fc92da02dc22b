//! Completion outside of a link's target: display texts, tags, callouts, labels, front matter.

use expect_test::expect;

use crate::ide::completion::tests::{accepted, check};
use crate::ide::completion::*;
use crate::ide::fixture;

/// The cursor's line after the first item is accepted.
pub(crate) fn first(text: &str) -> String {
    let (vault, at) = fixture::vault(text);
    let answer = completion(&vault, at, &Cancel::new()).unwrap();
    answer.items.first().map_or_else(|| "nothing".to_owned(), |item| accepted(&vault, at, item))
}

fn displayed(cursor: &str) -> String {
    format!(
        "//- start.md\n{cursor}\n//- note.md\n---\naliases: [Nick, Other]\n---\n# The Note\n## Part\n\
             //- b.md\n[[note|a note]] [[note | that one]] [[Nick|a note]] [[note|Nick]]\n//- c.md\n[[gone|nothing]]\n"
    )
}

#[test]
fn display_texts_are_those_of_the_vault_and_the_names_of_the_note() {
    check(
        &displayed("[[note|$0]]"),
        &expect![[r#"
            a note — used 2 times
            Nick — used once
            that one — used once
            The Note — title
            Other — alias
            => [[note|a note│]]
        "#]],
    );
    check(
        &displayed("[[note#part | th$0 old]]"),
        &expect![[r#"
        that one — used once
        The Note — title
        Other — alias
        => [[note#part | that one│]]
    "#]],
    );
    check(
        &displayed("[[note#part|$0"),
        &expect![[r#"
            Part — heading
            a note — used 2 times
            Nick — used once
            that one — used once
            The Note — title
            Other — alias
            => [[note#part|Part]]│
        "#]],
    );
}

#[test]
fn display_texts_in_tables_and_strings() {
    check(
        &displayed("| [[note\\|oth$0 | x |"),
        &expect![[r#"
        Other — alias
        => | [[note\|Other]]│ | x |
    "#]],
    );
    check(
        &displayed("| [[note | $0 | x |"),
        &expect![[r#"
        nothing
    "#]],
    );
    check(
        &displayed("[[gone|$0]]"),
        &expect![[r#"
        nothing
    "#]],
    );
    check(
        &displayed("---\nrelated: '[[note|nic$0]]'\n---"),
        &expect![[r#"
        Nick — used once
        => related: '[[note|Nick│]]'
    "#]],
    );
}

#[test]
fn tags_with_counts() {
    let vault = |cursor: &str| {
        format!(
            "//- start.md\n{cursor}\n//- b.md\n#plant/tree #Water #water\n//- c.md\n---\ntags: [plant/tree, stone]\n---\n"
        )
    };
    check(
        &vault("text #$0"),
        &expect![[r#"
        #Water — 2 notes
        #plant/tree — 2 notes
        #stone — 1 note
        => text #Water│
    "#]],
    );
    check(
        &vault("#pl$0"),
        &expect![[r#"
        #plant/tree — 2 notes
        => #plant/tree│
    "#]],
    );
    check(
        &vault("text #wa$0te more"),
        &expect![[r#"
        #Water — 2 notes
        => text #Water│ more
    "#]],
    );
    check(
        &vault("---\ntags: [stone, pl$0]\n---"),
        &expect![[r#"
        plant/tree — 2 notes
        => tags: [stone, plant/tree│]
    "#]],
    );
    check(
        &vault("---\ntags:\n  - pl$0\n---"),
        &expect![[r#"
        plant/tree — 2 notes
        =>   - plant/tree│
    "#]],
    );
    check(
        &vault("---\ntags: stone pl$0\n---"),
        &expect![[r#"
        plant/tree — 2 notes
        => tags: stone plant/tree│
    "#]],
    );
    for nothing in ["#$0", "# pl$0", "##$0", "a#pl$0", "`#pl$0`", "[[a#pl$0]]", "> #$0", "#newtag$0"] {
        assert_eq!(first(&vault(nothing)), "nothing", "{nothing}");
    }
}

#[test]
fn callout_kinds() {
    let vault = |cursor: &str| format!("//- start.md\n{cursor}\n//- b.md\n> [!recipe] Soup\n\n> [!TIP]\n");
    check(
        &vault("> [!ti$0"),
        &expect![[r#"
        tip
        question
        caution — as warning
        attention — as warning
        => > [!tip]│
    "#]],
    );
    check(
        &vault("> [!re$0]"),
        &expect![[r#"
            recipe
            failure
            => > [!recipe│]
        "#]],
    );
    check(
        &vault("> > [!sum$0m] Title"),
        &expect![[r#"
        summary — as abstract
        => > > [!summary│] Title
    "#]],
    );
    for nothing in ["[!no$0", "> [no$0", "> text [!no$0", "> [!note] no$0"] {
        assert_eq!(first(&vault(nothing)), "nothing", "{nothing}");
    }
}

#[test]
fn labels_of_the_note() {
    let note = |cursor: &str| {
        format!(
            "{cursor}\n\n[^1]: First note.\n[^long]: Another\n    with more.\n\n[home]: index.md\n[Web]: <https://example.org>\n"
        )
    };
    check(
        &note("text[^$0"),
        &expect![[r#"
        ^1 — First note.
        ^long — Another
        => text[^1]│
    "#]],
    );
    check(
        &note("text[^lo$0]"),
        &expect![[r#"
        ^long — Another
        => text[^long│]
    "#]],
    );
    check(
        &note("[t][$0"),
        &expect![[r#"
        home — index.md
        Web — <https://example.org>
        => [t][home]│
    "#]],
    );
    check(
        &note("[t][exam$0]"),
        &expect![[r#"
        Web — <https://example.org>
        => [t][Web│]
    "#]],
    );
    for nothing in ["[[a]][ho$0", "text[^a b$0", "\\[^1$0", "[t](x)[^ $0"] {
        assert_eq!(first(&note(nothing)), "nothing", "{nothing}");
    }
}

#[test]
fn front_matter_keys_and_values() {
    let vault = |cursor: &str| {
        format!(
            "//- my_note.md\n{cursor}\n# Heading: one\n//- b.md\n---\nvideoId: Rxmv7rT9leo\nduration: PT1H\n---\n# The talk\n"
        )
    };
    check(
        &vault("---\ntitle: x\n$0\n---"),
        &expect![[r#"
        aliases — other names that links find it by
        tags — tags of the whole note
        videoId — the YouTube video that the note is about
        url — an address; one of YouTube names the video
        source — where it comes from; an address of YouTube names the video
        duration — length of the video: seconds, H:MM:SS or PT1H2M
        => aliases: │
    "#]],
    );
    check(
        &vault("---\nal$0: x\n---"),
        &expect![[r#"
        aliases — other names that links find it by
        => aliases│: x
    "#]],
    );
    check(
        &vault("---\ntitle: $0\n---"),
        &expect![[r#"
        Heading: one — first heading
        my note — name of the file
        => title: "Heading: one"│
    "#]],
    );
    check(
        &vault("---\naliases: ['$0']\n---"),
        &expect![[r#"
        Heading: one — first heading
        my note — name of the file
        => aliases: ['Heading: one│']
    "#]],
    );
    check(
        &vault("---\nvideoId: $0old\n---"),
        &expect![[r#"
        Rxmv7rT9leo — The talk
        => videoId: Rxmv7rT9leo│
    "#]],
    );
    check(
        &vault("---\nvideoId: Rxmv7rT9leo\nduration: $0\n---"),
        &expect![[r#"
        PT1H — b.md
        => duration: PT1H│
    "#]],
    );
    for nothing in ["---\nother: $0\n---", "---\n# ti$0\n---", "---\na: b\n---$0", "---\na: b\n$0---", "ti$0"]
    {
        assert_eq!(first(&vault(nothing)), "nothing", "{nothing}");
    }
    assert_eq!(first(&vault("---\r\ntags: x\r\nti$0\r\n---\r\n")), "title: │");
}

#[test]
fn front_matter_that_is_not_closed_yet() {
    let vault = |cursor: &str| format!("//- my_note.md\n{cursor}\n//- b.md\n#plant/rose\n");
    for (cursor, expected) in [
        ("---\n$0", "title: │"),
        ("---\ntitle: x\n$0", "aliases: │"),
        ("---\r\ntags: [$0", "tags: [plant/rose│"),
        ("---\ntags:\n  - $0", "  - plant/rose│"),
        ("---\ntags:\n  - x\n  - p$0\n  ---\n  # Heading", "  - plant/rose│"),
        ("---\naliases:\n- $0", "- my note│"),
        ("---\n\nti$0", "nothing"),
        ("---\n- ti$0", "nothing"),
        ("---\nSome words.\nti$0", "nothing"),
        ("---\ntags:\n- x\n# Heading\nti$0", "nothing"),
        ("***\nti$0", "nothing"),
        ("text\n---\nti$0", "nothing"),
    ] {
        assert_eq!(first(&vault(cursor)), expected, "{cursor:?}");
    }
}

#[test]
fn a_tag_explains_itself() {
    let (vault, _) = fixture::vault("//- a.md\n# One\n#x/y\n//- b c.md\n#X/Y\n");
    let text = |name: &str| {
        let subject = CompletionSubject::Tag(name.to_owned());
        completion_documentation(&vault, &subject, &|path| format!("file:///v/{path}"))
            .map(|preview| preview.markdown())
    };
    expect![[r#"
        **\#x/y** · 2 uses in 2 notes:
        - [One](file:///v/a.md)
        - [b c](file:///v/b c.md)"#]]
    .assert_eq(&text("x/y").unwrap());
    assert_eq!(text("z"), None);
}

#[test]
fn headings_below_the_one_that_was_named() {
    let guide = "//- guide.md\n# Guide\n## Install\n### Linux\n## Use\n### Linux\n### Windows\n";
    check(
        &format!("//- a.md\n[[guide#use#$0]]\n{guide}"),
        &expect![[r#"
        Linux — Guide › Use
        Windows — Guide › Use
        => [[guide#Use#Linux│]]
    "#]],
    );
    check(
        &format!("//- a.md\n[[guide#guide#install#$0]]\n{guide}"),
        &expect![[r#"
        Linux — Guide › Install
        => [[guide#Install#Linux│]]
    "#]],
    );
    check(
        &format!("//- a.md\n[[guide#windows#$0]]\n{guide}"),
        &expect![[r#"
        nothing
    "#]],
    );
}

#[test]
fn blocks_that_get_an_id_and_not_the_one_that_is_being_written() {
    let note = "Some text.\n\n- first item\n- second item\n\nText with [[#^$0]] in it.\n\nNamed. ^named\n";
    check(
        note,
        &expect![[r#"
        Some text. — ^cl7d39, new
        - first item — ^b79mnb, new
        - second item — ^974wsm, new
        ^named — Named.
        => Text with [[#^cl7d39│]] in it.
    "#]],
    );
    check(
        "//- a.md\n[t](b.md#^ite$0)\n//- b.md\n- an item\n",
        &expect![[r#"
        - an item — ^ivsqyg, new
        => [t](b.md#^ivsqyg│)
    "#]],
    );
}

#[test]
fn long_lines_and_long_names_are_no_trouble() {
    let prose = format!("{}| #tag [t](x) [[a|b]] > [!n] ", "word ".repeat(200_000));
    let vault = "\n//- note one.md\n# One\n#topic\n";
    for (cursor, expected) in [
        ("[[note one|$0", "One]]"),
        ("[t](note$0", "note%20one.md)"),
        ("#top$0", "#topic"),
        ("[[note$0]]", "[[note one|One"),
    ] {
        for text in [format!("{prose}{cursor}"), format!("{prose}{cursor} {prose}")] {
            let line = first(&format!("//- start.md\n{text}{vault}"));
            let (line, _) = line.split_once('│').unwrap_or_else(|| panic!("{cursor}"));
            assert!(line.ends_with(expected), "{cursor}");
        }
    }
    let long = "x".repeat(1000);
    for cursor in
        [format!("[[{long}$0"), format!("[[{long}|$0]]"), format!("[t]({long}$0)"), format!("#{long}$0")]
    {
        assert_eq!(first(&format!("//- start.md\n{cursor}{vault}")), "nothing", "{cursor}");
    }
}

#[test]
fn line_ends_and_the_end_of_the_file() {
    for end in ["\r\n", "\n", ""] {
        let line = |cursor: &str| first(&format!("//- b.md\n# B\n#topic\n//- a.md\nx{end}{cursor}{end}"));
        assert_eq!(line("[[b|$0").trim_start_matches('x'), "[[b|B]]│", "{end:?}");
        assert_eq!(line(" #to$0").trim_start_matches('x'), " #topic│", "{end:?}");
        assert_eq!(line(" [t](b$0").trim_start_matches('x'), " [t](b.md)│", "{end:?}");
    }
}

#[test]
fn labels_as_their_own_text() {
    let note = |cursor: &str| format!("{cursor}\n\n[ref-1]: bla\n[ref/2]: https://a.example\n[^foot]: x\n");
    for (cursor, expected) in [
        ("[$0", "[ref-1]│"),
        ("[$0]", "[ref-1]│"),
        ("[$0][]", "[ref-1]│[]"),
        ("see [ref/$0", "see [ref/2]│"),
        ("see [re$0f/2] and", "see [ref-1]│ and"),
        ("![1$0", "![ref-1]│"),
        ("[$0](a.md)", "nothing"),
        ("- [$0 ] task", "nothing"),
        ("\\[$0", "nothing"),
        ("[none$0", "nothing"),
        ("`[$0`", "nothing"),
    ] {
        assert_eq!(first(&note(cursor)), expected, "{cursor}");
    }
    assert_eq!(first("[$0\n\n[^foot]: x\n"), "nothing");
}

#[test]
fn blocks_by_any_of_their_lines() {
    let vault = |cursor: &str| {
        format!(
            "//- start.md\n{cursor}\n//- b.md\nOne line\nof quick words ^named\n\n- item\n  slow fox\n\n> quote\n> red hen\n"
        )
    };
    for (cursor, expected) in [
        ("[[b#^quick$0", "[[b#^named]]│"),
        ("[[^^quick$0", "[[b#^named]]│"),
        ("[[b#^named$0", "[[b#^named]]│"),
    ] {
        assert_eq!(first(&vault(cursor)), expected, "{cursor}");
    }
    check(
        &vault("[[b#^slow$0"),
        &expect![[r#"
        - item — ^tu45z0, new
        => [[b#^tu45z0]]│
    "#]],
    );
    check(
        &vault("[[b#^red hen$0"),
        &expect![[r#"
        > quote — ^nosrw8, new
        => [[b#^nosrw8]]│
    "#]],
    );
}
