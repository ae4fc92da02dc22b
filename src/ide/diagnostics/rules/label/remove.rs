//! Definitions of labels, removed. Never safe: what a footnote says may be all that is left of a thought.

use super::super::prelude::*;
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

/// Returns a stretch with the rest of its last line, if it begins its first one; and with the blank line
/// before it, if the note ends or a blank line follows.
fn whole_lines(note: &Note, span: Span) -> Span {
    let text = &note.text;
    let (first, last) = (text.line_of(span.start), text.line_of(span.end));
    let is_blank = |line: usize| text.line(line).is_none_or(|line| text.slice(line).trim().is_empty());
    let begins = |line: usize| text.line(line).map(|line| line.start);
    if begins(first) != Some(span.start) {
        return span;
    }
    let end = begins(last + 1).unwrap_or(text.end());
    let is_between = first > 0 && is_blank(first - 1) && is_blank(last + 1);
    let start = if is_between { begins(first - 1) } else { None };
    Span::between(start.unwrap_or(span.start), end)
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
