//! Links as text: where a fragment leads, what a link means, and how a link is written so that it leads there.
//!
//! All links that vaultls writes are written here: targets by [`write`], fragments by [`fragment`], new links as a whole
//! by [`link_writer`], and which characters can stand where is the table of [`escape`].

pub(crate) mod escape;
pub(crate) mod fragment;
pub(crate) mod heading_links;
pub(crate) mod link_writer;
pub(crate) mod move_text;
pub(crate) mod pipe;
pub(crate) mod resolve_links;
pub(crate) mod write;
