//! How far two words are from each other, by which a misspelling differs from another word.

use std::mem;

/// How many letters must be added, dropped or replaced, or swapped with their neighbour, to get from one word
/// to the other; `None` past `limit`. Takes time in proportion to the product of their lengths.
///
/// The optimal string alignment distance: no letter is edited twice.
pub(super) fn edit_distance(a: &[char], b: &[char], limit: usize) -> Option<usize> {
    if a.len().abs_diff(b.len()) > limit {
        return None;
    }
    // The row that is filled, and the two before it: a swap goes on from the second.
    let mut last: Vec<usize> = (0..=b.len()).collect();
    let (mut above, mut row) = (last.clone(), last.clone());
    let mut least_above = 0;
    let mut before_left = None;
    for (index, left) in a.iter().enumerate() {
        let least = fill(&mut row, [&above, &last], (index, left, before_left), b);
        if least > limit && least_above >= limit {
            return None;
        }
        least_above = least;
        before_left = Some(left);
        mem::swap(&mut above, &mut last);
        mem::swap(&mut last, &mut row);
    }
    last.last().copied().filter(|distance| *distance <= limit)
}

/// Fills the row of distances of a letter, given with its index and the letter before it; returns the least.
fn fill(
    row: &mut [usize],
    [above, last]: [&[usize]; 2],
    (index, left, before_left): (usize, &char, Option<&char>),
    b: &[char],
) -> usize {
    let mut before = index + 1;
    let mut least = before;
    if let Some(first) = row.first_mut() {
        *first = before;
    }
    let mut before_right = None;
    let mut swapped_from = above.iter();
    for ((right, cell), from) in b.iter().zip(row.iter_mut().skip(1)).zip(last.windows(2)) {
        let [diagonal, up] = from else { continue };
        let replaced = diagonal + usize::from(left != right);
        before = replaced.min(up + 1).min(before + 1);
        if before_right.is_some()
            && let Some(swapped_from) = swapped_from.next()
            && before_left == Some(right)
            && before_right == Some(left)
        {
            before = before.min(swapped_from + 1);
        }
        *cell = before;
        least = least.min(before);
        before_right = Some(right);
    }
    least
}

/// The same from `typed` to the start of `name` that is nearest to it. Its time grows with the length of
/// `typed` and, fourfold for each, with `limit`.
pub(super) fn distance_to_start(typed: &[char], name: &[char], limit: usize) -> Option<usize> {
    let same = typed.iter().zip(name).take_while(|(typed, letter)| typed == letter).count();
    let (typed, name) = (typed.get(same..)?, name.get(same..)?);
    let Some((first, typed_rest)) = typed.split_first() else { return Some(0) };
    let limit = limit.checked_sub(1)?;
    let mut best = distance_to_start(typed_rest, name, limit);
    let mut take = |typed: &[char], name: &[char]| {
        if best != Some(0) {
            let distance = distance_to_start(typed, name, limit);
            best = distance.into_iter().chain(best).min();
        }
    };
    if let Some((letter, name_rest)) = name.split_first() {
        take(typed_rest, name_rest);
        take(typed, name_rest);
        if let (Some((second, typed_rest)), Some((next, name_rest))) =
            (typed_rest.split_first(), name_rest.split_first())
            && (first, second) == (next, letter)
        {
            take(typed_rest, name_rest);
        }
    }
    best.map(|distance| distance + 1)
}

#[cfg(test)]
mod tests {
    use proptest::{prop_assert_eq, proptest};

    use super::*;

    fn letters(text: &str) -> Vec<char> {
        text.chars().collect()
    }

    #[test]
    fn distance_counts_letters_up_to_a_limit() {
        for (one, other, limit, expected) in [
            ("kitten", "sitting", 9, Some(3)),
            ("kitten", "sitting", 2, None),
            ("", "abc", 3, Some(3)),
            ("form", "from", 1, Some(1)),
            ("ofrm", "from", 9, Some(2)),
            ("lagnuaeg", "language", 2, Some(2)),
        ] {
            let (one, other) = (letters(one), letters(other));
            assert_eq!(edit_distance(&one, &other, limit), expected, "{one:?}");
            assert_eq!(edit_distance(&other, &one, limit), expected, "{one:?}");
        }
    }

    proptest! {
        #[test]
        fn the_distance_to_the_start_is_that_to_the_nearest_of_all_starts(
            typed in "[abc]{0,6}",
            name in "[abc]{0,8}",
            limit in 0_usize..4,
        ) {
            let (typed, name) = (letters(&typed), letters(&name));
            let nearest = (0..=name.len()).filter_map(|end| edit_distance(&typed, &name[..end], limit)).min();
            prop_assert_eq!(distance_to_start(&typed, &name, limit), nearest);
        }
    }
}
