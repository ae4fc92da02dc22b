//! The server over the wire: everything a client can do to it, and what it must answer.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)] // a test may fail

mod code_actions;
mod commands;
mod completion;
mod confinement;
mod diagnostics;
mod edit_requests;
mod marks;
mod mentions;
mod moments;
mod navigation;
mod preview;
mod rename;
mod session;
#[path = "../support/mod.rs"]
mod support;
mod symbols;
