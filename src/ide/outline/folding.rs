//! What an editor can fold away: sections, regions, front matter, list items, code, quotes, comments.

use std::cmp::Reverse;

use rustc_hash::FxHashMap;

use crate::syntax::{Structure, StructureKind, structure};
use crate::text::{Span, Text};
use crate::vault::{FileId, NoteRef, Snapshot};

/// Lines that fold below their first one, counted from zero.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Fold {
    /// The line that stays visible.
    pub start_line: usize,
    /// The last line that is hidden.
    pub end_line: usize,
    /// What it is, if editors have a name for that.
    pub kind: Option<FoldKind>,
}

/// The kinds of fold that editors have commands for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum FoldKind {
    /// A comment of several lines.
    Comment,
    /// From `<!-- #region -->` to its `<!-- #endregion -->`.
    Region,
}

/// What can be folded in a note, in the order of its lines and at most one fold a line: of several that start
/// on the same line, a section wins, then a region, then what is innermost among lists, else the longest. If
/// there are more than `limit`, the longest are kept. Linear in the note; empty for attachments.
pub fn folding_ranges(vault: &Snapshot, note: FileId, limit: usize) -> Vec<Fold> {
    let Some(source) = vault.note(note) else { return Vec::new() };
    let mut folds = Folds { text: &source.note.text, by_line: FxHashMap::default() };
    let text = source.note.text.to_text();
    let blocks = structure(&text, &source.note.parsed);
    folds.sections(&source);
    folds.regions(&text, &blocks);
    if let Some(front_matter) = &source.note.parsed.front_matter {
        folds.add(front_matter.span, None);
    }
    let (lists, others): (Vec<_>, Vec<_>) =
        blocks.into_iter().partition(|block| block.kind == StructureKind::List);
    let folding = others.iter().filter(|block| block.kind != StructureKind::Paragraph);
    let kind_of = |block: &Structure| (block.kind == StructureKind::Comment).then_some(FoldKind::Comment);
    folding.for_each(|block| folds.add(block.span, kind_of(block)));
    // An item folds before the list that starts with it.
    lists.iter().for_each(|list| folds.add(list.span, None));
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
                None,
            );
        }
    }

    /// From each comment that begins a region to the one that ends it. A comment that ends none is passed
    /// over, and so is a region without an end.
    fn regions(&mut self, text: &str, blocks: &[Structure]) {
        let mut open: Vec<Span> = Vec::new();
        for comment in blocks.iter().filter(|block| block.kind == StructureKind::Comment) {
            match read_region_mark(text, comment.span) {
                Some(RegionMark::Start) => open.push(comment.span),
                Some(RegionMark::End) => {
                    if let Some(start) = open.pop() {
                        self.add(Span::between(start.start, comment.span.end), Some(FoldKind::Region));
                    }
                }
                None => {}
            }
        }
    }

    /// Adds a fold, if it hides a line and no other starts where it does.
    fn add(&mut self, span: Span, kind: Option<FoldKind>) {
        let fold =
            Fold { start_line: self.text.line_of(span.start), end_line: self.text.line_of(span.end), kind };
        if fold.end_line > fold.start_line {
            self.by_line.entry(fold.start_line).or_insert(fold);
        }
    }
}

/// What a comment does to a region.
enum RegionMark {
    Start,
    End,
}

/// Reads `<!-- #region name -->` or `<!-- #endregion -->`, in one line of which it is the first text but for
/// the marks of quotes. The `#` may be missing, as in VS Code.
fn read_region_mark(text: &str, comment: Span) -> Option<RegionMark> {
    let written = text.get(comment.range())?.strip_prefix("<!--")?.strip_suffix("-->")?;
    let words = written.trim_start_matches([' ', '\t']);
    let words = words.strip_prefix('#').unwrap_or(words);
    let (mark, behind) = match words.strip_prefix("region") {
        Some(behind) => (RegionMark::Start, behind),
        None => (RegionMark::End, words.strip_prefix("endregion")?),
    };
    let is_word = !behind.starts_with(|char: char| char.is_alphanumeric() || char == '_');
    let before = text.get(..comment.start.to_usize())?;
    let before = before.trim_end_matches([' ', '\t', '>']);
    let is_first = before.is_empty() || before.ends_with(['\n', '\r']);
    (is_word && is_first && !written.contains(['\n', '\r'])).then_some(mark)
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
            let kind = match fold.kind {
                Some(FoldKind::Comment) => " (comment)",
                Some(FoldKind::Region) => " (region)",
                None => "",
            };
            said.push_str(&format!("{}-{}{kind} {first}\n", fold.start_line + 1, fold.end_line + 1));
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
    fn regions_nest() {
        check(
            "# Ä\n<!-- #region Notes -->\nön\n\n<!--region-->\n> x\n<!-- endregion -->\n\n  <!-- #endregion: Notes -->\nend\n",
            usize::MAX,
            &expect![[r#"
            1-10 # Ä
            2-9 (region) <!-- #region Notes -->
            5-7 (region) <!--region-->
        "#]],
        );
        check(
            "> <!-- #region -->\r\n> a\r\n> <!-- #endregion -->\r\n",
            usize::MAX,
            &expect![[r#"
            1-3 (region) > <!-- #region -->
        "#]],
        );
    }

    #[test]
    fn only_whole_lines_that_have_an_end_make_a_region() {
        check(
            "<!-- #endregion -->\n\n<!-- #region open -->\n\n`<!-- #endregion -->`\n\nx <!-- #endregion -->\n\n\
            <!-- #endregions -->\n\n    <!-- #endregion -->\n\n<!-- region\n-->\n",
            usize::MAX,
            &expect![[r#"
            13-14 (comment) <!-- region
        "#]],
        );
    }

    #[test]
    fn lists_below_a_tab_fold_from_their_own_line() {
        check(
            "- a\n\t- b\n\t\t- c\n\t- d\n",
            usize::MAX,
            &expect![[r#"
            1-4 - a
            2-3 	- b
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
