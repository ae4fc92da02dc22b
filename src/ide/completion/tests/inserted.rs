//! What is written for a link: the path and the display text follow the vault.

use expect_test::expect;

use crate::config::{DisplayTexts, LinkPaths, Settings};
use crate::ide::completion::tests::{accepted, check_with};
use crate::ide::completion::*;
use crate::ide::fixture;

/// The line of the cursor after the item with this label is accepted.
fn accept(text: &str, label: &str, settings: &Settings) -> String {
    let (vault, at) = fixture::with_settings(text, settings.clone());
    let answer = completion(&vault, at, &Cancel::new()).unwrap();
    let item = answer.items.iter().find(|item| item.label == label);
    item.map_or_else(|| "nothing".to_owned(), |item| accepted(&vault, at, item))
}

#[test]
fn the_path_is_that_of_most_links() {
    let paths = |links: &str, cursor: &str| {
        let text = format!("//- a/start.md\n{cursor}\n//- a/b/note.md\n//- c/other.md\n{links}\n");
        accept(&text, "note", &Settings::default())
    };
    assert_eq!(paths("", "[[no$0"), "[[note]]│");
    assert_eq!(paths("[[x]] [[a/b/note]]", "[[no$0"), "[[note]]│");
    assert_eq!(paths("[[a/b/note]]", "[[no$0"), "[[a/b/note]]│");
    assert_eq!(paths("[[/a/b/note]]", "[[no$0"), "[[/a/b/note]]│");
    assert_eq!(paths("[[../a/b/note]]", "[[no$0"), "[[b/note]]│");
    assert_eq!(paths("[[../a/b/note]]", "![[no$0]]"), "![[b/note│]]");
}

#[test]
fn a_setting_decides_over_the_habit() {
    let vault = "//- a/start.md\n[[no$0]]\n//- a/b/note.md\n//- c/b/note.md\n//- c/other.md\n[[x]] [[y]]\n";
    for completion_paths in [LinkPaths::Auto, LinkPaths::Shortest, LinkPaths::Relative, LinkPaths::Root] {
        let settings = Settings { completion_paths, ..Settings::default() };
        check_with(
            vault,
            settings,
            &match completion_paths {
                LinkPaths::Relative => expect![[r#"
                    note — a/b/note.md
                    note — c/b/note.md
                    => [[b/note│]]
                "#]],
                LinkPaths::Root => expect![[r#"
                    note — a/b/note.md
                    note — c/b/note.md
                    => [[a/b/note│]]
                "#]],
                LinkPaths::Auto | LinkPaths::Shortest => expect![[r#"
                    note — a/b/note.md
                    note — c/b/note.md
                    => [[a/b/note│]]
                "#]],
            },
        );
    }
}

#[test]
fn the_title_goes_along_where_links_show_one() {
    let note = "//- note.md\n---\ntitle: The Note\naliases: [Nick, '[odd]']\n---\n";
    let written = |links: &str, cursor: &str, label: &str, settings: &Settings| {
        accept(&format!("//- start.md\n{cursor}\n{note}//- other.md\n{links}\n"), label, settings)
    };
    let auto = &Settings::default();
    assert_eq!(written("[[x]]", "[[the no$0", "The Note", auto), "[[note]]│");
    assert_eq!(written("[[x|X]]", "[[the no$0", "The Note", auto), "[[note|The Note]]│");
    assert_eq!(written("[[x | X]]", "[[the no$0]]", "The Note", auto), "[[note | The Note│]]");
    assert_eq!(written("[[x | X]]", "| [[the no$0]] |", "The Note", auto), "| [[note \\| The Note│]] |");
    assert_eq!(written("[[x | X]]", "> | [[the no$0", "The Note", auto), "> | [[note \\| The Note]]│");
    // An alias that was typed is what the writer wants to read.
    assert_eq!(written("[[x]]", "[[nick$0", "Nick", auto), "[[note|Nick]]│");
    // What cannot stand in a link, or stands there already.
    assert_eq!(written("[[x]]", "[[odd$0", "[odd]", auto), "[[note]]│");
    assert_eq!(written("[[x | X]]", "![[the no$0]]", "The Note", auto), "![[note│]]");
    assert_eq!(written("[[x | X]]", "[[the no$0 | shown]]", "The Note", auto), "[[note│ | shown]]");
    assert_eq!(written("[[x | X]]", "[[the no$0#Head]]", "The Note", auto), "[[note│#Head]]");
    let always = &Settings { completion_displays: DisplayTexts::Always, ..Settings::default() };
    assert_eq!(written("[[x]]", "[[the no$0", "The Note", always), "[[note|The Note]]│");
    let never = &Settings { completion_displays: DisplayTexts::Never, ..Settings::default() };
    assert_eq!(written("[[x|X]]", "[[nick$0", "Nick", never), "[[note]]│");
}
