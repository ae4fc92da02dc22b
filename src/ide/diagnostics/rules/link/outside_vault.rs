//! Links whose path leaves the vault.

use crate::config::{RuleSpec, Severity};
use crate::syntax::Link;
use crate::vault::{Cancelled, Resolution};

use super::super::rule;
use super::nearest_file::change_to_nearest;
use crate::ide::diagnostics::context::NoteContext;
use crate::ide::diagnostics::fix::FixContext;
use crate::ide::diagnostics::{Example, Finding, Findings};

rule! {
    /// The path of the link climbs above the root of the vault.
    ///
    /// Links never cross vaults: what lies outside of one is neither followed nor renamed with it. The fixes
    /// are those of [`link/missing-note`](#link-missing-note).
    spec: RuleSpec::new("link/outside-vault", Some(Severity::Warning), "The path of the link is outside the vault."),
    check: check,
    examples: &[Example {
        files: "See [the notes](../nots.md).\n//- notes.md\n",
        fix: Some(("Change to `notes.md`", "See [the notes](notes.md).\n")),
    }],
}

fn check<'a>(note: &NoteContext<'a>, findings: &mut Findings<'a>) -> Result<(), Cancelled> {
    for link in note.links()? {
        if link.resolution == Resolution::OutsideVault {
            findings.add(link.target_span(), OutsideVault { link: link.link });
        }
    }
    Ok(())
}

struct OutsideVault<'a> {
    link: &'a Link,
}

impl Finding for OutsideVault<'_> {
    fn message(&self, note: &NoteContext<'_>) -> String {
        format!("Path outside the vault: `{}`", note.shown(self.link.target))
    }

    fn fix(&self, fixes: &mut FixContext<'_, '_>) -> Result<(), Cancelled> {
        change_to_nearest(self.link, fixes)
    }
}
