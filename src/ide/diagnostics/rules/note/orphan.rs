//! Notes that no other note links to.

use super::super::prelude::*;

rule! {
    /// No other note links to this one. Excluded notes (`files.excluded`) are not reported.
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
    if note.vault.is_excluded(note.source.id) {
        return Ok(());
    }
    let backlinks = note.vault.backlinks(note.source.id, note.cancel)?;
    if backlinks.iter().all(|link| link.source.id == note.source.id) {
        findings.push(Finding::new(note.first_line(), "No links to this note"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::config::{Settings, Severity};
    use crate::ide::diagnostics::testing::found;
    use crate::ide::fixture;

    #[test]
    fn excluded_notes_are_no_orphans() {
        let severities = [(RULE.code(), Some(Severity::Hint))].into();
        let excluded_files = vec!["old/".to_owned()];
        let settings = Settings { severities, excluded_files, ..Default::default() };
        let (vault, _) = fixture::with_settings("//- a.md\nA\n//- old/b.md\nB\n", settings);
        let orphans = vault.notes().filter(|note| !found(&vault, note.id).is_empty());
        assert_eq!(orphans.map(|note| note.path.to_string()).collect::<Vec<_>>(), ["a.md"]);
    }
}
