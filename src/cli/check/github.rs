//! Findings as GitHub Actions shows them beside the lines of a pull request: one workflow command each
//! (GitHub Docs, "Workflow commands for GitHub Actions").

use std::fmt::Write as _;

use crate::cli::terminal::escape;
use crate::config::Severity;

use super::finding::Finding;

/// The findings, a line each: `::warning file=…,line=…,col=…,endLine=…,endColumn=…,title=code::message`.
pub(super) fn findings(findings: &[Finding], prefix: &str) -> String {
    let mut out = String::new();
    for finding in findings {
        let level = match finding.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Information | Severity::Hint => "notice",
        };
        let range = finding.place.range();
        // Writing to a string never fails.
        let _ = writeln!(
            out,
            "::{level} file={},line={},endLine={},col={},endColumn={},title={}::{}",
            property(&format!("{prefix}{}", finding.place.path)),
            range.start.line + 1,
            range.end.line + 1,
            range.start.column + 1,
            range.end.column + 1,
            property(finding.code),
            data(&finding.message)
        );
    }
    out
}

/// What may stand behind the last `::` of a command.
fn data(text: &str) -> String {
    escape(text).replace('%', "%25")
}

/// What may stand in one of its properties.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
