//! Which groups of names may have a word or a heading, and how often names have a word.

use crate::vault::names::{Key, Word};
use crate::vault::search::NameRows;

/// How many groups one index is over.
pub(crate) const INDEXED_GROUPS: usize = 256;

/// Something that the names of a group, or its headings, have.
#[derive(Clone, Copy, Debug)]
pub enum Trait {
    /// A word that is equal or related to this one.
    Word(Word),
    /// A heading whose name has this key.
    Heading(Key),
}

/// How many times names have each word, by the lowest bits of its hash: a rare word that is taken for a
/// common one now and then only weighs less.
#[derive(Debug)]
pub struct WordCounts(Box<[u32]>);

/// An index over some groups of names. Of a size that does not depend on them.
#[derive(Debug)]
pub(crate) struct WordIndex {
    pub(crate) counts: WordCounts,
    /// For each of the lowest bits of a hash, the groups that have a trait with this hash.
    groups: Box<[Groups]>,
}

/// A set of groups, a bit each.
type Groups = [u64; INDEXED_GROUPS / 64];

/// The groups of a vault that may have one of some traits.
#[derive(Clone, Debug, Default)]
pub struct GroupSet(Vec<Groups>);

const COUNTS: usize = 1 << 16;
const BUCKETS: usize = 1 << 14;

impl Default for WordCounts {
    fn default() -> WordCounts {
        WordCounts(vec![0; COUNTS].into())
    }
}

impl WordCounts {
    /// Counts the words of a name.
    pub fn add(&mut self, words: &[Word]) {
        for word in words {
            if let Some(count) = self.0.get_mut(word.stem() as usize % COUNTS) {
                *count = count.saturating_add(1);
            }
        }
    }

    /// Takes back what [`WordCounts::add`] has counted.
    pub(crate) fn subtract(&mut self, words: &[Word]) {
        for word in words {
            if let Some(count) = self.0.get_mut(word.stem() as usize % COUNTS) {
                *count = count.saturating_sub(1);
            }
        }
    }

    /// Adds what others have counted.
    pub fn add_all(&mut self, others: &WordCounts) {
        for (count, other) in self.0.iter_mut().zip(&others.0) {
            *count = count.saturating_add(*other);
        }
    }

    /// Returns how many times names have a word.
    pub fn of(&self, word: Word) -> u32 {
        self.0.get(word.stem() as usize % COUNTS).copied().unwrap_or_default()
    }
}

impl Default for WordIndex {
    fn default() -> WordIndex {
        let groups = vec![Groups::default(); BUCKETS].into();
        WordIndex { counts: WordCounts::default(), groups }
    }
}

impl WordIndex {
    /// Adds the names and headings of a group, given its index among those of this index.
    pub(crate) fn add(&mut self, group: usize, rows: &NameRows) {
        self.counts.add(rows.parts().words());
        for word in rows.parts().words() {
            self.insert(group, word.common_hash());
        }
        rows.heading_keys().for_each(|key| self.insert(group, hash_of_heading(key)));
    }

    fn insert(&mut self, group: usize, hash: u32) {
        for bucket in buckets(hash) {
            let bits = self.groups.get_mut(bucket).and_then(|groups| groups.get_mut(group / 64));
            if let Some(bits) = bits {
                *bits |= 1 << (group % 64);
            }
        }
    }

    /// Returns the groups that have a trait, and a few others.
    fn with(&self, hash: u32) -> Groups {
        let [one, other] = buckets(hash).map(|bucket| self.groups.get(bucket).copied().unwrap_or_default());
        std::array::from_fn(|part| one.get(part).zip(other.get(part)).map_or(0, |(one, other)| one & other))
    }
}

impl Trait {
    fn hash(self) -> u32 {
        match self {
            Trait::Word(word) => word.common_hash(),
            Trait::Heading(key) => hash_of_heading(key.short()),
        }
    }
}

/// Spreads the part of a key that the rows of names keep.
fn hash_of_heading(key: u16) -> u32 {
    u32::from(key).wrapping_mul(0x9E37_79B1)
}

/// Two, so that few groups are taken for ones that have a trait.
fn buckets(hash: u32) -> [usize; 2] {
    [hash as usize % BUCKETS, (hash >> 16) as usize % BUCKETS]
}

impl GroupSet {
    /// Returns the groups of some indices that may have one of these traits.
    pub(crate) fn with_any<'a>(indices: impl Iterator<Item = &'a WordIndex>, traits: &[Trait]) -> GroupSet {
        let hashes: Vec<u32> = traits.iter().map(|held| held.hash()).collect();
        let with_any = |index: &WordIndex| {
            hashes.iter().fold(Groups::default(), |mut all, hash| {
                all.iter_mut().zip(index.with(*hash)).for_each(|(all, one)| *all |= one);
                all
            })
        };
        GroupSet(indices.map(with_any).collect())
    }

    /// Adds a group of the same vault.
    pub(crate) fn insert(&mut self, group: usize) {
        let groups = self.0.get_mut(group / INDEXED_GROUPS);
        if let Some(bits) = groups.and_then(|groups| groups.get_mut(group % INDEXED_GROUPS / 64)) {
            *bits |= 1 << (group % 64);
        }
    }

    /// Returns whether a group is in the set.
    pub fn contains(&self, group: usize) -> bool {
        let groups = self.0.get(group / INDEXED_GROUPS);
        let bits = groups.and_then(|groups| groups.get(group % INDEXED_GROUPS / 64));
        bits.is_some_and(|bits| bits & 1 << (group % 64) != 0)
    }
}
