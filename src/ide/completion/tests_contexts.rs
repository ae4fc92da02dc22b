//! Completion outside of a link's target: display texts, paths, tags, callouts, labels, front matter.

use expect_test::expect;

use super::super::fixture;
use super::tests::{accepted, check};
use super::*;

/// The cursor's line after the first item is accepted.
fn first(text: &str) -> String {
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

fn beside_files(cursor: &str) -> String {
    format!(
        "//- a/start.md\n{cursor}\n//- a/near note.md\n# Near\n//- a/sub/deep.md\n//- a/sub/pic.png\n//- far/away.md\n//- top.md\n"
    )
}

#[test]
fn paths_step_by_step() {
    check(
        &beside_files("[t]($0)"),
        &expect![[r#"
        near note.md — Near
        sub/
        => [t](near%20note.md│)
    "#]],
    );
    check(
        &beside_files("[t](sub/$0)"),
        &expect![[r#"
        deep.md
        pic.png
        => [t](sub/deep.md│)
    "#]],
    );
    check(
        &beside_files("[t](../$0"),
        &expect![[r#"
        top.md
        a/
        far/
        => [t](../top.md)│
    "#]],
    );
}

#[test]
fn paths_of_images_and_definitions() {
    check(
        &beside_files("![t]($0)"),
        &expect![[r#"
        sub/
        => ![t](sub│)
    "#]],
    );
    check(
        &beside_files("[t](/$0)"),
        &expect![[r#"
        top.md
        a/
        far/
        => [t](/top.md│)
    "#]],
    );
    check(
        &beside_files("<img src=\"$0\">"),
        &expect![[r#"
        sub/
        => <img src="sub│">
    "#]],
    );
    check(
        &beside_files("<img alt='x' src='su$0"),
        &expect![[r#"
        sub/
        => <img alt='x' src='sub│
    "#]],
    );
    check(
        &beside_files("[l]: $0"),
        &expect![[r#"
        near note.md — Near
        sub/
        => [l]: near%20note.md│
    "#]],
    );
}

#[test]
fn paths_by_any_name_in_the_vault() {
    let vault = |cursor: &str| {
        format!(
            "//- a/start.md\n{cursor}\n//- a/near note.md\n# Near\n//- b/large model.md\n---\naliases: [LLM]\n---\n"
        )
    };
    check(
        &vault("[t](large$0)"),
        &expect![[r#"
        ../b/large model.md
        => [t](../b/large%20model.md│)
    "#]],
    );
    check(
        &vault("[t](llm$0"),
        &expect![[r#"
        ../b/large model.md
        => [t](../b/large%20model.md)│
    "#]],
    );
    check(
        &vault("[t](b/lar$0)"),
        &expect![[r#"
        ../b/large model.md
        => [t](../b/large%20model.md│)
    "#]],
    );
    let encoded = |cursor: &str| first(&vault(cursor));
    assert_eq!(encoded("[t](<larg$0>)"), "[t](<../b/large model.md>│)");
    assert_eq!(encoded("[t](<larg$0"), "[t](<../b/large model.md>)│");
    assert_eq!(encoded("[x](<a b.md>) [t](larg$0)"), "[x](<a b.md>) [t](<../b/large model.md>│)");
    assert_eq!(encoded("[t](larg$0e%20old.md)"), "[t](../b/large%20model.md│)");
    assert_eq!(encoded("[t](larg$0e.md#part)"), "[t](../b/large%20model.md│#part)");
    assert_eq!(encoded("[t](larg$0e.md \"title\")"), "[t](../b/large%20model.md│ \"title\")");
    assert_eq!(encoded("[t](larg$0 and (more)"), "[t](../b/large%20model.md)│ and (more)");
    assert_eq!(encoded("[l]: larg$0e"), "[l]: ../b/large%20model.md│");
    assert_eq!(encoded("[t](../b/larg$0)"), "[t](../b/large%20model.md│)");
    for nothing in [
        "[t](https://larg$0)",
        "[t](mailto:larg$0)",
        "(larg$0)",
        "[t]\\(larg$0)",
        "[00:01:55](larg$0)",
        "[t](large.md \"larg$0\")",
        "`[t](larg$0`",
    ] {
        assert_eq!(encoded(nothing), "nothing", "{nothing}");
    }
}

#[test]
fn slugs_of_headings() {
    let guide = "//- b/guide.md\n# The Guide\n## Über *uns*\n## Same\n## Same\n\nText. ^id\n";
    check(
        &format!("//- a/start.md\n[t](../b/guide.md#$0)\n{guide}"),
        &expect![[r#"
        The Guide
        Über uns — The Guide
        Same — The Guide
        Same — The Guide
        => [t](../b/guide.md#the-guide│)
    "#]],
    );
    check(
        &format!("//- a/start.md\n[t](<../b/guide.md#sam$0\n{guide}"),
        &expect![[r#"
        Same — The Guide
        Same — The Guide
        => [t](<../b/guide.md#same>)│
    "#]],
    );
    check(
        &format!("//- a/start.md\n[t](../b/guide.md#^i$0d)\n{guide}"),
        &expect![[r#"
        ^id — Text.
        => [t](../b/guide.md#^id│)
    "#]],
    );
    check(
        "//- a.md\n# Own part\n[t](#ow$0n)\n",
        &expect![[r#"
        Own part
        => [t](#own-part│)
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
    for nothing in ["[ho$0", "[[a]][ho$0", "text[^a b$0", "\\[^1$0", "[t](x)[^ $0"] {
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
fn a_tag_explains_itself() {
    let (vault, _) = fixture::vault("//- a.md\n# One\n#x/y\n//- b c.md\n#X/Y\n");
    let text = |name: &str| {
        let subject = CompletionSubject::Tag(name.to_owned());
        completion_documentation(&vault, &subject, &|path| format!("file:///v/{path}"))
    };
    expect![[r#"
        **#x/y** in 2 notes

        - [One](<file:///v/a.md>)
        - [b c](<file:///v/b c.md>)"#]]
    .assert_eq(&text("x/y").unwrap());
    assert_eq!(text("z"), None);
}
