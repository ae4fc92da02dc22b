//! Timestamps written in another form, and all safe fixes of one rule about them at once: here, in the note,
//! in the vault.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::config::DiagnosticCode;
use crate::syntax::{Timestamp, TimestampForm};
use crate::text::Span;
use crate::vault::{Cancelled, NoteRef};

use super::{ActionKind, ActionSubject, Asked, CodeAction};
use crate::ide::change::{ChangeError, ChangeFailure, VaultChange, by_note};
use crate::ide::diagnostics::safe_fixes;
use crate::ide::timestamps::forms::{FORMS, all_in_form, in_form, most_common, one_in_form};

/// How far an action reaches.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Reach {
    /// The note.
    Note,
    /// All notes of the vault.
    Vault,
}

impl Reach {
    const ALL: [Reach; 2] = [Reach::Note, Reach::Vault];

    fn name(self) -> &'static str {
        match self {
            Reach::Note => "note",
            Reach::Vault => "vault",
        }
    }
}

/// The other forms that the timestamp at the place can have, that of most in the note preferred; and its own
/// form for the others.
pub(super) fn offer_forms(asked: &Asked<'_>, offers: &mut Vec<CodeAction>) {
    let Some(timestamp) = timestamp_at(asked) else { return };
    let common = most_common(&asked.source.note.parsed.timestamps.iter());
    for to in FORMS.into_iter().filter(|form| one_in_form(&asked.source, timestamp, *form).is_some()) {
        let title = format!("Convert timestamp to {}", in_words(to));
        let subject = ActionSubject::ConvertTimestamp { timestamp: timestamp.span, to };
        offers.push(CodeAction {
            is_preferred: common == Some(to),
            ..CodeAction::new(ActionKind::Rewrite, title, subject)
        });
    }
    let to = timestamp.form();
    let other = |stamp: &Timestamp| in_form(&asked.source, stamp, to).is_some();
    let is_mixed = asked.source.note.parsed.timestamps.iter().any(other);
    for reach in Reach::ALL.into_iter().filter(|reach| is_mixed || *reach == Reach::Vault) {
        let title = format!("Convert all timestamps in the {} to {}", reach.name(), in_words(to));
        let subject = ActionSubject::ConvertTimestamps { to, reach };
        offers.push(CodeAction::new(ActionKind::Rewrite, title, subject));
    }
}

/// What stands for a form in the title of an action.
fn in_words(form: TimestampForm) -> &'static str {
    match form {
        TimestampForm::Tag => "`<a>` with `data-t`",
        TimestampForm::WrappedTag => "`[…](<a>)`",
        TimestampForm::VideoLink => "a link to the video",
        TimestampForm::Bare => "plain `[1:55]`",
    }
}

fn timestamp_at<'a>(asked: &Asked<'a>) -> Option<&'a Timestamp> {
    asked.source.note.parsed.timestamps.iter().find(|stamp| asked.is_at(stamp.span))
}

/// Writes one timestamp in another form.
pub(super) fn resolve_form(
    asked: &Asked<'_>,
    span: Span,
    to: TimestampForm,
) -> Result<VaultChange, ChangeError> {
    let mut timestamps = asked.source.note.parsed.timestamps.iter();
    let timestamp = timestamps.find(|stamp| stamp.span == span).ok_or(ChangeError::Gone)?;
    let edit = one_in_form(&asked.source, timestamp, to).ok_or(ChangeError::Gone)?;
    Ok(VaultChange::in_note(asked.source.id, vec![edit]))
}

/// Writes all timestamps in a form that can have it.
pub(super) fn resolve_forms(
    asked: &Asked<'_>,
    to: TimestampForm,
    reach: Reach,
) -> Result<VaultChange, ChangeFailure> {
    let mut edits = Vec::new();
    for note in notes_in(asked, reach) {
        edits.extend(all_in_form(&note, to, asked.cancel)?.into_iter().map(|edit| (note.id, edit)));
    }
    Ok(VaultChange { edits: by_note(asked.vault, edits), ..VaultChange::default() })
}

/// The notes that an action reaches and that may be written to.
fn notes_in<'a>(asked: &Asked<'a>, reach: Reach) -> Vec<NoteRef<'a>> {
    let mut notes: Vec<NoteRef<'a>> = match reach {
        Reach::Note => vec![asked.source],
        Reach::Vault => asked.vault.notes().collect(),
    };
    notes.retain(|note| note.note.invalid_utf8.is_none() && !note.note.parsed.timestamps.is_empty());
    notes
}

/// Offers all safe fixes of each rule about timestamps that reports something at the place.
pub(super) fn offer_fixes(asked: &Asked<'_>, offers: &mut Vec<CodeAction>) -> Result<(), Cancelled> {
    let here = asked.found()?.iter().filter(|found| asked.is_at(found.diagnostic.span));
    let about_timestamps = here.filter(|found| found.rule.is_about_timestamp);
    let codes: BTreeSet<DiagnosticCode> = about_timestamps.map(|found| found.diagnostic.code).collect();
    for code in codes {
        let safe = safe_fixes(asked.vault, asked.source.id, &|other| other == code, asked.cancel)?;
        for reach in Reach::ALL.into_iter().filter(|_| !safe.diagnostics.is_empty()) {
            let code = code.as_str();
            let title = format!("Fix all auto-fixable `{code}` problems in the {}", reach.name());
            let subject = ActionSubject::FixTimestamps { code: code.to_owned(), reach };
            offers.push(CodeAction::new(ActionKind::QuickFix, title, subject));
        }
    }
    Ok(())
}

/// Applies all safe fixes of one rule.
pub(super) fn resolve_fixes(
    asked: &Asked<'_>,
    code: &str,
    reach: Reach,
) -> Result<VaultChange, ChangeFailure> {
    let mut change = VaultChange::default();
    for note in notes_in(asked, reach) {
        let safe = safe_fixes(asked.vault, note.id, &|other| other.as_str() == code, asked.cancel)?;
        change.edits.extend(safe.change.edits);
    }
    change.edits.sort_by_key(|edits| asked.vault.note(edits.note).map(|note| note.path));
    Ok(change)
}
