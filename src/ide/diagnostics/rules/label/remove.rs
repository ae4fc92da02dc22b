//! Definitions of labels, removed. Never safe: what a footnote says may be all that is left of a thought.

use rustc_hash::FxHashSet;

use super::super::prelude::*;
use crate::ide::note::lines::whole_lines;
use crate::syntax::LabelDefinition;
use crate::text::SortedByPlace;

/// Adds a fix that removes these definitions of a label with their lines, each with the blank line before it
/// where it stands between two. Not if one holds something other places refer to.
pub(super) fn remove_definitions(definitions: &[&LabelDefinition], fixes: &mut FixContext<'_, '_>) {
    let note = fixes.note.source.note;
    let nested = nested_definitions(note);
    let holds_names = |one: &&LabelDefinition| nested.contains(&one.span) || holds_names(note, one);
    if definitions.iter().any(holds_names) {
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
    let (parsed, span) = (&note.parsed, definition.span);
    !parsed.label_uses.starting_in(span).is_empty()
        || !parsed.headings.starting_in(span).is_empty()
        || !parsed.blocks.starting_in(span).is_empty()
        || !parsed.anchors.starting_in(span).is_empty()
}

/// The definitions that stand in another one, as in a footnote, and those in which they stand.
fn nested_definitions(note: &Note) -> FxHashSet<Span> {
    let mut nested = FxHashSet::default();
    let mut outer: Vec<Span> = Vec::new();
    for definition in &note.parsed.label_definitions {
        while outer.pop_if(|one| one.end <= definition.span.start).is_some() {}
        if let Some(last) = outer.last() {
            nested.extend([*last, definition.span]);
        }
        outer.push(definition.span);
    }
    nested
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
