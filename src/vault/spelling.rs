//! How far two words are from each other, to tell a misspelling from another word.

/// How many letters must be added, dropped or replaced to get from one word to the other; `None` past `limit`. Takes time
/// in proportion to the product of their lengths.
pub fn edit_distance(a: &[char], b: &[char], limit: usize) -> Option<usize> {
    if a.len().abs_diff(b.len()) > limit {
        return None;
    }
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (index, left) in a.iter().enumerate() {
        let mut diagonal = index;
        let mut before = index + 1;
        if let Some(first) = row.first_mut() {
            *first = before;
        }
        let mut least = before;
        for (right, cell) in b.iter().zip(row.iter_mut().skip(1)) {
            let replaced = diagonal + usize::from(left != right);
            diagonal = *cell;
            before = replaced.min(diagonal + 1).min(before + 1);
            *cell = before;
            least = least.min(before);
        }
        if least > limit {
            return None;
        }
    }
    row.last().copied().filter(|distance| *distance <= limit)
}

/// The candidate that `word` is most likely a misspelling of: at most a third of its letters are wrong, in any case.
pub(super) fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word = letters(word);
    let measured = candidates.into_iter().filter_map(|candidate| {
        let candidate_letters = letters(candidate);
        let distance = edit_distance(&word, &candidate_letters, candidate_letters.len() / 3)?;
        Some((distance, candidate))
    });
    measured.min_by_key(|(distance, _)| *distance).map(|(_, candidate)| candidate)
}

fn letters(word: &str) -> Vec<char> {
    word.chars().flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distance_counts_letters_up_to_a_limit() {
        let distance = |a: &str, b: &str, limit| {
            edit_distance(&a.chars().collect::<Vec<_>>(), &b.chars().collect::<Vec<_>>(), limit)
        };
        assert_eq!(distance("kitten", "sitting", 9), Some(3));
        assert_eq!(distance("kitten", "sitting", 2), None);
        assert_eq!(distance("", "abc", 3), Some(3));
    }

    #[test]
    fn the_nearest_is_found_in_any_case_and_nothing_far() {
        assert_eq!(nearest("LENENT", ["quartz", "lenient"]), Some("lenient"));
        assert_eq!(nearest("xyz", ["abc", "lenient"]), None);
        assert_eq!(nearest("", ["abc"]), None);
        assert_eq!(nearest(&"a".repeat(1_000_000), ["abc"]), None);
    }
}
