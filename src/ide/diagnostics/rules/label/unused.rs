//! Labels that nothing uses.

use super::super::prelude::*;
use super::remove::remove_definitions;
use crate::config::SiteGenerator;
use crate::syntax::LabelDefinition;

rule! {
    /// A reference definition or footnote is never used.
    ///
    /// A reference definition is invisible, so it is either left over or its use is misspelled. The fix
    /// removes it, unless it holds a heading, a block ID or another label. A definition that leads nowhere is
    /// a comment (`[//]: # (text)`), and one that Foam writes below a note is used by the wikilink of that
    /// name.
    ///
    /// Example, beside `notes.md`:
    ///
    /// ```markdown
    /// See the notes.
    ///
    /// [old]: notes.md
    /// ```
    ///
    /// After the fix *Remove definition*:
    ///
    /// ```markdown
    /// See the notes.
    /// ```
    "link/unused-label", Some(Severity::Hint)
}

fn check<'a>(note: &NoteContext<'a>, findings: &mut Findings<'a>) -> Result<(), Cancelled> {
    let labels = note.labels();
    let definitions = &note.source.note.parsed.label_definitions;
    for (index, (definition, label)) in definitions.iter().zip(&labels.definitions).enumerate() {
        if labels.first_definition(label) != Some(index)
            || labels.is_used(label)
            || note
                .site()
                .is_some_and(|site| matches!(site.generator, SiteGenerator::MkDocs | SiteGenerator::Hugo))
                && is_written_elsewhere(note, definition)
        {
            continue;
        }
        let message = format!("Unused {}: `{}`", noun(definition.kind), shortened(&label.1));
        // Without the first of several definitions the next one would be unused.
        let same = labels.definitions_of(label).iter().filter_map(|index| definitions.get(*index));
        let same: Vec<_> = same.collect();
        let finding = Finding::new(definition.label, message);
        findings.push(finding.fixed_unsafely_by(move |fixes| {
            remove_definitions(&same, fixes);
            Ok(())
        }));
    }
    Ok(())
}

/// Returns whether the label stands in brackets anywhere else in the note: what is indented below an
/// admonition is Markdown for MkDocs, and so may be a text of the front matter for Hugo.
fn is_written_elsewhere(note: &NoteContext<'_>, definition: &LabelDefinition) -> bool {
    let text = note.source.note.text.to_string();
    let wanted = format!("[{}]", note.source.note.slice(definition.label));
    let start = definition.span.start.to_usize();
    text.match_indices(&wanted).any(|(at, _)| at != start)
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::ide::diagnostics::testing::{check, check_fixes};

    #[test]
    fn labels() {
        check(
            "[a][one] [b][two] c[^3] [d]\n\n[one]: x.md\n[One]: <x.md>\n[four]: x.md\n[^5]: note\n//- x.md\n",
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
    fn comments_and_definitions_of_wikilinks() {
        check(
            "[[b]] [[b|Bee]] [up][top]\n\n[//]: # (This is a comment)\n[//]: # (another)\n[comment]: <> (third)\n\
             [top]: #\n[b]: b.md \"B\"\n[b|Bee]: b.md\n[c]: b.md#\n//- b.md\n",
            &expect![[r#"
                note.md:9 "c" link/unused-label: Unused label: `c`
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
