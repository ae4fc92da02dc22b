//! One file for each kind of thing that completion offers.

pub(crate) mod blocks;
pub(crate) mod callouts;
pub(crate) mod display_texts;
pub(crate) mod files;
pub(crate) mod fragments;
pub(crate) mod front_matter;
pub(crate) mod labels;
pub(crate) mod markdown_links;
pub(crate) mod paths;
pub(crate) mod tags;
pub(crate) mod timestamps;
