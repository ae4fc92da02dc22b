//! The commands of the command line. Each returns an [`Exit`]; only stdout and
//! stderr are written to, and with `check --fix` the notes.

mod check;
mod client;
mod excerpt;
mod exit;
mod explain;
mod load;
mod place;
mod query;
mod report;
mod root;
mod terminal;
mod tour;

pub use check::{CheckOptions, CodeName, FindingFilter, Format, check};
pub use client::{Answered, Client, Reply, RequestError, RequestId, SessionError, file_uri};
pub use exit::Exit;
pub use explain::explain;
pub use load::{LoadError, Loaded, load};
pub use query::{Query, QueryFormat, QueryOptions, Spot, query};
pub use report::{GraphFormat, ListedKind, Report, ReportOptions, report};
pub use tour::tour;

/// Writes a text that a command has made to stdout.
pub fn print(text: &[u8]) -> Exit {
    terminal::exit_of(terminal::write_answer(text).map(|()| Exit::Clean))
}
