//! What is wrong with a note as a whole: its bytes, its front matter, its name.

use crate::config::DiagnosticCode;
use crate::syntax::FaultKind;
use crate::text::Span;
use crate::vault::{Cancelled, FileId, Key, Resolution, Tier, fold};

use super::{Findings, MOST_RELATED, Related};

pub(super) fn check(findings: &mut Findings<'_>) -> Result<(), Cancelled> {
    let source = findings.source;
    if let Some(at) = source.note.invalid_utf8 {
        let message =
            "The file is not UTF-8 from here on; it is shown with replacement characters and never edited.";
        let replaced = Span::between(at, at.plus(char::REPLACEMENT_CHARACTER.len_utf8()));
        findings.add(DiagnosticCode::NotUtf8, replaced, message);
    }
    for fault in &source.note.parsed.faults {
        match &fault.kind {
            FaultKind::FrontMatter(why) => {
                findings.add(
                    DiagnosticCode::BadFrontMatter,
                    fault.span,
                    format!("The front matter is not valid: {why}."),
                );
            }
            FaultKind::FrontMatterValue(why) => {
                findings.add(DiagnosticCode::BadFrontMatter, fault.span, format!("{why}."));
            }
            FaultKind::EmptyLink | FaultKind::UnclosedLink => {}
        }
    }
    if findings.wants(DiagnosticCode::DuplicateName) {
        findings.check_name()?;
    }
    if findings.wants(DiagnosticCode::OrphanNote) {
        let backlinks = findings.vault.backlinks(source.id, findings.cancel)?;
        if backlinks.iter().all(|link| link.source.id == source.id) {
            findings.add(
                DiagnosticCode::OrphanNote,
                findings.first_line(),
                "No other note links to this one.",
            );
        }
    }
    Ok(())
}

impl Findings<'_> {
    /// Another note with the same stem matters only if some link means one of them by that stem alone.
    fn check_name(&mut self) -> Result<(), Cancelled> {
        let stem = self.source.path.stem();
        let key = Key::name(stem);
        let wanted = fold(stem);
        let is_twin = |id: &FileId| {
            *id != self.source.id
                && self.vault.note(*id).is_some_and(|other| fold(other.path.stem()) == wanted)
        };
        let twins: Vec<FileId> = self.vault.definers(key).iter().copied().filter(is_twin).collect();
        if twins.is_empty() || !self.is_linked_by_stem(key, &wanted)? {
            return Ok(());
        }
        let twin = |id: &FileId| {
            let message = self.vault.file(*id)?.path.to_string();
            Some(Related { file: *id, span: Span::default(), message })
        };
        let mut related: Vec<Related> = twins.iter().filter_map(twin).collect();
        related.sort_by(|a, b| a.message.cmp(&b.message));
        related.truncate(MOST_RELATED);
        let message =
            format!("{} other notes are named `{stem}` as well, and links name them by that.", twins.len());
        let message = if twins.len() == 1 {
            format!("Another note is named `{stem}` as well, and links name one of them by that.")
        } else {
            message
        };
        self.add_related(DiagnosticCode::DuplicateName, self.first_line(), message, related);
        Ok(())
    }

    fn is_linked_by_stem(&self, key: Key, stem: &str) -> Result<bool, Cancelled> {
        for user in self.vault.users(key).iter().filter_map(|id| self.vault.note(*id)) {
            self.cancel.check()?;
            let is_by_stem = |link: &&crate::syntax::Link| {
                let target = user.note.slice(link.target);
                let name = crate::vault::without_note_extension(&target);
                link.kind.is_wiki() && fold(name) == stem
            };
            let mut links = user.note.parsed.links.iter().filter(is_by_stem);
            let by_name = |tier| matches!(tier, Tier::Name | Tier::Folded);
            let is_found = |resolution| matches!(resolution, Resolution::Found(found) if by_name(found.tier));
            if links.any(|link| is_found(self.vault.resolve(&user, link))) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn first_line(&self) -> Span {
        self.source.note.text.line(0).unwrap_or_default()
    }
}
