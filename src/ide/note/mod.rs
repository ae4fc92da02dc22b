//! What is derived from the text of one note: sections, sentences, blocks.

pub(crate) mod block_ids;
pub(crate) mod body;
pub(crate) mod lines;
pub(crate) mod sentence;
pub(crate) mod title;
