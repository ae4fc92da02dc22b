//! Fixes, shown as the vault after them; each is held to mend its finding and to break nothing.

use expect_test::{Expect, expect};

use super::*;
use crate::ide::fixture;

/// Each fix of the findings at the cursor, a sure one with `!`, and what it changes.
pub(super) fn check(text: &str, expected: &Expect) {
    let (vault, at) = fixture::vault(text);
    let mut said = String::new();
    for finding in diagnostics(&vault, at.note, &Cancel::new()).unwrap() {
        if !finding.span.touches(at.at) {
            continue;
        }
        for fix in fixes(&vault, at.note, &finding, &Cancel::new()).unwrap() {
            let sure = if fix.is_sure { "! " } else { "" };
            said.push_str(&format!("{sure}{}\n{}", fix.title, fixture::drawn(&vault, &fix.change)));
            check_law(&vault, &finding, &fix);
        }
    }
    expected.assert_eq(&said);
}

/// The finding is gone, and nothing is found that was not found before.
fn check_law(vault: &Snapshot, finding: &Diagnostic, fix: &Fix) {
    let before = found_in(vault);
    let after = found_in(&fixture::changed(vault, &fix.change));
    let count = |all: &[String], one: &str| all.iter().filter(|other| *other == one).count();
    let mended = finding.message.clone();
    assert!(count(&after, &mended) < count(&before, &mended), "{}: {mended}", fix.title);
    for found in &after {
        assert!(count(&after, found) <= count(&before, found), "{}: {found}", fix.title);
    }
}

fn found_in(vault: &Snapshot) -> Vec<String> {
    let notes = vault.notes().map(|note| diagnostics(vault, note.id, &Cancel::new()).unwrap());
    notes.flatten().map(|found| found.message).collect()
}

#[test]
fn a_link_by_another_name_gets_the_real_one_and_shows_what_it_showed() {
    check(
        "//- a.md\n[[Large Mod$0els#Part]]\n//- large_models.md\n# Part\n",
        &expect![[r#"
            ! Write the real name, `large_models`
            //- a.md
            [[large_models#Part|Large Models]]
        "#]],
    );
    check(
        "//- a.md\n| a | b |\n|---|---|\n| [[ni$0ck]] | |\n//- x/real.md\n---\naliases: nick\n---\n//- y/real.md\n",
        &expect![[r#"
            ! Write the real name, `real`
            //- a.md
            | a | b |
            |---|---|
            | [[x/real\|nick]] | |
        "#]],
    );
}

#[test]
fn which_of_two_is_meant_by_another_name_is_not_sure() {
    check(
        "//- a.md\n[[ni$0ck|shown]]\n//- one.md\n---\naliases: nick\n---\n//- x/two.md\n---\naliases: nick\n---\n",
        &expect![[r#"
            Write the real name, `one`
            //- a.md
            [[one|shown]]
        "#]],
    );
}

#[test]
fn a_definition_that_nobody_uses_goes_with_its_line() {
    check(
        "above\n\n[un$0used]: a.md\n\nbelow\n//- a.md\n",
        &expect![[r#"
            Remove this definition
            //- note.md
            above

            below
        "#]],
    );
    check(
        "above [^1]\n\n[^1]: used\n[^un$0used]: text\n    more\n[^2]: used [^2]\n",
        &expect![[r#"
            Remove this definition
            //- note.md
            above [^1]

            [^1]: used
            [^2]: used [^2]
        "#]],
    );
}

#[test]
fn a_timestamp_that_shows_nothing_shows_its_moment() {
    check(
        "---\nvideoId: aaaaaaaaaaa\n---\n<a class=\"yt-timestamp\" data-t=\"00:01:55\">$0</a>\n",
        &expect![[r#"
            ! Show `[00:01:55]`
            //- note.md
            ---
            videoId: aaaaaaaaaaa
            ---
            <a class="yt-timestamp" data-t="00:01:55">[00:01:55]</a>
        "#]],
    );
}

#[test]
fn sure_fixes_are_made_together() {
    let (vault, at) =
        fixture::vault("[[Real Name]] [[real-name|x]] [[gone]]\n\n[x]: y.md\n//- real_name.md\n");
    let sure = sure_fixes(&vault, at.note, &|_| true, &Cancel::new()).unwrap();
    assert_eq!(sure.findings.len(), 2);
    let expected = "//- note.md\n[[real_name|Real Name]] [[real_name|x]] [[gone]]\n\n[x]: y.md\n";
    assert_eq!(fixture::drawn(&vault, &sure.change), expected);
    let none =
        sure_fixes(&vault, at.note, &|code| code != DiagnosticCode::InexactLink, &Cancel::new()).unwrap();
    assert_eq!(none, SureFixes::default());
}

#[test]
fn timestamps_wait_until_their_video_is_named() {
    let tag = "<a class=\"yt-timestamp\" data-t=\"[0:08:43]\">words</a>\n";
    let (vault, at) = fixture::vault(&format!(
        "---\nvideoId: https://youtu.be/Rxmv7rT9leo\n---\n{tag}//- b.md\n---\nvideoId: Rxmv7rT9leo\nduration: 300\n---\n"
    ));
    let codes = |vault: &Snapshot| -> Vec<DiagnosticCode> {
        let sure = sure_fixes(vault, at.note, &|_| true, &Cancel::new()).unwrap();
        sure.findings.iter().map(|finding| finding.code).collect()
    };
    assert_eq!(codes(&vault), [DiagnosticCode::BadVideoId]);
    let named = vault.with_text(at.note, &format!("---\nvideoId: Rxmv7rT9leo\n---\n{tag}"));
    assert_eq!(codes(&named), []);
}

#[test]
fn edits_that_touch_collide() {
    let edits: BTreeMap<Span, Edit> =
        [(5, 8), (10, 10)].map(|span| (span.into(), Edit::remove(span.into()))).into();
    for (span, expected) in [
        ((0, 5), false),
        ((0, 6), true),
        ((5, 5), true),
        ((8, 9), false),
        ((8, 8), true),
        ((9, 10), true),
        ((10, 10), true),
        ((11, 11), false),
    ] {
        assert_eq!(collides(&edits, span.into()), expected, "{span:?}");
    }
}

#[test]
fn what_is_appended_stands_after_a_blank_line() {
    for (text, appended) in [
        ("", "x\n"),
        ("a", "\n\nx\n"),
        ("a\n", "\nx\n"),
        ("a\n\n", "x\n"),
        ("a\r\nb", "\r\n\r\nx\r\n"),
        ("a\r\n", "\r\nx\r\n"),
        ("a\r\n\r\n", "x\r\n"),
    ] {
        assert_eq!(appended_to(text, "x"), appended, "{text:?}");
    }
}
