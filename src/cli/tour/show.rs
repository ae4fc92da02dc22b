//! The output of the tour: each step with its line of the note, the answer and the time.

use std::collections::BTreeMap;
use std::fmt;
use std::io::{self, StdoutLock, Write};
use std::time::Duration;

use annotate_snippets::{Level, Title};
use serde_json::Value;

use crate::cli::client::SessionError;
use crate::cli::excerpt::marked;
use crate::cli::load::Loaded;
use crate::cli::terminal::{ERROR, FAINT, STRONG, SUCCESS, WARNING, escape, painted, shortened};
use crate::text::Span;

use super::places::Stop;
use super::session::{Shown, Target};

/// The maximum number of lines of an answer.
const MAX_LINES: usize = 8;

/// The maximum number of completions and targets.
const MAX_ITEMS: usize = 5;

/// The maximum number of characters of a line of an answer.
const WIDTH: usize = 96;

/// Prints the tour and counts unanswered steps.
pub(super) struct Guide {
    out: anstream::AutoStream<StdoutLock<'static>>,
    is_coloured: bool,
    latencies: Vec<(String, Duration)>,
    missing: usize,
}

/// A rounded duration: `0.42 ms`, `17 ms`, `2.1 s`.
struct Took(Duration);

impl fmt::Display for Took {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let milliseconds = self.0.as_secs_f64() * 1_000.0;
        match milliseconds {
            0.0..10.0 => write!(f, "{milliseconds:.2} ms"),
            10.0..1_000.0 => write!(f, "{milliseconds:.0} ms"),
            _ => write!(f, "{:.1} s", milliseconds / 1_000.0),
        }
    }
}

impl Guide {
    pub(super) fn new() -> Guide {
        let out = anstream::AutoStream::auto(io::stdout().lock());
        let is_coloured = out.current_choice() != anstream::ColorChoice::Never;
        Guide { out, is_coloured, latencies: Vec::new(), missing: 0 }
    }

    /// Returns the number of steps without an answer.
    pub(super) fn missing(&self) -> usize {
        self.missing
    }

    /// Prints the vault and its counts.
    pub(super) fn vault(&mut self, loaded: &Loaded) -> io::Result<()> {
        let total = loaded.report.total;
        let notes = loaded.vault.notes();
        let (links, timestamps) = notes.fold((0, 0), |(links, timestamps), note| {
            let parsed = &note.note.parsed;
            (links + parsed.links.len(), timestamps + parsed.timestamps.len())
        });
        self.label("vault", &loaded.root.to_string_lossy())?;
        let counts = [
            counted(total.notes, "notes"),
            counted(total.bytes, "bytes"),
            counted(links as u64, "links"),
            counted(timestamps as u64, "timestamps"),
            counted(total.attachments, "attachments"),
        ];
        self.label("", &counts.join(", "))
    }

    /// Prints the name of the server.
    pub(super) fn started(&mut self, name: &str, process: u32, took: Duration) -> io::Result<()> {
        self.latencies.push(("start to answer of initialize".to_owned(), took));
        self.label("server", &format!("{name}, process {process}"))?;
        self.label("", &format!("initialize answered {} after the start", Took(took)))
    }

    /// Prints the server's counts of the vault.
    pub(super) fn indexed(&mut self, took: Duration, stats: &Value) -> io::Result<()> {
        self.latencies.push(("start to vault loaded".to_owned(), took));
        self.label("", &format!("vault loaded {} after the start", Took(took)))?;
        let counts: Vec<String> = ["notes", "links", "headings", "timestamps", "attachments"]
            .into_iter()
            .filter_map(|name| Some(counted(stats.get(name)?.as_u64()?, name)))
            .collect();
        self.label("", &format!("server counts {}", counts.join(", ")))
    }

    /// Prints the completions of a link.
    pub(super) fn completion(
        &mut self,
        title: &str,
        stop: &Stop,
        typed: &str,
        took: &[Duration],
        answer: &Value,
    ) -> io::Result<()> {
        let items = answer.get("items").unwrap_or(answer).as_array().map_or(&[][..], Vec::as_slice);
        self.heading("completion", title)?;
        self.line(&format!("{}  ", escape(stop.path.as_str())), &format!("typed {}", escape(typed)))?;
        let worst = took.iter().max().copied().unwrap_or_default();
        self.latencies.push((format!("completion, slowest of {} letters", took.len()), worst));
        if items.is_empty() {
            return self.missing_answer("no completions", worst);
        }
        let times = format!("requested after each of {} letters, at most {}", took.len(), Took(worst));
        self.answer(&format!("{}; {times}", counted(items.len() as u64, "items")))?;
        for item in items.iter().take(MAX_ITEMS) {
            let text = |pointer: &str| item.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
            let detail = match text("/detail") {
                "" => text("/labelDetails/description"),
                detail => detail,
            };
            let inserted = match text("/textEdit/newText") {
                "" => text("/insertText"),
                inserted => inserted,
            };
            let label = shortened(&escape(text("/label")), WIDTH / 2);
            let rest = [detail, inserted].map(escape).join("  ");
            self.line(&format!("  {label}  "), &shortened(rest.trim(), WIDTH / 2 + 16))?;
        }
        Ok(())
    }

    /// Prints the target of a link.
    pub(super) fn definition(
        &mut self,
        title: &str,
        stop: &Stop,
        took: Duration,
        targets: &[Target],
    ) -> io::Result<()> {
        self.place("definition", title, stop)?;
        self.latencies.push((format!("definition: {title}"), took));
        if targets.is_empty() {
            return self.missing_answer("no target", took);
        }
        let several =
            if targets.len() > 1 { format!("{} candidates; ", targets.len()) } else { String::new() };
        self.answer(&format!("{several}{}", Took(took)))?;
        for target in targets.iter().take(MAX_ITEMS) {
            let place = format!("  {}:{}  ", escape(&target.path), target.line);
            self.line(&place, &shortened(&escape(&target.content), WIDTH / 2))?;
        }
        Ok(())
    }

    /// Prints the hover text.
    pub(super) fn hover(
        &mut self,
        title: &str,
        stop: &Stop,
        took: Duration,
        markdown: &str,
    ) -> io::Result<()> {
        self.place("hover", title, stop)?;
        self.latencies.push((format!("hover: {title}"), took));
        if markdown.trim().is_empty() {
            return self.missing_answer("no hover text", took);
        }
        self.answer(&Took(took).to_string())?;
        let mut lines = markdown.lines().filter(|line| !line.trim().is_empty());
        for line in lines.by_ref().take(MAX_LINES) {
            self.line("  ", &shortened(&escape(line), WIDTH))?;
        }
        match lines.count() {
            0 => Ok(()),
            rest => self.line("  ", &painted(FAINT, &format!("and {} more", counted(rest as u64, "lines")))),
        }
    }

    /// Prints the diagnostics of a note.
    pub(super) fn diagnostics(
        &mut self,
        title: &str,
        stop: &Stop,
        took: Duration,
        shown: &[Shown],
    ) -> io::Result<()> {
        self.heading("diagnostics", title)?;
        self.latencies.push(("diagnostics".to_owned(), took));
        let mut counts: BTreeMap<(u64, &str), usize> = BTreeMap::new();
        for one in shown {
            *counts.entry((one.severity, &one.code)).or_default() += 1;
        }
        self.line(&format!("{}  ", escape(stop.path.as_str())), "")?;
        self.answer(&format!("{}; {}", counted(shown.len() as u64, "findings"), Took(took)))?;
        for ((_, code), count) in counts {
            self.line(&format!("  {count:>4}  "), &escape(code))?;
        }
        for one in shown.iter().take(3) {
            let level = match one.severity {
                1 => Level::ERROR,
                2 => Level::WARNING,
                3 => Level::INFO.with_name("information"),
                _ => Level::HELP.with_name("hint"),
            };
            let title = level.primary_title(escape(&one.message)).id(escape(&one.code));
            self.snippet(title, stop, one.span)?;
        }
        Ok(())
    }

    /// Prints a step that the vault has no example for.
    pub(super) fn skip(&mut self, title: &str, why: &str) -> io::Result<()> {
        self.heading("skipped", title)?;
        self.line("", &painted(FAINT, why))
    }

    /// Prints a step that failed.
    pub(super) fn failed(&mut self, title: &str, error: SessionError) -> Result<(), super::TourError> {
        self.heading("failed", title)?;
        self.missing += 1;
        let line = painted(ERROR, &escape(&error.to_string()));
        self.line("", &line)?;
        // After an error response the session goes on; after other errors it has ended.
        match error {
            SessionError::Refused { .. } => Ok(()),
            over => Err(over.into()),
        }
    }

    /// Prints all latencies and the result.
    pub(super) fn end(&mut self, ending: Duration) -> io::Result<()> {
        self.latencies.push(("shutdown and exit".to_owned(), ending));
        self.heading("summary", "Latencies as an editor sees them")?;
        for (name, took) in std::mem::take(&mut self.latencies) {
            self.line(&format!("{:>9}  ", Took(took).to_string()), &escape(&name))?;
        }
        let verdict = match self.missing {
            0 => painted(SUCCESS, "Every step was answered."),
            1 => painted(ERROR, "One step was not answered."),
            missing => painted(ERROR, &format!("{missing} steps were not answered.")),
        };
        writeln!(self.out, "\n{verdict}")?;
        self.out.flush()
    }

    fn place(&mut self, name: &'static str, title: &str, stop: &Stop) -> io::Result<()> {
        writeln!(self.out)?;
        let title = Level::INFO.with_name(name).primary_title(title.to_owned());
        self.snippet(title, stop, stop.span)
    }

    fn snippet(&mut self, title: Title<'_>, stop: &Stop, span: Span) -> io::Result<()> {
        let rendered = marked(title, stop.path.as_str(), &stop.text, span, self.is_coloured);
        writeln!(self.out, "{rendered}")
    }

    fn heading(&mut self, name: &'static str, title: &str) -> io::Result<()> {
        writeln!(self.out, "\n{} {title}", painted(SUCCESS, &format!("{name}:")))
    }

    fn label(&mut self, label: &str, text: &str) -> io::Result<()> {
        writeln!(self.out, "{} {}", painted(STRONG, &format!("{label:>6}")), escape(text))
    }

    fn answer(&mut self, text: &str) -> io::Result<()> {
        writeln!(self.out, "  {} {text}", painted(SUCCESS, "->"))
    }

    fn missing_answer(&mut self, text: &str, took: Duration) -> io::Result<()> {
        self.missing += 1;
        writeln!(self.out, "  {} {text}; {}", painted(WARNING, "->"), Took(took))
    }

    /// Prints a line of an answer. Both parts are escaped.
    fn line(&mut self, start: &str, rest: &str) -> io::Result<()> {
        writeln!(self.out, "  {}{rest}", painted(STRONG, start))
    }
}

/// Returns a number with separators: `3,600`.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// Returns a count with its noun, which is given in the plural: `1 note`, `2,000 notes`.
fn counted(count: u64, plural: &str) -> String {
    let name = if count == 1 { plural.strip_suffix('s').unwrap_or(plural) } else { plural };
    format!("{} {name}", grouped(count))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_times() {
        let numbers = [0, 999, 1_000, 1_234_567].map(grouped);
        assert_eq!(numbers, ["0", "999", "1,000", "1,234,567"]);
        let times = [420, 17_000, 2_100_000].map(|micros| Took(Duration::from_micros(micros)).to_string());
        assert_eq!(times, ["0.42 ms", "17 ms", "2.1 s"]);
    }
}
