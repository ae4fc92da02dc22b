//! What an editor can fold away: sections, front matter, list items, code, quotes, comments.

use std::cmp::Reverse;

use rustc_hash::FxHashMap;

use crate::syntax::{StructureKind, structure};
use crate::text::{Span, Text};
use crate::vault::{FileId, NoteRef, Snapshot};

/// Lines that fold below their first one, counted from zero.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Fold {
    /// The line that stays visible.
    pub start_line: usize,
    /// The last line that is hidden.
    pub end_line: usize,
    /// Whether it is a comment.
    pub is_comment: bool,
}

/// What can be folded in a note, in the order of its lines and at most one fold a line: of several that start
/// on the same line, a section wins, then what is innermost among lists, else the longest. If there are more
/// than `limit`, the longest are kept. Linear in the note; empty for attachments.
pub fn folding_ranges(vault: &Snapshot, note: FileId, limit: usize) -> Vec<Fold> {
    let Some(source) = vault.note(note) else { return Vec::new() };
    let mut folds = Folds { text: &source.note.text, by_line: FxHashMap::default() };
    folds.sections(&source);
    if let Some(front_matter) = &source.note.parsed.front_matter {
        folds.add(front_matter.span, false);
    }
    let blocks = structure(&source.note.text.to_text(), &source.note.parsed);
    let (lists, others): (Vec<_>, Vec<_>) =
        blocks.into_iter().partition(|block| block.kind == StructureKind::List);
    let folding = others.iter().filter(|block| block.kind != StructureKind::Paragraph);
    folding.for_each(|block| folds.add(block.span, block.kind == StructureKind::Comment));
    // An item folds before the list that starts with it.
    lists.iter().for_each(|list| folds.add(list.span, false));
    let mut found: Vec<Fold> = folds.by_line.into_values().collect();
    if found.len() > limit {
        found.sort_unstable_by_key(|fold| (Reverse(fold.end_line - fold.start_line), fold.start_line));
        found.truncate(limit);
    }
    found.sort_unstable();
    found
}

struct Folds<'a> {
    text: &'a Text,
    by_line: FxHashMap<usize, Fold>,
}

impl Folds<'_> {
    /// From each heading to the last line with text before the next one of its level or above.
    fn sections(&mut self, source: &NoteRef<'_>) {
        for span in source.note.parsed.sections(self.text.end()) {
            let written = self.text.slice(span);
            self.add(
                Span::new(span.start.to_usize(), span.start.to_usize() + written.trim_end().len()),
                false,
            );
        }
    }

    /// Adds a fold, if it hides a line and no other starts where it does.
    fn add(&mut self, span: Span, is_comment: bool) {
        let fold = Fold {
            start_line: self.text.line_of(span.start),
            end_line: self.text.line_of(span.end),
            is_comment,
        };
        if fold.end_line > fold.start_line {
            self.by_line.entry(fold.start_line).or_insert(fold);
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;
    use crate::ide::fixture;

    fn check(text: &str, limit: usize, expected: &Expect) {
        let (vault, at) = fixture::vault(text);
        let note = vault.note(at.note).unwrap();
        let mut said = String::new();
        for fold in folding_ranges(&vault, at.note, limit) {
            let first = note.note.slice(note.note.text.line(fold.start_line).unwrap()).into_owned();
            let comment = if fold.is_comment { " (comment)" } else { "" };
            said.push_str(&format!("{}-{}{comment} {first}\n", fold.start_line + 1, fold.end_line + 1));
        }
        expected.assert_eq(&said);
    }

    const NOTE: &str = "---\ntitle: T\n---\n# One\n\ntext\n## Two\n- a\n  - b\n  - c\n- d\n\n# Three\n```rust\n# no\n```\n\
        > [!note] N\n> text\n\n%% a\nb %%\n\n<!--\n## no\n-->\n\n$$\nx\n$$\n\n| a |\n|---|\n| b |\n\none\nparagraph\n\n# Last\n\n";

    #[test]
    fn everything_of_more_than_a_line_folds() {
        check(
            NOTE,
            usize::MAX,
            &expect![[r#"
            1-3 ---
            4-11 # One
            7-11 ## Two
            8-10 - a
            9-10   - b
            13-36 # Three
            14-16 ```rust
            17-18 > [!note] N
            20-21 (comment) %% a
            23-25 (comment) <!--
            27-29 $$
            31-33 | a |
        "#]],
        );
    }

    #[test]
    fn the_longest_are_kept() {
        check(
            NOTE,
            3,
            &expect![[r#"
            4-11 # One
            7-11 ## Two
            13-36 # Three
        "#]],
        );
    }

    #[test]
    fn broken_notes_fold_as_far_as_they_go() {
        check(
            "---\ntitle: [\n---\r\n# A\r\n```\r\nopen\r\n",
            usize::MAX,
            &expect![[r#"
            1-3 ---
            4-6 # A
            5-6 ```
        "#]],
        );
        check("//- n.md\n", usize::MAX, &expect![[""]]);
    }
}
