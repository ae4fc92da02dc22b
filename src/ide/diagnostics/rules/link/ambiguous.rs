//! Links that fit several files equally well.

use super::super::prelude::*;
use crate::ide::links::write::edits_to_name;

/// The number of files that are offered at most.
const MAX_OFFERED: usize = 5;

rule! {
    /// Several files fit the link equally well.
    ///
    /// None of them is nearer to the note with the link than the others, so which file the link opens depends
    /// on the program that follows it. The message says which one is taken here, the related places show all
    /// of them. Write more of the path, `[[folder/note]]`; the fixes do that for each of the files.
    ///
    /// Example, beside `x/twin.md` and `y/twin.md`:
    ///
    /// ```markdown
    /// See [[twin]].
    /// ```
    ///
    /// After the fix *Change to `y/twin`*:
    ///
    /// ```markdown
    /// See [[y/twin|twin]].
    /// ```
    "link/ambiguous", Some(Severity::Warning), requires: Requires::Vault
}

fn check<'a>(note: &NoteContext<'a>, findings: &mut Findings<'a>) -> Result<(), Cancelled> {
    for link in note.links()? {
        let Some(found) = link.found().filter(|found| found.is_ambiguous).cloned() else { continue };
        let taken = note.vault.file(found.best).map(|file| file.path.as_str()).unwrap_or_default();
        let (target, count) = (note.shown(link.link.target), found.all.len());
        let message = format!("Ambiguous link: `{target}` matches {count} files (resolved to `{taken}`)");
        let related = found.all.iter().filter_map(|id| Related::file(note.vault, *id));
        let finding = Finding::new(link.target_span(), message).related(related).tier(found.tier);
        let link = link.link;
        findings.push(finding.fixed_unsafely_by(move |fixes| write_path_of_each(link, &found, fixes)));
    }
    Ok(())
}

/// Never safe: that two files fit is the problem. Files without the part that the link names are offered only
/// if the one that is taken lacks it too.
fn write_path_of_each(link: &Link, found: &Found, fixes: &mut FixContext<'_, '_>) -> Result<(), Cancelled> {
    let (vault, source) = (fixes.note.vault, fixes.note.source);
    let fragments = &fixes.note.fragments;
    let lacks_part = |file: FileId| {
        let note = vault.note(file);
        note.is_some_and(|note| fragments.of(note).find_place(&source, link) == Place::Missing)
    };
    let is_broken = lacks_part(found.best);
    let as_good = found.all.iter().filter(|file| is_broken || !lacks_part(**file));
    for file in as_good.take(MAX_OFFERED) {
        let Some(edits) = edits_to_name(vault, &source, link, *file) else { continue };
        let Some(name) = edits.first().map(|edit| edit.new_text.clone()) else { continue };
        fixes.edit(format!("Change to `{name}`"), edits, Applicability::Unsafe);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::ide::diagnostics::testing::{check, check_fixes};

    #[test]
    fn links_to_two_notes() {
        check(
            "//- a.md\n[[twin]] [[x/twin]]\n//- x/twin.md\nx\n//- y/twin.md\n[[twin]]\n",
            &expect![[r#"
                a.md:1 "twin" link/ambiguous: Ambiguous link: `twin` matches 2 files (resolved to `x/twin.md`) ["x/twin.md", "y/twin.md"]
                x/twin.md:1 "x" note/duplicate-name: Duplicate note name: `twin` is also the name of another note, and links use it ["y/twin.md"]
                y/twin.md:1 "[[twin]]" note/duplicate-name: Duplicate note name: `twin` is also the name of another note, and links use it ["x/twin.md"]
            "#]],
        );
    }

    #[test]
    fn either_of_two_notes() {
        check_fixes(
            "//- a.md\n[[tw$0in#One]]\n//- x/twin.md\n# One\n//- y/twin.md\n# One\n",
            &expect![[r#"
                Change to `x/twin`
                //- a.md
                [[x/twin#One|twin]]
                Change to `y/twin`
                //- a.md
                [[y/twin#One|twin]]
            "#]],
        );
        check_fixes(
            "//- a.md\n[[tw$0in#One]]\n//- x/twin.md\n# One\n//- y/twin.md\n",
            &expect![[r#"
                Change to `x/twin`
                //- a.md
                [[x/twin#One|twin]]
            "#]],
        );
    }
}
