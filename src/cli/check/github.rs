//! Findings as workflow commands, which GitHub Actions shows as annotations in a pull request (GitHub Docs,
//! "Workflow commands for GitHub Actions").

use std::fmt::Write as _;

use crate::cli::terminal::escape;
use crate::config::Severity;

use super::finding::Finding;

/// Returns a line for each finding:
/// `::warning file=…,line=…,col=…,endLine=…,endColumn=…,title=code::message`.
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

/// Escapes the text after the last `::` of a command.
fn data(text: &str) -> String {
    escape(text).replace('%', "%25")
}

/// Escapes the value of a property of a command.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
