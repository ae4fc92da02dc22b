//! The filter of findings by code and severity.

use std::str::FromStr;

use crate::config::Severity;
use crate::disk::SETTINGS_CODE;
use crate::ide::DIAGNOSTIC_CODES;

/// A code (`link/missing-note`) or a group of codes (`link`) on the command line.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct CodeName(&'static str);

impl FromStr for CodeName {
    type Err = String;

    fn from_str(name: &str) -> Result<CodeName, String> {
        let codes = || DIAGNOSTIC_CODES.iter().map(|code| code.as_str()).chain([SETTINGS_CODE]);
        let found = codes().chain(codes().map(group)).find(|known| *known == name);
        found.map(CodeName).ok_or_else(|| "unknown diagnostic code or group".to_owned())
    }
}

impl CodeName {
    /// Whether it is this code, or its group.
    pub(in crate::cli) fn matches(self, code: &str) -> bool {
        self.0 == code || self.0 == group(code)
    }
}

fn group(code: &str) -> &str {
    code.split_once('/').map_or(code, |(group, _)| group)
}

/// The findings to report, of those that the settings enable.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct FindingFilter {
    /// The codes to report; all if it is empty.
    pub select: Vec<CodeName>,
    /// The codes to ignore. It overrides `select`.
    pub ignore: Vec<CodeName>,
    /// The minimum severity.
    pub min_severity: Option<Severity>,
}

impl FindingFilter {
    /// Whether a finding is reported.
    pub(super) fn keeps(&self, code: &str, severity: Severity) -> bool {
        let named_in = |names: &[CodeName]| names.iter().any(|name| name.matches(code));
        (self.select.is_empty() || named_in(&self.select))
            && !named_in(&self.ignore)
            // `Error` is the smallest severity.
            && self.min_severity.is_none_or(|least| severity <= least)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(list: &[&str]) -> Vec<CodeName> {
        list.iter().map(|name| name.parse().unwrap()).collect()
    }

    #[test]
    fn codes_and_groups_are_selected_and_what_is_ignored_stays_so() {
        let filter = FindingFilter {
            select: names(&["link", "settings"]),
            ignore: names(&["link/inexact"]),
            min_severity: None,
        };
        let kept = |code| filter.keeps(code, Severity::Hint);
        assert!(kept("link/missing-note") && kept("settings/invalid"));
        assert!(!kept("link/inexact") && !kept("note/orphan"));
        for unknown in ["", "lin", "link/", "link/nothing"] {
            assert!(unknown.parse::<CodeName>().is_err());
        }
    }

    #[test]
    fn severities_go_from_the_worst_down() {
        let filter = FindingFilter { min_severity: Some(Severity::Warning), ..FindingFilter::default() };
        let kept = Severity::ALL.map(|severity| filter.keeps("link/empty", severity));
        assert_eq!(kept, [true, true, false, false]);
    }
}
