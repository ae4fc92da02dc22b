//! Rules about the labels of references and footnotes.

mod remove;

pub(super) mod duplicate;
pub(super) mod undefined;
pub(super) mod unused;
