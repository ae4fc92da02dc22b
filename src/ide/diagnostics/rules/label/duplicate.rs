//! Labels that are defined more than once.

use crate::config::{RuleSpec, Severity};
use crate::syntax::LabelDefinition;
use crate::text::Span;
use crate::vault::Cancelled;

use super::super::rule;
use super::remove::remove_definition;
use crate::ide::diagnostics::context::NoteContext;
use crate::ide::diagnostics::fix::FixContext;
use crate::ide::diagnostics::labels::noun;
use crate::ide::diagnostics::{Example, Finding, Findings, Related};
use crate::ide::note::title::shortened;

rule! {
    /// The label is defined already; reported at each later definition.
    ///
    /// CommonMark takes the first definition, so the later ones have no effect. The fix removes one of them,
    /// unless it holds a heading, a block ID or another label.
    spec: RuleSpec::new(
        "link/duplicate-label",
        Some(Severity::Warning),
        "A label is defined twice; only the first definition counts.",
    ),
    check: check,
    examples: &[Example {
        files: "See [the notes][n].\n\n[n]: notes.md\n[N]: other.md\n//- notes.md\n//- other.md\n",
        fix: Some(("Remove definition", "See [the notes][n].\n\n[n]: notes.md\n")),
    }],
}

fn check<'a>(note: &NoteContext<'a>, findings: &mut Findings<'a>) -> Result<(), Cancelled> {
    let labels = note.labels();
    let definitions = &note.source.note.parsed.label_definitions;
    for (index, (definition, label)) in definitions.iter().zip(&labels.definitions).enumerate() {
        let first = labels.first_definition(label).filter(|first| *first != index);
        if let Some(first) = first.and_then(|first| definitions.get(first)) {
            let name = label.1.clone();
            findings.add(definition.label, DuplicateLabel { definition, name, first: first.label });
        }
    }
    Ok(())
}

struct DuplicateLabel<'a> {
    definition: &'a LabelDefinition,
    name: String,
    first: Span,
}

impl Finding for DuplicateLabel<'_> {
    fn message(&self, _note: &NoteContext<'_>) -> String {
        let name = shortened(&self.name);
        format!("Duplicate {}: `{name}` (the first definition is used)", noun(self.definition.kind))
    }

    fn related(&self, note: &NoteContext<'_>) -> Vec<Related> {
        vec![Related { file: note.source.id, span: self.first, message: "the first definition".into() }]
    }

    fn fix(&self, fixes: &mut FixContext<'_, '_>) -> Result<(), Cancelled> {
        remove_definition(self.definition, fixes);
        Ok(())
    }
}
