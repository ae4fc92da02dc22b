//! A finding with everything that is needed to show it.

use crate::config::Severity;
use crate::disk::{SETTINGS_CODE, SETTINGS_FILE};
use crate::ide;
use crate::vault::{Cancel, FileId, Snapshot};

use crate::cli::load::Loaded;
use crate::cli::place::{Place, place};

/// Something that is wrong, with the text that it is wrong in.
#[derive(Clone, Debug)]
pub(super) struct Finding {
    /// `link/missing-note`
    pub(super) code: &'static str,
    pub(super) severity: Severity,
    pub(super) message: String,
    pub(super) place: Place,
    /// Other places that matter, with what is there.
    pub(super) related: Vec<(Place, String)>,
}

/// The findings of a note, in the order of its text.
pub(super) fn of_note(vault: &Snapshot, id: FileId) -> Vec<Finding> {
    // Nobody raises this flag.
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

/// What is wrong with the settings of the vault.
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
