//! Resolution of links: the file that a link leads to, and the links that lead to a file.

mod backlinks;
mod link_target;
mod unlisted;

pub use backlinks::Backlinks;
pub(crate) use link_target::without_query;
pub use link_target::{Found, Resolution, Tier};
