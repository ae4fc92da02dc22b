//! The rules of the source tree that a compiler does not enforce: which layer may use which, no dependency
//! cycle between folders, and limits on the size of files and folders and on the width of comments.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::panic,
    reason = "a test may fail"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Each layer with its height. A layer uses lower ones and itself, never one beside it.
const LAYERS: [(&str, u32); 9] = [
    ("text", 1),
    ("syntax", 2),
    ("config", 3),
    ("vault", 4),
    ("ide", 5),
    ("disk", 5),
    ("lsp", 6),
    ("server", 7),
    ("cli", 7),
];

/// Names that show that a layer knows something it must not.
const FORBIDDEN: [(&str, &[&str]); 9] = [
    ("text", &["pulldown_cmark", "tower_lsp", "std::fs", "std::path", "serde", "serde_json", "tokio"]),
    ("syntax", &["tower_lsp", "std::fs", "std::path", "serde_json", "tokio"]),
    ("config", &["tower_lsp", "std::fs", "std::path", "serde_json", "tokio", "pulldown_cmark"]),
    ("vault", &["tower_lsp", "std::fs", "std::path", "serde_json", "tokio", "pulldown_cmark"]),
    ("ide", &["tower_lsp", "std::fs", "std::path", "serde_json", "tokio", "pulldown_cmark"]),
    ("disk", &["tower_lsp", "tokio", "pulldown_cmark"]),
    ("lsp", &["tokio", "std::fs", "pulldown_cmark", "Mutex"]),
    ("server", &["pulldown_cmark", "std::fs"]),
    ("cli", &["pulldown_cmark"]),
];

const LONGEST_FILE_LINES: usize = 500;
const MOST_FILES_OF_A_FOLDER: usize = 15;

#[test]
fn the_source_tree_keeps_its_rules() {
    let sources = sources(Path::new("src"));
    let mut found = Vec::new();
    for source in &sources {
        check_layer(source, &mut found);
        check_forbidden_names(source, &mut found);
        check_size(source, &mut found);
    }
    check_folders(&sources, &mut found);
    for root in ["src", "tests", "benches", "examples"] {
        check_folder_sizes(&absolute(Path::new(root)), &mut found);
        for path in rust_files(&absolute(Path::new(root))) {
            check_comments(&path, &mut found);
        }
    }
    let lines: Vec<String> =
        found.iter().map(|(rule, place, what)| format!("{rule}: {place}: {what}")).collect();
    assert!(lines.is_empty(), "{} violations:\n{}", lines.len(), lines.join("\n"));
}

/// A rule, the file or folder that breaks it, and how.
type Violation = (&'static str, String, String);

fn check_layer(source: &Source, found: &mut Vec<Violation>) {
    let heights = BTreeMap::from(LAYERS);
    let Some(own) = source.module.first().filter(|name| heights.contains_key(name.as_str())) else { return };
    let height = heights[own.as_str()];
    for (line, path) in &source.paths {
        let Some(used) = path.first().filter(|used| *used != own) else { continue };
        if heights.get(used.as_str()).is_some_and(|used| *used >= height) {
            found.push(("layer", source.path.clone(), format!("line {line}: {own} uses {used}")));
        }
    }
}

fn check_forbidden_names(source: &Source, found: &mut Vec<Violation>) {
    let forbidden = BTreeMap::from(FORBIDDEN);
    let Some(names) = source.module.first().and_then(|layer| forbidden.get(layer.as_str())) else { return };
    for (number, line) in (1..).zip(source.code.lines()) {
        let tokens = tokens(line).map(|token| token.1).collect::<Vec<_>>().join(" ");
        for name in *names {
            let wanted = name.replace("::", " : : ");
            if format!(" {tokens} ").contains(&format!(" {wanted} ")) {
                found.push(("forbidden name", source.path.clone(), format!("line {number}: {name}")));
            }
        }
    }
}

fn check_size(source: &Source, found: &mut Vec<Violation>) {
    let lines = source.code.lines().filter(|line| !line.trim().is_empty()).count();
    if lines > LONGEST_FILE_LINES {
        found.push(("file size", source.path.clone(), format!("{lines} lines of code")));
    }
}

/// No cycle between the children of a folder, where a child is a file or a subfolder; and inside a layer,
/// items are named by their folder. Folders without subfolders hold one subject and are left alone; `mod.rs`
/// is the folder itself.
fn check_folders(sources: &[Source], found: &mut Vec<Violation>) {
    let folders: BTreeSet<&[String]> = sources
        .iter()
        .filter(|source| source.is_folder && source.module.len() > 1)
        .filter_map(|source| source.module.split_last().map(|(_, parent)| parent))
        .collect();
    for folder in folders {
        let name = format!("src/{}", folder.join("/"));
        let children: BTreeSet<&str> =
            sources.iter().filter_map(|source| child(folder, &source.module)).collect();
        let mut uses: BTreeMap<&str, BTreeMap<&str, &str>> = BTreeMap::new();
        for source in sources {
            let Some(from) = child(folder, &source.module) else { continue };
            for (line, path) in source.paths.iter().filter(|(_, path)| path.starts_with(folder)) {
                match child(folder, path).filter(|to| children.contains(to)) {
                    Some(to) if to != from => drop(uses.entry(from).or_default().insert(to, &source.path)),
                    Some(_) => {}
                    None if folder.len() == 1 => {
                        let what = format!("line {line}: {} is of another folder: name it", path.join("::"));
                        found.push(("facade", source.path.clone(), what));
                    }
                    None => {}
                }
            }
        }
        for cycle in cycles(&uses) {
            found.push(("cycle", name.clone(), described(&cycle, &uses)));
        }
    }
}

/// The name of the child of a folder in which a module lies.
fn child<'a>(folder: &[String], module: &'a [String]) -> Option<&'a str> {
    module.strip_prefix(folder)?.first().map(String::as_str)
}

/// The groups of nodes that all reach each other (found by reachability: the graphs are tiny).
fn cycles<'a>(uses: &BTreeMap<&'a str, BTreeMap<&'a str, &'a str>>) -> BTreeSet<BTreeSet<&'a str>> {
    let reached = |from: &'a str| {
        let mut seen = BTreeSet::new();
        let mut open = vec![from];
        while let Some(node) = open.pop() {
            let next = uses.get(node).into_iter().flat_map(BTreeMap::keys).copied();
            open.extend(next.filter(|node| seen.insert(*node)));
        }
        seen
    };
    let all: BTreeMap<&str, BTreeSet<&str>> = uses.keys().map(|node| (*node, reached(node))).collect();
    let reaches = |from: &str, to: &str| all.get(from).is_some_and(|seen| seen.contains(to));
    let in_cycles = all.keys().filter(|node| reaches(node, node));
    in_cycles
        .map(|node| {
            all.keys().copied().filter(|other| reaches(node, other) && reaches(other, node)).collect()
        })
        .collect()
}

fn described(cycle: &BTreeSet<&str>, uses: &BTreeMap<&str, BTreeMap<&str, &str>>) -> String {
    let mut lines = vec![cycle.iter().copied().collect::<Vec<_>>().join(", ")];
    for from in cycle {
        for (to, by) in uses[from].iter().filter(|(to, _)| cycle.contains(*to)) {
            lines.push(format!("    {from} -> {to} ({by})"));
        }
    }
    lines.join("\n")
}

fn check_folder_sizes(folder: &Path, found: &mut Vec<Violation>) {
    let (folders, files): (Vec<PathBuf>, Vec<PathBuf>) =
        entries(folder).into_iter().partition(|path| path.is_dir());
    if files.len() > MOST_FILES_OF_A_FOLDER {
        found.push(("folder size", relative(folder), format!("{} files", files.len())));
    }
    for folder in folders {
        check_folder_sizes(&folder, found);
    }
}

fn check_comments(path: &Path, found: &mut Vec<Violation>) {
    let width = max_width();
    let text = fs::read_to_string(path).unwrap();
    if !text.starts_with("//! ") {
        found.push(("module documentation", relative(path), "has none".to_owned()));
    }
    for (number, line) in (1..).zip(text.lines()) {
        let columns = line.chars().count();
        if is_comment(line) && columns > width {
            found.push(("comment width", relative(path), format!("line {number}: {columns} columns")));
        }
    }
}

/// A line `//- path.md` is the header of a note in the text of a test.
fn is_comment(line: &str) -> bool {
    let line = line.trim_start();
    line.starts_with("//") && !line.starts_with("//-")
}

fn max_width() -> usize {
    let settings = fs::read_to_string(absolute(Path::new("rustfmt.toml"))).unwrap();
    let width = settings.lines().find_map(|line| line.strip_prefix("max_width = "));
    width.expect("rustfmt.toml sets the width").parse().unwrap()
}

/// A file of the library or the program, without what is compiled for tests only.
struct Source {
    /// From the root of the crate, as `src/ide/links/mod.rs`.
    path: String,
    /// As `[ide, links]`.
    module: Vec<String>,
    /// Whether it is the `mod.rs` of a folder.
    is_folder: bool,
    /// The text, with comments and tests blanked out.
    code: String,
    /// Each path from the root of the crate that the code names, with its line.
    paths: Vec<(usize, Vec<String>)>,
}

fn sources(folder: &Path) -> Vec<Source> {
    let root = absolute(folder);
    let mut sources = Vec::new();
    let mut of_tests: Vec<Vec<String>> = Vec::new();
    for path in rust_files(&root) {
        let is_folder = path.file_name().is_some_and(|name| name == "mod.rs");
        let mut module: Vec<String> =
            path.strip_prefix(&root).unwrap().iter().map(|part| part.to_str().unwrap().to_owned()).collect();
        let file = module.pop().unwrap();
        if !matches!(file.as_str(), "mod.rs" | "lib.rs" | "main.rs") {
            module.push(file.trim_end_matches(".rs").to_owned());
        }
        let (code, test_modules) = without_tests(&without_comments(&fs::read_to_string(&path).unwrap()));
        of_tests.extend(test_modules.into_iter().map(|name| [module.as_slice(), &[name]].concat()));
        let paths = named_paths(&code, &module);
        sources.push(Source { path: relative(&path), module, is_folder, code, paths });
    }
    sources.retain(|source| !of_tests.iter().any(|tests| source.module.starts_with(tests)));
    assert!(sources.len() > LAYERS.len(), "every layer has files");
    sources
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for path in entries(folder) {
        if path.is_dir() {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

fn absolute(path: &Path) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn relative(path: &Path) -> String {
    path.strip_prefix(env!("CARGO_MANIFEST_DIR")).unwrap_or(path).to_str().unwrap().to_owned()
}

/// The text with comments replaced by spaces, and the contents of literals by quotes, line by line as it was.
fn without_comments(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(char) = rest.chars().next() {
        let (length, filler) = match char {
            '/' if rest.starts_with("//") => (rest.find('\n').unwrap_or(rest.len()), ' '),
            '/' if rest.starts_with("/*") => (block_comment_bytes(rest), ' '),
            '"' => (string_bytes(rest), '"'),
            '\'' => (char_bytes(rest).unwrap_or(0), '"'),
            'r' if !out.ends_with(is_word) => (raw_string_bytes(rest).unwrap_or(0), '"'),
            _ => (0, ' '),
        };
        if length == 0 {
            out.push(char);
            rest = &rest[char.len_utf8()..];
            continue;
        }
        let (skipped, after) = rest.split_at(length);
        out.extend(skipped.chars().map(|char| if char == '\n' { '\n' } else { filler }));
        rest = after;
    }
    out
}

fn block_comment_bytes(text: &str) -> usize {
    let mut depth = 0;
    for (at, _) in text.char_indices() {
        if text[at..].starts_with("/*") {
            depth += 1;
        } else if text[at..].starts_with("*/") {
            depth -= 1;
            if depth == 0 {
                return at + 2;
            }
        }
    }
    text.len()
}

fn string_bytes(text: &str) -> usize {
    let mut is_escaped = false;
    for (at, char) in text.char_indices().skip(1) {
        match char {
            '"' if !is_escaped => return at + 1,
            '\\' => is_escaped = !is_escaped,
            _ => is_escaped = false,
        }
    }
    text.len()
}

fn raw_string_bytes(text: &str) -> Option<usize> {
    let after_hashes = text.strip_prefix('r')?.trim_start_matches('#');
    let hashes = text.len() - after_hashes.len() - 1;
    let content = after_hashes.strip_prefix('"')?;
    let close = format!("\"{}", "#".repeat(hashes));
    Some(content.find(&close).map_or(text.len(), |at| text.len() - content.len() + at + close.len()))
}

/// `None` for a lifetime.
fn char_bytes(text: &str) -> Option<usize> {
    let content = text.strip_prefix('\'')?;
    match content.strip_prefix('\\') {
        Some(escape) => escape.get(1..)?.find('\'').map(|at| at + 4),
        None => {
            let char = content.chars().next()?;
            content[char.len_utf8()..].starts_with('\'').then_some(char.len_utf8() + 2)
        }
    }
}

fn is_word(char: char) -> bool {
    char.is_alphanumeric() || char == '_'
}

/// Words and single signs, each with its place in the text.
fn tokens(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut chars = text.char_indices().peekable();
    std::iter::from_fn(move || {
        let (start, first) = chars.find(|(_, char)| !char.is_whitespace())?;
        let mut end = start + first.len_utf8();
        while is_word(first)
            && let Some((at, char)) = chars.next_if(|(_, char)| is_word(*char))
        {
            end = at + char.len_utf8();
        }
        Some((start, &text[start..end]))
    })
}

/// The code with each item under `#[cfg(test)]` blanked out, and the modules that are declared so.
fn without_tests(code: &str) -> (String, Vec<String>) {
    let all: Vec<(usize, &str)> = tokens(code).collect();
    let mut kept = code.to_owned();
    let mut modules = Vec::new();
    let mut at = 0;
    while at < all.len() {
        let start = at;
        let Some(after) = attribute_end(&all, at) else {
            at += 1;
            continue;
        };
        at = after;
        let words: BTreeSet<&str> = all[start..after].iter().map(|token| token.1).collect();
        if !(words.contains("cfg") && words.contains("test")) || words.contains("not") {
            continue;
        }
        while let Some(after) = attribute_end(&all, at) {
            at = after;
        }
        let item = at;
        at = item_end(&all, at);
        if let Some(place) = all[item..at].iter().position(|token| token.1 == "mod") {
            modules.extend(all.get(item + place + 1).map(|token| token.1.to_owned()));
        }
        let end = all.get(at).map_or(code.len(), |token| token.0);
        let blank: String =
            code[all[start].0..end].chars().filter(|char| *char == '\n').map(|_| '\n').collect();
        let width = end - all[start].0;
        kept.replace_range(all[start].0..end, &format!("{}{blank}", " ".repeat(width - blank.len())));
    }
    (kept, modules)
}

/// Past an attribute that begins here.
fn attribute_end(tokens: &[(usize, &str)], start: usize) -> Option<usize> {
    (tokens.get(start)?.1 == "#" && tokens.get(start + 1)?.1 == "[").then_some(())?;
    let mut depth = 0;
    for (at, (_, token)) in tokens.iter().enumerate().skip(start + 1) {
        match *token {
            "[" => depth += 1,
            "]" if depth == 1 => return Some(at + 1),
            "]" => depth -= 1,
            _ => {}
        }
    }
    None
}

/// Past an item: its `;`, or the end of its braces, if they are not those of a `use`.
fn item_end(tokens: &[(usize, &str)], start: usize) -> usize {
    let is_use = tokens[start..].iter().take_while(|token| token.1 != ";").any(|token| token.1 == "use")
        && tokens[start..].iter().take_while(|token| token.1 != "use").all(|token| is_visibility(token.1));
    let mut depth = 0;
    for (at, (_, token)) in tokens.iter().enumerate().skip(start) {
        match *token {
            "{" | "(" | "[" => depth += 1,
            "}" if depth == 1 && !is_use => return at + 1,
            "}" | ")" | "]" => depth -= 1,
            ";" if depth == 0 => return at + 1,
            _ => {}
        }
    }
    tokens.len()
}

fn is_visibility(token: &str) -> bool {
    ["pub", "(", "crate", "super", "in", ")", ":"].contains(&token)
}

/// The paths from the root of the crate that the code of a module names, with their lines.
fn named_paths(code: &str, module: &[String]) -> Vec<(usize, Vec<String>)> {
    let all: Vec<(usize, &str)> = tokens(code).collect();
    let words: Vec<&str> = all.iter().map(|token| token.1).collect();
    let mut paths = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let is_root = matches!(words[at], "crate" | "super" | "self") && words.get(at + 1) == Some(&":");
        let is_visibility = at > 0 && words[at - 1] == "in";
        if !is_root || is_visibility {
            at += 1;
            continue;
        }
        let mut ends = Vec::new();
        let start = at;
        at = use_tree(&words, at, &mut Vec::new(), &mut ends);
        let line = code[..all[start].0].matches('\n').count() + 1;
        paths.extend(ends.iter().filter_map(|path| Some((line, from_root(path, module)?))));
    }
    paths
}

/// Reads `a::b::{c, d::e}` into its paths; past its end.
fn use_tree<'a>(
    words: &[&'a str],
    start: usize,
    prefix: &mut Vec<&'a str>,
    paths: &mut Vec<Vec<&'a str>>,
) -> usize {
    let length = prefix.len();
    let mut at = start;
    loop {
        match words.get(at) {
            Some(&"{") if at > start || !prefix.is_empty() => {
                at += 1;
                while words.get(at).is_some_and(|word| *word != "}") {
                    at = use_tree(words, at, prefix, paths).max(at + 1);
                    while words.get(at).is_some_and(|word| *word != "," && *word != "}") {
                        at += 1; // `as name`
                    }
                    at += usize::from(words.get(at) == Some(&","));
                }
                prefix.truncate(length);
                return at + 1;
            }
            Some(word) => prefix.push(word),
            None => break,
        }
        at += 1;
        match words.get(at..at + 3) {
            Some([":", ":", next]) if *next == "{" || *next == "*" || next.starts_with(is_word) => at += 2,
            _ => break,
        }
    }
    paths.push(prefix.clone());
    prefix.truncate(length);
    at
}

/// A path as it is from the root of the crate; `None` above the root.
fn from_root(path: &[&str], module: &[String]) -> Option<Vec<String>> {
    let mut full = module.to_vec();
    for (place, part) in path.iter().enumerate() {
        match *part {
            "crate" if place == 0 => full.clear(),
            "super" => drop(full.pop()?),
            "self" => {}
            part => full.push(part.to_owned()),
        }
    }
    Some(full)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(code: &str) -> Vec<String> {
        let module = ["ide", "links", "escape"].map(str::to_owned);
        let (code, _) = without_tests(&without_comments(code));
        named_paths(&code, &module)
            .into_iter()
            .map(|(line, path)| format!("{line} {}", path.join("::")))
            .collect()
    }

    #[test]
    fn paths_are_read_from_the_root() {
        assert_eq!(paths("use crate::vault::{Note, Snapshot as S};"), ["1 vault::Note", "1 vault::Snapshot"]);
        assert_eq!(paths("use crate::{ide::hover, vault};"), ["1 ide::hover", "1 vault"]);
        assert_eq!(paths("fn f(a: crate::lsp::A,\nb: &'a crate::text::B)"), ["1 lsp::A", "2 text::B"]);
        assert_eq!(paths("pub use super::super::{a::{self, B, c::*}, d};").join(", "), {
            "1 ide::a, 1 ide::a::B, 1 ide::a::c::*, 1 ide::d"
        });
        assert_eq!(paths("super::write(|x| self::X { a: super::Y::<crate::ide::Z>::new() })"), {
            ["1 ide::links::write", "1 ide::links::escape::X", "1 ide::links::Y", "1 ide::Z"]
        });
        assert_eq!(paths("pub(super) fn a() {} pub(in crate::ide) fn b(self) {}"), [""; 0]);
    }

    #[test]
    fn comments_and_texts_name_nothing() {
        let code = "// crate::a\n/* crate::b /* */ crate::c */ let x = \"crate::d\\\" crate::e\"; r#\"crate::f\"#; '\"'; crate::g::h";
        assert_eq!(paths(code), ["2 g::h"]);
    }

    #[test]
    fn tests_are_left_out() {
        let code = "#[cfg(test)]\nuse super::{a};\n#[cfg(all(test, unix))]\n#[allow(x)]\nmod tests {\n fn f() { crate::b }\n}\n#[cfg(test)]\npub(crate) mod fixture;\n#[cfg(not(test))]\nuse crate::c;\n#[cfg(test)] fn d() -> crate::e::F { }\nuse crate::g;";
        assert_eq!(paths(code), ["11 c", "13 g"]);
        assert_eq!(without_tests(code).1, ["tests", "fixture"]);
    }

    #[test]
    fn cycles_are_found() {
        let uses = [("a", "b"), ("b", "c"), ("c", "b"), ("d", "d"), ("e", "a")];
        let mut graph: BTreeMap<&str, BTreeMap<&str, &str>> = BTreeMap::new();
        for (from, to) in uses {
            graph.entry(from).or_default().insert(to, "x.rs");
        }
        let found = cycles(&graph);
        assert_eq!(found, [BTreeSet::from(["b", "c"]), BTreeSet::from(["d"])].into());
        assert_eq!(
            described(&BTreeSet::from(["b", "c"]), &graph),
            "b, c\n    b -> c (x.rs)\n    c -> b (x.rs)"
        );
    }
}
