//! Actions about link definitions and footnotes, shown as the note after them.

use proptest::prelude::*;

use crate::ide::actions::tests::options;
use crate::ide::actions::{ActionKind, ActionOptions, ActionSubject, code_actions, resolve_action};
use crate::ide::change::{ChangeError, ChangeFailure};
use crate::ide::fixture;
use crate::syntax::{LabelKind, LabelUse, LinkKind, fold_label};
use crate::text::{Offset, Span};
use crate::vault::{Cancel, Snapshot};

/// The vault after the action, why it is refused, or `-` if it is not offered.
fn outcome(text: &str, is_it: impl Fn(&ActionSubject) -> bool) -> String {
    let (vault, at) = fixture::vault(text);
    let options = ActionOptions { kinds: ActionKind::ALL.to_vec(), ..options() };
    let offers = code_actions(&vault, at.note, Span::empty(at.at), &options, &Cancel::new()).unwrap();
    let Some(offer) = offers.into_iter().find(|offer| is_it(&offer.subject)) else { return "-".to_owned() };
    match resolve_action(&vault, at.note, &offer.subject, &options, &Cancel::new()) {
        Ok(change) => {
            let drawn = fixture::drawn(&vault, &change);
            drawn.strip_prefix("//- note.md\n").unwrap_or(&drawn).to_owned()
        }
        Err(ChangeFailure::Refused(ChangeError::Entangled)) => "entangled".to_owned(),
        Err(other) => panic!("{other:?}"),
    }
}

fn extracted(text: &str) -> String {
    outcome(text, |subject| matches!(subject, ActionSubject::ExtractDefinition { .. }))
}

fn organized(text: &str) -> String {
    outcome(text, |subject| matches!(subject, ActionSubject::OrganizeDefinitions))
}

fn without_unused(text: &str) -> String {
    outcome(text, |subject| matches!(subject, ActionSubject::RemoveDefinitions))
}

fn with_footnote(text: &str) -> String {
    outcome(text, |subject| matches!(subject, ActionSubject::AddFootnote { .. }))
}

#[test]
fn a_destination_is_extracted_to_a_definition() {
    for (before, after) in [
        ("See [the Bo$0ok](book.md).\n", "See [the Book][the-book].\n\n[the-book]: book.md\n"),
        ("[a]$0(b.md \"B, c\")", "[a][a]\n\n[a]: b.md \"B, c\"\n"),
        ("[a](  <b $0c.md>   'd'  )\n\n[x]: y\n\nend\n", "[a][a]\n\n[x]: y\n[a]: <b c.md> 'd'\n\nend\n"),
        ("!$0[Ein Bär](bär.png)\r\n", "![Ein Bär][ein-bär]\r\n\r\n[ein-bär]: bär.png\r\n"),
        ("[a](u$0)\r\n\r\n[x]: y", "[a][a]\r\n\r\n[x]: y\r\n[a]: u"),
        ("![](p$0.png) [](p.png)\n", "![][def] [][def]\n\n[def]: p.png\n"),
        ("[1](u$0) [def]\n", "[1][def-2] [def]\n\n[def-2]: u\n"),
        (
            "<https://e.org/a_b_c/_x$0_?y=1&z> [e](https://e.org/a_b_c/_x_?y=1&z)\n",
            "[https://e.org/a_b_c/\\_x\\_?y=1\\&z][e-org-a-b] [e][e-org-a-b]\n\n\
             [e-org-a-b]: <https://e.org/a_b_c/_x_?y=1\\&z>\n",
        ),
        ("[![b$0](i.png)](i.png)\n", "[![b][b]][b]\n\n[b]: i.png\n"),
        ("[![b](i.png)](j.$0png)\n", "[![b](i.png)][b-i-png]\n\n[b-i-png]: j.png\n"),
        ("| a |\n|---|\n| [x y](u$0) |\n", "| a |\n|---|\n| [x y][x-y] |\n\n[x-y]: u\n"),
        ("[x](#he$0re)\n\n# Here\n", "[x][x]\n\n# Here\n\n[x]: #here\n"),
    ] {
        assert_eq!(extracted(before), after, "{before:?}");
    }
}

#[test]
fn all_links_with_the_destination_and_title_share_the_definition() {
    for (before, after) in [
        (
            "[a](u$0) [b](u) [c](u \"t\") [d](u#v) `[e](u)` ![f](<u>)\n",
            "[a][a] [b][a] [c](u \"t\") [d](u#v) `[e](u)` ![f][a]\n\n[a]: u\n",
        ),
        ("[a](u$0) [A] [[a-2]]\n", "[a][a-3] [A] [[a-2]]\n\n[a-3]: u\n"),
        ("[a](u$0)\n\n[a]: v\n[A-2]: u\n", "[a][A-2]\n\n[a]: v\n[A-2]: u\n"),
        ("[a](u$0)\n\n> [b]: u\n", "[a][b]\n\n> [b]: u\n"),
        ("[a](u$0)\n\n[b]: u \"t\"\n", "[a][a]\n\n[b]: u \"t\"\n[a]: u\n"),
        ("[a](u$0)\n\n> [b]: v\n", "[a][a]\n\n> [b]: v\n\n[a]: u\n"),
        ("[a](u$0)\n\n- x\n\n  [b]: v\n", "[a][a]\n\n- x\n\n  [b]: v\n\n[a]: u\n"),
        ("[a](u$0)\n\n[//]: # (c)\n\ntext\n", "[a][a]\n\n[//]: # (c)\n\ntext\n\n[a]: u\n"),
        ("# A [b](c.md)\n\n[x](c$0.md) [[#A b]]\n", "# A [b][x]\n\n[x][x] [[#A b]]\n\n[x]: c.md\n"),
    ] {
        assert_eq!(extracted(before), after, "{before:?}");
    }
}

#[test]
fn nothing_is_extracted_elsewhere() {
    for text in [
        "tex$0t [a](u)\n",
        "[a]$0[b]\n\n[b]: u\n",
        "[a]()$0\n",
        "[a](#$0)\n",
        "[[a$0]]\n",
        "https://e.o$0rg\n",
        "<a@e.o$0rg>\n",
        "`[a](u$0)`\n",
        "---\na: \"[a](u$0)\"\n---\n",
        "[1:55](https://youtu.be/aaaaaaaaaaa?t=115$0)\n",
        "[a](u \"t\n$0t\")\n",
        "[b]: u$0\n",
    ] {
        assert_eq!(extracted(text), "-", "{text:?}");
    }
    assert_eq!(extracted("[a](u$0)\n\n```\nopen\n"), "entangled");
}

#[test]
fn definitions_are_sorted_and_grouped_at_the_end() {
    for (before, after) in [
        ("[b]: u\n[a]: v\n", "[a]: v\n[b]: u\n"),
        ("x\n\n[b]: u\n\ny\n\n[Ä]: w\n[a]: v\n", "x\n\ny\n\n[a]: v\n[b]: u\n[Ä]: w\n"),
        ("[b]: u\n\n[a]: v\n\ntext\n", "text\n\n[a]: v\n[b]: u\n"),
        ("x\r\n\r\n[a]: u\r\n\r\ny", "x\r\n\r\ny\r\n\r\n[a]: u\r\n"),
        ("# x\n[b]: u\n[a]: v\ny\n", "# x\ny\n\n[a]: v\n[b]: u\n"),
        ("[10]: u\n[2]: v\n[1a]: w\n", "[2]: v\n[10]: u\n[1a]: w\n"),
        ("[b]: u\n\n[a]: v\n  \"t\"\n\n", "[a]: v\n  \"t\"\n[b]: u\n\n"),
        ("[b]: 1\n[a]: 2\n[B]: 3\n", "[a]: 2\n[b]: 1\n[B]: 3\n"),
        ("x[^1]\n\n[b]: u\n[a]: v\n\n[^1]: note\n", "x[^1]\n\n[a]: v\n[b]: u\n\n[^1]: note\n"),
        ("x\n\n[a]: u\n\n[^1]: note\n\n[b]: v\n", "x\n\n[^1]: note\n\n[a]: u\n[b]: v\n"),
        ("[b]: u\n\n> [a]: v\n\n[//]: # (c)\n\ny\n", "> [a]: v\n\n[//]: # (c)\n\ny\n\n[b]: u\n"),
    ] {
        assert_eq!(organized(before), after, "{before:?}");
    }
}

#[test]
fn definitions_whose_place_matters_stay() {
    for text in [
        "//- note.md\n",
        "text\n",
        "[a]: u\n[b]: v\n",
        "[b]: u\n\n[//]: # (c)\n",
        "> [b]: u\n> [a]: v\n",
        "- x\n\n  [b]: u\n  [a]: v\n",
        "```\n[b]: u\n[a]: v\n```\n",
        "%% [b]: u %%\n",
        // The first definition of a label counts.
        "[a]: u\n\n> [a]: v\n",
        // Without the definition, the code would belong to the item.
        "- x\n\n[a]: u\n\n      code\n",
        // Without the definition, this would be front matter.
        "[a]: u\n---\nb: c\n---\n",
        "[//begin]: # \"Links\"\n[b]: u\n[a]: v\n[//end]: # \"Links\"\n",
    ] {
        assert_eq!(organized(text), "-", "{text:?}");
    }
}

#[test]
fn unused_definitions_are_removed() {
    for (before, after) in [
        ("[x][a]\n\n[b]: u\n[a]: v\n", "[x][a]\n\n[a]: v\n"),
        ("[b]: u\n\n[c]: v\n\ntext\n", "text\n"),
        ("[c] [a]\n\n[c]: u\n\n[b]: v\n\n[a]: w\n", "[c] [a]\n\n[c]: u\n\n[a]: w\n"),
        ("[a]\n\n[b]: u\n\ntext\n\n[a]: v\n[B]: w\n", "[a]\n\ntext\n\n[a]: v\n"),
        ("text\n\n[b]: u\n", "text\n"),
        ("[[b]]\n\n[c]: u\n[b]: v\n[//]: # (c)\n", "[[b]]\n\n[b]: v\n[//]: # (c)\n"),
        ("[a]\n\n[b]: u\n[a]: v", "[a]\n\n[a]: v"),
    ] {
        assert_eq!(without_unused(before), after, "{before:?}");
    }
    assert_eq!(without_unused("[a] [b]\n\n[b]: u\n[a]: v\n"), "-");
}

#[test]
fn a_footnote_is_added_with_its_definition() {
    for (before, after) in [
        ("word$0 more\n", "word[^1] more\n\n[^1]: \n"),
        ("word$0", "word[^1]\n\n[^1]: \n"),
        ("wörd$0\r\n", "wörd[^1]\r\n\r\n[^1]: \r\n"),
        ("a$0 b[^2]\n\n[^2]: x\n\n[l]: u\n", "a[^3] b[^2]\n\n[^2]: x\n[^3]: \n\n[l]: u\n"),
        (
            "a[^1] b[^x]$0\n\n[^1]: x\n\n[^x]: y\n    z\n",
            "a[^1] b[^x][^2]\n\n[^1]: x\n\n[^x]: y\n    z\n\n[^2]: \n",
        ),
        ("a[^1]\n\n[^1]: x$0", "a[^1]\n\n[^1]: x[^2]\n[^2]: "),
        ("[^1]: x\n\na$0\n", "[^1]: x\n[^2]: \n\na[^2]\n"),
        ("> a$0\n", "> a[^1]\n\n[^1]: \n"),
        ("- a$0\n- b\n", "- a[^1]\n- b\n\n[^1]: \n"),
        ("[[a]]$0\n", "[[a]][^1]\n\n[^1]: \n"),
    ] {
        assert_eq!(with_footnote(before), after, "{before:?}");
    }
    for text in [
        "# He$0ad\n",
        "$0\n",
        "[[a$0b]]\n",
        "[te$0xt](u)\n",
        "`co$0de`\n",
        "```\na$0\n```\n",
        "---\na: b$0\n---\n",
        "#ta$0g\n",
        "text ^id$0\n",
        "a[^$01]\n\n[^1]: x\n",
        "a[^1]\n\n[^1$0]: x\n",
        "a$0\n\n```\nopen\n",
        "a%%b$0%%\n",
    ] {
        assert_eq!(with_footnote(text), "-", "{text:?}");
    }
}

const PIECES: &[&str] = &[
    "# Top [b](../b.md)\n\n",
    "[b](../b.md) [B b](<../b.md>) [p](../p.png) ![p](../p.png)\n\n",
    "[b](../b.md \"t\") [c](#top-b) <https://e.org/é> [e](https://e.org/é)[x][b]\n",
    "[b] [B][] [x][c] ![x][C] [gone][gone] word[^1] and[^n]\n\n",
    "- item [b](../b.md)\n\n  [c]: ../p.png\n\n",
    "> quote [c] [p](../p.png)\n> [b]: ../p.png\n\n",
    "[b]: ../b.md\n",
    "[c]: ../p.png \"t\"\n[B]: ../p.png\n\n",
    "[a]: https://e.org/é\n\n",
    " [c]: <../b.md>\n  'two\n  lines'\n",
    "[//]: # (comment)\n",
    "[^1]: note [b]\n    more\n\n",
    "[^n]: word[^1]\n",
    "    code [c]\n\n",
    "```\n[b]: u\n```\n",
    "%% [b](../b.md) %%\n",
    "| [b](../b.md) |\n|---|\n| [c] |\n\n",
    "text ^id\n\n",
    "---\n",
    "<div>\n[b](../b.md)\n</div>\n\n",
    "tail",
];

/// Where the links and references of a note lead and with which title, in their order.
fn destinations(vault: &Snapshot) -> Vec<String> {
    let source = vault.note(vault.find("x/a.md").unwrap()).unwrap();
    let parsed = &source.note.parsed;
    let definition = |label: &LabelUse| {
        let folded = |span| fold_label(&source.note.slice(span));
        let mut all = parsed.label_definitions.iter().filter(|one| one.kind == LabelKind::Link);
        let found = all.find(|one| folded(one.label) == folded(label.label))?;
        parsed.links.iter().find(|link| link.span.start == found.span.start)
    };
    let own = parsed.links.iter().filter(|link| link.kind != LinkKind::Definition);
    let own = own.map(|link| (link.span.start, Some(link)));
    let uses = parsed.label_uses.iter().filter(|label| label.kind == LabelKind::Link);
    let uses = uses.map(|label| (label.span.start, definition(label)));
    let mut all: Vec<_> = own.chain(uses).collect();
    all.sort_by_key(|(at, _)| *at);
    let lead = all.into_iter().map(|(_, link)| match link {
        Some(link) if link.is_external => source.note.slice(link.target).into_owned(),
        Some(link) => {
            let found = vault.resolve(&source, link).found().map(|found| fixture::path(vault, found.best));
            format!("{found:?} {:?}", link.fragment.map(|fragment| source.note.slice(fragment)))
        }
        None => "undefined".to_owned(),
    });
    lead.collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn links_lead_where_they_led(
        pieces in prop::collection::vec(prop::sample::select(PIECES), 1..14),
        pick in any::<prop::sample::Index>(),
        is_crlf: bool,
    ) {
        let text = pieces.concat();
        let text = if is_crlf { text.replace('\n', "\r\n") } else { text };
        let (vault, _) = fixture::vault("//- b.md\n# B\n//- p.png\n//- x/a.md\n");
        let note = vault.find("x/a.md").unwrap();
        let vault = vault.with_text(note, &text);
        let places: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
        // No position of a client lies within a line break.
        let is_in_break = |at: usize| text.get(..at).is_some_and(|before| before.ends_with('\r'));
        let places: Vec<usize> = places.into_iter().filter(|at| !is_in_break(*at)).collect();
        let at = Span::empty(Offset::new(*pick.get(&places)));
        let options = ActionOptions { kinds: ActionKind::ALL.to_vec(), ..options() };
        for offer in code_actions(&vault, note, at, &options, &Cancel::new()).unwrap() {
            let (is_extract, is_about_labels) = match offer.subject {
                ActionSubject::ExtractDefinition { .. } => (true, true),
                ActionSubject::OrganizeDefinitions
                | ActionSubject::RemoveDefinitions
                | ActionSubject::AddFootnote { .. } => (false, true),
                _ => (false, false),
            };
            if !is_about_labels {
                continue;
            }
            let change = match resolve_action(&vault, note, &offer.subject, &options, &Cancel::new()) {
                Ok(change) => change,
                Err(ChangeFailure::Refused(ChangeError::Entangled)) if is_extract => continue,
                Err(other) => panic!("{other:?}"),
            };
            let after = fixture::changed(&vault, &change);
            let drawn = fixture::drawn(&vault, &change);
            prop_assert_eq!(destinations(&vault), destinations(&after), "{}:\n{}", offer.title, drawn);
            let written = after.note(after.find("x/a.md").unwrap()).unwrap().note.text.to_text();
            let has_other_breaks = written.replace("\r\n", "").contains('\n');
            prop_assert!(!text.contains("\r\n") || !has_other_breaks, "{:?}", written);
            // What is organized is in order.
            let again = code_actions(&after, after.find("x/a.md").unwrap(), at, &options, &Cancel::new());
            let again = again.unwrap().into_iter().any(|one| one.subject == offer.subject);
            prop_assert!(!again || offer.subject != ActionSubject::OrganizeDefinitions, "{}", drawn);
        }
    }
}
