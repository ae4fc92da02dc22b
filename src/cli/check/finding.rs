//! A finding with the texts that showing it needs.

use crate::config::Severity;
use crate::disk::{SETTINGS_CODE, SETTINGS_FILE};
use crate::ide;
use crate::vault::{Cancel, FileId, Snapshot};

use crate::cli::load::Loaded;
use crate::cli::place::{Place, place};

/// A diagnostic, with the text of its file.
#[derive(Clone, Debug)]
pub(super) struct Finding {
    /// `link/missing-note`
    pub(super) code: &'static str,
    pub(super) severity: Severity,
    pub(super) message: String,
    pub(super) place: Place,
    /// Related places, each with a message.
    pub(super) related: Vec<(Place, String)>,
}

/// Returns the findings of a note, in the order of its text.
pub(super) fn of_note(vault: &Snapshot, id: FileId) -> Vec<Finding> {
    // Never cancelled.
    let found = ide::diagnostics(vault, id, &Cancel::new()).unwrap_or_default();
    let findings = found.into_iter().filter_map(|found| {
        let related = found.related.into_iter();
        Some(Finding {
            code: found.code.as_str(),
            severity: found.severity,
            message: found.message,
            place: place(vault, id, found.span)?,
            related: related
                .filter_map(|related| Some((place(vault, related.file, related.span)?, related.message)))
                .collect(),
        })
    });
    findings.collect()
}

/// Returns the invalid settings in the vault's own file.
pub(super) fn of_settings(loaded: &Loaded) -> Vec<Finding> {
    let findings = loaded.settings.in_file.iter().map(|problem| Finding {
        code: SETTINGS_CODE,
        severity: Severity::Warning,
        message: problem.message.clone(),
        place: Place {
            path: SETTINGS_FILE.to_owned(),
            text: loaded.settings.text.clone(),
            span: problem.span,
        },
        related: Vec::new(),
    });
    findings.collect()
}
