//! Slugs of headings, GitHub's and those of generators of sites, and labels as CommonMark compares them.

use caseless::Caseless;
use rustc_hash::FxHashMap;
use unicode_normalization::UnicodeNormalization;

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

/// Returns VitePress' fragment of a heading with this name, as `slugify` of `@mdit-vue/shared` makes it:
/// without accents, `-` for each run of spaces and punctuation but none at its ends, `_` before a digit at
/// its start.
fn vitepress_slug(heading_name: &str) -> String {
    let mut slug = String::with_capacity(heading_name.len());
    for c in heading_name.nfkd().filter(|c| !matches!(c, '\u{300}'..='\u{36f}')) {
        if c.is_control() {
            continue;
        }
        if c.is_whitespace() || c.is_ascii_punctuation() || matches!(c, '“' | '”' | '‘' | '’') {
            if !slug.is_empty() && !slug.ends_with('-') {
                slug.push('-');
            }
        } else {
            slug.extend(c.to_lowercase());
        }
    }
    slug.truncate(slug.trim_end_matches('-').len());
    if slug.starts_with(|c: char| c.is_ascii_digit()) {
        slug.insert(0, '_');
    }
    slug
}

/// Returns the fragment of a heading with this name in MkDocs, as `slugify` of Python-Markdown's `toc` makes
/// it: ASCII letters alone, `-` for each run of spaces and `-`.
fn python_markdown_slug(heading_name: &str) -> String {
    let is_kept = |c: &char| c.is_ascii_alphanumeric() || c.is_ascii_whitespace() || matches!(c, '_' | '-');
    let kept: String = heading_name.nfkd().filter(is_kept).collect();
    let mut slug = String::with_capacity(kept.len());
    for c in kept.trim().chars() {
        if c.is_ascii_alphanumeric() || c == '_' {
            slug.push(c.to_ascii_lowercase());
        } else if !slug.ends_with('-') {
            slug.push('-');
        }
    }
    slug
}

/// How a generator of sites makes the fragment of a heading.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SlugStyle {
    /// As GitHub.
    GitHub,
    /// As VitePress.
    VitePress,
    /// As Python-Markdown, which MkDocs uses.
    PythonMarkdown,
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
        self.slugs_in(SlugStyle::GitHub)
    }

    /// Returns the slugs of all headings, in order, as a generator makes them. Duplicates have `-1`, `-2` …
    /// appended; in Python-Markdown `_1`, `_2` …, as have those without any letter.
    pub fn slugs_in(&self, style: SlugStyle) -> Vec<String> {
        let (make, separator): (fn(&str) -> String, _) = match style {
            SlugStyle::GitHub => (slug, '-'),
            SlugStyle::VitePress => (vitepress_slug, '-'),
            SlugStyle::PythonMarkdown => (python_markdown_slug, '_'),
        };
        let mut next_number: FxHashMap<String, u32> = FxHashMap::default();
        if style == SlugStyle::PythonMarkdown {
            next_number.insert(String::new(), 0);
        }
        let mut slugs = Vec::with_capacity(self.headings.len());
        for heading in &self.headings {
            let plain = make(self.heading_name(heading));
            let mut unique = plain.clone();
            while next_number.contains_key(&unique) {
                let number = next_number.entry(plain.clone()).or_insert(0);
                *number += 1;
                unique = format!("{plain}{separator}{number}");
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
    fn slugs_are_those_of_the_generator() {
        let parsed =
            parse("# css.preloadModules `x`\n# Über – \"uns\"!\n# 2.0\n# 标题\n# 再\n# a - b\n# a b\n");
        assert_eq!(
            parsed.slugs_in(SlugStyle::VitePress),
            ["css-preloadmodules-x", "uber-–-uns", "_2-0", "标题", "再", "a-b", "a-b-1"]
        );
        assert_eq!(
            parsed.slugs_in(SlugStyle::PythonMarkdown),
            ["csspreloadmodules-x", "uber-uns", "20", "_1", "_2", "a-b", "a-b_1"]
        );
    }

    #[test]
    fn labels_are_compared_as_in_commonmark() {
        assert_eq!(fold_label("  Straße\n\t der  "), fold_label("STRASSE DER"));
    }
}
