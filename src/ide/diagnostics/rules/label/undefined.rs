//! Labels without a definition.

use std::sync::Arc;

use super::super::prelude::*;
use crate::ide::diagnostics::site_parts::{is_defined_elsewhere, is_filled_in};
use crate::ide::search::suggestions::suggest_names;
use crate::syntax::{LabelKind, LabelUse, fold_label};

/// The number of other labels that are offered at most.
const MAX_OFFERED: usize = 3;

rule! {
    /// A reference or footnote has no definition.
    ///
    /// `[text][label]` without `[label]: …`, or `[^note]` without `[^note]: …`: a reader sees the brackets. A
    /// lone `[label]` is text, as CommonMark has it. The fixes use the nearest label that is defined, or
    /// define this one at the end of the note.
    ///
    /// Example, beside `notes.md`:
    ///
    /// ```markdown
    /// See [the notes][labl], [again][label].
    ///
    /// [label]: notes.md
    /// ```
    ///
    /// After the fix *Change to `label`*:
    ///
    /// ```markdown
    /// See [the notes][label], [again][label].
    ///
    /// [label]: notes.md
    /// ```
    "link/undefined-label", Some(Severity::Warning)
}

fn check<'a>(note: &NoteContext<'a>, findings: &mut Findings<'a>) -> Result<(), Cancelled> {
    let labels = note.labels();
    for (label, folded) in note.source.note.parsed.label_uses.iter().zip(&labels.uses) {
        let is_defined_elsewhere = || {
            let name = note.source.note.slice(label.label);
            label.kind == LabelKind::Link
                && note.site().is_some_and(|site| {
                    is_defined_elsewhere(site.generator, &name)
                        || is_filled_in(site.generator, &note.source.note.text.to_string(), &name)
                })
        };
        if labels.first_definition(folded).is_none() && !is_defined_elsewhere() {
            let message = format!("Undefined {}: `{}`", noun(label.kind), note.shown(label.label));
            findings.push(Finding::new(label.label, message).fixed_unsafely_by(|fixes| {
                change_to_nearest(label, fixes)?;
                define(label, fixes);
                Ok(())
            }));
        }
    }
    Ok(())
}

/// Labels of the same kind that are defined and spelled about the same.
fn change_to_nearest(label: &LabelUse, fixes: &mut FixContext<'_, '_>) -> Result<(), Cancelled> {
    let note = fixes.note.source.note;
    let defined = note.parsed.label_definitions.iter().filter(|one| one.kind == label.kind);
    let names: Vec<String> = defined.map(|one| note.slice(one.label).replace(['\n', '\r'], " ")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let wanted = note.slice(label.label);
    let mut offered: Vec<String> = Vec::new();
    for index in suggest_names(&names, &wanted, fixes.note.cancel)?.into_iter().take(MAX_OFFERED) {
        let Some(name) = names.get(index) else { continue };
        if !offered.contains(&fold_label(name)) {
            offered.push(fold_label(name));
            let edit = Edit::replace(label.label, *name);
            fixes.edit(format!("Change to `{name}`"), vec![edit], Applicability::Unsafe);
        }
    }
    Ok(())
}

/// A definition at the end of the note: of a footnote to be written, or of a reference without a target.
fn define(label: &LabelUse, fixes: &mut FixContext<'_, '_>) {
    let note = fixes.note.source.note;
    let name = note.slice(label.label);
    let (definition, title) = match label.kind {
        LabelKind::Footnote => (format!("[^{name}]: "), format!("Add footnote `{name}`")),
        LabelKind::Link => (format!("[{name}]: <>"), format!("Define `{name}`")),
    };
    let folded = fold_label(&name);
    let is_defined = |after: &Arc<Note>| {
        let mut definitions = after.parsed.label_definitions.iter().filter(|one| one.kind == label.kind);
        definitions.any(|one| fold_label(&after.slice(one.label)) == folded)
    };
    if let Some(edit) = append(note, &definition, is_defined) {
        fixes.edit(title, vec![edit], Applicability::Unsafe);
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
