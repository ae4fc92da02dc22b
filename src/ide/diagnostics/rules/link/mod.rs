//! Rules about links.

mod fragment;
mod nearest_file;
mod separators;

pub(super) mod ambiguous;
pub(super) mod duplicate_block;
pub(super) mod empty;
pub(super) mod inexact;
pub(super) mod missing_block;
pub(in crate::ide) mod missing_file;
pub(super) mod missing_heading;
pub(in crate::ide) mod missing_note;
pub(super) mod outside_vault;
pub(super) mod unclosed;
