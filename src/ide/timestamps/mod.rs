//! Timestamps and the videos that they point into.

pub(crate) mod clock_text;
pub(crate) mod forms;
pub(crate) mod insert;
pub(crate) mod next_moments;
pub(crate) mod plausibility;
pub(crate) mod style;
pub(crate) mod video;
pub(crate) mod video_end;
