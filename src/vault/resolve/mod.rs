//! Resolution of links: the file that a link leads to, and the links that lead to a file.

mod backlinks;
mod link_target;
mod site;
mod unlisted;

pub use backlinks::Backlinks;
pub use link_target::{Found, Resolution, Tier};
pub use site::Site;
pub(crate) use site::page_folder;
