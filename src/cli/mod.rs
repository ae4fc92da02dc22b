//! The commands of the command line: `check`, `query` and `tour`. Each returns an [`Exit`]; only stdout and
//! stderr are written to, and with `check --fix` the notes.

mod check;
mod client;
mod excerpt;
mod load;
mod place;
mod query;
mod root;
mod terminal;
mod tour;

pub use check::{CheckOptions, CodeName, FindingFilter, Format, check};
pub use client::{Answered, Client, SessionError, file_uri};
pub use load::{LoadError, Loaded, load};
pub use query::{Query, QueryFormat, QueryOptions, Spot, query};
pub use tour::tour;

/// The outcome of a command.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Exit {
    /// It ran and has nothing to report.
    Clean,
    /// It ran and has findings, or a query has no answer.
    Findings,
    /// It failed; stderr has the reason.
    Failed,
}

impl Exit {
    /// The exit code of the process: 0, 1 or 2.
    pub fn code(self) -> u8 {
        match self {
            Exit::Clean => 0,
            Exit::Findings => 1,
            Exit::Failed => 2,
        }
    }
}
