//! Labels that are defined more than once.

use crate::syntax::{LabelDefinition, LabelKind};

use super::super::prelude::*;
use super::remove::remove_definitions;

rule! {
    /// A label is defined twice; only the first definition counts.
    ///
    /// CommonMark takes the first definition, so the later ones, which are reported, have no effect. A link
    /// label that is defined again in the same words is not: whichever counts, its links lead to the same
    /// place. The fix removes a definition, unless it holds a heading, a block ID or another label.
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
        if definition.kind == LabelKind::Link && is_repeated(note, [first, definition]) {
            continue;
        }
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

/// Whether two definitions say the same after their labels. Costs nothing if one is longer.
fn is_repeated(note: &NoteContext<'_>, [one, other]: [&LabelDefinition; 2]) -> bool {
    let [one, other] = [one, other].map(|one| Span::between(one.label.end, one.span.end));
    one.len() == other.len() && note.source.note.slice(one) == note.source.note.slice(other)
}

#[cfg(test)]
mod tests {
    use crate::ide::diagnostics::testing::codes;
    use crate::ide::fixture;

    #[test]
    fn a_label_that_is_defined_again_in_the_same_words_misleads_no_reader() {
        for (again, is_reported) in [
            ("[n]: a.md", false),
            ("[N]:  <a.md>", true),
            ("[n]: a.md \"title\"", true),
            ("[n]: b.md", true),
            ("[^n]: a.md", false),
            ("[^n]: a.md\n\n[^n]: a.md", true),
        ] {
            let text = format!("//- a.md\n$0[n] [^n]\n\n[n]: a.md\n\n{again}\n");
            let (vault, at) = fixture::vault(&text);
            assert_eq!(codes(&vault, at.note).contains_key("link/duplicate-label"), is_reported, "{again}");
        }
    }
}
