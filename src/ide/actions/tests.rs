//! Actions, shown as the vault after them.

use expect_test::{Expect, expect};

use super::*;
use crate::ide::fixture;

fn options() -> ActionOptions {
    ActionOptions { kinds: ActionKind::ALL.to_vec(), knows_whole_vault: true }
}

/// What is offered at the cursor: its kind and title, what one would pick with `!`.
fn check_offers(text: &str, options: &ActionOptions, expected: &Expect) {
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
