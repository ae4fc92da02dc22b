//! All findings as one SARIF document (OASIS, "Static Analysis Results Interchange Format 2.1.0").

use serde_json::{Value, json};

use crate::cli::place::{Place, escape_json};
use crate::config::{DiagnosticCode, Severity};
use crate::disk::SETTINGS_CODE;
use crate::ide::DIAGNOSTIC_CODES;
use crate::lsp::uri;

use super::finding::Finding;

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

/// Returns the document of findings written by [`results`].
pub(super) fn document(results: &str) -> String {
    let rules: Vec<Value> = DIAGNOSTIC_CODES.iter().map(|code| rule(*code)).collect();
    let settings = json!({
        "id": SETTINGS_CODE,
        "shortDescription": {"text": "Invalid setting"},
        "defaultConfiguration": {"level": "warning"},
    });
    let driver = json!({
        "name": env!("CARGO_PKG_NAME"),
        "version": env!("CARGO_PKG_VERSION"),
        "informationUri": env!("CARGO_PKG_REPOSITORY"),
        "rules": rules.into_iter().chain([settings]).collect::<Value>(),
    });
    let schema = Value::from(SCHEMA);
    let results = results.trim_end_matches(',');
    escape_json(&format!(
        "{{\"$schema\":{schema},\"version\":\"2.1.0\",\"runs\":[{{\n\"tool\":{{\"driver\":{driver}}},\n\
         \"columnKind\":\"unicodeCodePoints\",\n\"results\":[{results}]}}]}}\n"
    ))
}

/// Returns the findings, each followed by a comma.
pub(super) fn results(findings: &[Finding], prefix: &str) -> String {
    findings.iter().map(|finding| format!("\n{},", result(finding, prefix))).collect()
}

fn result(finding: &Finding, prefix: &str) -> Value {
    let related = finding.related.iter();
    json!({
        "ruleId": finding.code,
        "level": level(finding.severity),
        "message": {"text": finding.message},
        "locations": [{"physicalLocation": location(&finding.place, prefix)}],
        "relatedLocations": related.map(|(place, message)| {
            json!({"physicalLocation": location(place, prefix), "message": {"text": message}})
        }).collect::<Value>(),
    })
}

fn rule(code: DiagnosticCode) -> Value {
    let level = code.default_severity().map_or("none", level);
    json!({
        "id": code.as_str(),
        "shortDescription": {"text": code.summary()},
        "defaultConfiguration": {"level": level, "enabled": code.default_severity().is_some()},
    })
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Information | Severity::Hint => "note",
    }
}

/// Lines and columns are counted from 1. The column of the end is excluded.
fn location(place: &Place, prefix: &str) -> Value {
    let range = place.range();
    json!({
        "artifactLocation": {"uri": artifact(&format!("{prefix}{}", place.path))},
        "region": {
            "startLine": range.start.line + 1,
            "startColumn": range.start.column + 1,
            "endLine": range.end.line + 1,
            "endColumn": range.end.column + 1,
        },
    })
}

/// Returns the URI of a path, relative if the path is.
fn artifact(path: &str) -> String {
    let encoded = uri::encoded_path(path);
    if path.starts_with('/') { format!("file://{encoded}") } else { encoded }
}
