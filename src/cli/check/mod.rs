//! `vaultls check`: the findings of vaults, sorted by path and place. The output is the same on every run.

mod filter;
mod finding;
mod fix;
mod github;
mod json;
mod pretty;
mod sarif;
mod scope;
mod short;

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use crate::config::Severity;
use crate::vault::{FileId, NoteRef, Snapshot};

use super::exit::Exit;
use super::load::{Loaded, load_with_progress};
use super::terminal;
pub use filter::{CodeName, FindingFilter};
use finding::Finding;
use fix::Fixed;
use scope::{VaultScope, group};

/// An output format.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Format {
    /// The source line of each finding, and a table of counts.
    #[default]
    Pretty,
    /// One line per finding: `path:line:column: severity[code] message`.
    Short,
    /// A JSON document.
    Json,
    /// A SARIF document, for code scanning.
    Sarif,
    /// One workflow command per finding, for GitHub Actions.
    Github,
}

impl Format {
    /// Whether the output is one document, which is written when it is complete.
    fn is_document(self) -> bool {
        matches!(self, Format::Json | Format::Sarif)
    }
}

/// The options of `vaultls check`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CheckOptions {
    /// Vaults, or files and folders in vaults.
    pub paths: Vec<PathBuf>,
    /// An output format.
    pub format: Format,
    /// Which findings are counted, reported and fixed.
    pub filter: FindingFilter,
    /// Whether safe fixes are applied first.
    pub fixes: bool,
}

/// The number of notes whose findings are computed before they are written: enough for all processors.
const BATCH_SIZE: usize = 256;

/// Checks vaults and writes the findings to stdout.
pub fn check(options: &CheckOptions) -> Exit {
    let scopes = match group(&options.paths) {
        Ok(scopes) => scopes,
        Err(message) => {
            terminal::print_error(&message);
            return Exit::Failed;
        }
    };
    let mut out = anstream::AutoStream::auto(io::stdout().lock());
    let style =
        Style { format: options.format, is_coloured: out.current_choice() != anstream::ColorChoice::Never };
    let mut run =
        Run { options, style, started: Instant::now(), tallies: Vec::new(), document: String::new() };
    match run.vaults(&scopes, &mut out).and_then(|exit| out.flush().map(|()| exit)) {
        Ok(exit) => exit,
        // The reader has closed the pipe: not a failure, and not a clean vault either.
        Err(error) if terminal::is_closed_pipe(&error) => Exit::Findings,
        Err(error) => {
            terminal::print_error(&format!("cannot write the findings: {error}"));
            Exit::Failed
        }
    }
}

/// How findings are written.
#[derive(Clone, Copy, Debug)]
struct Style {
    format: Format,
    is_coloured: bool,
}

/// The counts of one vault.
#[derive(Debug)]
struct Tally {
    root: PathBuf,
    /// The number of checked notes.
    notes: usize,
    /// How many of them have findings.
    notes_with_findings: usize,
    counts: BTreeMap<(Severity, &'static str), usize>,
    problems: Vec<Problem>,
    /// The fixes, with `--fix`.
    fixed: Option<Fixed>,
}

/// A file or folder that was not checked, or settings that were not read.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Problem {
    /// Relative to the root of the vault; empty for the vault as a whole.
    path: String,
    message: String,
    /// Whether a note may be missing from the check.
    hides_notes: bool,
}

impl Tally {
    fn findings(&self) -> usize {
        self.counts.values().sum()
    }

    fn is_clean(&self) -> bool {
        self.counts.is_empty() && !self.problems.iter().any(|problem| problem.hides_notes)
    }
}

/// One run of the command.
struct Run<'a> {
    options: &'a CheckOptions,
    style: Style,
    started: Instant,
    tallies: Vec<Tally>,
    /// The document so far.
    document: String,
}

impl Run<'_> {
    fn vaults(&mut self, scopes: &[VaultScope], out: &mut impl Write) -> io::Result<Exit> {
        for scope in scopes {
            let mut loaded = match load_with_progress(&scope.root) {
                Ok(loaded) => loaded,
                Err(error) => {
                    terminal::print_error(&format!("{}: {error}", scope.root.display()));
                    return Ok(Exit::Failed);
                }
            };
            let fixed = self.options.fixes.then(|| self.fix(scope, &mut loaded));
            let tally = self.vault(scope, &loaded, fixed, out)?;
            self.tallies.push(tally);
        }
        match self.style.format {
            Format::Pretty => {
                let summary = pretty::summary(&self.tallies, self.started.elapsed());
                out.write_all(summary.as_bytes())?;
            }
            Format::Short | Format::Github => {}
            Format::Json => out.write_all(json::document(&self.document).as_bytes())?,
            Format::Sarif => out.write_all(sarif::document(&self.document).as_bytes())?,
        }
        let is_clean = self.tallies.iter().all(Tally::is_clean);
        Ok(if is_clean { Exit::Clean } else { Exit::Findings })
    }

    /// Applies the safe fixes and reports the changed notes.
    fn fix(&self, scope: &VaultScope, loaded: &mut Loaded) -> Fixed {
        let notes = notes_of(scope, &loaded.vault);
        let fixed = fix::fix(loaded, &notes, &self.options.filter);
        for (path, codes) in &fixed.notes {
            let codes: Vec<String> = codes.iter().map(|(code, count)| format!("{count} {code}")).collect();
            terminal::print_status(&format!("fixed {}: {}", scope.shown(path), codes.join(", ")));
        }
        fixed
    }

    fn vault(
        &mut self,
        scope: &VaultScope,
        loaded: &Loaded,
        fixed: Option<Fixed>,
        out: &mut impl Write,
    ) -> io::Result<Tally> {
        let vault = &loaded.vault;
        let notes = notes_of(scope, vault);
        let mut problems = problems(scope, loaded);
        for (path, message) in fixed.iter().flat_map(|fixed| &fixed.refused) {
            problems.push(Problem { path: path.clone(), message: message.clone(), hides_notes: true });
        }
        let mut tally = Tally {
            root: loaded.root.clone(),
            notes: notes.len(),
            notes_with_findings: 0,
            counts: BTreeMap::new(),
            problems,
            fixed,
        };
        for problem in &tally.problems {
            match problem.path.as_str() {
                "" => terminal::print_warning(&problem.message),
                path => terminal::print_warning(&format!("{}: {}", scope.shown(path), problem.message)),
            }
        }
        let options = self.options;
        let filter = &options.filter;
        let mut of_settings = finding::of_settings(loaded);
        of_settings.retain(|finding| filter.keeps(finding.code, finding.severity));
        self.put(&of_settings, &scope.prefix, &mut tally, out)?;
        for some in notes.chunks(BATCH_SIZE) {
            let style = self.style;
            let written = in_parallel(some, |id| {
                let mut findings = finding::of_note(vault, *id);
                findings.retain(|finding| filter.keeps(finding.code, finding.severity));
                let text = style.write(&findings, &scope.prefix);
                (findings, text)
            });
            for (findings, text) in &written {
                self.put_written(findings, text, &mut tally, out)?;
            }
        }
        if self.style.format == Format::Json {
            json::end_vault(&mut self.document, &tally);
        }
        Ok(tally)
    }

    fn put(
        &mut self,
        findings: &[Finding],
        prefix: &str,
        tally: &mut Tally,
        out: &mut impl Write,
    ) -> io::Result<()> {
        if self.style.format == Format::Json {
            json::begin_vault(&mut self.document, tally);
        }
        let text = self.style.write(findings, prefix);
        let before = tally.notes_with_findings;
        self.put_written(findings, &text, tally, out)?;
        // The file of settings is not a note.
        tally.notes_with_findings = before;
        Ok(())
    }

    fn put_written(
        &mut self,
        findings: &[Finding],
        text: &str,
        tally: &mut Tally,
        out: &mut impl Write,
    ) -> io::Result<()> {
        for finding in findings {
            *tally.counts.entry((finding.severity, finding.code)).or_default() += 1;
        }
        tally.notes_with_findings += usize::from(!findings.is_empty());
        if self.style.format.is_document() {
            self.document.push_str(text);
            return Ok(());
        }
        out.write_all(text.as_bytes())
    }
}

impl Style {
    fn write(self, findings: &[Finding], prefix: &str) -> String {
        match self.format {
            Format::Pretty => pretty::findings(findings, prefix, self.is_coloured),
            Format::Short => short::findings(findings, prefix, self.is_coloured),
            Format::Json => json::findings(findings),
            Format::Sarif => sarif::results(findings, prefix),
            Format::Github => github::findings(findings, prefix),
        }
    }
}

/// Returns the notes to check, by path.
fn notes_of(scope: &VaultScope, vault: &Snapshot) -> Vec<FileId> {
    let mut notes: Vec<NoteRef<'_>> = vault.notes().filter(|note| scope.holds(note.path)).collect();
    notes.sort_unstable_by(|a, b| a.path.cmp(b.path));
    notes.iter().map(|note| note.id).collect()
}

/// Returns what could not be read in the scope, and the requested paths without notes.
fn problems(scope: &VaultScope, loaded: &Loaded) -> Vec<Problem> {
    let unread = loaded.report.unread.iter().map(|unread| {
        let path = unread.path.to_string_lossy().into_owned();
        Problem { path, message: unread.reason.to_string(), hides_notes: unread.reason.hides_notes() }
    });
    let mut problems: Vec<Problem> = unread.filter(|problem| scope.reaches(&problem.path)).collect();
    for message in &loaded.settings.elsewhere {
        problems.push(Problem { path: String::new(), message: message.clone(), hides_notes: false });
    }
    let paths = || loaded.vault.files().map(|(_, file)| &file.path);
    for asked in scope.paths_without(paths) {
        if problems.iter().all(|problem| problem.path != *asked) {
            let message = "no notes found (ignored, or not a note)".to_owned();
            problems.push(Problem { path: asked.clone(), message, hides_notes: false });
        }
    }
    problems
}

/// Runs `work` for each item, on all processors. The results are in the order of the items.
pub(in crate::cli) fn in_parallel<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from).min(items.len().max(1));
    let next = AtomicUsize::new(0);
    let take = || {
        let mut done = Vec::new();
        while let Some((index, item)) = Some(next.fetch_add(1, Ordering::Relaxed))
            .and_then(|index| items.get(index).map(|item| (index, item)))
        {
            done.push((index, work(item)));
        }
        done
    };
    let mut done: Vec<(usize, R)> = std::thread::scope(|scope| {
        let workers: Vec<_> = (1..threads).map(|_| scope.spawn(take)).collect();
        let mut done = take();
        for worker in workers {
            match worker.join() {
                Ok(more) => done.extend(more),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        done
    });
    done.sort_unstable_by_key(|(index, _)| *index);
    done.into_iter().map(|(_, outcome)| outcome).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_keep_the_order_of_the_items() {
        let items: Vec<usize> = (0..1000).collect();
        assert_eq!(
            in_parallel(&items, |item| item * 2),
            items.iter().map(|item| item * 2).collect::<Vec<_>>()
        );
        assert_eq!(in_parallel(&[] as &[usize], |item| *item), Vec::<usize>::new());
    }
}
