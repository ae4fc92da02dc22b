//! Telling the client how the server is, where it shows that: at the start, when a vault has been read, and at most once a
//! second while counts change.
//!
//! Counts are kept note by note. A change counts the notes that it touched again and no others.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::ide::{self, LinkCounts};
use crate::lsp::{Health, ServerStatus, VaultStatus, uri};
use crate::vault::{Applied, FileId, Snapshot};

use crate::server::lock;
use crate::server::pool::Priority;
use crate::server::session::Session;
use crate::server::transport::writer::Notice;
use crate::server::workspace::vault::{Origin, ServedVault};

/// The least time between two messages.
const STATUS_PAUSE: Duration = Duration::from_secs(1);

/// What the client was told and what has changed since.
#[derive(Debug, Default)]
pub(crate) struct StatusBoard {
    state: Mutex<State>,
    /// By the number of the vault. Held by whoever counts, so that counts follow each other.
    tallies: Mutex<FxHashMap<u64, Tally>>,
}

#[derive(Debug, Default)]
struct State {
    /// What must be counted again, by the number of the vault.
    stale: FxHashMap<u64, Stale>,
    told: Option<ServerStatus>,
    progress: Telling,
}

/// Whether somebody is about to tell the client.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
enum Telling {
    /// Nobody is, and the last time is long enough ago.
    #[default]
    Idle,
    /// Somebody told the client just now and waits.
    Resting,
    /// The same, and there is more to tell afterwards.
    Queued,
}

#[derive(Debug)]
enum Stale {
    Everything,
    Notes(FxHashSet<FileId>),
}

/// The links of a vault, note by note.
#[derive(Debug, Default)]
struct Tally {
    notes: FxHashMap<FileId, LinkCounts>,
    total: LinkCounts,
}

impl Session {
    /// Counts again what a change touched. A vault that has just been read is counted as a whole.
    pub(crate) fn count_again(self: &Arc<Session>, vault: &ServedVault, applied: &Applied) {
        if !self.features().shows_status || vault.origin == Origin::Lone || !vault.is_complete() {
            return;
        }
        {
            let mut state = lock(&self.status.state);
            let nothing = || Stale::Notes(FxHashSet::default());
            let stale = state.stale.entry(vault.number).or_insert_with(nothing);
            match stale {
                _ if applied.is_everything => *stale = Stale::Everything,
                Stale::Everything => {}
                Stale::Notes(notes) => notes.extend(applied.changed.iter().chain(&applied.affected)),
            }
        }
        self.tell_status();
    }

    /// Tells the client how the server is, if that changed: at once, or a little later if it was told just now.
    pub(crate) fn tell_status(self: &Arc<Session>) {
        if !self.features().shows_status {
            return;
        }
        let is_idle = {
            let mut state = lock(&self.status.state);
            let before = state.progress;
            state.progress = if before == Telling::Idle { Telling::Resting } else { Telling::Queued };
            before == Telling::Idle
        };
        if !is_idle {
            return;
        }
        let session = Arc::clone(self);
        self.spawn(async move {
            loop {
                let counting = Arc::clone(&session);
                session.pool.spawn(Priority::WholeVault, move || counting.count_and_tell());
                tokio::time::sleep(STATUS_PAUSE).await;
                let mut state = lock(&session.status.state);
                if state.progress == Telling::Resting {
                    state.progress = Telling::Idle;
                    return;
                }
                state.progress = Telling::Resting;
            }
        });
    }

    fn count_and_tell(&self) {
        let vaults: Vec<_> = self.vaults().into_iter().filter(|vault| vault.origin != Origin::Lone).collect();
        let mut tallies = lock(&self.status.tallies);
        tallies.retain(|number, _| vaults.iter().any(|vault| vault.number == *number));
        let mut status =
            ServerStatus { health: Health::Ok, quiescent: true, message: None, vaults: Vec::new() };
        for vault in &vaults {
            status.quiescent &= vault.is_complete();
            if vault.knows_open_documents_only() {
                status.health = Health::Warning;
                status.message.get_or_insert_with(|| format!("{} cannot be read", vault.name()));
            }
            // What is marked as stale before the snapshot is taken is in the snapshot.
            let stale = lock(&self.status.state).stale.remove(&vault.number);
            let snapshot = vault.snapshot();
            let tally = tallies.entry(vault.number).or_default();
            if let Some(stale) = stale {
                tally.count(&snapshot, stale);
            }
            status.vaults.extend(describe(vault, &snapshot, tally));
        }
        drop(tallies);
        let mut state = lock(&self.status.state);
        if state.told.as_ref() != Some(&status) {
            state.told = Some(status.clone());
            self.outbox.send(Notice::Status(status));
        }
    }
}

impl Tally {
    fn count(&mut self, vault: &Snapshot, stale: Stale) {
        match stale {
            Stale::Everything => {
                *self = Tally::default();
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
    let is_counted = vault.is_complete();
    let notes = if is_counted { tally.notes.len() } else { snapshot.notes().count() };
    Some(VaultStatus {
        uri: uri::from_path(root)?,
        name: root.file_name().unwrap_or(root.as_os_str()).to_string_lossy().into_owned(),
        notes,
        attachments: snapshot.file_count() - notes,
        links: tally.total.links,
        unresolved_links: tally.total.unresolved,
    })
}
