//! The files of a vault and its one writer: every change goes through it, every reader holds a snapshot.

pub(crate) mod change;
pub(crate) mod coverage;
pub(crate) mod file;
pub(crate) mod inbound_links;
pub(crate) mod link_conventions;
pub(crate) mod note;
pub(crate) mod snapshot;
pub(crate) mod what_if;
pub(crate) mod writer;
