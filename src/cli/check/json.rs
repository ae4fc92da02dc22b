//! All findings as one JSON document. Its fields are described in `docs/cli.md` and are only ever added to.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::cli::terminal::is_hidden;

use super::Tally;
use super::finding::{Finding, Place};

/// The document of vaults written by [`begin_vault`], [`findings`] and [`end_vault`].
pub(super) fn document(vaults: &str) -> String {
    let version = Value::from(env!("CARGO_PKG_VERSION"));
    visible(&format!("{{\"version\":{version},\"vaults\":[{}]}}\n", vaults.trim_end_matches(',')))
}

/// The same JSON with everything that a terminal would obey or not show as `\uXXXX`.
pub(in crate::cli) fn visible(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for char in json.chars() {
        // Of the ASCII control characters only DEL is left, and the line breaks between the values.
        if char != '\n' && is_hidden(char) {
            for unit in char.encode_utf16(&mut [0; 2]) {
                // Writing to a string never fails.
                let _ = write!(out, "\\u{unit:04x}");
            }
        } else {
            out.push(char);
        }
    }
    out
}

pub(super) fn begin_vault(out: &mut String, tally: &Tally) {
    let root = Value::from(tally.root.to_string_lossy());
    *out += &format!("\n{{\"root\":{root},\"notes\":{},\"findings\":[", tally.notes);
}

/// The findings, each followed by a comma.
pub(super) fn findings(findings: &[Finding]) -> String {
    findings.iter().map(|finding| format!("\n{},", finding_object(finding))).collect()
}

pub(super) fn end_vault(out: &mut String, tally: &Tally) {
    if out.ends_with(',') {
        out.pop();
    }
    let mut by_code = BTreeMap::new();
    for ((_, code), count) in &tally.counts {
        *by_code.entry(*code).or_insert(0) += count;
    }
    let problems = tally.problems.iter();
    let problems: Value =
        problems.map(|problem| json!({"path": problem.path, "message": problem.message})).collect();
    let fixed = tally.fixed.as_ref().map(|fixed| format!("\n\"fixed\":{},", json!(fixed.notes)));
    let fixed = fixed.unwrap_or_default();
    *out += &format!("],\n\"counts\":{},{fixed}\n\"problems\":{problems}}},", json!(by_code));
}

fn finding_object(finding: &Finding) -> Value {
    let related = finding.related.iter();
    json!({
        "path": finding.place.path,
        "code": finding.code,
        "severity": finding.severity.as_str(),
        "message": finding.message,
        "range": range(&finding.place),
        "related": related.map(|(place, message)| {
            json!({"path": place.path, "message": message, "range": range(place)})
        }).collect::<Value>(),
    })
}

/// Lines and columns counted from 1, columns in characters; offsets in bytes, counted from 0.
fn range(place: &Place) -> Value {
    let range = place.range();
    let position = |position: crate::text::Position, offset: crate::text::Offset| json!({"line": position.line + 1, "column": position.column + 1, "offset": offset.to_usize()});
    json!({
        "start": position(range.start, place.span.start),
        "end": position(range.end, place.span.end),
    })
}
