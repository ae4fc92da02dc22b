//! The requests of the protocol, a file each or for a few of a kind: functions of a session and the
//! parameters.
//!
//! The snapshot of a request is taken before its first `.await`, so it sees every edit that was sent before
//! it.

pub(crate) mod call_hierarchy;
pub(crate) mod code_action;
pub(crate) mod code_lens;
pub(crate) mod completion;
pub(crate) mod diagnostic;
pub(crate) mod document_link;
pub(crate) mod hover;
pub(crate) mod inlay_hint;
pub(crate) mod navigation;
pub(crate) mod outline;
pub(crate) mod rename;
pub(crate) mod resolve_links;
pub(crate) mod semantic_tokens;
pub(crate) mod workspace_symbol;
