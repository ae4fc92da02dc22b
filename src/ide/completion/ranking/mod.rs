//! The order of completion items: how likely each note is meant at a place.

pub(crate) mod distance;
pub(crate) mod features;
pub(crate) mod relevance;
