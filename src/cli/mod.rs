//! The commands of the command line: `check`, `query` and `tour`. Each returns an [`Exit`]; only stdout and
//! stderr are written to, and with `check --fix` the notes.

mod check;
mod client;
mod excerpt;
mod exit;
mod load;
mod place;
mod query;
mod root;
mod terminal;
mod tour;

pub use check::{CheckOptions, CodeName, FindingFilter, Format, check};
pub use client::{Answered, Client, Reply, RequestError, RequestId, SessionError, file_uri};
pub use exit::Exit;
pub use load::{LoadError, Loaded, load};
pub use query::{Query, QueryFormat, QueryOptions, Spot, query};
pub use tour::tour;
