//! Links to blocks that their note does not have.

use super::super::prelude::*;
use super::fragment::{MAX_OFFERED, MissingPart, missing_parts};
use crate::ide::search::suggestions::suggest_names;

rule! {
    /// The note has no block with this ID.
    ///
    /// The note of `[[note#^id]]` exists, but no block of it ends with `^id`, so the link opens the note at
    /// its top, and an embed shows nothing. The fixes offer the nearest block IDs of the note.
    ///
    /// Example:
    ///
    /// ```markdown
    /// See [[brain#^table-2]].
    /// ```
    ///
    /// and in `brain.md`:
    ///
    /// ```markdown
    /// A claim. ^table-1
    /// ```
    ///
    /// After the fix *Change to `#^table-1`*:
    ///
    /// ```markdown
    /// See [[brain#^table-1]].
    /// ```
    "link/missing-block", Some(Severity::Warning)
}

fn check<'a>(note: &NoteContext<'a>, findings: &mut Findings<'a>) -> Result<(), Cancelled> {
    for part in missing_parts(note)?.into_iter().filter(|part| part.names_block) {
        let id = note.shown(part.span);
        let (note_name, id) = (part.target.path.stem(), id.trim_start_matches('^'));
        let finding = part.finding(note, format!("Block not found in `{note_name}`: `{id}`"));
        findings.push(finding.fixed_unsafely_by(move |fixes| change_to_nearest(&part, fixes)));
    }
    Ok(())
}

/// Adds the nearest block IDs of the note.
fn change_to_nearest(part: &MissingPart<'_>, fixes: &mut FixContext<'_, '_>) -> Result<(), Cancelled> {
    let note = part.target.note;
    let ids: Vec<String> = note.parsed.blocks.iter().map(|block| note.slice(block.id).into_owned()).collect();
    let names: Vec<&str> = ids.iter().map(String::as_str).collect();
    let decoded = part.decoded(&fixes.note.source);
    let nearest = suggest_names(&names, decoded.trim_start_matches('^'), fixes.note.cancel)?;
    let mut offered: Vec<&str> = Vec::new();
    for id in nearest.into_iter().filter_map(|index| names.get(index)).take(MAX_OFFERED) {
        if !offered.iter().any(|other| other.eq_ignore_ascii_case(id)) {
            offered.push(id);
            part.change_to(fixes, &format!("^{id}"), Applicability::Unsafe);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::ide::diagnostics::testing::check_fixes;

    #[test]
    fn blocks_that_are_not_there() {
        check_fixes(
            "//- a.md\n[[b#^tabl$0e-2]]\n//- b.md\none ^table-1\n\ntwo ^list\n",
            &expect![[r#"
            Change to `#^table-1`
            //- a.md
            [[b#^table-1]]
        "#]],
        );
    }
}
