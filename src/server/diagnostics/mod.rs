//! Diagnostics, pushed or pulled.

pub(crate) mod push;
pub(crate) mod workspace;
