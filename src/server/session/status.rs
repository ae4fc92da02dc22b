//! The status of the server, sent to clients that show it: at the start, when a vault has been read, and at
//! most once a second while counts change.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::ide::VaultStats;
use crate::lsp::{ClientFeatures, Health, ServerStatus, VaultStatus, uri};
use crate::server::client::Client;
use crate::server::client::throttle::{Pauses, Throttle};
use crate::server::lock::lock;
use crate::server::pool::{Pool, Priority};
use crate::server::workspace::vault::ServedVault;
use crate::server::workspace::vaults::Vaults;
use crate::vault::{Cancel, Coverage, Snapshot};

use super::counts::VaultCounts;

/// The least time between two messages.
const STATUS_PAUSE: Duration = Duration::from_secs(1);

/// Sends the status.
pub(crate) struct StatusBoard {
    throttle: Throttle<()>,
}

struct Reporting {
    client: Arc<Client>,
    vaults: Arc<Vaults>,
    counts: Arc<VaultCounts>,
    sent: Mutex<Option<ServerStatus>>,
}

impl StatusBoard {
    /// A board on which nothing was shown.
    pub(crate) fn new(
        client: &Arc<Client>,
        pool: &Arc<Pool>,
        vaults: &Arc<Vaults>,
        counts: &Arc<VaultCounts>,
    ) -> StatusBoard {
        let reporting = Arc::new(Reporting {
            client: Arc::clone(client),
            vaults: Arc::clone(vaults),
            counts: Arc::clone(counts),
            sent: Mutex::default(),
        });
        let (throttle, mut requests) = Throttle::new(Pauses { after: STATUS_PAUSE, ..Pauses::default() });
        let pool = Arc::clone(pool);
        client.spawn(async move {
            while requests.next().await.is_some() {
                let reporting = Arc::clone(&reporting);
                pool.spawn(Priority::WholeVault, move || reporting.count_and_send());
            }
        });
        StatusBoard { throttle }
    }

    /// Sends the status if it changed: at once, or a little later if it was sent just now.
    pub(crate) fn request(&self, features: &ClientFeatures) {
        if features.shows_status {
            self.throttle.request(());
        }
    }
}

impl Reporting {
    fn count_and_send(&self) {
        let vaults = self.vaults.folders();
        // Held while counting, so that statuses follow each other.
        let mut sent = lock(&self.sent);
        let mut status =
            ServerStatus { health: Health::Ok, quiescent: true, message: None, vaults: Vec::new() };
        for vault in &vaults {
            let counted = self.counts.of(vault, &Cancel::new(), |stats, snapshot| {
                (describe(vault, snapshot, stats), snapshot.coverage())
            });
            let Ok((described, coverage)) = counted else { continue };
            if coverage == Coverage::OpenOnly {
                status.health = Health::Warning;
                status.message.get_or_insert_with(|| format!("cannot read {}", vault.name()));
            }
            status.quiescent &= !coverage.is_loading();
            status.vaults.extend(described);
        }
        if sent.as_ref() != Some(&status) {
            *sent = Some(status.clone());
            self.client.send_status(status);
        }
    }
}

fn describe(vault: &ServedVault, snapshot: &Snapshot, stats: &VaultStats) -> Option<VaultStatus> {
    let (root, total) = (vault.root.as_deref()?, stats.total());
    Some(VaultStatus {
        uri: uri::from_path(root)?,
        name: root.file_name().unwrap_or(root.as_os_str()).to_string_lossy().into_owned(),
        notes: snapshot.files().filter(|(_, file)| file.is_note()).count(),
        attachments: stats.attachments(),
        links: total.links,
        unresolved_links: total.unresolved_links,
    })
}
