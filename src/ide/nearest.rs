//! Which names a broken link may have meant.

use crate::vault::{
    Cancel, Cancelled, FileId, NoteRef, Snapshot, edit_distance, fold, folder_distance, last_component, loose,
};

/// How many names are worth showing.
const AT_MOST: usize = 5;

/// Names below this share of common letters or words are no help.
const LEAST_SIMILARITY: f64 = 0.6;

/// The files whose names are nearest to `target`, the nearest first: those that share most of its words, in any order, or
/// most of its letters. Looks at every file.
///
/// # Errors
///
/// `Cancelled` if the answer is not wanted any more.
pub(super) fn nearest_names(
    vault: &Snapshot,
    source: &NoteRef<'_>,
    target: &str,
    cancel: &Cancel,
) -> Result<Vec<FileId>, Cancelled> {
    let name = last_component(target);
    let wanted = Name::new(name);
    if wanted.letters.is_empty() {
        return Ok(Vec::new());
    }
    let mut scored = Vec::new();
    for (id, file) in vault.files() {
        cancel.check()?;
        let similarity = wanted.similarity(file.path.stem());
        if similarity >= LEAST_SIMILARITY {
            let distance = folder_distance(source.path.folder(), file.path.folder());
            scored.push((id, similarity, distance, &file.path));
        }
    }
    scored.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.2.cmp(&b.2)).then(a.3.cmp(b.3)));
    Ok(scored.into_iter().take(AT_MOST).map(|(id, ..)| id).collect())
}

/// How many letters of each class a name has: two names are at least as far apart as these counts are.
type Counts = [u8; 64];

struct Name {
    letters: Vec<char>,
    counts: Counts,
    words: Vec<String>,
}

impl Name {
    fn new(name: &str) -> Name {
        let folded = fold(name);
        let letters: Vec<char> = loose(name).chars().collect();
        let counts = counts(letters.iter().copied());
        Name { letters, counts, words: words(&folded).map(str::to_owned).collect() }
    }

    /// From 0, nothing in common, to 1, loosely the same.
    fn similarity(&self, other: &str) -> f64 {
        let (shorter, longer) = (self.letters.len().min(other.len()), self.letters.len().max(other.len()));
        // Neither measure can reach the bar when one name is a small part of the other.
        if shorter * 3 < longer {
            return 0.0;
        }
        let other = fold(other);
        self.share_of_words(&other).max(self.share_of_letters(&other))
    }

    fn share_of_words(&self, other: &str) -> f64 {
        let (mut all, mut common) = (0, 0);
        for word in words(other) {
            all += 1;
            common += usize::from(self.words.iter().any(|own| own == word));
        }
        ratio(2 * common, self.words.len() + all)
    }

    fn share_of_letters(&self, other: &str) -> f64 {
        let other_counts = counts(other.chars().filter(|char| char.is_alphanumeric()));
        let other_length: usize = other_counts.iter().map(|count| usize::from(*count)).sum();
        let longest = self.letters.len().max(other_length);
        let limit = longest * 2 / 5;
        let surplus = |a: &Counts, b: &Counts| -> usize {
            a.iter().zip(b).map(|(a, b)| usize::from(a.saturating_sub(*b))).sum()
        };
        // Measuring the distance itself takes long, and most names are too far apart by their letters alone.
        if surplus(&self.counts, &other_counts).max(surplus(&other_counts, &self.counts)) > limit {
            return 0.0;
        }
        let letters: Vec<char> = other.chars().filter(|char| char.is_alphanumeric()).collect();
        let longest = self.letters.len().max(letters.len());
        edit_distance(&self.letters, &letters, limit).map_or(0.0, |far| 1.0 - ratio(far, longest))
    }
}

fn counts(letters: impl Iterator<Item = char>) -> Counts {
    let mut counts = [0_u8; 64];
    for letter in letters {
        if let Some(count) = counts.get_mut(u32::from(letter) as usize % 64) {
            *count = count.saturating_add(1);
        }
    }
    counts
}

/// The words of a folded name.
fn words(folded: &str) -> impl Iterator<Item = &str> {
    folded.split(|char: char| !char.is_alphanumeric()).filter(|word| !word.is_empty())
}

#[expect(clippy::cast_precision_loss, reason = "names are far shorter than 2^52 letters")]
fn ratio(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_of_words_does_not_matter() {
        assert!(Name::new("risks of ketamine").similarity("ketamine_risks_of") > 0.99);
        assert!(Name::new("ketamin risk").similarity("ketamine_risks") > 0.8);
        assert!(Name::new("ketamine").similarity("the_power_of_play") < LEAST_SIMILARITY);
    }
}
