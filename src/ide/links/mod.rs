//! Links as text: where a fragment leads, what a link means, and how a link is written so that it leads there.

pub(crate) mod escape;
pub(crate) mod fragment;
pub(crate) mod link_writer;
pub(crate) mod move_text;
pub(crate) mod pipe;
pub(crate) mod relink;
pub(crate) mod resolve_links;
pub(crate) mod target;
