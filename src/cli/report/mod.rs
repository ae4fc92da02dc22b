//! `vaultls graph`, `stats` and `list`: what a whole vault holds, for people and for programs.

mod graph;
mod list;
mod stats;

use std::io::{self, Write};
use std::path::PathBuf;

use crate::vault::Cancel;

use super::exit::Exit;
use super::load::{Loaded, load_with_progress};
use super::query::QueryFormat;
use super::root::{prefix, root_of};
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
    /// Links to files that do not exist.
    Broken,
    /// Names that wikilinks use and no file has.
    Unresolved,
}

/// A vault, and the path from the current folder to it.
struct Asked {
    loaded: Loaded,
    prefix: String,
}

/// Writes a report on a vault to stdout.
pub fn report(options: &ReportOptions) -> Exit {
    match written(options) {
        Ok(()) => Exit::Clean,
        Err(message) => {
            terminal::print_error(&message);
            Exit::Failed
        }
    }
}

fn written(options: &ReportOptions) -> Result<(), String> {
    let path = &options.vault;
    let real = path.canonicalize().map_err(|error| format!("{}: {error}", path.display()))?;
    let root = root_of(&real);
    let loaded = load_with_progress(&root).map_err(|error| format!("{}: {error}", root.display()))?;
    let here = std::env::current_dir().and_then(|here| here.canonicalize()).ok();
    let asked = Asked { prefix: prefix(here.as_deref(), &loaded.root), loaded };
    // Nothing cancels it.
    let cancel = Cancel::new();
    let text = match options.report {
        Report::Graph(format) => graph::written(&asked, format, &cancel),
        Report::Stats(format) => stats::written(&asked, format, &cancel),
        Report::List(kind, format) => list::written(&asked, kind, format, &cancel),
    };
    let text = text.map_err(|_| "cancelled".to_owned())?;
    match anstream::AutoStream::auto(io::stdout().lock()).write_all(text.as_bytes()) {
        Err(error) if !terminal::is_closed_pipe(&error) => Err(format!("cannot write the answer: {error}")),
        _ => Ok(()),
    }
}
