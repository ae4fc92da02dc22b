//! Labels that nothing uses.

use crate::config::{RuleSpec, Severity};
use crate::syntax::LabelDefinition;
use crate::vault::Cancelled;

use super::super::rule;
use super::remove::remove_definition;
use crate::ide::diagnostics::context::NoteContext;
use crate::ide::diagnostics::fix::FixContext;
use crate::ide::diagnostics::labels::noun;
use crate::ide::diagnostics::{Example, Finding, Findings};
use crate::ide::note::title::shortened;

rule! {
    /// No reference or footnote of the note uses the definition.
    ///
    /// A reference definition is invisible, so it is either left over or its use is misspelled. The fix
    /// removes it, unless it holds a heading, a block ID or another label.
    spec: RuleSpec::new("link/unused-label", Some(Severity::Hint), "A reference definition or footnote is never used."),
    check: check,
    examples: &[Example {
        files: "See the notes.\n\n[old]: notes.md\n//- notes.md\n",
        fix: Some(("Remove definition", "See the notes.\n")),
    }],
}

fn check<'a>(note: &NoteContext<'a>, findings: &mut Findings<'a>) -> Result<(), Cancelled> {
    let labels = note.labels();
    for (index, definition) in note.source.note.parsed.label_definitions.iter().enumerate() {
        let Some(label) = labels.definitions.get(index) else { continue };
        if labels.first_definition(label) == Some(index) && !labels.is_used(label) {
            // Without the first of several definitions the next one would be unused.
            let is_only = labels.count_definitions(label) == 1;
            findings.add(definition.label, UnusedLabel { definition, name: label.1.clone(), is_only });
        }
    }
    Ok(())
}

struct UnusedLabel<'a> {
    definition: &'a LabelDefinition,
    name: String,
    is_only: bool,
}

impl Finding for UnusedLabel<'_> {
    fn message(&self, _note: &NoteContext<'_>) -> String {
        format!("Unused {}: `{}`", noun(self.definition.kind), shortened(&self.name))
    }

    fn fix(&self, fixes: &mut FixContext<'_, '_>) -> Result<(), Cancelled> {
        if self.is_only {
            remove_definition(self.definition, fixes);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::ide::diagnostics::testing::{check, check_fixes};

    #[test]
    fn labels() {
        check(
            "[a][one] [b][two] c[^3] [d]\n\n[one]: x.md\n[One]: x.md\n[four]: x.md\n[^5]: note\n//- x.md\n",
            &expect![[r#"
                note.md:1 "two" link/undefined-label: Undefined label: `two`
                note.md:1 "3" link/undefined-label: Undefined footnote: `3`
                note.md:4 "One" link/duplicate-label: Duplicate label: `one` (the first definition is used) ["note.md"]
                note.md:5 "four" link/unused-label: Unused label: `four`
                note.md:6 "5" link/unused-label: Unused footnote: `5`
            "#]],
        );
    }

    #[test]
    fn a_definition_that_nobody_uses_goes_with_its_line() {
        check_fixes(
            "above\n\n[un$0used]: a.md\n\nbelow\n//- a.md\n",
            &expect![[r#"
                Remove definition
                //- note.md
                above

                below
            "#]],
        );
        check_fixes(
            "above [^1]\n\n[^1]: used\n[^un$0used]: text\n    more\n[^2]: used [^2]\n",
            &expect![[r#"
                Remove definition
                //- note.md
                above [^1]

                [^1]: used
                [^2]: used [^2]
            "#]],
        );
    }
}
