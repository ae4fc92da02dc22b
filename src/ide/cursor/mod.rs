//! What stands at an offset of a note, and every place that is about the same.

pub(crate) mod symbol;
pub(crate) mod under_cursor;
