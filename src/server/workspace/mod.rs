//! The folders that are served and the documents that are open.

pub(crate) mod disk_sync;
pub(crate) mod documents;
pub(crate) mod settings;
pub(crate) mod vault;
