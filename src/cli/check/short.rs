//! Findings as one line each, for programs that read `path:line:column`.

use std::fmt::Write as _;

use crate::cli::terminal::{FAINT, escape, painted};

use super::finding::Finding;
use super::pretty::style_of;

/// Returns a line for each finding: `path:line:column: severity[code] message`. Lines and columns are counted
/// from 1, columns in characters.
pub(super) fn findings(findings: &[Finding], prefix: &str, is_coloured: bool) -> String {
    let mut out = String::new();
    for finding in findings {
        let start = finding.place.range().start;
        let mut severity = finding.severity.as_str().to_owned();
        let mut code = format!("[{}]", finding.code);
        if is_coloured {
            severity = painted(style_of(finding.severity), &severity);
            code = painted(FAINT, &code);
        }
        // Writing to a string never fails.
        let _ = writeln!(
            out,
            "{}{}:{}:{}: {severity}{code} {}",
            escape(prefix),
            escape(&finding.place.path),
            start.line + 1,
            start.column + 1,
            escape(&finding.message)
        );
    }
    out
}
