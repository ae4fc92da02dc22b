//! Links that lead nowhere, or by a name that only we understand.

use crate::syntax::Link;
use crate::vault::{Cancelled, Code, Resolution};

use super::super::rename::edits_to_name;
use super::Broken;

pub(super) fn fix(broken: &mut Broken<'_>) -> Result<(), Cancelled> {
    broken.cancel.check()?;
    if broken.finding.code == Code::InexactLink {
        broken.write_real_name();
    }
    Ok(())
}

impl<'a> Broken<'a> {
    /// The link that the finding is about: findings mark its target, its fragment or all of it.
    fn link(&self) -> Option<&'a Link> {
        let span = self.finding.span;
        let parts = |link: &Link| link.target == span || link.fragment == Some(span) || link.span == span;
        self.source.note.parsed.links.iter().find(|link| parts(link))
    }

    /// Not sure where several files share the inexact name: then the one that is taken may not be meant.
    fn write_real_name(&mut self) {
        let Some(link) = self.link() else { return };
        let Resolution::Found(found) = self.vault.resolve(&self.source, link) else { return };
        let Some(file) = self.vault.file(found.best) else { return };
        let Some(edits) = edits_to_name(self.vault, &self.source, link, found.best) else { return };
        let title = format!("Write the real name, `{}`", file.path.stem());
        self.add(title, edits, found.all.len() == 1);
    }
}
