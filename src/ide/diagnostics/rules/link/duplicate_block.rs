//! Ids that two blocks of a note have.

use rustc_hash::FxHashMap;

use super::super::prelude::*;
use crate::ide::note::block_ids::unused_id;
use crate::syntax::Block;

rule! {
    /// Two blocks of a note have the same id; links lead to the first one.
    ///
    /// An id is compared without regard to case. The later blocks, which are reported, cannot be linked. The
    /// fix gives one of them an id of its own; no link is changed by it.
    ///
    /// Example:
    ///
    /// ```markdown
    /// One thought. ^here
    ///
    /// Another thought. ^here
    /// ```
    "link/duplicate-block", Some(Severity::Warning)
}

fn check<'a>(note: &NoteContext<'a>, findings: &mut Findings<'a>) -> Result<(), Cancelled> {
    let mut first_by_id: FxHashMap<String, &Block> = FxHashMap::default();
    for block in &note.source.note.parsed.blocks {
        let id = note.source.note.slice(block.id).to_ascii_lowercase();
        let Some(first) = first_by_id.get(&id) else {
            first_by_id.insert(id, block);
            continue;
        };
        let message = format!("Duplicate block id: `^{}` (links lead to the first one)", shortened(&id));
        let related = Related {
            file: note.source.id,
            span: first.id,
            message: "the first block with this id".to_owned(),
        };
        let finding = Finding::new(block.id, message).related([related]);
        findings.push(finding.fixed_unsafely_by(|fixes| {
            give_id(block, fixes);
            Ok(())
        }));
    }
    Ok(())
}

fn give_id(block: &Block, fixes: &mut FixContext<'_, '_>) {
    let note = fixes.note.source.note;
    let text = note.text.to_text();
    let written = note.slice(block.span);
    let id = unused_id(&text, &note.parsed, &written);
    fixes.edit("Give the block an id of its own", vec![Edit::replace(block.id, id)], Applicability::Unsafe);
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::ide::diagnostics::testing::check_fixes;

    #[test]
    fn the_later_block_gets_another_id() {
        check_fixes(
            "One ^a\n\nTwo ^A$0\n\n- three ^b\n",
            &expect![[r#"
            Give the block an id of its own
            //- note.md
            One ^a

            Two ^2s6x17

            - three ^b
        "#]],
        );
        check_fixes("One ^a$0\n\nTwo ^A\n", &expect![[r#""#]]);
    }
}
