//! `vaultls explain`: the documentation of a diagnostic.

use super::check::CodeName;
use super::exit::Exit;
use super::terminal;
use crate::config::Severity;
use crate::ide;

/// Writes the documentation of a diagnostic, or of each one of a group, to stdout.
pub fn explain(name: &CodeName) -> Exit {
    let rules = ide::RULES.iter().filter(|rule| name.matches(rule.code().as_str()));
    let pages: Vec<String> = rules
        .map(|rule| {
            let severity = rule.code().default_severity().map_or("off", Severity::as_str);
            let title = terminal::painted(terminal::STRONG, rule.code().as_str());
            let lines = rule.docs.lines().map(|line| line.strip_prefix(' ').unwrap_or(line));
            format!("{title} ({severity} by default)\n\n{}\n", lines.collect::<Vec<_>>().join("\n"))
        })
        .collect();
    terminal::exit_of(terminal::write_answer(pages.join("\n").as_bytes()).map(|()| Exit::Clean))
}
