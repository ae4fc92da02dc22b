//! Files that stay in a vault and are listed last: Obsidian's excluded files.
//!
//! A file is excluded by its path alone. Snapshots share the result until a file comes, moves or goes, or the
//! settings change.

use regex::bytes::{RegexSet, RegexSetBuilder};

use crate::vault::names::{FileId, VaultPath};

/// How many bytes a compiled regular expression may take; larger ones are invalid.
const MAX_COMPILED_BYTES: usize = 1 << 20;

/// The excluded files of a vault, a bit for each file.
#[derive(Debug, Default)]
pub(crate) struct ExcludedFiles(Vec<u64>);

impl ExcludedFiles {
    /// Finds the files that one of these filters excludes. Reads all paths, unless there is no filter.
    pub(crate) fn of<'a>(
        filters: &[String],
        files: impl Iterator<Item = (FileId, &'a VaultPath)>,
    ) -> ExcludedFiles {
        let mut excluded = ExcludedFiles::default();
        if filters.is_empty() {
            return excluded;
        }
        let filters = Filters::new(filters);
        for (id, _) in files.filter(|(_, path)| filters.match_path(path)) {
            let word = id.index() / 64;
            if excluded.0.len() <= word {
                excluded.0.resize(word + 1, 0);
            }
            if let Some(bits) = excluded.0.get_mut(word) {
                *bits |= 1 << (id.index() % 64);
            }
        }
        excluded
    }

    /// Returns whether a file is one of them. Constant time.
    pub(crate) fn contain(&self, id: FileId) -> bool {
        self.0.get(id.index() / 64).is_some_and(|bits| bits >> (id.index() % 64) & 1 == 1)
    }
}

/// Filters of paths, as Obsidian writes them (`userIgnoreFilters`): the start of a path, or a regular
/// expression in slashes.
struct Filters<'a> {
    starts: Vec<&'a str>,
    expressions: RegexSet,
}

impl<'a> Filters<'a> {
    /// Compiles filters; invalid ones match no path.
    fn new(filters: &'a [String]) -> Filters<'a> {
        let (expressions, starts): (Vec<&str>, Vec<&str>) =
            filters.iter().map(String::as_str).partition(|filter| expression(filter).is_some());
        let expressions = expressions.into_iter().filter_map(expression);
        let valid: Vec<&str> = expressions.filter(|one| compile(&[one]).is_ok()).collect();
        let starts = starts.into_iter().map(|start| start.trim_start_matches('/'));
        Filters {
            starts: starts.filter(|start| !start.is_empty()).collect(),
            // Together they are larger than the limit if they are very many.
            expressions: compile(&valid).unwrap_or_default(),
        }
    }

    fn match_path(&self, path: &VaultPath) -> bool {
        let path = path.as_str();
        self.starts.iter().any(|start| path.starts_with(start)) || self.expressions.is_match(path.as_bytes())
    }
}

/// Returns the regular expression of a filter; `None` if it is the start of a path.
fn expression(filter: &str) -> Option<&str> {
    filter.strip_prefix('/')?.strip_suffix('/').filter(|expression| !expression.is_empty())
}

/// Compiles regular expressions over bytes: without Unicode tables, `\d` and `\w` are those of JavaScript.
fn compile(expressions: &[&str]) -> Result<RegexSet, regex::Error> {
    let mut builder = RegexSetBuilder::new(expressions);
    builder.unicode(false).size_limit(MAX_COMPILED_BYTES).build()
}

/// Returns the filters of excluded files whose regular expressions are invalid, with the reasons. Look-ahead
/// and back references, which take more than linear time, are.
pub fn invalid_filters(filters: &[String]) -> Vec<(String, String)> {
    let reason = |filter: &String| {
        let error = compile(&[expression(filter)?]).err()?.to_string();
        // The message repeats the expression on lines of its own; the last one says what is wrong.
        let reason = error.lines().last().unwrap_or_default();
        Some((filter.clone(), reason.trim_start_matches("error: ").to_owned()))
    };
    filters.iter().filter_map(reason).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_are_starts_of_paths_or_regular_expressions() {
        let cases = [
            ("Archive/", "Archive/old.md", true),
            ("Archive/", "Archive.md", false),
            ("Archive/", "Work/Archive/old.md", false),
            ("Arch", "Archive/old.md", true),
            ("/Archive", "Archive/old.md", true),
            ("/\\.tmp$/", "a/b.tmp", true),
            ("/\\.tmp$/", "a/b.tmp.md", false),
            ("/^\\d{4}/", "2026/a.md", true),
            ("/é/", "Café.md", true),
            ("/é/", "Cafe.md", false),
            ("/(?=a)/", "a.md", false),
            ("/", "a.md", false),
            ("//", "a.md", false),
            ("", "a.md", false),
        ];
        for (filter, path, expected) in cases {
            let (filters, path) = ([filter.to_owned()], VaultPath::resolve("", path).unwrap());
            let excluded = ExcludedFiles::of(&filters, [(FileId::new(70), &path)].into_iter());
            assert_eq!(excluded.contain(FileId::new(70)), expected, "{filter} {path}");
            assert!(!excluded.contain(FileId::new(69)) && !excluded.contain(FileId::new(700)));
        }
    }

    #[test]
    fn invalid_filters_have_reasons() {
        let filters = ["a(", "/a(/", "/(?=a)b/", "/(\\w{999}){999}/", "/fine/"].map(str::to_owned);
        let invalid: Vec<String> =
            invalid_filters(&filters).iter().map(|(filter, why)| format!("{filter}: {why}")).collect();
        assert_eq!(
            invalid,
            [
                "/a(/: unclosed group",
                "/(?=a)b/: look-around, including look-ahead and look-behind, is not supported",
                "/(\\w{999}){999}/: Compiled regex exceeds size limit of 1048576 bytes.",
            ]
        );
    }
}
