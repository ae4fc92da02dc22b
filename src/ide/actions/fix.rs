//! Fixes of diagnostics, one by one and all safe ones at once.

use crate::text::Span;
use crate::vault::Cancelled;

use super::{ActionKind, ActionSubject, Asked, CodeAction, MAX_FINDINGS};
use crate::ide::change::{ChangeError, ChangeFailure, VaultChange};
use crate::ide::diagnostics::safe_fixes;

/// Offers the fixes of the diagnostics at the place, those of the worst first, of at most [`MAX_FINDINGS`].
pub(super) fn offer(asked: &Asked<'_>, offers: &mut Vec<CodeAction>) -> Result<(), Cancelled> {
    let all = asked.found()?;
    let mut here: Vec<_> = all.iter().filter(|found| asked.is_at(found.diagnostic.span)).collect();
    here.sort_by_key(|found| found.diagnostic.severity);
    for found in here.into_iter().take(MAX_FINDINGS) {
        let diagnostic = &found.diagnostic;
        for fix in asked.context.fixes(found, all, false)? {
            let (code, title) = (diagnostic.code.as_str().to_owned(), fix.title.clone());
            let subject = ActionSubject::Fix { code, span: diagnostic.span, title };
            offers.push(CodeAction {
                is_preferred: fix.is_safe(),
                fixes: Some(diagnostic.clone()),
                ..CodeAction::new(ActionKind::QuickFix, fix.title, subject)
            });
        }
    }
    Ok(())
}

/// Offers all safe fixes of the note at once.
pub(super) fn offer_all(asked: &Asked<'_>, offers: &mut Vec<CodeAction>) -> Result<(), Cancelled> {
    if !resolve_all(asked)?.is_empty() {
        let title = "Fix all auto-fixable problems";
        offers.push(CodeAction::new(ActionKind::FixAll, title, ActionSubject::FixAll));
    }
    Ok(())
}

/// Applies the fix of that title.
pub(super) fn resolve(
    asked: &Asked<'_>,
    code: &str,
    span: Span,
    title: &str,
) -> Result<VaultChange, ChangeFailure> {
    let all = asked.found()?;
    let mut of_code = all.iter().filter(|found| found.diagnostic.code.as_str() == code);
    let found = of_code.find(|found| found.diagnostic.span == span).ok_or(ChangeError::Gone)?;
    let mut fixes = asked.context.fixes(found, all, false)?.into_iter();
    Ok(fixes.find(|fix| fix.title == title).ok_or(ChangeError::Gone)?.change)
}

/// Applies all safe fixes; nothing if there are none.
pub(super) fn resolve_all(asked: &Asked<'_>) -> Result<VaultChange, Cancelled> {
    Ok(safe_fixes(asked.vault, asked.source.id, &|_| true, asked.cancel)?.change)
}
