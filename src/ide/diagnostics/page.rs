//! `docs/diagnostics.md`, made of the documentation and examples of the rules, which are run here.

use std::fmt::Write;

use super::testing::found;
use super::{RULES, Rule, fixes};
use crate::config::{Settings, Severity};
use crate::ide::fixture;
use crate::vault::Cancel;

const INTRODUCTION: &str = "\
<!-- Generated from the rules in src/ide/diagnostics/rules. UPDATE_EXPECT=1 cargo test writes it. -->

# Diagnostics

Every diagnostic has a stable code, `group/name`. Its severity can be set for the code or for its whole group
(`diagnostics.severity`, see [settings](settings.md)); `off` disables it. What all quick fixes have in common is described in
[actions](actions.md#fixes).

```toml
# .vaultls.toml
[diagnostics.severity]
\"link/inexact\" = \"off\"
\"timestamp\" = \"warning\"
```

| code | default | meaning |
|---|---|---|
";

/// The title of a group, and what its rules have in common.
fn group_introduction(group: &str) -> &'static str {
    match group {
        "link" => "## Links\n\n[How a link finds its note](links.md).\n",
        "timestamp" => {
            "## Timestamps\n\nFour forms are known:\n\n```markdown\n\
             <a class=\"yt-timestamp\" data-t=\"00:01:55\">[00:01:55]</a>\n\
             [00:01:55](<a class=\"yt-timestamp\" data-t=\"00:01:55\">[00:01:55]</a>)\n\
             [00:01:55](https://www.youtube.com/watch?v=VIDEO&t=115s)\n\
             [00:01:55]\n```\n\nThe last one counts only in notes that name a video.\n"
        }
        "video" => "## Videos\n",
        "note" => "## Notes\n",
        group => panic!("the group {group} has no title"),
    }
}

fn page() -> String {
    let mut page = INTRODUCTION.to_owned();
    for code in RULES.iter().map(|rule| rule.code()) {
        let severity = code.default_severity().map_or("off", Severity::as_str);
        let (name, anchor, summary) = (code.as_str(), anchor(code.as_str()), code.summary());
        writeln!(page, "| [`{name}`](#{anchor}) | {severity} | {summary} |").unwrap();
    }
    let mut group = "";
    for rule in RULES {
        let code = rule.code();
        if code.group() != group {
            group = code.group();
            write!(page, "\n{}", group_introduction(group)).unwrap();
        }
        let (name, anchor, docs) = (code.as_str(), anchor(code.as_str()), docs(rule).join("\n"));
        writeln!(page, "\n<a id=\"{anchor}\"></a>\n### `{name}`\n\n{docs}").unwrap();
    }
    page
}

fn anchor(code: &str) -> String {
    code.replace('/', "-")
}

fn docs(rule: &Rule) -> Vec<&str> {
    rule.docs.lines().map(|line| line.strip_prefix(' ').unwrap_or(line)).collect()
}

/// A vault in whose first file a rule finds something, and the text of that file after a fix.
#[derive(Default)]
struct Example {
    /// As a fixture.
    files: String,
    /// The title of the fix and the text.
    fix: Option<(String, String)>,
}

/// Returns the examples in the documentation of a rule: a block after `Example, in `path`, beside `other
/// path`:`, where both parts may be missing, then blocks after `and in `path`:` and `After the fix *title*:`.
fn examples(rule: &Rule) -> Vec<Example> {
    let mut examples: Vec<Example> = Vec::new();
    let (docs, mut introduction) = (docs(rule).join("\n"), "");
    for (index, part) in docs.split("```").enumerate() {
        if index % 2 == 0 {
            introduction = part.trim_end().rsplit("\n\n").next().unwrap().trim();
            continue;
        }
        let Some(text) = part.strip_prefix("markdown\n") else { continue };
        let paths: Vec<&str> = introduction.split('`').skip(1).step_by(2).collect();
        if introduction.starts_with("Example") {
            let is_named = introduction.starts_with("Example, in");
            let (own, others) = paths.split_at(usize::from(is_named));
            let mut files = format!("//- {}\n{text}", own.first().unwrap_or(&"note.md"));
            others.iter().for_each(|path| files.push_str(&format!("//- {path}\n")));
            examples.push(Example { files, fix: None });
        } else if let Some(example) = examples.last_mut() {
            match introduction.strip_prefix("After the fix *").and_then(|rest| rest.strip_suffix("*:")) {
                Some(title) => example.fix = Some((title.to_owned(), text.to_owned())),
                None => example.files.push_str(&format!("//- {}\n{text}", paths[0])),
            }
        }
    }
    examples
}

/// `UPDATE_EXPECT=1 cargo test` writes the page.
#[test]
fn the_page_is_generated_from_the_rules() {
    expect_test::expect_file!["../../../docs/diagnostics.md"].assert_eq(&page());
}

#[test]
fn each_example_gives_its_diagnostic_and_its_fix() {
    for rule in RULES {
        let examples = examples(rule);
        // Text is always UTF-8.
        assert!(!examples.is_empty() || rule.code().as_str() == "note/not-utf8", "{:?}", rule.code());
        examples.iter().for_each(|example| try_out(rule, example));
    }
}

fn try_out(rule: &'static Rule, example: &Example) {
    let code = rule.code();
    let severity = code.default_severity().unwrap_or(Severity::Hint);
    let settings = Settings { severities: [(code, Some(severity))].into(), ..Settings::default() };
    let (vault, at) = fixture::with_settings(&example.files, settings);
    let all = found(&vault, at.note);
    let first = all.first().unwrap_or_else(|| panic!("{code:?}: nothing is found in {}", example.files));
    assert!(all.iter().all(|one| one.code == code), "{code:?}: {all:#?}");
    if let Some((title, expected)) = &example.fix {
        let fixes = fixes(&vault, at.note, first, &Cancel::new()).unwrap();
        let titles: Vec<&str> = fixes.iter().map(|fix| &*fix.title).collect();
        let fix = fixes.iter().find(|fix| fix.title == *title);
        let fix = fix.unwrap_or_else(|| panic!("{code:?}: there is no fix {title:?}, but {titles:?}"));
        let after = fixture::changed(&vault, &fix.change).note(at.note).unwrap().note.text.to_text();
        assert_eq!(after, *expected, "{code:?}");
    }
}

#[test]
fn codes_are_unique_and_well_formed() {
    let mut codes: Vec<_> = RULES.iter().map(|rule| rule.code()).collect();
    for code in &codes {
        let (group, name) = code.as_str().split_once('/').unwrap();
        assert_eq!(code.group(), group);
        let is_word = |char: char| char.is_ascii_lowercase() || char.is_ascii_digit() || char == '-';
        assert!([group, name].iter().all(|part| part.chars().all(is_word)), "{code:?}");
        assert!(code.summary().ends_with('.'), "{code:?}");
        // The model announces all notes only if a rule that is off by default has been turned on.
        assert!(!code.reads_all_names() || code.default_severity().is_none(), "{code:?}");
    }
    let mut groups: Vec<&str> = codes.iter().map(|code| code.group()).collect();
    groups.dedup();
    assert_eq!(groups, ["link", "timestamp", "video", "note"]);
    codes.sort();
    codes.dedup();
    assert_eq!(codes.len(), RULES.len());
}
