//! The requests of the protocol.

pub(crate) mod code_action;
pub(crate) mod diagnostic;
pub(crate) mod graph;
pub(crate) mod marks;
pub(crate) mod rename;
pub(crate) mod semantic_tokens;
