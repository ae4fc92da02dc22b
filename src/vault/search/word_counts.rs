//! How many names have a word: the rarer it is, the more it says.

use crate::vault::names::Word;

/// How many names have each word, by the lowest bits of its hash: a rare word that is taken for a common one
/// now and then only weighs less.
#[derive(Debug)]
pub struct WordCounts(Box<[u16]>);

const BUCKETS: usize = 1 << 16;

impl Default for WordCounts {
    fn default() -> WordCounts {
        WordCounts(vec![0; BUCKETS].into())
    }
}

impl WordCounts {
    /// Counts the words of a name.
    pub fn add(&mut self, words: &[Word]) {
        for word in words {
            if let Some(count) = self.0.get_mut(bucket(*word)) {
                *count = count.saturating_add(1);
            }
        }
    }

    /// Counts what others have counted.
    pub fn add_all(&mut self, others: &WordCounts) {
        for (count, other) in self.0.iter_mut().zip(&others.0) {
            *count = count.saturating_add(*other);
        }
    }

    /// Returns how many names have a word; at most 65,535.
    pub fn of(&self, word: Word) -> u16 {
        self.0.get(bucket(word)).copied().unwrap_or_default()
    }
}

fn bucket(word: Word) -> usize {
    word.stem() as usize & (BUCKETS - 1)
}
