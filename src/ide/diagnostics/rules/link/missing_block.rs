//! Links to blocks that their note does not have.

use crate::config::{RuleSpec, Severity};
use crate::vault::{Cancelled, Tier};

use super::super::rule;
use super::fragment::{MAX_OFFERED, MissingPart, missing_parts};
use crate::ide::diagnostics::context::NoteContext;
use crate::ide::diagnostics::fix::{Applicability, FixContext};
use crate::ide::diagnostics::{Example, Finding, Findings, Related};
use crate::ide::search::suggestions::suggest_names;

rule! {
    /// The note exists, but no block of it ends with the `^id` of `[[note#^id]]`.
    ///
    /// The link opens the note at its top, and an embed shows nothing. The fixes offer the nearest block IDs
    /// of the note.
    spec: RuleSpec::new("link/missing-block", Some(Severity::Warning), "The note has no block with this ID."),
    check: check,
    examples: &[Example {
        files: "See [[brain#^table-2]].\n//- brain.md\nA claim. ^table-1\n",
        fix: Some(("Change to `#^table-1`", "See [[brain#^table-1]].\n")),
    }],
}

fn check<'a>(note: &NoteContext<'a>, findings: &mut Findings<'a>) -> Result<(), Cancelled> {
    for part in missing_parts(note)?.into_iter().filter(|part| part.names_block) {
        findings.add(part.span, MissingBlock(part));
    }
    Ok(())
}

struct MissingBlock<'a>(MissingPart<'a>);

impl Finding for MissingBlock<'_> {
    fn message(&self, note: &NoteContext<'_>) -> String {
        let id = note.shown(self.0.span);
        format!("Block not found in `{}`: `{}`", self.0.target.path.stem(), id.trim_start_matches('^'))
    }

    fn related(&self, note: &NoteContext<'_>) -> Vec<Related> {
        self.0.related(note)
    }

    fn tier(&self) -> Option<Tier> {
        Some(self.0.tier)
    }

    fn fix(&self, fixes: &mut FixContext<'_, '_>) -> Result<(), Cancelled> {
        if fixes.safe_only {
            return Ok(());
        }
        let note = self.0.target.note;
        let ids: Vec<String> =
            note.parsed.blocks.iter().map(|block| note.slice(block.id).into_owned()).collect();
        let names: Vec<&str> = ids.iter().map(String::as_str).collect();
        let decoded = self.0.decoded(&fixes.note.source);
        let nearest = suggest_names(&names, decoded.trim_start_matches('^'), fixes.note.cancel)?;
        let mut offered: Vec<&str> = Vec::new();
        for id in nearest.into_iter().filter_map(|index| names.get(index)).take(MAX_OFFERED) {
            if !offered.iter().any(|other| other.eq_ignore_ascii_case(id)) {
                offered.push(id);
                self.0.change_to(fixes, &format!("^{id}"), Applicability::Unsafe);
            }
        }
        Ok(())
    }
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
