//! Links as text: where a fragment leads, what a link means, and how a link is written so that it leads
//! there.
//!
//! Every link that vaultls writes is written here: its target by [`mod@write`], its fragment by [`fragment`],
//! a new link as a whole by [`link_writer`]. The table of what can stand where is [`escape`].

pub(crate) mod escape;
pub(crate) mod fragment;
pub(crate) mod heading_links;
pub(crate) mod link_writer;
pub(crate) mod move_text;
pub(crate) mod pipe;
pub(crate) mod resolve_links;
pub(crate) mod write;
