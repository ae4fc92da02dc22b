//! Which file a link means, and which links mean a file.

mod backlinks;
mod link_target;

pub use backlinks::Backlinks;
pub use link_target::{Found, Resolution, Tier};
