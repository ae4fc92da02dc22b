//! Labels without a definition.

use crate::config::{RuleSpec, Severity};
use crate::syntax::{LabelKind, LabelUse, fold_label};
use crate::text::Span;
use crate::vault::{Cancelled, Note};

use super::super::rule;
use crate::ide::change::Edit;
use crate::ide::diagnostics::context::NoteContext;
use crate::ide::diagnostics::fix::{Applicability, FixContext, appended_to};
use crate::ide::diagnostics::labels::noun;
use crate::ide::diagnostics::{Example, Finding, Findings};
use crate::ide::search::suggestions::suggest_names;

/// The number of other labels that are offered at most.
const MAX_OFFERED: usize = 3;

rule! {
    /// `[text][label]` without `[label]: …`, or `[^note]` without `[^note]: …`. A lone `[label]` is text, as
    /// CommonMark has it.
    ///
    /// A reader sees the brackets. The fixes use the nearest label that is defined, or define this one at the
    /// end of the note.
    spec: RuleSpec::new("link/undefined-label", Some(Severity::Warning), "A reference or footnote has no definition."),
    check: check,
    examples: &[Example {
        files: "See [the notes][labl], [again][label].\n\n[label]: notes.md\n//- notes.md\n",
        fix: Some(("Change to `label`", "See [the notes][label], [again][label].\n\n[label]: notes.md\n")),
    }],
}

fn check<'a>(note: &NoteContext<'a>, findings: &mut Findings<'a>) -> Result<(), Cancelled> {
    let labels = note.labels();
    for (label, folded) in note.source.note.parsed.label_uses.iter().zip(&labels.uses) {
        if labels.first_definition(folded).is_none() {
            findings.add(label.label, UndefinedLabel { label });
        }
    }
    Ok(())
}

struct UndefinedLabel<'a> {
    label: &'a LabelUse,
}

impl Finding for UndefinedLabel<'_> {
    fn message(&self, note: &NoteContext<'_>) -> String {
        format!("Undefined {}: `{}`", noun(self.label.kind), note.shown(self.label.label))
    }

    fn fix(&self, fixes: &mut FixContext<'_, '_>) -> Result<(), Cancelled> {
        if !fixes.safe_only {
            self.change_to_nearest(fixes)?;
            self.define(fixes);
        }
        Ok(())
    }
}

impl UndefinedLabel<'_> {
    /// Labels of the same kind that are defined and spelled about the same.
    fn change_to_nearest(&self, fixes: &mut FixContext<'_, '_>) -> Result<(), Cancelled> {
        let note = fixes.note.source.note;
        let defined = note.parsed.label_definitions.iter().filter(|one| one.kind == self.label.kind);
        let names: Vec<String> =
            defined.map(|one| note.slice(one.label).replace(['\n', '\r'], " ")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let wanted = note.slice(self.label.label);
        let mut offered: Vec<String> = Vec::new();
        for index in suggest_names(&names, &wanted, fixes.note.cancel)?.into_iter().take(MAX_OFFERED) {
            let Some(name) = names.get(index) else { continue };
            if !offered.contains(&fold_label(name)) {
                offered.push(fold_label(name));
                let edit = Edit::replace(self.label.label, *name);
                fixes.edit(format!("Change to `{name}`"), vec![edit], Applicability::Unsafe);
            }
        }
        Ok(())
    }

    /// A definition at the end of the note: of a footnote to be written, or of a reference without a target.
    fn define(&self, fixes: &mut FixContext<'_, '_>) {
        let note = fixes.note.source.note;
        let name = note.slice(self.label.label);
        let (definition, title) = match self.label.kind {
            LabelKind::Footnote => (format!("[^{name}]: "), format!("Add footnote `{name}`")),
            LabelKind::Link => (format!("[{name}]: <>"), format!("Define `{name}`")),
        };
        let text = note.text.to_text();
        let appended = appended_to(&text, &definition);
        let after = Note::new(&format!("{text}{appended}"));
        let folded = fold_label(&name);
        let mut definitions = after.parsed.label_definitions.iter();
        let is_defined = definitions
            .any(|one| one.kind == self.label.kind && fold_label(&after.slice(one.label)) == folded);
        if is_defined
            && after.parsed.label_definitions.len() == note.parsed.label_definitions.len() + 1
            && after.parsed.faults.len() == note.parsed.faults.len()
        {
            let edit = Edit::replace(Span::empty(note.text.end()), appended);
            fixes.edit(title, vec![edit], Applicability::Unsafe);
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::ide::diagnostics::testing::check_fixes;

    #[test]
    fn labels_get_the_nearest_name_or_a_definition() {
        check_fixes(
            "[text][lab$0l] [^1]\n\n[label]: note.md\n",
            &expect![[r#"
            Change to `label`
            //- note.md
            [text][label] [^1]

            [label]: note.md
            Define `labl`
            //- note.md
            [text][labl] [^1]

            [label]: note.md

            [labl]: <>
        "#]],
        );
        check_fixes(
            "text[^n$0ow]\n\n[^new]: text",
            &expect![[r#"
                Add footnote `now`
                //- note.md
                text[^now]

                [^new]: text

                [^now]: 
            "#]],
        );
        check_fixes("text[^n$0ow]\n\n```\nopen", &expect![[r#""#]]);
        check_fixes(
            "[text][on$0e]\n",
            &expect![[r#"
                Define `one`
                //- note.md
                [text][one]

                [one]: <>
            "#]],
        );
    }
}
