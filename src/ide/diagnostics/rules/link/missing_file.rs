//! Markdown links whose file is not there.

use crate::config::{RuleSpec, Severity};
use crate::syntax::Link;
use crate::vault::{Cancelled, Resolution};

use super::super::rule;
use super::nearest_file::change_to_nearest;
use crate::ide::diagnostics::context::NoteContext;
use crate::ide::diagnostics::fix::FixContext;
use crate::ide::diagnostics::{Example, Finding, Findings, Requires};

rule! {
    /// The file of `[text](path)`, `![text](path)` or `[label]: path` does not exist.
    ///
    /// The path is decoded (escapes, character references, `%20`) and looked up from the folder of the note,
    /// from the root of the vault, and as the end of any path of the vault. The fixes are those of
    /// [`link/missing-note`](#link-missing-note).
    spec: RuleSpec::new("link/missing-file", Some(Severity::Warning), "The file that a Markdown link or image names does not exist."),
    requires: Requires::Vault,
    check: check,
    examples: &[Example {
        files: "See [the notes](nots.md).\n//- notes.md\n",
        fix: Some(("Change to `notes.md`", "See [the notes](notes.md).\n")),
    }],
}

fn check<'a>(note: &NoteContext<'a>, findings: &mut Findings<'a>) -> Result<(), Cancelled> {
    for link in note.links()? {
        if link.resolution == Resolution::Missing && !link.link.kind.is_wiki() {
            findings.add(link.target_span(), MissingFile { link: link.link });
        }
    }
    Ok(())
}

struct MissingFile<'a> {
    link: &'a Link,
}

impl Finding for MissingFile<'_> {
    fn message(&self, note: &NoteContext<'_>) -> String {
        format!("File not found: `{}`", note.shown(self.link.target))
    }

    fn fix(&self, fixes: &mut FixContext<'_, '_>) -> Result<(), Cancelled> {
        change_to_nearest(self.link, fixes)
    }
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
