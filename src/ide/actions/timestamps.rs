//! Timestamps written in another form, and everything of one kind that is sure to be wrong with them mended at once: here,
//! in the note, in the vault.

use serde::{Deserialize, Serialize};

use crate::config::DiagnosticCode;
use crate::syntax::{Timestamp, TimestampForm};
use crate::text::Span;
use crate::vault::{Cancelled, NoteRef};

use super::{ActionKind, ActionSubject, Asked, CodeAction};
use crate::ide::change::{ChangeError, ChangeFailure, VaultChange, by_note};
use crate::ide::fixes::sure_fixes;
use crate::ide::timestamps::forms::{FORMS, all_in_form, in_form, most_common_form, one_in_form};

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

/// The other forms that the timestamp at the place can have, that of most in the note preferred; and its own form for the
/// others.
pub(super) fn offer_forms(asked: &Asked<'_>, offers: &mut Vec<CodeAction>) {
    let Some(timestamp) = timestamp_at(asked) else { return };
    let common = most_common_form(&asked.source);
    for to in FORMS.into_iter().filter(|form| one_in_form(&asked.source, timestamp, *form).is_some()) {
        offers.push(CodeAction {
            title: format!("Write this timestamp {}", in_words(to)),
            kind: ActionKind::Rewrite,
            is_preferred: common == Some(to),
            mends: None,
            subject: ActionSubject::ConvertTimestamp { timestamp: timestamp.span, to },
        });
    }
    let to = timestamp.form;
    let other = |stamp: &Timestamp| in_form(&asked.source, stamp, to).is_some();
    let is_mixed = asked.source.note.parsed.timestamps.iter().any(other);
    for reach in Reach::ALL.into_iter().filter(|reach| is_mixed || *reach == Reach::Vault) {
        offers.push(CodeAction {
            title: format!("Write all timestamps of the {} {}", reach.name(), in_words(to)),
            kind: ActionKind::Rewrite,
            is_preferred: false,
            mends: None,
            subject: ActionSubject::ConvertTimestamps { to, reach },
        });
    }
}

/// What stands for a form in the title of an action.
fn in_words(form: TimestampForm) -> &'static str {
    match form {
        TimestampForm::Tag => "as `<a>` with `data-t`",
        TimestampForm::WrappedTag => "as `[…](<a>)`",
        TimestampForm::VideoLink => "as a link to the video",
        TimestampForm::Bare => "as plain `[1:55]`",
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

/// For each kind of finding at the place: all of that kind that have one sure answer.
pub(super) fn offer_fixes(asked: &Asked<'_>, offers: &mut Vec<CodeAction>) -> Result<(), Cancelled> {
    let mut codes: Vec<DiagnosticCode> =
        asked.findings()?.iter().filter(|one| asked.is_at(one.span)).map(|one| one.code).collect();
    codes.retain(|code| code.group() == "timestamp");
    codes.sort_unstable();
    codes.dedup();
    for code in codes {
        if sure_fixes(asked.vault, asked.source.id, &|other| other == code, asked.cancel)?.findings.is_empty()
        {
            continue;
        }
        for reach in Reach::ALL {
            offers.push(CodeAction {
                title: format!(
                    "Fix each `{}` of the {} that has one sure answer",
                    code.as_str(),
                    reach.name()
                ),
                kind: ActionKind::QuickFix,
                is_preferred: false,
                mends: None,
                subject: ActionSubject::FixTimestamps { code: code.as_str().to_owned(), reach },
            });
        }
    }
    Ok(())
}

/// Makes all sure fixes of one kind.
pub(super) fn resolve_fixes(
    asked: &Asked<'_>,
    code: &str,
    reach: Reach,
) -> Result<VaultChange, ChangeFailure> {
    let mut change = VaultChange::default();
    for note in notes_in(asked, reach) {
        let sure = sure_fixes(asked.vault, note.id, &|other| other.as_str() == code, asked.cancel)?;
        change.edits.extend(sure.change.edits);
    }
    change.edits.sort_by_key(|edits| asked.vault.note(edits.note).map(|note| note.path));
    Ok(change)
}
