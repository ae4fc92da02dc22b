//! Diagnostics, pushed or pulled.

use std::hash::{Hash, Hasher};

use rustc_hash::FxHasher;
use serde_json::json;
use tower_lsp::ls_types::{
    self, CodeDescription, DiagnosticRelatedInformation, DiagnosticSeverity, NumberOrString, Range,
};

use crate::config::Severity;
use crate::ide::{Diagnostic, Related};
use crate::vault::FileId;

use super::encode::Encoder;

const SOURCE: &str = "vaultls";

/// Where the codes are explained; each has a heading of its own.
const DOCUMENTATION: &str = concat!(env!("CARGO_PKG_REPOSITORY"), "/blob/main/docs/diagnostics.md#");

/// The findings of a note for the client.
pub fn diagnostics<'a>(
    found: impl Iterator<Item = &'a Diagnostic>,
    note: FileId,
    encoder: &Encoder<'_>,
) -> Vec<ls_types::Diagnostic> {
    found.map(|finding| diagnostic(finding, note, encoder)).collect()
}

fn in_protocol(severity: Severity) -> DiagnosticSeverity {
    match severity {
        Severity::Error => DiagnosticSeverity::ERROR,
        Severity::Warning => DiagnosticSeverity::WARNING,
        Severity::Information => DiagnosticSeverity::INFORMATION,
        Severity::Hint => DiagnosticSeverity::HINT,
    }
}

/// A finding for the client.
pub(super) fn diagnostic(finding: &Diagnostic, note: FileId, encoder: &Encoder<'_>) -> ls_types::Diagnostic {
    let related: Vec<DiagnosticRelatedInformation> =
        finding.related.iter().filter_map(|related| related_information(related, encoder)).collect();
    let documentation = || format!("{DOCUMENTATION}{}", finding.code.as_str().replace('/', "-")).parse().ok();
    let description = encoder.features.code_description.then(documentation).flatten();
    ls_types::Diagnostic {
        range: encoder.range(note, finding.span),
        severity: Some(in_protocol(finding.severity)),
        code: Some(NumberOrString::String(finding.code.as_str().to_owned())),
        code_description: description.map(|href| CodeDescription { href }),
        source: Some(SOURCE.to_owned()),
        message: finding.message.clone(),
        related_information: (encoder.features.related_information && !related.is_empty()).then_some(related),
        tags: None,
        data: finding.tier.map(|tier| json!({ "tier": tier.as_str() })),
    }
}

fn related_information(related: &Related, encoder: &Encoder<'_>) -> Option<DiagnosticRelatedInformation> {
    let location = encoder.location(related.file, related.span)?;
    Some(DiagnosticRelatedInformation { location, message: related.message.clone() })
}

/// A warning about a file that is no note.
pub fn file_warning(range: Range, code: &str, message: String) -> ls_types::Diagnostic {
    ls_types::Diagnostic {
        range,
        severity: Some(DiagnosticSeverity::WARNING),
        code: Some(NumberOrString::String(code.to_owned())),
        source: Some(SOURCE.to_owned()),
        message,
        ..ls_types::Diagnostic::default()
    }
}

/// A name for exactly these diagnostics: equal ones have the same.
pub fn result_id(diagnostics: &[ls_types::Diagnostic]) -> String {
    let mut hasher = FxHasher::default();
    // Every field of a diagnostic can be written as JSON; an error would only make two states look alike.
    serde_json::to_vec(diagnostics).unwrap_or_default().hash(&mut hasher);
    format!("{:016x}-{}", hasher.finish(), diagnostics.len())
}
