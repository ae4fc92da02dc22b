//! The index of names: the files that define and use each key. The only state of a vault beyond its notes.
//!
//! What a link leads to is not stored, see [`Snapshot::resolve`](crate::vault::Snapshot::resolve).

use std::sync::{Arc, OnceLock};

use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use crate::vault::names::{FileId, Key};

/// Enough that copying one shard of a vault of 20,000 notes takes microseconds.
const SHARDS: usize = 512;

/// The files of each key, in shards that clones share until one of them is written.
///
/// `M` is a value derived from the entries of one shard, see [`Index::memos`].
#[derive(Clone, Debug)]
pub(crate) struct Index<M> {
    shards: Arc<[Arc<Shard<M>>]>,
}

/// The entries of a part of the keys.
#[derive(Clone, Debug)]
struct Shard<M> {
    entries: FxHashMap<Key, Entry>,
    /// Derived from `entries` on first use. A change of the shard empties it.
    memo: OnceLock<M>,
}

/// The files of one key; each list sorted, without duplicates.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Entry {
    pub(crate) definers: Ids,
    pub(crate) users: Ids,
}

type Ids = SmallVec<[FileId; 2]>;

/// A list of an entry.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Role {
    Definer,
    User,
}

impl<M: Clone> Index<M> {
    pub(crate) fn new() -> Index<M> {
        let shard = || Arc::new(Shard { entries: FxHashMap::default(), memo: OnceLock::new() });
        Index { shards: (0..SHARDS).map(|_| shard()).collect() }
    }

    pub(crate) fn get(&self, key: Key) -> Option<&Entry> {
        self.shards.get(key.shard(SHARDS))?.entries.get(&key)
    }

    pub(crate) fn entries(&self) -> impl Iterator<Item = (Key, &Entry)> {
        self.shards.iter().flat_map(|shard| shard.entries.iter().map(|(key, entry)| (*key, entry)))
    }

    /// Returns what `derive` makes of the entries of each shard. It is called only for the shards that have
    /// changed since the last call, so it must depend on nothing but the entries and the files that they
    /// name.
    pub(crate) fn memos(&self, derive: impl Fn(&FxHashMap<Key, Entry>) -> M) -> impl Iterator<Item = &M> {
        self.shards.iter().map(move |shard| shard.memo.get_or_init(|| derive(&shard.entries)))
    }

    /// Adds `id` to a list of `key`. Returns whether it was not in it.
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

    /// Removes `id` from a list of `key`. Returns whether it was in it.
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

    fn shard_mut(&mut self, key: Key) -> Option<&mut Shard<M>> {
        let shard = Arc::make_mut(&mut self.shards).get_mut(key.shard(SHARDS)).map(Arc::make_mut)?;
        shard.memo.take();
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
