//! Words that name another note.

use super::super::prelude::*;
use crate::ide::mentions::mentions;
use rustc_hash::FxHashSet;

rule! {
    /// The text names another note without linking to it.
    ///
    /// It does so by the name of the file, its title or an alias, and no link of the note leads there. Only
    /// the first such place is reported. [What a mention is](mentions.md). Off by default. `hint` is what it
    /// is made for, a quiet mark in the text and no entry in a list of problems; an action makes the link:
    ///
    /// ```toml
    /// [diagnostics.severity]
    /// "note/unlinked-mention" = "hint"
    /// ```
    ///
    /// Example, beside `synapse.md`:
    ///
    /// ```markdown
    /// What a synapse does.
    /// ```
    "note/unlinked-mention", None; reading_all_names, requires: Requires::Vault
}

/// The first mention of each note: to mark every one would be to mark what needs no link any more.
fn check<'a>(note: &NoteContext<'a>, findings: &mut Findings<'a>) -> Result<(), Cancelled> {
    let links = note.links()?.iter();
    let mut known: FxHashSet<FileId> = links.filter_map(|link| Some(link.found()?.best)).collect();
    for mention in mentions(note.vault, note.source.id, note.cancel)? {
        if mention.notes.iter().any(|note| known.contains(note)) {
            continue;
        }
        known.extend(&mention.notes);
        let notes = mention.notes.iter().filter_map(|id| Related::file(note.vault, *id));
        let names: Vec<String> = notes.clone().map(|one| format!("`{}`", one.message)).collect();
        let message = format!("Unlinked mention of {}", names.join(" or "));
        findings.push(Finding::new(mention.span, message).related(notes));
    }
    Ok(())
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
