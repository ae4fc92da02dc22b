//! The rules of the house that a compiler does not hold: who may know whom, how long a file may be.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::string_slice, clippy::panic)] // a test may fail

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Each floor with its height. A floor may use lower ones and itself; `server` and `cli` share one.
const FLOORS: [(&str, u32); 9] = [
    ("text", 1),
    ("syntax", 2),
    ("config", 3),
    ("vault", 4),
    ("ide", 5),
    ("disk", 6),
    ("lsp", 7),
    ("server", 8),
    ("cli", 8),
];

/// Words that betray that a floor knows something it must not.
const FORBIDDEN: [(&str, &[&str]); 9] = [
    ("text", &["pulldown_cmark", "tower_lsp", "std::fs", "std::path", "serde_json", "tokio"]),
    ("syntax", &["tower_lsp", "std::fs", "std::path", "serde_json", "tokio"]),
    ("config", &["tower_lsp", "std::fs", "std::path", "serde_json", "tokio", "pulldown_cmark"]),
    ("vault", &["tower_lsp", "std::fs", "std::path", "serde_json", "tokio", "pulldown_cmark", "std::thread"]),
    ("ide", &["tower_lsp", "std::fs", "std::path", "serde_json", "tokio", "pulldown_cmark"]),
    ("disk", &["tower_lsp", "tokio", "pulldown_cmark"]),
    ("lsp", &["tokio", "std::fs", "pulldown_cmark", "Mutex"]),
    ("server", &["pulldown_cmark", "std::fs", "crate::cli"]),
    ("cli", &["pulldown_cmark"]),
];

const LONGEST_FILE_LINES: usize = 500;

struct Source {
    path: PathBuf,
    floor: String,
    /// Lines of code: without the tests at the end, blank lines and comments.
    code: Vec<(usize, String)>,
}

fn sources() -> Vec<Source> {
    let mut found = Vec::new();
    for (floor, _) in FLOORS {
        collect(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(floor), floor, &mut found);
    }
    assert!(found.len() > FLOORS.len(), "the floors have files");
    found
}

fn collect(folder: &Path, floor: &str, found: &mut Vec<Source>) {
    for entry in fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, floor, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = fs::read_to_string(&path).unwrap();
            let lines = text.lines().enumerate();
            let until_tests = lines.map(|(number, line)| (number + 1, line.to_owned()));
            let mut code: Vec<(usize, String)> = until_tests.collect();
            if let Some(tests) = code.iter().position(|(_, line)| line == "mod tests {") {
                code.truncate(tests);
            }
            code.retain(|(_, line)| !line.trim().is_empty() && !line.trim_start().starts_with("//"));
            found.push(Source { path, floor: floor.to_owned(), code });
        }
    }
}

/// The crate's modules that a line names: `crate::vault::Note` and `use crate::{ide, vault}` alike.
fn modules_named(line: &str) -> Vec<String> {
    let mut named = Vec::new();
    let mut rest = line;
    while let Some(at) = rest.find("crate::") {
        rest = &rest[at + "crate::".len()..];
        let group = rest.strip_prefix('{').and_then(|group| group.split('}').next());
        for path in group.unwrap_or(rest).split(',').take(if group.is_some() { usize::MAX } else { 1 }) {
            let name: String =
                path.trim().chars().take_while(|char| char.is_alphanumeric() || *char == '_').collect();
            named.push(name);
        }
    }
    named
}

#[test]
fn no_floor_uses_one_above_it() {
    let height: BTreeMap<&str, u32> = FLOORS.into_iter().collect();
    let mut broken = Vec::new();
    for source in sources() {
        let own = height[source.floor.as_str()];
        for (number, line) in &source.code {
            for used in modules_named(line) {
                let above = height.get(used.as_str()).is_some_and(|used| *used > own);
                let beside = height.get(used.as_str()) == Some(&own)
                    && used != source.floor
                    && source.floor == "server";
                if above || beside {
                    broken.push(format!("{}:{number}: {} uses {used}", source.path.display(), source.floor));
                }
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn no_floor_knows_what_it_must_not() {
    let forbidden: BTreeMap<&str, &[&str]> = FORBIDDEN.into_iter().collect();
    let mut broken = Vec::new();
    for source in sources() {
        for (number, line) in &source.code {
            for word in forbidden[source.floor.as_str()] {
                if line.contains(word) {
                    broken.push(format!("{}:{number}: {} knows {word}", source.path.display(), source.floor));
                }
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn files_stay_short_and_say_what_they_are() {
    let mut broken = Vec::new();
    for source in sources() {
        let lines = source.code.len();
        let is_tests = source.path.file_name().is_some_and(|name| name == "tests.rs");
        if lines > LONGEST_FILE_LINES && !is_tests {
            broken.push(format!("{}: {lines} lines of code", source.path.display()));
        }
        let text = fs::read_to_string(&source.path).unwrap();
        if !text.starts_with("//! ") {
            broken.push(format!("{}: no module documentation", source.path.display()));
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn lines_that_name_modules_are_understood() {
    assert_eq!(modules_named("use crate::vault::{Note, Snapshot};"), ["vault"]);
    assert_eq!(modules_named("use crate::{ide::hover, vault};"), ["ide", "vault"]);
    assert_eq!(modules_named("fn f(a: crate::lsp::A, b: crate::text::B)"), ["lsp", "text"]);
}
