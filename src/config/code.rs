//! What settings and reports know of diagnostics: code, default severity and summary of each rule. The rules
//! themselves belong to a higher layer, which passes the list of their codes down.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};

/// The severity of a diagnostic, the worst first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Severity {
    /// The note says something that cannot be meant.
    Error,
    /// Something is broken.
    Warning,
    /// Worth knowing.
    Information,
    /// A small mark in the text, not a listed problem.
    Hint,
}

impl Severity {
    /// All severities, the worst first.
    pub const ALL: [Severity; 4] =
        [Severity::Error, Severity::Warning, Severity::Information, Severity::Hint];

    /// Returns the name that settings and reports use: `warning`.
    pub fn as_str(self) -> &'static str {
        match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Information => "information",
            Severity::Hint => "hint",
        }
    }

    /// Returns the severity of that name.
    pub fn parse(name: &str) -> Option<Severity> {
        Severity::ALL.into_iter().find(|severity| severity.as_str() == name)
    }
}

/// What settings and reports know of a rule.
#[derive(Debug)]
pub struct RuleSpec {
    code: &'static str,
    severity: Option<Severity>,
    summary: &'static str,
    reads_all_names: bool,
}

impl RuleSpec {
    /// A rule with a stable code, `group/name`, a default severity, `None` if the rule is off by default, and
    /// one sentence that says what it finds.
    pub const fn new(code: &'static str, severity: Option<Severity>, summary: &'static str) -> RuleSpec {
        RuleSpec { code, severity, summary, reads_all_names: false }
    }

    /// The same for a rule whose findings in one note depend on the names of all notes. It must be off by
    /// default.
    pub const fn reading_all_names(self) -> RuleSpec {
        RuleSpec { reads_all_names: true, ..self }
    }
}

/// The code of a diagnostic: a handle to what is known of its rule. Equal and ordered by its name.
#[derive(Clone, Copy)]
pub struct DiagnosticCode(&'static RuleSpec);

impl DiagnosticCode {
    /// The code of a rule.
    pub const fn new(rule: &'static RuleSpec) -> DiagnosticCode {
        DiagnosticCode(rule)
    }

    /// Returns the code of that name among `codes`.
    pub fn parse(name: &str, codes: &[DiagnosticCode]) -> Option<DiagnosticCode> {
        codes.iter().copied().find(|code| code.as_str() == name)
    }

    /// Returns the stable name, `group/name`: `link/missing-note`.
    pub fn as_str(self) -> &'static str {
        self.0.code
    }

    /// Returns the group that the code belongs to: `link` of `link/missing-note`.
    pub fn group(self) -> &'static str {
        self.as_str().split_once('/').map_or(self.as_str(), |(group, _)| group)
    }

    /// Returns the severity unless the settings override it; `None` if the rule is off by default.
    pub fn default_severity(self) -> Option<Severity> {
        self.0.severity
    }

    /// Returns what is wrong, in one sentence.
    pub fn summary(self) -> &'static str {
        self.0.summary.trim()
    }

    /// Whether its findings in one note depend on the names of all notes.
    pub fn reads_all_names(self) -> bool {
        self.0.reads_all_names
    }
}

impl fmt::Debug for DiagnosticCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl PartialEq for DiagnosticCode {
    fn eq(&self, other: &DiagnosticCode) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for DiagnosticCode {}

impl PartialOrd for DiagnosticCode {
    fn partial_cmp(&self, other: &DiagnosticCode) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for DiagnosticCode {
    fn cmp(&self, other: &DiagnosticCode) -> Ordering {
        self.as_str().cmp(other.as_str())
    }
}

impl Hash for DiagnosticCode {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_str().hash(state);
    }
}

#[cfg(test)]
pub(crate) mod testing {
    use super::*;

    static SPECS: [RuleSpec; 9] = [
        RuleSpec::new("link/missing-note", Some(Severity::Warning), "a"),
        RuleSpec::new("link/inexact", Some(Severity::Hint), "b"),
        RuleSpec::new("link/empty", Some(Severity::Warning), "c"),
        RuleSpec::new("link/unclosed", Some(Severity::Warning), "d"),
        RuleSpec::new("timestamp/no-video", Some(Severity::Warning), "e"),
        RuleSpec::new("video/bad-id", Some(Severity::Warning), "f"),
        RuleSpec::new("note/duplicate-name", Some(Severity::Information), "g"),
        RuleSpec::new("note/not-utf8", Some(Severity::Error), "h"),
        RuleSpec::new("note/orphan", None, "i").reading_all_names(),
    ];

    /// Codes for tests of the layers that know no rules.
    pub(crate) fn codes() -> Vec<DiagnosticCode> {
        SPECS.iter().map(DiagnosticCode::new).collect()
    }

    pub(crate) fn code(name: &str) -> DiagnosticCode {
        DiagnosticCode::parse(name, &codes()).unwrap()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn severities_have_names() {
        for severity in Severity::ALL {
            assert_eq!(Severity::parse(severity.as_str()), Some(severity));
        }
        assert_eq!(Severity::parse("off"), None);
        assert!(Severity::Error < Severity::Hint);
    }
}
