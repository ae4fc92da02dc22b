//! Labels that are defined more than once.

use super::super::prelude::*;
use super::remove::remove_definitions;

rule! {
    /// A label is defined twice; only the first definition counts.
    ///
    /// CommonMark takes the first definition, so the later ones, which are reported, have no effect. The fix
    /// removes one of them, unless it holds a heading, a block ID or another label.
    ///
    /// Example, beside `notes.md` and `other.md`:
    ///
    /// ```markdown
    /// See [the notes][n].
    ///
    /// [n]: notes.md
    /// [N]: other.md
    /// ```
    ///
    /// After the fix *Remove definition*:
    ///
    /// ```markdown
    /// See [the notes][n].
    ///
    /// [n]: notes.md
    /// ```
    "link/duplicate-label", Some(Severity::Warning)
}

fn check<'a>(note: &NoteContext<'a>, findings: &mut Findings<'a>) -> Result<(), Cancelled> {
    let labels = note.labels();
    let definitions = &note.source.note.parsed.label_definitions;
    for (index, (definition, label)) in definitions.iter().zip(&labels.definitions).enumerate() {
        let first =
            labels.first_definition(label).filter(|first| *first != index && !labels.is_comment(index));
        let Some(first) = first.and_then(|first| definitions.get(first)) else { continue };
        let (noun, name) = (noun(definition.kind), shortened(&label.1));
        let message = format!("Duplicate {noun}: `{name}` (the first definition is used)");
        let (file, span) = (note.source.id, first.label);
        let related = Related { file, span, message: "the first definition".to_owned() };
        let finding = Finding::new(definition.label, message).related([related]);
        findings.push(finding.fixed_unsafely_by(|fixes| {
            remove_definitions(&[definition], fixes);
            Ok(())
        }));
    }
    Ok(())
}
