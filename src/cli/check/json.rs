//! All findings as one JSON document. `docs/cli.md` describes its fields; fields are added, never changed.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::cli::place::{escape_json, range_object};

use super::Tally;
use super::finding::Finding;

/// Returns the document of vaults written by [`begin_vault`], [`findings`] and [`end_vault`].
pub(super) fn document(vaults: &str) -> String {
    let version = Value::from(env!("CARGO_PKG_VERSION"));
    escape_json(&format!("{{\"version\":{version},\"vaults\":[{}]}}\n", vaults.trim_end_matches(',')))
}

pub(super) fn begin_vault(out: &mut String, tally: &Tally) {
    let root = Value::from(tally.root.to_string_lossy());
    *out += &format!("\n{{\"root\":{root},\"notes\":{},\"findings\":[", tally.notes);
}

/// Returns the findings, each followed by a comma.
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
        "range": range_object(&finding.place),
        "related": related.map(|(place, message)| {
            json!({"path": place.path, "message": message, "range": range_object(place)})
        }).collect::<Value>(),
    })
}
