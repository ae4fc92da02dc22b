//! The index of names: the files that define and use each key. The only state of a vault beyond its notes.
//!
//! What a link leads to is not stored, see [`Snapshot::resolve`](crate::vault::Snapshot::resolve). Clones
//! share everything but what is written: the cost of a change does not grow with the index.

use std::sync::{Arc, OnceLock};

use crate::vault::names::persistent_vec::PersistentVec;
use crate::vault::names::shard::{Entry, Filing, Role, Shard};
use crate::vault::names::{FileId, Key};

/// How many keys a shard holds on average after a build, at most. A change copies one shard.
const SHARD_KEYS: usize = 64;
/// How many keys a shard may hold on average before the index is built anew with more shards.
const CROWDED_SHARD_KEYS: usize = 8 * SHARD_KEYS;

/// How many shards have a memo together.
const MEMO_SHARDS: usize = 16;

/// The files of each key.
///
/// `M` is a value derived from the entries of a group of shards, see [`Index::memos`].
#[derive(Clone, Debug)]
pub(crate) struct Index<M> {
    /// Each shard holds the keys with the same highest bits, in the order of those bits.
    shards: PersistentVec<Arc<Shard>, 64>,
    /// For each group of shards what was derived from it. A change of a shard replaces the cell of its group.
    memos: PersistentVec<Arc<OnceLock<M>>, 64>,
    /// How many of the highest bits of a key choose its shard.
    bits: u32,
    keys: usize,
}

impl<M> Index<M> {
    pub(crate) fn new() -> Index<M> {
        Index::build(Vec::new())
    }

    /// Returns the index of these filings; repeats count once. Its time is that of sorting them: linear where
    /// they are a few sorted runs.
    pub(crate) fn build(mut filings: Vec<Filing>) -> Index<M> {
        filings.sort();
        let bits = (filings.len() / SHARD_KEYS).next_power_of_two().trailing_zeros();
        let (mut rest, mut keys) = (&*filings, 0);
        let shards = (0..1_usize << bits).map(|number| {
            let (own, others) =
                rest.split_at(rest.partition_point(|filing| filing.key.shard(bits) <= number));
            rest = others;
            let shard = Shard::from_sorted(own);
            keys += shard.len();
            Arc::new(shard)
        });
        let shards: PersistentVec<_, 64> = shards.collect();
        let memos = (0..shards.len().div_ceil(MEMO_SHARDS)).map(|_| Arc::default()).collect();
        Index { shards, memos, bits, keys }
    }

    /// Returns the files behind a key.
    pub(crate) fn get(&self, key: Key) -> Entry<'_> {
        self.shards.get(key.shard(self.bits)).map_or(Entry::default(), |shard| shard.get(key))
    }

    pub(crate) fn entries(&self) -> impl Iterator<Item = (Key, Entry<'_>)> {
        self.shards.iter().flat_map(|shard| shard.iter())
    }

    /// Returns what `derive` makes of the entries of each group of shards. It is called only for the groups
    /// that have changed since the last call, so it must depend on nothing but the entries and the files that
    /// they name.
    pub(crate) fn memos(
        &self,
        derive: impl Fn(&mut dyn Iterator<Item = (Key, Entry<'_>)>) -> M,
    ) -> impl Iterator<Item = &M> {
        self.memos.iter().enumerate().map(move |(group, memo)| {
            let shards =
                (group * MEMO_SHARDS..(group + 1) * MEMO_SHARDS).filter_map(|one| self.shards.get(one));
            memo.get_or_init(|| derive(&mut shards.flat_map(|shard| shard.iter())))
        })
    }

    /// Files `id` under `key`; returns whether that is new.
    pub(crate) fn insert(&mut self, key: Key, role: Role, id: FileId) -> bool {
        let Some(shard) = self.shard_mut(key) else { return false };
        let before = shard.len();
        let is_new = shard.insert(Filing { key, role, id });
        self.keys += shard.len() - before;
        if self.keys > CROWDED_SHARD_KEYS << self.bits {
            let filings = self.entries().flat_map(|(key, entry)| entry.filings(key));
            *self = Index::build(filings.collect());
        }
        is_new
    }

    /// Removes `id` from `key`; returns whether it was there.
    pub(crate) fn remove(&mut self, key: Key, role: Role, id: FileId) -> bool {
        let Some(shard) = self.shard_mut(key) else { return false };
        let before = shard.len();
        let is_gone = shard.remove(Filing { key, role, id });
        self.keys -= before - shard.len();
        is_gone
    }

    fn shard_mut(&mut self, key: Key) -> Option<&mut Shard> {
        let place = key.shard(self.bits);
        let memo = self.memos.get_mut(place / MEMO_SHARDS)?;
        match Arc::get_mut(memo) {
            Some(memo) => _ = memo.take(),
            None => *memo = Arc::default(),
        }
        self.shards.get_mut(place).map(Arc::make_mut)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;

    /// Draws the same numbers each time.
    fn numbers(count: usize, below: usize) -> impl Iterator<Item = usize> {
        let mut state = 7_u64;
        let next = move || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            usize::try_from(state >> 33).unwrap() % below
        };
        std::iter::repeat_with(next).take(count)
    }

    fn content(index: &Index<()>) -> BTreeMap<Key, [Vec<FileId>; 2]> {
        let entries = index.entries();
        entries.map(|(key, entry)| (key, [entry.definers.to_vec(), entry.users.to_vec()])).collect()
    }

    #[test]
    fn any_changes_lead_to_the_same_index_as_building_it() {
        let mut index = Index::<()>::new();
        let mut filings = BTreeSet::new();
        let mut snapshots = Vec::new();
        for (step, number) in numbers(60_000, 60_000).enumerate() {
            let role = if number % 2 == 0 { Role::Definer } else { Role::User };
            let key = Key::name(&(number % 10_000).to_string());
            let filing = Filing { key, role, id: FileId::new(number / 10_000) };
            if step % 3 == 2 {
                assert_eq!(index.remove(filing.key, role, filing.id), filings.remove(&filing));
            } else {
                assert_eq!(index.insert(filing.key, role, filing.id), filings.insert(filing));
            }
            if step % 20_000 == 0 {
                snapshots.push((index.clone(), filings.clone()));
            }
        }
        snapshots.push((index, filings));
        for (index, filings) in snapshots {
            let built = Index::build(filings.iter().chain(filings.iter().take(9)).copied().collect());
            assert_eq!(content(&index), content(&built));
            assert_eq!((index.keys, built.keys), (content(&index).len(), content(&index).len()));
            for (key, [definers, users]) in content(&index) {
                assert_eq!([index.get(key).definers, index.get(key).users], [&*definers, &*users]);
            }
        }
    }

    #[test]
    fn what_is_derived_follows_the_changes_of_its_shard() {
        let mut index = Index::<usize>::new();
        let key = Key::name("a");
        let count = |index: &Index<usize>| index.memos(|entries| entries.count()).sum::<usize>();
        assert_eq!(count(&index), 0);
        index.insert(key, Role::User, FileId::new(1));
        let before = index.clone();
        assert_eq!(count(&index), 1);
        index.remove(key, Role::User, FileId::new(1));
        assert_eq!((count(&index), count(&before)), (0, 1));
    }
}
