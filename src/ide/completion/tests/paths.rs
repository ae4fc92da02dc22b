//! Completion of paths and slugs in Markdown links, images and HTML.

use expect_test::expect;

use crate::config::{LinkFormat, Settings};
use crate::ide::completion::tests::contexts::first;
use crate::ide::completion::tests::{accepted, check};
use crate::ide::completion::*;
use crate::ide::fixture;

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
fn paths_with_parentheses_and_spaces() {
    let vault =
        |cursor: &str| format!("//- start.md\n{cursor}\n//- a(b)/in.md\n//- my file.md\n//- x)y.md\n");
    for (cursor, expected) in [
        ("[t](a(b)/$0)", "[t](a(b)/in.md│)"),
        ("[t](a(b)/$0", "[t](a(b)/in.md)│"),
        ("[l]: a(b)/$0", "[l]: a(b)/in.md│"),
        ("[t](<a(b)/$0>)", "[t](<a(b)/in.md>│)"),
        ("[t](my fi$0)", "[t](my%20file.md│)"),
        ("[t](my fi$0", "[t](my%20file.md)│"),
        ("[t](my f$0il)", "[t](my%20file.md│)"),
        ("[t](my $0file.md)", "[t](my%20file.md│)"),
        ("[t](a) my fi$0", "nothing"),
        ("[t](my.md) my fi$0)", "nothing"),
    ] {
        assert_eq!(first(&vault(cursor)), expected, "{cursor}");
    }
}

#[test]
fn the_rest_of_a_name_is_replaced_in_links_that_are_not_closed() {
    let vault = |cursor: &str| format!("//- start.md\n{cursor}\n//- neuroplasticity.md\n");
    for (cursor, expected) in [
        ("[x](ne$0uro", "[x](neuroplasticity.md)│"),
        ("[x](ne$0uro and", "[x](neuroplasticity.md)│ and"),
        ("[x](ne$0xt", "[x](neuroplasticity.md)│xt"),
        ("[x]($0neuro", "[x](neuroplasticity.md)│neuro"),
    ] {
        assert_eq!(first(&vault(cursor)), expected, "{cursor}");
    }
}

fn with_headings(cursor: &str) -> String {
    format!(
        "//- in/start.md\n# Own Part\n\n<div id=\"own-id\"></div>\n\n{cursor}\n//- in/near note.md\n# A b C\n\n\
         ## X {{#x-id}}\n//- top(1).md\n# A b D\n<a name=\"far\"></a>\n"
    )
}

#[test]
fn headings_of_all_notes_in_markdown_links() {
    check(
        &with_headings("[t](##$0"),
        &expect![[r#"
        A b C — in/near note.md
        X — in/near note.md › A b C
        A b D — top(1).md
        Own Part — in/start.md
        own-id — id
        => [t](near%20note.md#a-b-c)│
    "#]],
    );
    check(
        &with_headings("[t](##a b$0)"),
        &expect![[r#"
        A b C — in/near note.md
        A b D — top(1).md
        => [t](near%20note.md#a-b-c│)
    "#]],
    );
    for (cursor, expected) in [
        ("[t](<##bD$0", "[t](<../top(1).md#a-b-d>)│"),
        ("[t](<##bC$0>)", "[t](<near note.md#a-b-c│>)"),
        ("[l]: ##bC$0", "[l]: near%20note.md#a-b-c│"),
        ("[t](##bD$0)", "[t](../top%281%29.md#a-b-d│)"),
    ] {
        assert_eq!(first(&with_headings(cursor)), expected, "{cursor}");
    }
}

#[test]
fn ids_beside_headings() {
    check(
        &with_headings("[t](#$0"),
        &expect![[r#"
        Own Part
        own-id — id
        => [t](#own-part)│
    "#]],
    );
    check(
        &with_headings("[t](../top(1).md#fa$0)"),
        &expect![[r#"
        far — id
        => [t](../top(1).md#far│)
    "#]],
    );
    check(
        &with_headings("[[near note#x$0"),
        &expect![[r#"
        X — A b C
        x-id — id
        => [[near note#X]]│
    "#]],
    );
}

#[test]
fn markdown_links_in_place_of_wikilinks() {
    let notes = "//- b/my note.md\n---\naliases: [Nick]\n---\n# Head Line\n## Part (1)\n//- b/p.png\n//- c.md\n[[gone now]]\n";
    for (cursor, expected) in [
        ("see [[my$0", "see [my note](b/my%20note.md)│"),
        ("see [[my$0]] x", "see [my note](b/my%20note.md)│ x"),
        ("see [[my$0 old]] x", "see [my note](b/my%20note.md)│ x"),
        ("see [[my$0]", "see [my note](b/my%20note.md)│"),
        ("[[nick$0", "[Nick](b/my%20note.md)│"),
        ("![[p.p$0]]", "![p.png](b/p.png)│"),
        ("[[my note#part$0]]", "[Part (1)](b/my%20note.md#part-1)│"),
        ("[[#own$0\n# Own", "[Own](#own)│"),
        ("[[##part$0", "[Part (1)](b/my%20note.md#part-1)│"),
        ("[[gone n$0", "[gone now](gone%20now.md)│"),
        ("[[my$0|shown]]", "[[my note│|shown]]"),
        ("[[my note|$0]]", "[[my note|Head Line│]]"),
    ] {
        let settings = Settings { completion_link_format: LinkFormat::Markdown, ..Settings::default() };
        let (vault, at) = fixture::with_settings(&format!("//- start.md\n{cursor}\n{notes}"), settings);
        let answer = completion(&vault, at, &Cancel::new()).unwrap();
        let first = answer.items.first().map(|item| accepted(&vault, at, item));
        assert_eq!(first.as_deref(), Some(expected), "{cursor}");
    }
}
