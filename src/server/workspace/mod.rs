//! What the client works in: its folders, each a vault, and the documents that it has open.

pub(crate) mod disk_sync;
pub(crate) mod documents;
pub(crate) mod settings;
pub(crate) mod vault;
pub(crate) mod vaults;
pub(crate) mod view;

use std::sync::Arc;

use crate::vault::{Applied, VaultPath};

use vault::ServedVault;

/// Something happened to a vault. It is published before it is reported.
#[derive(Clone, Copy)]
pub(crate) struct VaultEvent<'a> {
    /// The vault.
    pub(crate) vault: &'a Arc<ServedVault>,
    /// What changed in it.
    pub(crate) applied: &'a Applied,
    /// The document that the client changed; `None` for changes on disk and of settings.
    pub(crate) document: Option<(&'a VaultPath, DocumentEvent)>,
}

/// What the client did to a document.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum DocumentEvent {
    Opened,
    Edited,
    /// Its text became unknown.
    OutOfSync,
    Closed,
}

/// Hears of what happens to vaults, with no lock held.
pub(crate) type OnEvent = Arc<dyn Fn(VaultEvent<'_>) + Send + Sync>;
