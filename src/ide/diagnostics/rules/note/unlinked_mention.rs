//! Words that name another note.

use rustc_hash::FxHashSet;

use crate::config::RuleSpec;
use crate::vault::{Cancelled, FileId};

use super::super::rule;
use crate::ide::diagnostics::context::NoteContext;
use crate::ide::diagnostics::{Example, Finding, Findings, Related, Requires};
use crate::ide::mentions::mentions;

rule! {
    /// The text names another note, by the name of its file, its title or an alias, and no link of the note
    /// leads there. Only the first such place is reported. [What a mention is](mentions.md).
    ///
    /// Off by default. `hint` is what it is made for, a quiet mark in the text and no entry in a list of
    /// problems; an action makes the link:
    ///
    /// ```toml
    /// [diagnostics.severity]
    /// "note/unlinked-mention" = "hint"
    /// ```
    spec: RuleSpec::new("note/unlinked-mention", None, "The text names another note without linking to it.").reading_all_names(),
    requires: Requires::Vault,
    check: check,
    examples: &[Example { files: "What a synapse does.\n//- synapse.md\n", fix: None }],
}

/// The first mention of each note: to mark every one would be to mark what needs no link any more.
fn check<'a>(note: &NoteContext<'a>, findings: &mut Findings<'a>) -> Result<(), Cancelled> {
    let links = note.links()?.iter();
    let mut known: FxHashSet<FileId> = links.filter_map(|link| Some(link.found()?.best)).collect();
    for mention in mentions(note.vault, note.source.id, note.cancel)? {
        if !mention.notes.iter().any(|note| known.contains(note)) {
            known.extend(&mention.notes);
            findings.add(mention.span, UnlinkedMention { notes: mention.notes.to_vec() });
        }
    }
    Ok(())
}

struct UnlinkedMention {
    notes: Vec<FileId>,
}

impl Finding for UnlinkedMention {
    fn message(&self, note: &NoteContext<'_>) -> String {
        let names = self.related(note).into_iter().map(|one| format!("`{}`", one.message));
        format!("Unlinked mention of {}", names.collect::<Vec<_>>().join(" or "))
    }

    fn related(&self, note: &NoteContext<'_>) -> Vec<Related> {
        self.notes.iter().filter_map(|id| Related::file(note.vault, *id)).collect()
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::RULE;
    use crate::config::{Settings, Severity};
    use crate::ide::diagnostics::testing::found;
    use crate::ide::fixture;
    #[test]
    fn the_first_mention_of_each_note_that_is_not_linked() {
        let severities = [(RULE.code(), Some(Severity::Hint))].into();
        let settings = Settings { severities, ..Default::default() };
        let text = "//- x/a.md\nSynapse, cortex, synapse. [[spine]], spine, a twin.\n//- synapse.md\n//- cortex.md\n//- spine.md\n\
            //- a twin.md\n//- y/a twin.md\n";
        let (vault, at) = fixture::with_settings(text, settings);
        let found = found(&vault, at.note);
        let messages: Vec<&str> = found.iter().map(|one| &*one.message).collect();
        expect![[r#"
            [
                "Unlinked mention of `synapse.md`",
                "Unlinked mention of `cortex.md`",
                "Unlinked mention of `a twin.md` or `y/a twin.md`",
            ]
        "#]]
        .assert_debug_eq(&messages);
    }
}
