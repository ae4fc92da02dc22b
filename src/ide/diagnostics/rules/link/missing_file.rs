//! Markdown links whose file does not exist.

use super::super::prelude::*;
use super::nearest_file::find_unresolved;

rule! {
    /// The file that a Markdown link or image names does not exist.
    ///
    /// The path of `[text](path)`, `![text](path)` or `[label]: path` is decoded (escapes, character
    /// references, `%20`) and looked up from the folder of the note, from the root of the vault, and as the
    /// end of any path of the vault. The fixes are those of [`link/missing-note`](#link-missing-note).
    ///
    /// Example, beside `notes.md`:
    ///
    /// ```markdown
    /// See [the notes](nots.md).
    /// ```
    ///
    /// After the fix *Change to `notes.md`*:
    ///
    /// ```markdown
    /// See [the notes](notes.md).
    /// ```
    "link/missing-file", Some(Severity::Warning), requires: Requires::Vault
}

fn check<'a>(note: &NoteContext<'a>, findings: &mut Findings<'a>) -> Result<(), Cancelled> {
    find_unresolved(note, "File not found", |link| link.is_missing() && !link.link.kind.is_wiki(), findings)
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::ide::diagnostics::testing::check;

    #[test]
    fn markdown_links_are_read_without_escapes_and_references() {
        check(
            "//- a.md\n[a](foo\\_bar.md) [b](p\\(1\\).md) ![c](q&amp;a.png) [d](<caf&#233; &#35;.md#two&amp;\\_>) [e]\n\
             [f](q&a.png) [g](caf%26%23233;.md) [h](foo_bar\\#two)\n\n[e]: p&#40;1&rpar;.md\n\
             //- foo_bar.md\n## Two\n//- p(1).md\n//- q&a.png\n//- café #.md\n## Two&_\n",
            &expect![[r#"
                a.md:2 "caf%26%23233;.md" link/missing-file: File not found: `caf%26%23233;.md`
            "#]],
        );
    }
}
