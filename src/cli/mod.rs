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

/// Writes bytes to stdout.
pub fn print(bytes: &[u8]) -> Exit {
    use std::io::Write;
    match std::io::stdout().lock().write_all(bytes) {
        Err(error) if !terminal::is_closed_pipe(&error) => {
            terminal::print_error(&format!("cannot write: {error}"));
            Exit::Failed
        }
        _ => Exit::Clean,
    }
}
