//! GitHub's slugs of headings, and labels as CommonMark compares them.

use caseless::Caseless;
use rustc_hash::FxHashMap;

use super::parsed::Parsed;

/// Returns GitHub's fragment of a heading with this name: lower case, letters, digits, `_` and `-` kept, `-`
/// for each space, everything else dropped.
pub fn slug(heading_name: &str) -> String {
    let mut slug = String::with_capacity(heading_name.len());
    for c in heading_name.trim().chars().flat_map(char::to_lowercase) {
        if c == ' ' {
            slug.push('-');
        } else if c.is_alphanumeric()
            || matches!(c, '_' | '-')
            || unicode_normalization::char::is_combining_mark(c)
        {
            slug.push(c);
        }
    }
    slug
}

/// Returns a label in the form in which labels of references and footnotes are compared: trimmed, white space
/// collapsed to one space, case folded (CommonMark, "matches").
pub fn fold_label(label: &str) -> String {
    let mut folded = String::with_capacity(label.len());
    for word in label.split_whitespace() {
        if !folded.is_empty() {
            folded.push(' ');
        }
        folded.extend(word.chars().default_case_fold());
    }
    folded
}

impl Parsed {
    /// Returns the GitHub slugs of all headings, in order; duplicates have `-1`, `-2` … appended.
    pub fn slugs(&self) -> Vec<String> {
        let mut next_number: FxHashMap<String, u32> = FxHashMap::default();
        let mut slugs = Vec::with_capacity(self.headings.len());
        for heading in &self.headings {
            let plain = slug(self.heading_name(heading));
            let mut unique = plain.clone();
            while next_number.contains_key(&unique) {
                let number = next_number.entry(plain.clone()).or_insert(0);
                *number += 1;
                unique = format!("{plain}-{number}");
            }
            next_number.insert(unique.clone(), 0);
            slugs.push(unique);
        }
        slugs
    }
}

#[cfg(test)]
mod tests {
    use super::super::parse;
    use super::*;

    #[test]
    fn slugs_are_those_of_github() {
        for (name, expected) in [
            ("My Heading", "my-heading"),
            ("C++ & Rust: 2.0!", "c--rust-20"),
            ("Über_uns – Ça", "über_uns--ça"),
            ("", ""),
        ] {
            assert_eq!(slug(name), expected);
        }
        let parsed = parse("# A\n# a\n# A 1\n# a\n# A-1\n");
        assert_eq!(parsed.slugs(), ["a", "a-1", "a-1-1", "a-2", "a-1-2"]);
    }

    #[test]
    fn labels_are_compared_as_in_commonmark() {
        assert_eq!(fold_label("  Straße\n\t der  "), fold_label("STRASSE DER"));
    }
}
