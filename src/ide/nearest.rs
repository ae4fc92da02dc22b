//! Which names a broken link may have meant.

use crate::vault::{
    Cancel, Cancelled, FileId, NoteRef, Snapshot, edit_distance, fold, folder_distance, loose,
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
    let name = target.rsplit_once('/').map_or(target, |(_, last)| last);
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

struct Name {
    letters: Vec<char>,
    words: Vec<String>,
}

impl Name {
    fn new(name: &str) -> Name {
        Name { letters: loose(name).chars().collect(), words: words(name) }
    }

    /// From 0, nothing in common, to 1, loosely the same.
    fn similarity(&self, other: &str) -> f64 {
        let (shorter, longer) = (self.letters.len().min(other.len()), self.letters.len().max(other.len()));
        // Neither measure can reach the bar when one name is a small part of the other.
        if shorter * 3 < longer {
            return 0.0;
        }
        let words = words(other);
        let common = self.words.iter().filter(|word| words.contains(word)).count();
        let by_words = ratio(2 * common, self.words.len() + words.len());
        let letters: Vec<char> = loose(other).chars().collect();
        let longest = self.letters.len().max(letters.len());
        let limit = longest * 2 / 5;
        let by_letters =
            edit_distance(&self.letters, &letters, limit).map_or(0.0, |far| 1.0 - ratio(far, longest));
        by_words.max(by_letters)
    }
}

fn words(name: &str) -> Vec<String> {
    let folded = fold(name);
    let words = folded.split(|char: char| !char.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_owned).collect()
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
