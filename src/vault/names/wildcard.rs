//! Patterns of link targets, with `*` for any characters.

use crate::vault::names::fold;

/// Returns whether a target fits a pattern as a whole: `*` stands for any characters, those of a path
/// included, and case does not count. Its time is at most the product of both lengths.
pub(crate) fn fits_pattern(pattern: &str, target: &str) -> bool {
    let (pattern, target) = (fold(pattern), fold(target));
    let Some((start, rest)) = pattern.split_once('*') else { return pattern == target };
    let (middle, end) = rest.rsplit_once('*').unwrap_or(("", rest));
    let Some(mut left) = target.strip_prefix(start) else { return false };
    for piece in middle.split('*').filter(|piece| !piece.is_empty()) {
        // The first place is as good as any: what follows a star may begin anywhere.
        let Some((_, after)) = left.split_once(piece) else { return false };
        left = after;
    }
    left.ends_with(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_stand_for_any_characters() {
        for (pattern, target, fits) in [
            ("a", "a", true),
            ("a", "ab", false),
            ("", "", true),
            ("*", "", true),
            ("*", "a/b", true),
            ("**", "a", true),
            ("drafts/*", "Drafts/x/y.md", true),
            ("drafts/*", "drafts", false),
            ("*.pdf", "a/b.pdf", true),
            ("*.pdf", "a.pdf.md", false),
            ("a*a", "a", false),
            ("a*a", "aa", true),
            ("a*b*c", "a--b--b--c", true),
            ("a*b*c", "ac", false),
            ("a*bc*c", "abc", false),
            ("/é*", "/É x", true),
        ] {
            assert_eq!(fits_pattern(pattern, target), fits, "{pattern} {target}");
        }
    }
}
