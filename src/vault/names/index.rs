//! Who defines and who uses each name: the only thing about a vault that is kept beyond its notes.
//!
//! What a link leads to is not kept: see [`crate::vault::resolve::link_target::link_target`].

use std::sync::{Arc, OnceLock};

use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use crate::vault::model::file::FileId;
use crate::vault::names::key::Key;
use crate::vault::search::unresolved::UnresolvedName;

/// Enough that copying one shard of a vault of 20,000 notes is a matter of microseconds.
const SHARDS: usize = 512;

/// Names to files, in shards that clones share until one of them is written.
#[derive(Clone, Debug)]
pub(crate) struct Index {
    shards: Arc<[Arc<Shard>]>,
}

/// A part of the keys.
#[derive(Clone, Debug, Default)]
struct Shard {
    entries: FxHashMap<Key, Entry>,
    /// The names among the keys that nothing defines, once somebody has asked; gone with the next change.
    unresolved: OnceLock<Arc<[UnresolvedName]>>,
}

/// The files behind one key; each list sorted and without repeats.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Entry {
    pub(crate) definers: Ids,
    pub(crate) users: Ids,
}

type Ids = SmallVec<[FileId; 2]>;

/// Which list of an entry.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Role {
    Definer,
    User,
}

impl Index {
    pub(crate) fn new() -> Index {
        Index { shards: (0..SHARDS).map(|_| Arc::default()).collect() }
    }

    pub(crate) fn get(&self, key: Key) -> Option<&Entry> {
        self.shards.get(key.shard(SHARDS))?.entries.get(&key)
    }

    pub(crate) fn entries(&self) -> impl Iterator<Item = (Key, &Entry)> {
        self.shards.iter().flat_map(|shard| shard.entries.iter().map(|(key, entry)| (*key, entry)))
    }

    /// The names that are linked and that nothing defines. `name` makes one of a key and its users, or tells that it is
    /// none; it is asked for the keys of those shards alone that have changed since.
    pub(crate) fn unresolved(
        &self,
        name: impl Fn(Key, &[FileId]) -> Option<UnresolvedName>,
    ) -> impl Iterator<Item = &UnresolvedName> {
        let collect = move |shard: &Shard| -> Arc<[UnresolvedName]> {
            let undefined = shard.entries.iter().filter(|(_, entry)| entry.definers.is_empty());
            undefined.filter_map(|(key, entry)| name(*key, &entry.users)).collect()
        };
        self.shards.iter().flat_map(move |shard| shard.unresolved.get_or_init(|| collect(shard)).iter())
    }

    /// Files `id` under `key`; whether that is news.
    pub(crate) fn insert(&mut self, key: Key, role: Role, id: FileId) -> bool {
        let Some(shard) = self.shard_mut(key) else { return false };
        let ids = shard.entries.entry(key).or_default().list(role);
        match ids.binary_search(&id) {
            Ok(_) => false,
            Err(place) => {
                ids.insert(place, id);
                true
            }
        }
    }

    /// Takes `id` away from `key`; whether it was there.
    pub(crate) fn remove(&mut self, key: Key, role: Role, id: FileId) -> bool {
        let Some(shard) = self.shard_mut(key) else { return false };
        let Some(entry) = shard.entries.get_mut(&key) else { return false };
        let ids = entry.list(role);
        let Ok(place) = ids.binary_search(&id) else { return false };
        ids.remove(place);
        if entry.definers.is_empty() && entry.users.is_empty() {
            shard.entries.remove(&key);
        }
        true
    }

    fn shard_mut(&mut self, key: Key) -> Option<&mut Shard> {
        let shard = Arc::make_mut(&mut self.shards).get_mut(key.shard(SHARDS)).map(Arc::make_mut)?;
        shard.unresolved.take();
        Some(shard)
    }
}

impl Entry {
    fn list(&mut self, role: Role) -> &mut Ids {
        match role {
            Role::Definer => &mut self.definers,
            Role::User => &mut self.users,
        }
    }
}
