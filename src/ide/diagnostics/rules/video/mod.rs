//! Rules about the videos that notes name.

pub(super) mod bad_id;
