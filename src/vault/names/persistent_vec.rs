//! A list whose clones share everything but what is written: a change copies one leaf and the two short lists
//! above it, whatever the length.

use std::sync::Arc;

/// How many leaves a group holds.
const GROUP_LEAVES: usize = 256;

/// A list that is cheap to clone and to change, in leaves of `LEAF` items.
#[derive(Clone, Debug)]
pub(crate) struct PersistentVec<T, const LEAF: usize> {
    groups: Arc<Vec<Group<T>>>,
    len: usize,
}

type Group<T> = Arc<Vec<Leaf<T>>>;
type Leaf<T> = Arc<Vec<T>>;

impl<T, const LEAF: usize> Default for PersistentVec<T, LEAF> {
    fn default() -> Self {
        PersistentVec { groups: Arc::default(), len: 0 }
    }
}

impl<T: Clone, const LEAF: usize> PersistentVec<T, LEAF> {
    /// Returns how many items there are.
    pub(crate) fn len(&self) -> usize {
        self.len
    }

    /// Returns the item at an index, if there is one.
    pub(crate) fn get(&self, index: usize) -> Option<&T> {
        let leaf = index / LEAF;
        self.groups.get(leaf / GROUP_LEAVES)?.get(leaf % GROUP_LEAVES)?.get(index % LEAF)
    }

    /// Returns the item at an index for writing, if there is one; what other clones share of its surroundings
    /// is copied.
    pub(crate) fn get_mut(&mut self, index: usize) -> Option<&mut T> {
        self.get(index)?;
        self.leaf_mut(index / LEAF)?.get_mut(index % LEAF)
    }

    /// Adds an item at the end.
    pub(crate) fn push(&mut self, item: T) {
        let leaf = self.len / LEAF;
        if self.len.is_multiple_of(LEAF) {
            let groups = Arc::make_mut(&mut self.groups);
            if leaf.is_multiple_of(GROUP_LEAVES) {
                groups.push(Arc::default());
            }
            if let Some(group) = groups.last_mut() {
                Arc::make_mut(group).push(Arc::new(Vec::with_capacity(LEAF)));
            }
        }
        if let Some(leaf) = self.leaf_mut(leaf) {
            leaf.push(item);
            self.len += 1;
        }
    }

    /// Returns all items in order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &T> {
        self.groups.iter().flat_map(|group| group.iter()).flat_map(|leaf| leaf.iter())
    }

    fn leaf_mut(&mut self, leaf: usize) -> Option<&mut Vec<T>> {
        let group = Arc::make_mut(&mut self.groups).get_mut(leaf / GROUP_LEAVES)?;
        Arc::make_mut(group).get_mut(leaf % GROUP_LEAVES).map(Arc::make_mut)
    }
}

impl<T: Clone, const LEAF: usize> FromIterator<T> for PersistentVec<T, LEAF> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        let mut list = PersistentVec::default();
        items.into_iter().for_each(|item| list.push(item));
        list
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_holds_what_a_vec_would_and_clones_never_change() {
        let mut list: PersistentVec<usize, 4> = PersistentVec::default();
        let mut plain = Vec::new();
        let mut clones = Vec::new();
        for number in 0..3 * 4 * GROUP_LEAVES + 5 {
            list.push(number);
            plain.push(number);
            if number % 7 == 0 {
                *list.get_mut(number / 2).unwrap() += 1;
                plain[number / 2] += 1;
            }
            if number % 1000 == 0 {
                clones.push((list.clone(), plain.clone()));
            }
        }
        clones.push((list, plain));
        for (list, plain) in &clones {
            assert_eq!(list.iter().copied().collect::<Vec<_>>(), *plain);
            assert_eq!(list.len(), plain.len());
            assert_eq!(list.get(plain.len() - 1), plain.last());
            assert_eq!(list.get(plain.len()), None);
        }
    }
}
