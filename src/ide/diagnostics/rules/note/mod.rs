//! Rules about a note as a whole and its words.

pub(super) mod bad_front_matter;
pub(super) mod duplicate_name;
pub(super) mod not_utf8;
pub(super) mod orphan;
pub(in crate::ide) mod unlinked_mention;
