//! Notes that no other note links to.

use crate::config::RuleSpec;
use crate::vault::Cancelled;

use super::super::rule;
use crate::ide::diagnostics::context::NoteContext;
use crate::ide::diagnostics::{Example, Finding, Findings, Requires};

rule! {
    /// No other note links to this one.
    ///
    /// Off by default. Turn it on to find notes that readers cannot reach.
    spec: RuleSpec::new("note/orphan", None, "No other note links to this one."),
    requires: Requires::Vault,
    check: check,
    examples: &[Example { files: "A thought.\n//- other.md\n", fix: None }],
}

fn check<'a>(note: &NoteContext<'a>, findings: &mut Findings<'a>) -> Result<(), Cancelled> {
    let backlinks = note.vault.backlinks(note.source.id, note.cancel)?;
    if backlinks.iter().all(|link| link.source.id == note.source.id) {
        findings.add(note.first_line(), Orphan);
    }
    Ok(())
}

struct Orphan;

impl Finding for Orphan {
    fn message(&self, _note: &NoteContext<'_>) -> String {
        "No links to this note".to_owned()
    }
}
