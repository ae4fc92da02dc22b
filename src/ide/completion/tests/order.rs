//! In which order notes are offered, and that none is lost.

use std::fmt::Write;

use expect_test::expect;

use crate::config::Settings;
use crate::ide::completion::tests::{check, check_with};
use crate::ide::completion::*;
use crate::ide::fixture;

#[test]
fn exact_then_prefix_then_near_then_often_linked() {
    check(
        "//- b/start.md\n[[rust$0\n//- a/learn_rust.md\n//- a/rust_book.md\n//- b/rust_traits.md\n//- a/rust.md\n\
         //- a/rust_async.md\n//- c.md\n[[rust_async]]\n",
        &expect![[r#"
            rust — a
            rust_traits — b
            rust_async — a
            rust_book — a
            learn_rust — a
            => [[rust]]│
        "#]],
    );
}

#[test]
fn with_nothing_typed_what_is_near_and_often_linked_comes_first() {
    check(
        "//- a/start.md\n[[$0]]\n//- a/near.md\n//- b/far.md\n//- b/hub.md\n//- c.md\n[[hub]]\n//- d.md\n[[hub]] [[far]]\n",
        &expect![[r#"
            near — a
            hub — b
            far — b
            c
            d
            start — a
            => [[near│]]
        "#]],
    );
}

#[test]
fn what_the_text_before_the_cursor_speaks_of_comes_first() {
    let notes = "//- effects_of_alcohol.md\n//- effects_of_ketamine.md\n//- effects_of_sleep.md\n//- x.md\n[[effects_of_sleep]] [[x]]\n";
    let first = |start: &str| {
        let (vault, at) = fixture::vault(&format!("//- start.md\n{start}\n{notes}"));
        completion(&vault, at, &Cancel::new()).unwrap().items.first().map(|item| item.label.clone())
    };
    let starts = [
        "[[eff$0",
        "Much is known of ketamine, see [[eff$0]]",
        "# Drugs\n## Alcohol\nSee [[eff$0",
        "---\ntitle: On ketamine\n---\n[[eff$0",
        "<a title=\"alcohol\"> [[alcohol|x]] [[eff$0",
    ];
    let first = starts.map(|start| first(start).unwrap());
    let [sleep, ketamine, alcohol] =
        ["effects_of_sleep", "effects_of_ketamine", "effects_of_alcohol"].map(str::to_owned);
    assert_eq!(first, [sleep.clone(), ketamine.clone(), alcohol, ketamine, sleep]);
}

#[test]
fn what_goes_together_elsewhere_and_what_is_of_the_same_video_comes_first() {
    check(
        "//- start.md\n[[tea]] and [[p$0\n//- tea.md\n//- pan.md\n//- plum.md\n//- pot.md\n//- other.md\n[[tea]] [[pot]]\n",
        &expect![[r#"
            pot
            pan
            plum
            => [[tea]] and [[pot]]│
        "#]],
    );
    let of = |name: &str, video: &str| format!("//- {name}.md\n---\nvideoId: {video}\n---\n");
    let (pan, plum) = (of("pan", "aaaaaaaaaaa"), of("plum", "bbbbbbbbbbb"));
    let plum_first = expect![[r#"
        plum
        pan
        => [[plum]]│
    "#]];
    check(&format!("//- start.md\n---\nvideoId: bbbbbbbbbbb\n---\n[[p$0\n{pan}{plum}"), &plum_first);
    check(&format!("//- start.md\n### [B](https://youtu.be/bbbbbbbbbbb)\n[[p$0\n{pan}{plum}"), &plum_first);
}

#[test]
fn names_that_are_linked_and_not_written_yet_are_offered() {
    let vault = |start: &str| {
        format!(
            "//- start.md\n{start}\n//- b.md\n[[Garden plan]] [[x/garlic]]\n//- c.md\n[[garden_plan|x]]\n//- garage.md\n"
        )
    };
    check(
        &vault("[[gar$0]]"),
        &expect![[r#"
            garage
            Garden plan — not written yet, linked in 2 notes
            x/garlic — not written yet, linked in 1 note
            => [[garage│]]
        "#]],
    );
    check(
        &vault("[[gplan$0"),
        &expect![[r#"
            Garden plan — not written yet, linked in 2 notes
            => [[Garden plan]]│
        "#]],
    );
    // What stands at the cursor is no name yet, unless it stands elsewhere too.
    check(
        &vault("[[new$0]]"),
        &expect![[r#"
            nothing
        "#]],
    );
    check(
        &vault("[[new$0]] [[new]]"),
        &expect![[r#"
            new — not written yet, linked in 1 note
            => [[new│]] [[new]]
        "#]],
    );
}

/// In the first name the letters stand far apart before they stand together, in the others the other way
/// round.
#[test]
fn nothing_is_lost_by_the_rough_pass() {
    let mut text = String::from("//- start.md\n[[lang$0\n//- lx ax nx gx in the language.md\n");
    for number in 0..200 {
        writeln!(text, "//- xlang{number}.md").unwrap();
    }
    check_with(
        &text,
        Settings { completion_max_items: 1, ..Settings::default() },
        &expect![[r#"
            lx ax nx gx in the language
            => [[lx ax nx gx in the language]]│
        "#]],
    );
}

#[test]
fn excluded_files_come_last() {
    let excluded = vec!["old/".to_owned()];
    check_with(
        "//- start.md\n[[plan$0\n//- old/plan.md\n[[start]]\n//- a/floor plan for the new house.md\n//- a/plan b.md\n",
        Settings { excluded_files: excluded, ..Settings::default() },
        &expect![[r#"
            plan b — a
            floor plan for the new house — a
            plan — old
            => [[plan b]]│
        "#]],
    );
}
