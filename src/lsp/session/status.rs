//! The notification by which a client is told how the server and its vaults are, whenever that changes.
//!
//! It is rust-analyzer's `experimental/serverStatus` (its LSP extensions, "Server Status") with the vaults
//! added, so that editors which show that one show ours.

use serde::{Deserialize, Serialize};
use tower_lsp::ls_types::Uri;
use tower_lsp::ls_types::notification::Notification;

/// `experimental/serverStatus`, sent to clients that declare `experimental.serverStatusNotification`.
#[derive(Debug)]
pub enum ServerStatusNotification {}

impl Notification for ServerStatusNotification {
    type Params = ServerStatus;
    const METHOD: &'static str = "experimental/serverStatus";
}

/// How the server is.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ServerStatus {
    /// Whether it can do its work.
    pub health: Health,
    /// Whether nothing is under way that will change its answers by itself. While a vault is being read,
    /// false.
    pub quiescent: bool,
    /// What is the matter, if it is not well.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// The vaults, in the order of the client's folders.
    pub vaults: Vec<VaultStatus>,
}

/// Whether the server can do its work.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Health {
    /// It can.
    Ok,
    /// It can in part: a vault cannot be read.
    Warning,
}

/// One vault in numbers. Until it has been read they are those of what has been.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct VaultStatus {
    /// Its root.
    pub uri: Uri,
    /// The name of its folder.
    pub name: String,
    /// Files that are read as notes.
    pub notes: usize,
    /// All other files.
    pub attachments: usize,
    /// Links of all kinds.
    pub links: usize,
    /// Links that should lead to a file of the vault and find none.
    pub unresolved_links: usize,
}
