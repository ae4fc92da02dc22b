//! From one place of the vault to others: definitions, references, links to open, the link graph as a tree.

pub(crate) mod call_hierarchy;
pub(crate) mod code_lens;
pub(crate) mod definition;
pub(crate) mod document_links;
pub(crate) mod references;
