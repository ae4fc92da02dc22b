//! Notes that no other note links to.

use super::super::prelude::*;

rule! {
    /// No other note links to this one.
    ///
    /// Off by default. Turn it on to find notes that readers cannot reach.
    ///
    /// Example, beside `other.md`:
    ///
    /// ```markdown
    /// A thought.
    /// ```
    "note/orphan", None, requires: Requires::Vault
}

fn check<'a>(note: &NoteContext<'a>, findings: &mut Findings<'a>) -> Result<(), Cancelled> {
    let backlinks = note.vault.backlinks(note.source.id, note.cancel)?;
    if backlinks.iter().all(|link| link.source.id == note.source.id) {
        findings.push(Finding::new(note.first_line(), "No links to this note"));
    }
    Ok(())
}
