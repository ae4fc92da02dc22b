//! A finding with everything that is needed to show it.

use crate::disk::{SETTINGS_CODE, SETTINGS_FILE};
use crate::ide;
use crate::text::{Encoding, Range, Span, Text};
use crate::vault::{Cancel, FileId, Severity, Snapshot};

use crate::cli::load::Loaded;

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

/// A stretch of a file of the vault.
#[derive(Clone, Debug)]
pub(super) struct Place {
    /// The path in the vault.
    pub(super) path: String,
    /// The text of the file; empty for an attachment.
    pub(super) text: Text,
    pub(super) span: Span,
}

impl Place {
    /// Lines and columns counted from zero, columns in characters.
    pub(super) fn range(&self) -> Range {
        self.text.range(self.span, Encoding::Utf32)
    }
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

fn place(vault: &Snapshot, id: FileId, span: Span) -> Option<Place> {
    let file = vault.file(id)?;
    let text = file.note().map(|note| note.text.clone()).unwrap_or_default();
    Some(Place { path: file.path.as_str().to_owned(), text, span })
}
