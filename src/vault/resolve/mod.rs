//! Which file a link means, and which links mean a file.

pub(crate) mod backlinks;
pub(crate) mod link_target;
