//! Links by a name that other programs do not follow.

use super::super::prelude::*;
use super::separators::is_same_but_for_separators;
use crate::ide::links::write::edits_to_name;

rule! {
    /// The link matches only an alias, a title or a loose spelling of the name.
    ///
    /// It works here, but programs that need the exact name do not find the note. `resolution.profile =
    /// "obsidian"` makes these links missing instead. The fix writes the name of the file and keeps the words
    /// that a reader sees; another one does so for all such links of the note.
    ///
    /// Example, beside `large_models.md`:
    ///
    /// ```markdown
    /// See [[Large Models]].
    /// ```
    ///
    /// After the fix *Use exact name `large_models`*:
    ///
    /// ```markdown
    /// See [[large_models|Large Models]].
    /// ```
    "link/inexact", Some(Severity::Hint), requires: Requires::Vault
}

fn check<'a>(note: &NoteContext<'a>, findings: &mut Findings<'a>) -> Result<(), Cancelled> {
    for link in note.links()? {
        let Some(found) = link.found().filter(|found| found.tier.is_inexact()).cloned() else { continue };
        let how = match found.tier {
            Tier::Alias => "an alias",
            Tier::Title => "the title",
            _ => "a loose spelling",
        };
        let name = note.vault.file(found.best).map(|file| file.path.stem()).unwrap_or_default();
        if is_exact_elsewhere(note, link.link, &found, name) {
            continue;
        }
        let message = format!("Inexact link: `{}` is {how} of `{name}`", note.shown(link.link.target));
        let finding = Finding::new(link.target_span(), message).tier(found.tier);
        let link = link.link;
        findings.push(finding.fixed_by(move |fixes| use_exact_name(link, &found, name, fixes)));
    }
    Ok(())
}

/// Whether the tool that a note is written for takes another name of a note for as good as its own: Logseq
/// aliases and titles, Obsidian and Quartz a no-break space for a space.
fn is_exact_elsewhere(note: &NoteContext<'_>, link: &Link, found: &Found, name: &str) -> bool {
    match found.tier {
        Tier::Alias | Tier::Title => note.vault.is_in_logseq_graph(note.source.path),
        _ => note.source.note.slice(link.target).replace(['\u{a0}', '\u{202f}'], " ") == name,
    }
}

fn use_exact_name(
    link: &Link,
    found: &Found,
    name: &str,
    fixes: &mut FixContext<'_, '_>,
) -> Result<(), Cancelled> {
    let note = fixes.note;
    let Some(edits) = edits_to_name(note.vault, &note.source, link, found.best) else { return Ok(()) };
    let is_safe = is_unmistakable(note, link, found);
    fixes.edit(format!("Use exact name `{name}`"), edits, Applicability::safe_if(is_safe));
    if is_safe && !fixes.safe_only {
        use_all_exact_names(fixes)?;
    }
    Ok(())
}

/// Adds the same fix for all links of the note for which it is safe.
fn use_all_exact_names(fixes: &mut FixContext<'_, '_>) -> Result<(), Cancelled> {
    let note = fixes.note;
    let mut all = Vec::new();
    for link in note.links()?.iter().filter(|link| !link.link.target.is_empty()) {
        note.cancel.check()?;
        let Some(found) = link.found().filter(|found| found.tier.is_inexact()) else { continue };
        if is_unmistakable(note, link.link, found) {
            all.extend(edits_to_name(note.vault, &note.source, link.link, found.best));
        }
    }
    fixes.edit_all(&all, |count| format!("Use exact names for all {count} such links in this note"));
    Ok(())
}

/// Whether no other file can be meant: not where several files share the inexact name, and not where the
/// loose spelling hides a number or a sign.
fn is_unmistakable(note: &NoteContext<'_>, link: &Link, found: &Found) -> bool {
    let Some(file) = note.vault.file(found.best) else { return false };
    let target = note.source.note.slice(link.target);
    found.all.len() == 1
        && (found.tier != Tier::Loose || is_same_but_for_separators(&target, file.path.stem()))
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::ide::diagnostics::testing::{check, check_fixes};

    #[test]
    fn links_by_loose_names() {
        check(
            "//- a.md\n[[Large Models]] [[nick]] [[A Title]] [[LARGE_MODELS]]\n\
             //- large_models.md\n---\ntitle: A title\naliases: [nick]\n---\n",
            &expect![[r#"
                a.md:1 "Large Models" link/inexact: Inexact link: `Large Models` is a loose spelling of `large_models`
                a.md:1 "nick" link/inexact: Inexact link: `nick` is an alias of `large_models`
                a.md:1 "A Title" link/inexact: Inexact link: `A Title` is the title of `large_models`
            "#]],
        );
    }

    #[test]
    fn what_other_tools_take_for_exact_is() {
        check(
            "//- a.md\n[[b\u{a0}c]] [[b\u{a0}d]] [[nick]]\n//- b c.md\n---\naliases: nick\n---\n//- b_d.md\n//- logseq/config.edn\n",
            &expect![[r#"
                a.md:1 "b\u{a0}d" link/inexact: Inexact link: `b d` is a loose spelling of `b_d`
            "#]],
        );
    }

    #[test]
    fn a_link_by_another_name_gets_the_real_one_and_shows_what_it_showed() {
        check_fixes(
            "//- a.md\n[[Large Mod$0els#Part]]\n//- large_models.md\n# Part\n",
            &expect![[r#"
                ! Use exact name `large_models`
                //- a.md
                [[large_models#Part|Large Models]]
            "#]],
        );
        check_fixes(
            "//- a.md\n| a | b |\n|---|---|\n| [[ni$0ck]] | |\n//- x/real.md\n---\naliases: nick\n---\n//- y/real.md\n",
            &expect![[r#"
                ! Use exact name `real`
                //- a.md
                | a | b |
                |---|---|
                | [[x/real\|nick]] | |
            "#]],
        );
    }

    #[test]
    fn which_of_two_is_meant_by_another_name_is_not_sure() {
        check_fixes(
            "//- a.md\n[[ni$0ck|shown]]\n//- one.md\n---\naliases: nick\n---\n//- x/two.md\n---\naliases: nick\n---\n",
            &expect![[r#"
                Use exact name `one`
                //- a.md
                [[one|shown]]
            "#]],
        );
    }

    #[test]
    fn all_real_names_of_a_note() {
        check_fixes(
            "//- a.md\n[[Large Mo$0dels]] [[nick | n]] [[v1.2]]\n//- large_models.md\n---\naliases: nick\n---\n//- v12.md\n",
            &expect![[r#"
                ! Use exact name `large_models`
                //- a.md
                [[large_models|Large Models]] [[nick | n]] [[v1.2]]
                Use exact names for all 2 such links in this note
                //- a.md
                [[large_models|Large Models]] [[large_models | n]] [[v1.2]]
            "#]],
        );
    }

    #[test]
    fn a_loose_name_that_hides_a_number_or_a_sign_is_not_sure() {
        check_fixes(
            "//- a.md\n[[v1.$02]]\n//- v12.md\n",
            &expect![[r#"
                Use exact name `v12`
                //- a.md
                [[v12|v1.2]]
            "#]],
        );
        check_fixes(
            "//- a.md\n[[C+$0+]]\n//- c.md\n",
            &expect![[r#"
                Use exact name `c`
                //- a.md
                [[c|C++]]
            "#]],
        );
    }
}
