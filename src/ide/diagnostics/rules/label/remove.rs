//! Definitions of labels, removed. Never safe: what a footnote says may be all that is left of a thought.

use super::super::prelude::*;
use crate::ide::note::lines::whole_lines;
use crate::syntax::LabelDefinition;

/// Adds a fix that removes these definitions of a label with their lines, each with the blank line before it
/// where it stands between two. Not if one holds something other places refer to.
pub(super) fn remove_definitions(definitions: &[&LabelDefinition], fixes: &mut FixContext<'_, '_>) {
    let note = fixes.note.source.note;
    if definitions.iter().any(|definition| holds_names(note, definition)) {
        return;
    }
    let title = match definitions.len() {
        1 => "Remove definition".to_owned(),
        count => format!("Remove all {count} definitions"),
    };
    let removed = definitions.iter().map(|definition| Edit::remove(whole_lines(note, definition.span)));
    fixes.edit(title, removed.collect(), Applicability::Unsafe);
}

fn holds_names(note: &Note, definition: &LabelDefinition) -> bool {
    let parsed = &note.parsed;
    let inside = |span: Span| span != definition.span && span.overlaps(definition.span);
    parsed.label_uses.iter().any(|one| inside(one.span))
        || parsed.label_definitions.iter().any(|one| inside(one.span))
        || parsed.headings.iter().any(|one| inside(one.span))
        || parsed.blocks.iter().any(|one| inside(one.id))
        || parsed.anchors.iter().any(|one| inside(*one))
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::ide::diagnostics::testing::check_fixes;

    #[test]
    fn definitions_that_hold_others_stay() {
        check_fixes("[^un$0used]: see [^1]\n\n[^1]: text\n", &expect![[r#""#]]);
    }
}
