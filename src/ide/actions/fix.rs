//! Fixes of findings, one by one and all that are sure at once.

use crate::config::DiagnosticCode;
use crate::text::Span;
use crate::vault::Cancelled;

use super::{ActionKind, ActionSubject, Asked, CodeAction};
use crate::ide::change::{ChangeError, ChangeFailure, VaultChange};
use crate::ide::diagnostics::Diagnostic;
use crate::ide::fixes::{Fix, fixes, sure_fixes};

/// The fixes of the findings at the place, the worst finding's first; and that of all that are sure.
pub(super) fn offer(asked: &Asked<'_>, offers: &mut Vec<CodeAction>) -> Result<(), Cancelled> {
    if asked.wants(ActionKind::QuickFix) {
        let findings = asked.findings()?.iter();
        let mut findings: Vec<&Diagnostic> = findings.filter(|finding| asked.is_at(finding.span)).collect();
        findings.sort_by_key(|finding| finding.severity);
        for finding in findings {
            for fix in fixes(asked.vault, asked.source.id, finding, asked.cancel)? {
                let Fix { title, is_sure, .. } = fix;
                let code = finding.code.as_str().to_owned();
                let subject = ActionSubject::Fix { code, span: finding.span, title: title.clone() };
                offers.push(CodeAction {
                    title,
                    kind: ActionKind::QuickFix,
                    is_preferred: is_sure,
                    mends: Some(finding.clone()),
                    subject,
                });
            }
        }
    }
    if asked.wants(ActionKind::FixAll) && !resolve_all(asked)?.is_empty() {
        offers.push(CodeAction {
            title: "Fix all that has one sure answer in this note".to_owned(),
            kind: ActionKind::FixAll,
            is_preferred: false,
            mends: None,
            subject: ActionSubject::FixAll,
        });
    }
    Ok(())
}

/// Makes the fix of that title.
pub(super) fn resolve(
    asked: &Asked<'_>,
    code: &str,
    span: Span,
    title: &str,
) -> Result<VaultChange, ChangeFailure> {
    let mut findings = asked.findings()?.iter();
    let finding = findings.find(|finding| finding.code.as_str() == code && finding.span == span);
    let finding = finding.ok_or(ChangeError::Gone)?;
    let mut fixes = fixes(asked.vault, asked.source.id, finding, asked.cancel)?.into_iter();
    Ok(fixes.find(|fix| fix.title == title).ok_or(ChangeError::Gone)?.change)
}

/// Makes all sure fixes; nothing if there are none.
pub(super) fn resolve_all(asked: &Asked<'_>) -> Result<VaultChange, Cancelled> {
    let can_tell = |code: DiagnosticCode| asked.options.knows_whole_vault || !code.needs_whole_vault();
    Ok(sure_fixes(asked.vault, asked.source.id, &can_tell, asked.cancel)?.change)
}
