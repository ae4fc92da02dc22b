//! Actions, shown as the vault after them.

use expect_test::{Expect, expect};
use jiff::civil::date;

use super::*;
use crate::config::{Settings, Severity};
use crate::ide::diagnostics::diagnostics;
use crate::ide::diagnostics::rules::note::unlinked_mention;
use crate::ide::fixture;
use crate::vault::Coverage;

/// All but what is offered nearly everywhere, which has tests of its own.
pub(super) fn options() -> ActionOptions<'static> {
    let is_wanted = |kind: &ActionKind| kind.is_about_place() || *kind == ActionKind::FixAll;
    ActionOptions {
        kinds: ActionKind::ALL.into_iter().filter(is_wanted).collect(),
        creates_files: true,
        deletes_files: true,
        now: date(2026, 3, 1).at(12, 30, 0, 0),
        read_template: &|_, known| known.cloned(),
    }
}

/// What is offered at the cursor: its kind and title, what one would pick with `!`.
fn check_offers(text: &str, options: &ActionOptions<'_>, expected: &Expect) {
    check_offers_with(text, Coverage::Whole, options, expected);
}

fn check_offers_with(text: &str, coverage: Coverage, options: &ActionOptions<'_>, expected: &Expect) {
    let (mut vault, at) = fixture::vault(text);
    vault.coverage = coverage;
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
        Err(ChangeFailure::Refused(error)) => format!("{error}\n"),
        Err(ChangeFailure::Cancelled) => "cancelled\n".to_owned(),
    });
}

#[test]
fn fixes_are_offered_where_their_finding_is() {
    let text = "[[Real Na$0me]]\n\n[x]: y.md\n//- real_name.md\n";
    check_offers(
        text,
        &options(),
        &expect![[r#"
            QuickFix !: Use exact name `real_name`
            Inline: Inline `real_name` and delete its note
            Inline: Inline a copy of `real_name`
            Rewrite: Convert to Markdown link
            FixAll: Fix all auto-fixable problems
        "#]],
    );
    check_offers(
        text,
        &ActionOptions { kinds: vec![ActionKind::FixAll], ..options() },
        &expect![[r#"
            FixAll: Fix all auto-fixable problems
        "#]],
    );
    check_offers_with(
        text,
        Coverage::OpenOnly,
        &options(),
        &expect![[r#"
            Inline: Inline `real_name` and delete its note
            Inline: Inline a copy of `real_name`
            Rewrite: Convert to Markdown link
        "#]],
    );
    check(
        text,
        "Fix all auto-fixable problems",
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
        title: "Use exact name `real_name`".to_owned(),
    };
    let outcome = resolve_action(&vault, at.note, &subject, &options(), &Cancel::new());
    assert_eq!(outcome, Err(ChangeError::Gone.into()));
}

#[test]
fn a_missing_note_is_created_where_its_link_looks_for_it() {
    for (text, title) in [
        ("//- x/a.md\n[[roses_are_r$0ed#Care#Water|Roses are red]]\n", "Create note `roses_are_red.md`"),
        ("//- x/a.md\n[[./y/ros$0es]]\n", "Create note `x/y/roses.md`"),
        ("//- x/a.md\n[[y/ros$0es.md]]\n", "Create note `y/roses.md`"),
        ("//- x/a.md\n[r](../y%20z/ros$0es.md#care)\n", "Create note `y z/roses.md`"),
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
        "Create note `roses_are_red.md`",
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
    let extract = expect![[r#"
        Extract: Extract to link definition
    "#]];
    check_offers("![x](gon$0e)\n", &options(), &extract);
    check_offers("[[../../u$0p]]\n", &options(), &none);
    check_offers("[[gon$0e]]\n", &ActionOptions { creates_files: false, ..options() }, &none);
    check_offers_with("[[gon$0e]]\n", Coverage::OpenOnly, &options(), &none);
}

#[test]
fn a_link_is_written_in_the_other_form() {
    let vault = "//- x/b c.md\n# The *Part*\n//- p (1).png\n";
    let there_and_back = |line: &str, other: &str| {
        let convert = |line: &str| {
            let (vault, at) = fixture::vault(&format!("//- x/a.md\n{line}\n{vault}"));
            let offers =
                code_actions(&vault, at.note, Span::empty(at.at), &options(), &Cancel::new()).unwrap();
            let is_it = |offer: &&CodeAction| matches!(offer.subject, ActionSubject::ConvertLink { .. });
            let offer = offers.iter().find(is_it)?;
            let change = resolve_action(&vault, at.note, &offer.subject, &options(), &Cancel::new()).unwrap();
            let after = fixture::changed(&vault, &change);
            assert_eq!(diagnostics(&after, at.note, &Cancel::new()), Ok(Vec::new()), "{line}");
            Some(after.note(at.note).unwrap().note.text.to_text().trim_end().to_owned())
        };
        assert_eq!(convert(line).as_deref(), Some(other));
        assert_eq!(convert(other).as_deref(), Some(line));
    };
    there_and_back("[[b c]]", "[b c](b%20c.md)");
    there_and_back("[[b c#The *Part*]]", "[b c#The *Part*](b%20c.md#The%20*Part*)");
    there_and_back("[[b c#The *Part*|a | b]]".replace(" | b", "").as_str(), "[a](b%20c.md#The%20*Part*)");
    there_and_back("![[p (1).png]]", "![](../p%20%281%29.png)");
    there_and_back("![[p (1).png|300]]", "![300](../p%20%281%29.png)");
    check(
        "//- x/a.md\n| [t$0](<b c.md#the-part>) |\n//- x/b c.md\n# The *Part*\n",
        "Convert to wikilink",
        &expect![[r#"
            //- x/a.md
            | [[b c#The *Part*\|t]] |
        "#]],
    );
}

#[test]
fn links_that_have_no_other_form_stay() {
    let rewrites = ActionOptions { kinds: vec![ActionKind::Rewrite], ..options() };
    for text in [
        "[[gon$0e]]\n",
        "![[b$0]]\n//- b.md\n",
        "[b$0](b.md \"title\")\n//- b.md\n",
        "[a|$0b](b.md)\n//- b.md\n",
        "<https://exam$0ple.org>\n",
        "---\nup: \"[[b$0]]\"\n---\n//- b.md\n",
    ] {
        check_offers(text, &rewrites, &expect![[""]]);
    }
}

#[test]
fn all_links_of_a_form_are_converted() {
    check(
        "[[b$0]] [[b|x]] [[gone]] [c](b.md) `[[b]]` ![[b]]\n//- b.md\n",
        "Convert all wikilinks in this note to Markdown links",
        &expect![[r#"
            //- note.md
            [b](b.md) [x](b.md) [[gone]] [c](b.md) `[[b]]` ![[b]]
        "#]],
    );
    check(
        "[b$0](b.md) [x](b.md) [[gone]] [c](b.md \"t\")\n//- b.md\n",
        "Convert all Markdown links in this note to wikilinks",
        &expect![[r#"
            //- note.md
            [[b]] [[b|x]] [[gone]] [c](b.md "t")
        "#]],
    );
}

/// The front matter of `b` after the display text of a link to it has become an alias.
fn with_alias(front_matter: &str) -> String {
    let (vault, at) = fixture::vault(&format!("[[b|A ni$0ce: name]]\n//- b.md\n{front_matter}"));
    let subject = ActionSubject::AddAlias { link: Span::new(0, 18) };
    let outcome = resolve_action(&vault, at.note, &subject, &options(), &Cancel::new());
    match outcome {
        Ok(change) => {
            let after = fixture::changed(&vault, &change);
            let note = after.note(after.find("b.md").unwrap()).unwrap();
            note.note.text.to_text()
        }
        Err(ChangeFailure::Refused(error)) => error.to_string(),
        Err(ChangeFailure::Cancelled) => "cancelled".to_owned(),
    }
}

#[test]
fn an_alias_is_added_in_the_style_of_the_front_matter() {
    for (before, after) in [
        ("text\n", "---\naliases:\n  - \"A nice: name\"\n---\ntext\n"),
        ("---\nk: v # c\n---\n", "---\nk: v # c\naliases:\n  - \"A nice: name\"\n---\n"),
        ("---\n---\n", "---\naliases:\n  - \"A nice: name\"\n---\n"),
        ("---\naliases: [x, \"y\"] # c\n---\n", "---\naliases: [x, \"y\", \"A nice: name\"] # c\n---\n"),
        ("---\naliases: []\nk: v\n---\n", "---\naliases: [\"A nice: name\"]\nk: v\n---\n"),
        (
            "---\naliases:\n- x # c\n- 'y'\nk: v\n---\n",
            "---\naliases:\n- x # c\n- 'y'\n- \"A nice: name\"\nk: v\n---\n",
        ),
        ("---\naliases:\nk: v\n---\n", "---\naliases:\n  - \"A nice: name\"\nk: v\n---\n"),
        ("---\nalias: \"x y\" # c\n---\n", "---\nalias: [\"x y\", \"A nice: name\"] # c\n---\n"),
        ("---\r\nk: v\r\n---\r\n", "---\r\nk: v\r\naliases:\r\n  - \"A nice: name\"\r\n---\r\n"),
    ] {
        assert_eq!(with_alias(before), after);
    }
    assert_eq!(
        with_alias("---\naliases: |\n  x\n---\n"),
        "nothing can be added to the front matter of `b.md` without changing more of it"
    );
}

#[test]
fn what_a_note_is_called_already_is_no_new_alias() {
    for front_matter in ["", "---\ntitle: nick\n---\n", "---\naliases: Nick\n---\n", "---\nk: v: w\n---\n"] {
        let name = if front_matter.is_empty() { "B" } else { "nick" };
        let (vault, at) = fixture::vault(&format!("[[b|{name}$0]]\n//- b.md\n{front_matter}"));
        let offers = code_actions(&vault, at.note, Span::empty(at.at), &options(), &Cancel::new()).unwrap();
        let is_alias = |offer: &CodeAction| matches!(offer.subject, ActionSubject::AddAlias { .. });
        assert!(!offers.iter().any(is_alias), "{front_matter}");
    }
}

#[test]
fn a_blank_line_parts_a_table_of_contents_from_the_text_below() {
    let insert = "Insert table of contents";
    check(
        "# Ti$0tle  \ntext\n## One\n## Two\n",
        insert,
        &expect![[r#"
        //- note.md
        # Title

        <!-- toc -->

        - [[#One]]
        - [[#Two]]

        <!-- /toc -->

        text
        ## One
        ## Two
    "#]],
    );
}

#[test]
fn a_table_of_contents_is_inserted_and_kept() {
    let insert = "Insert table of contents";
    check(
        "# Ti$0tle\n\n## One *two*\n#### Deep\n## One *two*\n#### Deep\n## `a|b`\n",
        insert,
        &expect![[r#"
            //- note.md
            # Title

            <!-- toc -->

            - [[#One *two*|One two]]
              - [[#Deep]]
            - [One two](#one-two-1)
              - [Deep](#deep-1)
            - [a|b](#ab)

            <!-- /toc -->

            ## One *two*
            #### Deep
            ## One *two*
            #### Deep
            ## `a|b`
        "#]],
    );
    check(
        "[x](b.md)\n$0\n## One\n## Two\n//- b.md\n",
        insert,
        &expect![[r#"
            //- note.md
            [x](b.md)
            <!-- toc -->

            - [One](#one)
            - [Two](#two)

            <!-- /toc -->

            ## One
            ## Two
        "#]],
    );
    check(
        "# T\n## Con$0tents\n- [[#Gone]]\n- [[#Two]]\n\ntext\n## One\n## Two\n",
        "Update table of contents",
        &expect![[r#"
            //- note.md
            # T
            ## Contents

            - [[#One]]
            - [[#Two]]

            text
            ## One
            ## Two
        "#]],
    );
    check(
        "<!-- TOC -->\n- [One](#one)\n\ntext\n## One\n## Tw$0o\n",
        "Update table of contents",
        &expect![[r#"
            //- note.md
            <!-- TOC -->

            - [One](#one)
            - [Two](#two)

            <!-- /toc -->

            text
            ## One
            ## Two
        "#]],
    );
}

#[test]
fn a_table_that_says_more_than_links_or_nothing_new_is_left_alone() {
    let rewrites = ActionOptions { kinds: vec![ActionKind::Rewrite], ..options() };
    for text in [
        "## Con$0tents\n- [[#One]] is good\n\n## One\n## Two\n",
        "## Con$0tents\n- [[#One]]\n- [[#Two]]\n\n## One\n## Two\n",
        "## On$0e\n",
        "te$0xt\n## One\n## Two\n",
    ] {
        check_offers(text, &rewrites, &expect![[""]]);
    }
}

#[test]
fn a_section_is_moved_with_all_that_it_needs_and_every_link_follows() {
    let link = "Extract section to a new note (link)";
    check(
        "//- x/a.md\n---\nvideoId: aaaaaaaaaaa\n---\n# Title\n\nSee [[#Care]] and [[#^soil]].\n\n## Ca$0re\n[[b]] [b](b.md) [[#Title]] [[#Deep]] [[#care]] [r][ref] n[^1]\n### Deep\nsoil ^soil\n\n[00:01:55]\n\n\
         ## Rest\n\n[ref]: b.md\n[^1]: Of [r][ref].\n\
         //- x/b.md\n[[a#Care#Deep]] [d](a.md#care) [[a#Rest]]\n",
        link,
        &expect![[r#"
            //- x/a.md
            ---
            videoId: aaaaaaaaaaa
            ---
            # Title

            See [[Care#Care]] and [[Care#^soil]].

            [[Care]]

            ## Rest

            [ref]: b.md
            [^1]: Of [r][ref].
            //- x/b.md
            [[Care#Care#Deep]] [d](../Care.md#care) [[a#Rest]]
            //- Care.md (new)
            ---
            videoId: aaaaaaaaaaa
            ---
            ## Care
            [[b]] [b](x/b.md) [[a#Title]] [[#Deep]] [[#care]] [r][ref] n[^1]
            ### Deep
            soil ^soil

            [00:01:55]

            [ref]: x/b.md
            [^1]: Of [r][ref].
        "#]],
    );
    check(
        "# A\n\n## B/C: d$0?\ntext\n\n## E\n//- x/b c d.md\n",
        "Extract section to a new note (embed)",
        &expect![[r#"
            //- note.md
            # A

            ![[B C d 2]]

            ## E
            //- B C d 2.md (new)
            ## B/C: d?
            text
        "#]],
    );
}

#[test]
fn what_hangs_together_is_not_torn_apart() {
    let embed = "Extract section to a new note (embed)";
    check(
        "## On$0e\n[x]: y.md\n## Two\n[x]\n//- y.md\n",
        embed,
        &expect![[r#"
            this text cannot be moved so that it, its surroundings and all links keep their meaning
        "#]],
    );
    let extracts = ActionOptions { kinds: vec![ActionKind::Extract], ..options() };
    check_offers("# Ti$0tle\n\ntext\n", &extracts, &expect![[""]]);
    check_offers("## O$0ne\n", &ActionOptions { creates_files: false, ..extracts }, &expect![[""]]);
}

#[test]
fn a_note_is_put_where_its_link_stands_alone() {
    let vault = "text\n\n![[c$0]]\n\n## Same\n//- c.md\n---\nvideoId: aaaaaaaaaaa\n---\n\n## Same\n[[#Same]] [[note]] [[#^x]] ^x\n";
    check(
        &vault.replace("---\nvideoId: aaaaaaaaaaa\n---\n\n", ""),
        "Inline `c` and delete its note",
        &expect![[r#"
            //- note.md
            text

            ## Same
            [[#Same]] [[note]] [[#^x]] ^x

            ## Same
            gone: c.md
        "#]],
    );
    check(
        &format!("{vault}//- d.md\n[[note#Same]]\n"),
        "Inline a copy of `c`",
        &expect![[r#"
        //- d.md
        [[note#same-1]]
        //- note.md
        text

        ## Same
        [[#Same]] [[note]] [[#^x]] ^x

        ## Same
    "#]],
    );
}

#[test]
fn a_note_that_others_link_to_is_only_copied() {
    let inlines = ActionOptions { kinds: vec![ActionKind::Inline], ..options() };
    for (text, options) in [
        ("[[c$0]]\n//- c.md\ntext\n//- d.md\n[[c]]\n", &inlines),
        ("[[c$0]]\n//- c.md\ntext\n", &ActionOptions { deletes_files: false, ..inlines.clone() }),
        ("[[c$0]]\n//- c.md\n---\ntitle: T\n---\ntext\n", &inlines),
    ] {
        let (vault, at) = fixture::vault(text);
        let offers = code_actions(&vault, at.note, Span::empty(at.at), options, &Cancel::new()).unwrap();
        let titles: Vec<&str> = offers.iter().map(|offer| &*offer.title).collect();
        assert_eq!(titles, ["Inline a copy of `c`"]);
    }
    check_offers("[[c$0]] too\n//- c.md\ntext\n", &inlines, &expect![[""]]);
    check_offers("  [[c#One$0]]\n//- c.md\n# One\n", &inlines, &expect![[""]]);
}

const MENTIONED: &str = "//- x/large_language_models.md\n//- plasticity.md\n//- a/synapse.md\n//- b/synapse.md\n\
    //- links.md\n[[plasticity | it]] [[plasticity | that]]\n";

#[test]
fn words_that_name_a_note_become_a_link_in_the_form_of_the_vault() {
    let text = format!("Large lang$0uage models change: plasticity, a synapse.\n{MENTIONED}");
    check_offers(
        &text,
        &options(),
        &expect![[r#"
        Rewrite: Link “Large language models” to `x/large_language_models`
        Rewrite: Link all 2 unlinked mentions in this note
    "#]],
    );
    check(
        &text,
        "Link “Large language models” to `x/large_language_models`",
        &expect![[r#"
        //- note.md
        [[large_language_models | Large language models]] change: plasticity, a synapse.
    "#]],
    );
    check(
        &text,
        "Link all 2 unlinked mentions in this note",
        &expect![[r#"
        //- note.md
        [[large_language_models | Large language models]] change: [[plasticity]], a synapse.
    "#]],
    );
    let text = format!("a syn$0apse in\n\n| plasticity |\n|---|\n| Plasticity |\n{MENTIONED}");
    check_offers(
        &text,
        &options(),
        &expect![[r#"
        Rewrite: Link “synapse” to `a/synapse`
        Rewrite: Link “synapse” to `b/synapse`
        Rewrite: Link all 2 unlinked mentions in this note
    "#]],
    );
    check(
        &text,
        "Link “synapse” to `b/synapse`",
        &expect![[r#"
        //- note.md
        a [[b/synapse | synapse]] in

        | plasticity |
        |---|
        | Plasticity |
    "#]],
    );
    check(
        &text,
        "Link all 2 unlinked mentions in this note",
        &expect![[r#"
        //- note.md
        a synapse in

        | [[plasticity]] |
        |---|
        | [[plasticity \| Plasticity]] |
    "#]],
    );
    check_offers(&format!("text$0 plasticity\n{MENTIONED}"), &options(), &expect![[r#""#]]);
}

#[test]
fn a_link_mends_the_finding_about_a_mention() {
    let severities = [(unlinked_mention::RULE.code(), Some(Severity::Hint))].into();
    let settings = Settings { severities, ..Settings::default() };
    let (vault, at) = fixture::with_settings(&format!("pla$0sticity, plasticity\n{MENTIONED}"), settings);
    let offers = code_actions(&vault, at.note, Span::empty(at.at), &options(), &Cancel::new()).unwrap();
    let kinds: Vec<_> = offers.iter().map(|offer| (offer.kind, offer.fixes.is_some())).collect();
    assert_eq!(kinds, [(ActionKind::QuickFix, true), (ActionKind::Rewrite, false)]);
    let change = resolve_action(&vault, at.note, &offers[0].subject, &options(), &Cancel::new()).unwrap();
    let text = fixture::drawn(&vault, &change).replace("//- note.md\n", "");
    let linked = vault.with_text(at.note, &text);
    assert_eq!(text, "[[plasticity]], plasticity\n");
    assert_eq!(diagnostics(&linked, at.note, &Cancel::new()).unwrap(), []);
}

/// Notes about one video, with timestamps in several forms.
const TIMESTAMPS: &str = "//- a.md\n---\nvideoId: Rxmv7rT9leo\nduration: 1:00:00\n---\nOne <a class=\"yt-timestamp\" data-t=\"00:01:5$05\">[00:01:55]</a>, two [0:03:00].\n\
     //- b.md\n---\nvideoId: Rxmv7rT9leo\n---\n[0:02:00] <a class=\"yt-timestamp\" data-t=\"00:02:10\">words</a>\n\
     //- c.md\n[0:02:00](https://youtu.be/Rxmv7rT9leo?t=120)\n";

#[test]
fn a_timestamp_can_be_written_in_other_forms() {
    check_offers(
        TIMESTAMPS,
        &options(),
        &expect![[r#"
            Rewrite: Convert timestamp to `[…](<a>)`
            Rewrite: Convert timestamp to a link to the video
            Rewrite: Convert timestamp to plain `[1:55]`
            Rewrite: Convert all timestamps in the note to `<a>` with `data-t`
            Rewrite: Convert all timestamps in the vault to `<a>` with `data-t`
        "#]],
    );
    check(
        TIMESTAMPS,
        "Convert timestamp to a link to the video",
        &expect![[r#"
        //- a.md
        ---
        videoId: Rxmv7rT9leo
        duration: 1:00:00
        ---
        One [00:01:55](https://www.youtube.com/watch?v=Rxmv7rT9leo&t=115s), two [0:03:00].
    "#]],
    );
    check(
        TIMESTAMPS,
        "Convert all timestamps in the vault to `<a>` with `data-t`",
        &expect![[r#"
        //- a.md
        ---
        videoId: Rxmv7rT9leo
        duration: 1:00:00
        ---
        One <a class="yt-timestamp" data-t="00:01:55">[00:01:55]</a>, two <a class="yt-timestamp" data-t="0:03:00">[0:03:00]</a>.
        //- b.md
        ---
        videoId: Rxmv7rT9leo
        ---
        <a class="yt-timestamp" data-t="0:02:00">[0:02:00]</a> <a class="yt-timestamp" data-t="00:02:10">words</a>
    "#]],
    );
    check_offers(
        "[1:5$05](https://youtu.be/Rxmv7rT9leo?t=115)\n",
        &options(),
        &expect![[r#"
        Rewrite: Convert all timestamps in the vault to a link to the video
    "#]],
    );
}

#[test]
fn findings_of_one_kind_are_mended_together() {
    let text = "//- a.md\n---\nvideoId: Rxmv7rT9leo\nduration: 1:00:00\n---\n[14:5$05:00] [16:20:00] [0:75:00]\n\
         //- b.md\n---\nvideoId: Rxmv7rT9leo\n---\n[17:20:00] [61:00:00]\n";
    check_offers(
        text,
        &options(),
        &expect![[r#"
            QuickFix !: Change to 14:55 (minutes and seconds)
            QuickFix: Change 2 timestamps in this note to minutes and seconds
            QuickFix: Fix all auto-fixable `timestamp/beyond-end` problems in the note
            QuickFix: Fix all auto-fixable `timestamp/beyond-end` problems in the vault
            Rewrite: Convert timestamp to `<a>` with `data-t`
            Rewrite: Convert timestamp to `[…](<a>)`
            Rewrite: Convert timestamp to a link to the video
            Rewrite: Convert all timestamps in the vault to plain `[1:55]`
            FixAll: Fix all auto-fixable problems
        "#]],
    );
    check(
        text,
        "Fix all auto-fixable `timestamp/beyond-end` problems in the note",
        &expect![[r#"
        //- a.md
        ---
        videoId: Rxmv7rT9leo
        duration: 1:00:00
        ---
        [00:14:55] [00:16:20] [0:75:00]
    "#]],
    );
    check(
        text,
        "Fix all auto-fixable `timestamp/beyond-end` problems in the vault",
        &expect![[r#"
        //- a.md
        ---
        videoId: Rxmv7rT9leo
        duration: 1:00:00
        ---
        [00:14:55] [00:16:20] [0:75:00]
        //- b.md
        ---
        videoId: Rxmv7rT9leo
        ---
        [00:17:20] [61:00:00]
    "#]],
    );
}

#[test]
fn clocks_and_addresses_are_written_as_timestamps() {
    let text = "//- a.md\n---\nvideoId: Rxmv7rT9leo\n---\n[00:01:00] At 1:5$05 (https://youtu.be/Rxmv7rT9leo?t=120) they\nsleep `2:00`, 2:10-2:20.\n";
    check_offers(
        text,
        &options(),
        &expect![[r#"
        Rewrite: Convert `1:55` to a timestamp
        Rewrite: Convert all 4 clocks in this note to timestamps
    "#]],
    );
    check(
        text,
        "Convert `1:55` to a timestamp",
        &expect![[r#"
        //- a.md
        ---
        videoId: Rxmv7rT9leo
        ---
        [00:01:00] At [00:01:55] (https://youtu.be/Rxmv7rT9leo?t=120) they
        sleep `2:00`, 2:10-2:20.
    "#]],
    );
    check(
        text,
        "Convert all 4 clocks in this note to timestamps",
        &expect![[r#"
        //- a.md
        ---
        videoId: Rxmv7rT9leo
        ---
        [00:01:00] At [00:01:55] ([00:02:00]) they
        sleep `2:00`, [00:02:10]-[00:02:20].
    "#]],
    );
    let address = "See https://youtu.be/Rxmv7rT9leo?t=$01m55s now, at 10:30.\n//- b.md\n---\nvideoId: Rxmv7rT9leo\n---\n[1:00]\n";
    check(
        address,
        "Convert `https://youtu.be/Rxmv7rT9leo?t=1m55s` to a timestamp",
        &expect![[r#"
        //- note.md
        See [1:55](https://www.youtube.com/watch?v=Rxmv7rT9leo&t=115s) now, at 10:30.
    "#]],
    );
    for nothing in
        ["at 10$0:30", "---\nvideoId: Rxmv7rT9leo\n---\n`1$0:55`", "---\nvideoId: Rxmv7rT9leo\n---\n1:7$05"]
    {
        let (vault, at) = fixture::vault(nothing);
        let offers = code_actions(&vault, at.note, Span::empty(at.at), &options(), &Cancel::new()).unwrap();
        assert!(offers.iter().all(|offer| !offer.title.contains("as a timestamp")), "{nothing}");
    }
    let (vault, at) = fixture::vault(text);
    let selected = Span::between(at.at, vault.note(at.note).unwrap().note.text.end());
    let offers = code_actions(&vault, at.note, selected, &options(), &Cancel::new()).unwrap();
    let offer = offers.iter().find(|offer| offer.title == "Convert 3 selected clocks to timestamps").unwrap();
    let change = resolve_action(&vault, at.note, &offer.subject, &options(), &Cancel::new()).unwrap();
    assert_eq!(change.edits_of(at.note).len(), 3);
}
