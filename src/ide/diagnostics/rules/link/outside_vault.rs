//! Links whose path leaves the vault.

use super::super::prelude::*;
use super::nearest_file::find_unresolved;

rule! {
    /// The path of the link is outside the vault.
    ///
    /// Links never cross vaults: what is outside of one is neither followed nor renamed with it. The fixes
    /// are those of [`link/missing-note`](#link-missing-note).
    ///
    /// Example, beside `notes.md`:
    ///
    /// ```markdown
    /// See [the notes](../nots.md).
    /// ```
    ///
    /// After the fix *Change to `notes.md`*:
    ///
    /// ```markdown
    /// See [the notes](notes.md).
    /// ```
    "link/outside-vault", Some(Severity::Warning)
}

fn check<'a>(note: &NoteContext<'a>, findings: &mut Findings<'a>) -> Result<(), Cancelled> {
    find_unresolved(
        note,
        "Path outside the vault",
        |link| link.resolution == Resolution::OutsideVault,
        findings,
    )
}
