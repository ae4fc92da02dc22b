//! Links around words that name a note.

use crate::text::Span;
use crate::vault::{Cancelled, FileId};

use super::{ActionKind, ActionSubject, Asked, CodeAction};
use crate::ide::change::{ChangeError, ChangeFailure, Edit, VaultChange};
use crate::ide::diagnostics::Diagnostic;
use crate::ide::diagnostics::rules::note::unlinked_mention;
use crate::ide::mentions::{Mention, link_for, mentions, mentions_near};

/// With so many mentions selected, each by itself is too much to choose from.
const MOST_OFFERED: usize = 4;

/// A link for each mention at the place, to each note that it can mean; and one for all mentions of the note
/// that mean one note only, if there are several.
pub(super) fn offer(asked: &Asked<'_>, offers: &mut Vec<CodeAction>) -> Result<(), Cancelled> {
    let mut here = mentions_near(asked.vault, &asked.source, asked.span, asked.cancel)?;
    here.retain(|mention| asked.is_at(mention.span));
    if here.is_empty() {
        return Ok(());
    }
    let findings = findings(asked)?;
    for mention in here.iter().take(MOST_OFFERED) {
        let finding = findings.iter().find(|finding| finding.span == mention.span);
        for note in &mention.notes {
            offers.extend(offer_link(asked, mention, *note, finding));
        }
    }
    let all = mentions(asked.vault, asked.source.id, asked.cancel)?;
    let sure = all.iter().filter(|mention| !mention.is_ambiguous).count();
    if sure > 1 {
        offers.push(CodeAction::new(
            ActionKind::Rewrite,
            format!("Link all {sure} unlinked mentions in this note"),
            ActionSubject::LinkAllMentions,
        ));
    }
    Ok(())
}

fn offer_link(
    asked: &Asked<'_>,
    mention: &Mention,
    note: FileId,
    finding: Option<&Diagnostic>,
) -> Option<CodeAction> {
    let path = &asked.vault.file(note)?.path;
    link_for(asked.vault, &asked.source, mention.span, note)?;
    let words = asked.source.note.slice(mention.span);
    let title = format!("Link “{words}” to `{}`", path.without_extension());
    let kind = if finding.is_some() { ActionKind::QuickFix } else { ActionKind::Rewrite };
    let subject = ActionSubject::LinkMention { span: mention.span, note: path.as_str().to_owned() };
    Some(CodeAction {
        is_preferred: finding.is_some() && !mention.is_ambiguous && mention.notes.first() == Some(&note),
        fixes: finding.cloned(),
        ..CodeAction::new(kind, title, subject)
    })
}

/// The findings about mentions, if the settings want any.
fn findings(asked: &Asked<'_>) -> Result<Vec<Diagnostic>, Cancelled> {
    let code = unlinked_mention::RULE.code();
    if asked.vault.settings().severity(code).is_none() {
        return Ok(Vec::new());
    }
    Ok(asked.diagnostics()?.filter(|diagnostic| diagnostic.code == code).cloned().collect())
}

/// A link for one mention, to the note at a path.
pub(super) fn resolve(asked: &Asked<'_>, span: Span, path: &str) -> Result<VaultChange, ChangeFailure> {
    let note = asked.vault.find(path).ok_or(ChangeError::Gone)?;
    let all = mentions(asked.vault, asked.source.id, asked.cancel)?;
    let mention = all.iter().find(|mention| mention.span == span && mention.notes.contains(&note));
    let mention = mention.ok_or(ChangeError::Gone)?;
    let link = link_for(asked.vault, &asked.source, mention.span, note).ok_or(ChangeError::Gone)?;
    Ok(VaultChange::in_note(asked.source.id, vec![Edit::replace(span, link)]))
}

/// A link for every mention that means one note only.
pub(super) fn resolve_all(asked: &Asked<'_>) -> Result<VaultChange, Cancelled> {
    let all = mentions(asked.vault, asked.source.id, asked.cancel)?;
    let edit = |mention: &Mention| {
        let note = mention.notes.first().filter(|_| !mention.is_ambiguous)?;
        let link = link_for(asked.vault, &asked.source, mention.span, *note)?;
        Some(Edit::replace(mention.span, link))
    };
    let edits: Vec<Edit> = all.iter().filter_map(edit).collect();
    Ok(if edits.is_empty() { VaultChange::default() } else { VaultChange::in_note(asked.source.id, edits) })
}
