//! `vaultls graph`, `stats` and `list`: what a whole vault holds, for people and for programs.

mod graph;
mod list;
mod stats;

use std::path::PathBuf;

use crate::vault::Cancel;

use super::exit::Exit;
use super::load::load_requested;
use super::query::QueryFormat;
use super::terminal;

/// The options of a report.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ReportOptions {
    /// Any place in the vault.
    pub vault: PathBuf,
    /// What is asked.
    pub report: Report,
}

/// What can be asked of a whole vault.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Report {
    /// All files and the links between them.
    Graph(GraphFormat),
    /// The vault in numbers.
    Stats(QueryFormat),
    /// All things of one kind.
    List(ListedKind, QueryFormat),
}

/// A format of graphs.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum GraphFormat {
    /// A JSON object with `nodes` and `edges`.
    #[default]
    Json,
    /// The language of Graphviz.
    Dot,
    /// GraphML, an XML format.
    GraphMl,
}

/// What is listed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ListedKind {
    /// Notes, by path.
    Notes,
    /// Tags, those of most notes first.
    Tags,
    /// Headings, by path and place.
    Headings,
    /// Notes that no other note links.
    Orphans,
    /// Links that should lead to a file of the vault and find none.
    Broken,
    /// Names that wikilinks use and no file has.
    Unresolved,
}

/// Writes a report on a vault to stdout.
pub fn report(options: &ReportOptions) -> Exit {
    terminal::exit_of(written(options))
}

fn written(options: &ReportOptions) -> Result<Exit, String> {
    let asked = load_requested(&options.vault)?;
    // Nothing cancels it.
    let cancel = Cancel::new();
    let text = match options.report {
        Report::Graph(format) => graph::written(&asked, format, &cancel),
        Report::Stats(format) => stats::written(&asked, format, &cancel),
        Report::List(kind, format) => list::written(&asked, kind, format, &cancel),
    };
    terminal::write_answer(text.map_err(|_| "cancelled".to_owned())?.as_bytes())?;
    Ok(Exit::Clean)
}
