//! Wikilinks whose target does not exist.

use super::super::prelude::*;
use super::nearest_file::find_unresolved;
use crate::ide::diagnostics::context::ResolvedLink;

rule! {
    /// The note or attachment that the link names does not exist.
    ///
    /// The target of `[[target]]` or `![[target]]` is not the name, title or alias of a note or attachment of
    /// the vault. The note may have been renamed outside of an editor that updates links, the name may be
    /// misspelled, or the note is still to be written. The fixes offer the [nearest
    /// names](links.md#what-a-broken-link-may-have-meant), for this link, for all links of the note, or for
    /// all links of the vault; an action [creates the note](actions.md#new-notes).
    ///
    /// In a graph of Logseq, which has a page for each name that is linked, `[[target]]` is not reported.
    ///
    /// Example, beside `ketamine_risks.md`:
    ///
    /// ```markdown
    /// See [[ketamin_risk]].
    /// ```
    ///
    /// After the fix *Change to `ketamine_risks`*:
    ///
    /// ```markdown
    /// See [[ketamine_risks]].
    /// ```
    "link/missing-note", Some(Severity::Warning), requires: Requires::Vault
}

fn check<'a>(note: &NoteContext<'a>, findings: &mut Findings<'a>) -> Result<(), Cancelled> {
    let is_meant = |link: &ResolvedLink<'_>| {
        let name = note.source.note.slice(link.link.target);
        let is_text_of_link = || {
            let end = link.link.span.end;
            note.source.note.slice(Span::between(end, end.plus(1).min(note.source.note.text.end()))) == "("
        };
        link.is_missing() && link.link.kind.is_wiki() && !is_place_of_contents(&name) && !is_text_of_link()
    };
    let is_page = |link: &ResolvedLink<'_>| {
        link.link.kind == LinkKind::Wikilink && note.vault.is_in_logseq_graph(note.source.path)
    };
    find_unresolved(note, "Note not found", |link| is_meant(link) && !is_page(link), findings)
}

/// Returns whether a wikilink is the place for a table of contents: `[[toc]]` in VitePress and other tools on
/// markdown-it, `[[_TOC_]]` in GitLab and Azure DevOps, `[[_TOSP_]]` for the pages below one in Azure DevOps.
fn is_place_of_contents(target: &str) -> bool {
    ["toc", "_toc_", "_tosp_"].iter().any(|name| target.eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::ide::diagnostics::testing::check;

    #[test]
    fn logseq_has_a_page_for_each_name() {
        let links =
            "[[gone]] ![[gone]] [x](gone.md) [[b#Gone]]\n//- in/b.md\n[[other]]\n//- in/logseq/config.edn\n";
        check(
            &format!("//- in/a.md\n{links}"),
            &expect![[r#"
            in/a.md:1 "gone" link/missing-note: Note not found: `gone`
            in/a.md:1 "gone.md" link/missing-file: File not found: `gone.md`
            in/a.md:1 "Gone" link/missing-heading: Heading not found in `b`: `Gone` ["in/b.md"]
        "#]],
        );
        check(
            &format!("//- a.md\n{links}"),
            &expect![[r#"
            a.md:1 "gone" link/missing-note: Note not found: `gone`
            a.md:1 "gone" link/missing-note: Note not found: `gone`
            a.md:1 "gone.md" link/missing-file: File not found: `gone.md`
            a.md:1 "Gone" link/missing-heading: Heading not found in `b`: `Gone` ["in/b.md"]
        "#]],
        );
    }

    #[test]
    fn links_that_lead_nowhere() {
        check(
            "//- a.md\n[[gone]] [[b#Gone]] [[b#^gone]] [x](gone.md) [y](../../up.md) [[../../up]] ![[gone.png]]\n\
             [[#Nowhere]] [x](b.md#two) [[b#One#Two]] [[b#Two#One]] [ok](b.md#one) <https://example.org> [mail](mailto:a@b.c)\n\
             //- b.md\n# One\n## Two\n",
            &expect![[r#"
                a.md:1 "gone" link/missing-note: Note not found: `gone`
                a.md:1 "Gone" link/missing-heading: Heading not found in `b`: `Gone` ["b.md"]
                a.md:1 "^gone" link/missing-block: Block not found in `b`: `gone` ["b.md"]
                a.md:1 "gone.md" link/missing-file: File not found: `gone.md`
                a.md:1 "../../up.md" link/outside-vault: Path outside the vault: `../../up.md`
                a.md:1 "../../up" link/outside-vault: Path outside the vault: `../../up`
                a.md:1 "gone.png" link/missing-note: Note not found: `gone.png`
                a.md:2 "Nowhere" link/missing-heading: Heading not found in `a`: `Nowhere` ["a.md"]
                a.md:2 "Two#One" link/missing-heading: Heading not found in `b`: `Two#One` ["b.md"]
            "#]],
        );
    }
}
