//! Links that lead nowhere, to several places, or by a name that only we understand.

use crate::config::DiagnosticCode;
use crate::syntax::{FaultKind, Link};
use crate::text::Span;
use crate::vault::{Cancelled, FileId, Found, Resolution, Tier};

use super::{Findings, MOST_RELATED, Related};
use crate::ide::links::fragment::{Fragments, Place};
use crate::ide::note::title::shortened;

pub(super) fn check(findings: &mut Findings<'_>) -> Result<(), Cancelled> {
    let source = findings.source;
    for link in source.note.parsed.links.iter().filter(|link| !link.is_external) {
        findings.cancel.check()?;
        findings.check_link(link);
    }
    for fault in &source.note.parsed.faults {
        match fault.kind {
            FaultKind::EmptyLink => {
                findings.add(DiagnosticCode::EmptyLink, fault.span, "This link names nothing.");
            }
            FaultKind::UnclosedLink => {
                findings.add(
                    DiagnosticCode::UnclosedLink,
                    fault.span,
                    "This link is not closed: `]]` is missing on its line.",
                );
            }
            FaultKind::FrontMatter(_) | FaultKind::FrontMatterValue(_) => {}
        }
    }
    Ok(())
}

impl Findings<'_> {
    fn check_link(&mut self, link: &Link) {
        let source = self.source;
        let span = if link.target.is_empty() { link.span } else { link.target };
        let target = source.note.slice(link.target);
        let target = shortened(&target);
        match self.vault.resolve(&source, link) {
            Resolution::External | Resolution::Folder => {}
            Resolution::OutsideVault => {
                self.add(DiagnosticCode::OutsideVault, span, format!("`{target}` leads out of the vault."));
            }
            Resolution::Missing if link.kind.is_wiki() => {
                self.add(
                    DiagnosticCode::MissingNote,
                    span,
                    format!("No note or attachment is named `{target}`."),
                );
            }
            Resolution::Missing => {
                self.add(DiagnosticCode::MissingFile, span, format!("There is no file `{target}`."));
            }
            Resolution::Found(found) => self.check_found(link, &found, span, &target),
        }
    }

    fn check_found(&mut self, link: &Link, found: &Found, span: Span, target: &str) {
        let Some(file) = self.vault.file(found.best) else { return };
        if found.is_ambiguous {
            let message =
                format!("`{target}` fits {} files equally well; `{}` is taken.", found.all.len(), file.path);
            let related = found.all.iter().take(MOST_RELATED).filter_map(|id| self.candidate(*id)).collect();
            self.add_link(DiagnosticCode::AmbiguousLink, span, message, related, Some(found.tier));
        }
        if found.tier.is_inexact() {
            let how = match found.tier {
                Tier::Alias => "an alias",
                Tier::Title => "the title",
                _ => "a loose spelling",
            };
            let name = file.path.stem();
            let message =
                format!("`{target}` is {how} of `{name}`: tools that need the exact name will not find it.");
            self.add_link(DiagnosticCode::InexactLink, span, message, Vec::new(), Some(found.tier));
        }
        let Some(target) = self.vault.note(found.best) else { return };
        let Some(fragment) = link.fragment else { return };
        let fragments = self.fragments.entry(found.best).or_insert_with(|| Fragments::of(target));
        if fragments.find_place(&self.source, link) != Place::Missing {
            return;
        }
        let name = self.source.note.slice(fragment);
        let name = shortened(&name);
        let stem = target.path.stem();
        let related = self.candidate(found.best).into_iter().collect();
        match name.strip_prefix('^') {
            Some(id) => {
                let message = format!("`{stem}` has no block `{id}`.");
                self.add_link(DiagnosticCode::MissingBlock, fragment, message, related, Some(found.tier));
            }
            None => {
                let message = format!("`{stem}` has no heading `{name}`.");
                self.add_link(DiagnosticCode::MissingHeading, fragment, message, related, Some(found.tier));
            }
        }
    }

    fn candidate(&self, file: FileId) -> Option<Related> {
        let message = self.vault.file(file)?.path.to_string();
        Some(Related { file, span: Span::default(), message })
    }
}
