//! The commands that a person types: `check`, `query` and `tour`. They print for people and for programs, and
//! a command says with an [`Exit`] how it went.

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

/// How a command went.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Exit {
    /// It ran, and all is well.
    Clean,
    /// It ran, and there is something to look at.
    Findings,
    /// It could not run; stderr says why.
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
