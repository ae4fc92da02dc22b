//! Actions, shown as the vault after them.

use expect_test::{Expect, expect};
use jiff::civil::date;

use super::*;
use crate::ide::fixture;

fn options() -> ActionOptions<'static> {
    ActionOptions {
        kinds: ActionKind::ALL.to_vec(),
        knows_whole_vault: true,
        creates_files: true,
        deletes_files: true,
        now: date(2026, 3, 1).at(12, 30, 0, 0),
        read_template: &|_| None,
    }
}

/// What is offered at the cursor: its kind and title, what one would pick with `!`.
fn check_offers(text: &str, options: &ActionOptions<'_>, expected: &Expect) {
    let (vault, at) = fixture::vault(text);
    let span = Span::empty(at.at);
    let offers = code_actions(&vault, at.note, span, options, &Cancel::new()).unwrap();
    let lines = offers.iter().map(|offer| {
        let preferred = if offer.is_preferred { " !" } else { "" };
        format!("{:?}{preferred}: {}\n", offer.kind, offer.title)
    });
    expected.assert_eq(&lines.collect::<String>());
}

/// The files that the offer of that title changes, or why it does not.
fn check(text: &str, title: &str, expected: &Expect) {
    let (vault, at) = fixture::vault(text);
    let offers = code_actions(&vault, at.note, Span::empty(at.at), &options(), &Cancel::new()).unwrap();
    let offer = offers.iter().find(|offer| offer.title == title).expect("an offer of that title");
    let outcome = resolve_action(&vault, at.note, &offer.subject, &options(), &Cancel::new());
    expected.assert_eq(&match outcome {
        Ok(change) => fixture::drawn(&vault, &change),
        Err(ActionFailure::Refused(error)) => format!("{error}\n"),
        Err(ActionFailure::Cancelled) => "cancelled\n".to_owned(),
    });
}

#[test]
fn fixes_are_offered_where_their_finding_is() {
    let text = "[[Real Na$0me]]\n\n[x]: y.md\n//- real_name.md\n";
    check_offers(
        text,
        &options(),
        &expect![[r#"
            QuickFix !: Write the real name, `real_name`
            FixAll: Fix all that has one sure answer in this note
        "#]],
    );
    check_offers(
        text,
        &ActionOptions { kinds: vec![ActionKind::FixAll], ..options() },
        &expect![[r#"
            FixAll: Fix all that has one sure answer in this note
        "#]],
    );
    check_offers(text, &ActionOptions { knows_whole_vault: false, ..options() }, &expect![[""]]);
    check(
        text,
        "Fix all that has one sure answer in this note",
        &expect![[r#"
            //- note.md
            [[real_name|Real Name]]

            [x]: y.md
        "#]],
    );
}

#[test]
fn what_is_gone_is_not_done() {
    let (vault, at) = fixture::vault("text\n");
    let subject = ActionSubject::Fix {
        code: "link/inexact".to_owned(),
        span: Span::new(2, 900),
        title: "Write the real name, `real_name`".to_owned(),
    };
    let outcome = resolve_action(&vault, at.note, &subject, &options(), &Cancel::new());
    assert_eq!(outcome, Err(ActionError::Gone.into()));
}

#[test]
fn a_missing_note_is_created_where_its_link_looks_for_it() {
    for (text, title) in [
        ("//- x/a.md\n[[roses_are_r$0ed#Care#Water|Roses are red]]\n", "Create the note `roses_are_red.md`"),
        ("//- x/a.md\n[[./y/ros$0es]]\n", "Create the note `x/y/roses.md`"),
        ("//- x/a.md\n[[y/ros$0es.md]]\n", "Create the note `y/roses.md`"),
        ("//- x/a.md\n[r](../y%20z/ros$0es.md#care)\n", "Create the note `y z/roses.md`"),
    ] {
        let (vault, at) = fixture::vault(text);
        let offers = code_actions(&vault, at.note, Span::empty(at.at), &options(), &Cancel::new()).unwrap();
        let offer = offers.iter().find(|offer| offer.title == title).expect(title);
        let change = resolve_action(&vault, at.note, &offer.subject, &options(), &Cancel::new()).unwrap();
        let after = fixture::changed(&vault, &change);
        let note = after.find("x/a.md").unwrap();
        assert_eq!(diagnostics(&after, note, &Cancel::new()), Ok(Vec::new()), "{text}");
    }
    check(
        "//- a.md\n[[roses_are_r$0ed#Care#Water|Roses are red]]\n",
        "Create the note `roses_are_red.md`",
        &expect![[r#"
            //- roses_are_red.md (new)
            # Roses are red

            ## Care

            ### Water
        "#]],
    );
}

#[test]
fn what_is_no_note_is_not_created() {
    let none = expect![[""]];
    check_offers("![[gon$0e.png]]\n", &options(), &none);
    check_offers("![x](gon$0e)\n", &options(), &none);
    check_offers("[[../../u$0p]]\n", &options(), &none);
    check_offers("[[gon$0e]]\n", &ActionOptions { creates_files: false, ..options() }, &none);
    check_offers("[[gon$0e]]\n", &ActionOptions { knows_whole_vault: false, ..options() }, &none);
}
