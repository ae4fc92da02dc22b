//! Words that could be a link.

use rustc_hash::FxHashSet;

use crate::config::DiagnosticCode;
use crate::text::Span;
use crate::vault::{Cancelled, FileId, Resolution};

use super::{Findings, Related};
use crate::ide::mentions::mentions;

/// Of each note that the text names and no link leads to the first mention; to mark every one would be to mark what needs
/// no link any more.
pub(super) fn check(findings: &mut Findings<'_>) -> Result<(), Cancelled> {
    if !findings.wants(DiagnosticCode::UnlinkedMention) {
        return Ok(());
    }
    let (vault, source) = (findings.vault, findings.source);
    let mut known: FxHashSet<FileId> = FxHashSet::default();
    for link in &source.note.parsed.links {
        if let Resolution::Found(found) = vault.resolve(&source, link) {
            known.insert(found.best);
        }
    }
    for mention in mentions(vault, source.id, findings.cancel)? {
        if mention.notes.iter().any(|note| known.contains(note)) {
            continue;
        }
        known.extend(&mention.notes);
        let related = |note: &FileId| {
            let message = vault.file(*note)?.path.to_string();
            Some(Related { file: *note, span: Span::default(), message })
        };
        let related: Vec<Related> = mention.notes.iter().filter_map(related).collect();
        let names: Vec<String> = related.iter().map(|one| format!("`{}`", one.message)).collect();
        let message = format!("Names {} without a link.", names.join(" or "));
        findings.add_related(DiagnosticCode::UnlinkedMention, mention.span, message, related);
    }
    Ok(())
}
