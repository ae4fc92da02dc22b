//! Which name a misspelled one was meant to be.

/// No name of a setting or value is longer, in bytes; anything longer is not compared.
const LONGEST_NAME: usize = 64;

/// Returns the candidate that `word` is most likely a misspelling of, in any case: at most a third of its
/// letters are wrong.
pub(super) fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    if word.len() > LONGEST_NAME {
        return None;
    }
    let word = word.to_lowercase();
    let measured = candidates.into_iter().filter_map(|candidate| {
        let distance = strsim::levenshtein(&word, &candidate.to_lowercase());
        (distance <= candidate.chars().count() / 3).then_some((distance, candidate))
    });
    measured.min_by_key(|(distance, _)| *distance).map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_is_found_in_any_case_and_nothing_far() {
        assert_eq!(nearest("LENENT", ["quartz", "lenient"]), Some("lenient"));
        assert_eq!(nearest("xyz", ["abc", "lenient"]), None);
        assert_eq!(nearest("", ["abc"]), None);
        assert_eq!(nearest(&"a".repeat(1_000_000), ["abc"]), None);
    }
}
