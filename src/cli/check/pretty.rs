//! Findings with their source lines, and a table of counts.

use std::fmt::Write as _;
use std::time::Duration;

use annotate_snippets::{Level, Title};
use anstyle::Style;

use crate::cli::excerpt::marked;
use crate::cli::place::Place;
use crate::cli::terminal::{ERROR, FAINT, HINT, STRONG, SUCCESS, WARNING, escape, painted};
use crate::config::Severity;

use super::Tally;
use super::finding::Finding;

/// Returns the findings, each followed by a blank line.
pub(super) fn findings(findings: &[Finding], prefix: &str, is_coloured: bool) -> String {
    let mut out = String::new();
    for finding in findings {
        let title = level(finding.severity).primary_title(escape(&finding.message)).id(finding.code);
        out.push_str(&show(title, &finding.place, prefix, is_coloured));
        for (place, message) in &finding.related {
            out.push('\n');
            let title = Level::NOTE.primary_title(escape(message));
            out.push_str(&show(title, place, prefix, is_coloured));
        }
        out.push_str("\n\n");
    }
    out
}

fn show(title: Title<'_>, place: &Place, prefix: &str, is_coloured: bool) -> String {
    marked(title, &format!("{prefix}{}", place.path), &place.text, place.span, is_coloured)
}

/// Returns the table of counts and the totals.
pub(super) fn summary(tallies: &[Tally], took: Duration) -> String {
    let mut counts = std::collections::BTreeMap::new();
    for (key, count) in tallies.iter().flat_map(|tally| &tally.counts) {
        *counts.entry(*key).or_insert(0) += count;
    }
    let mut out = String::new();
    let width = counts.keys().map(|(_, code)| code.len()).max().unwrap_or_default();
    for ((severity, code), count) in &counts {
        let severity_shown = painted(style_of(*severity), &format!("{:<11}", severity.as_str()));
        // Writing to a string never fails.
        let _ = writeln!(out, "{severity_shown}  {code:<width$}  {count:>7}");
    }
    if !counts.is_empty() {
        out.push('\n');
    }
    let sum = |of: fn(&Tally) -> usize| tallies.iter().map(of).sum::<usize>();
    let (notes, unread) = (sum(|tally| tally.notes), sum(|tally| tally.problems.len()));
    let verdict = match sum(Tally::findings) {
        0 => painted(SUCCESS, "No findings"),
        count => {
            let of = sum(|tally| tally.notes_with_findings);
            painted(STRONG, &format!("{} in {}", counted(count, "finding"), counted(of, "note")))
        }
    };
    let vaults = if tallies.len() > 1 { format!(" of {} vaults", tallies.len()) } else { String::new() };
    let unread = if unread > 0 { format!(", {} not read", counted(unread, "path")) } else { String::new() };
    let seconds = painted(FAINT, &format!("({:.2} s)", took.as_secs_f64()));
    let _ = writeln!(out, "{verdict}; {}{vaults} checked{unread} {seconds}", counted(notes, "note"));
    out
}

/// `1 note`, `2 notes`
fn counted(count: usize, name: &str) -> String {
    format!("{count} {name}{}", if count == 1 { "" } else { "s" })
}

fn level(severity: Severity) -> Level<'static> {
    match severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Information => Level::INFO.with_name("information"),
        Severity::Hint => Level::HELP.with_name("hint"),
    }
}

/// Returns the colour of a severity.
pub(super) fn style_of(severity: Severity) -> Style {
    match severity {
        Severity::Error => ERROR,
        Severity::Warning => WARNING,
        Severity::Information => SUCCESS,
        Severity::Hint => HINT,
    }
}
