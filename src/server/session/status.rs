//! The status of the server, sent to clients that show it: at the start, when a vault has been read, and at
//! most once a second while counts change.
//!
//! Links are counted note by note. A change makes the notes that it touched be counted again, and no others.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::ide::{self, LinkCounts};
use crate::lsp::{ClientFeatures, Health, ServerStatus, VaultStatus, uri};
use crate::server::client::Client;
use crate::server::client::throttle::{Pauses, Throttle};
use crate::server::lock::lock;
use crate::server::pool::{Pool, Priority};
use crate::server::workspace::vault::ServedVault;
use crate::server::workspace::vaults::Vaults;
use crate::vault::{Applied, Coverage, FileId, Snapshot};

/// The least time between two messages.
const STATUS_PAUSE: Duration = Duration::from_secs(1);

/// Counts what changed and sends the status.
pub(crate) struct StatusBoard {
    throttle: Throttle<()>,
    counting: Arc<Counting>,
}

struct Counting {
    client: Arc<Client>,
    vaults: Arc<Vaults>,
    /// What must be counted again, by the number of the vault.
    stale: Mutex<FxHashMap<u64, Stale>>,
    /// Held while counting, so that counts follow each other.
    counted: Mutex<Counted>,
}

#[derive(Debug, Default)]
struct Counted {
    /// By the number of the vault.
    tallies: FxHashMap<u64, Tally>,
    sent: Option<ServerStatus>,
}

#[derive(Debug)]
enum Stale {
    Everything,
    Notes(FxHashSet<FileId>),
}

/// The links of a vault, note by note.
#[derive(Debug, Default)]
struct Tally {
    is_counted: bool,
    notes: FxHashMap<FileId, LinkCounts>,
    total: LinkCounts,
}

impl StatusBoard {
    /// A board on which nothing was counted.
    pub(crate) fn new(client: &Arc<Client>, pool: &Arc<Pool>, vaults: &Arc<Vaults>) -> StatusBoard {
        let counting = Arc::new(Counting {
            client: Arc::clone(client),
            vaults: Arc::clone(vaults),
            stale: Mutex::default(),
            counted: Mutex::default(),
        });
        let (throttle, mut requests) = Throttle::new(Pauses { after: STATUS_PAUSE, ..Pauses::default() });
        let (pool, work) = (Arc::clone(pool), Arc::clone(&counting));
        client.spawn(async move {
            while requests.next().await.is_some() {
                let counting = Arc::clone(&work);
                pool.spawn(Priority::WholeVault, move || counting.count_and_send());
            }
        });
        StatusBoard { throttle, counting }
    }

    /// Counts again what a change touched. A vault is counted as a whole after it has been read.
    pub(crate) fn count(&self, vault: &ServedVault, applied: &Applied, features: &ClientFeatures) {
        if !features.shows_status {
            return;
        }
        let mut all = lock(&self.counting.stale);
        let stale = all.entry(vault.number).or_insert_with(|| Stale::Notes(FxHashSet::default()));
        match stale {
            _ if applied.is_everything => *stale = Stale::Everything,
            Stale::Everything => {}
            Stale::Notes(notes) => notes.extend(applied.changed.iter().chain(&applied.affected)),
        }
        drop(all);
        self.request(features);
    }

    /// Sends the status if it changed: at once, or a little later if it was sent just now.
    pub(crate) fn request(&self, features: &ClientFeatures) {
        if features.shows_status {
            self.throttle.request(());
        }
    }
}

impl Counting {
    fn count_and_send(&self) {
        let vaults = self.vaults.folders();
        let mut counted = lock(&self.counted);
        counted.tallies.retain(|number, _| vaults.iter().any(|vault| vault.number == *number));
        let mut status =
            ServerStatus { health: Health::Ok, quiescent: true, message: None, vaults: Vec::new() };
        for vault in &vaults {
            // What is marked as stale before the snapshot is taken is in the snapshot.
            let stale = lock(&self.stale).remove(&vault.number);
            let snapshot = vault.snapshot();
            if snapshot.coverage() == Coverage::OpenOnly {
                status.health = Health::Warning;
                status.message.get_or_insert_with(|| format!("cannot read {}", vault.name()));
            }
            let tally = counted.tallies.entry(vault.number).or_default();
            if let Some(stale) = stale {
                tally.count(&snapshot, stale);
            }
            // Counted first when it has been read.
            status.quiescent &= tally.is_counted;
            status.vaults.extend(describe(vault, &snapshot, tally));
        }
        if counted.sent.as_ref() != Some(&status) {
            counted.sent = Some(status.clone());
            self.client.send_status(status);
        }
    }
}

impl Tally {
    fn count(&mut self, vault: &Snapshot, stale: Stale) {
        match stale {
            Stale::Everything => {
                *self = Tally { is_counted: true, ..Tally::default() };
                for note in vault.notes() {
                    self.set(note.id, Some(ide::count_links(vault, &note)));
                }
            }
            Stale::Notes(notes) => {
                for id in notes {
                    self.set(id, vault.note(id).map(|note| ide::count_links(vault, &note)));
                }
            }
        }
    }

    fn set(&mut self, id: FileId, counts: Option<LinkCounts>) {
        let before = match counts {
            Some(counts) => self.notes.insert(id, counts),
            None => self.notes.remove(&id),
        };
        let (before, after) = (before.unwrap_or_default(), counts.unwrap_or_default());
        self.total.links = self.total.links - before.links + after.links;
        self.total.unresolved = self.total.unresolved - before.unresolved + after.unresolved;
    }
}

fn describe(vault: &ServedVault, snapshot: &Snapshot, tally: &Tally) -> Option<VaultStatus> {
    let root = vault.root.as_deref()?;
    let notes = snapshot.files().filter(|(_, file)| file.is_note()).count();
    Some(VaultStatus {
        uri: uri::from_path(root)?,
        name: root.file_name().unwrap_or(root.as_os_str()).to_string_lossy().into_owned(),
        notes,
        attachments: snapshot.file_count() - notes,
        links: tally.total.links,
        unresolved_links: tally.total.unresolved,
    })
}
