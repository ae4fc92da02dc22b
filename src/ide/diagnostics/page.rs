//! `docs/diagnostics.md`, made of the documentation and examples of the rules, which are run here.

use std::fmt::Write;

use super::testing::found;
use super::{Example, RULES, Rule, fixes};
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
        let docs: Vec<&str> = rule.docs.lines().map(|line| line.strip_prefix(' ').unwrap_or(line)).collect();
        let (name, anchor, docs) = (code.as_str(), anchor(code.as_str()), docs.join("\n"));
        writeln!(page, "\n<a id=\"{anchor}\"></a>\n### `{name}`\n\n{docs}").unwrap();
        rule.examples.iter().for_each(|example| show(example, &mut page));
    }
    page
}

fn anchor(code: &str) -> String {
    code.replace('/', "-")
}

fn show(example: &Example, page: &mut String) {
    let files = fixture::split(example.files);
    let (_, first) = &files[0];
    let others = |is_empty: bool| {
        let others = files[1..].iter().filter(move |(_, text)| text.is_empty() == is_empty);
        others.map(|(path, text)| (format!("`{path}`"), text))
    };
    let empty: Vec<String> = others(true).map(|(path, _)| path).collect();
    let beside = if empty.is_empty() { String::new() } else { format!(", beside {}", empty.join(" and ")) };
    write!(page, "\nExample{beside}:\n\n```markdown\n{first}```\n").unwrap();
    for (path, text) in others(false) {
        write!(page, "\nand in {path}:\n\n```markdown\n{text}```\n").unwrap();
    }
    if let Some((title, after)) = example.fix {
        write!(page, "\nAfter the fix *{title}*:\n\n```markdown\n{after}```\n").unwrap();
    }
}

/// `UPDATE_EXPECT=1 cargo test` writes the page.
#[test]
fn the_page_is_generated_from_the_rules() {
    expect_test::expect_file!["../../../docs/diagnostics.md"].assert_eq(&page());
}

#[test]
fn each_example_gives_its_diagnostic_and_its_fix() {
    for rule in RULES {
        // Text is always UTF-8.
        assert!(!rule.examples.is_empty() || rule.code().as_str() == "note/not-utf8", "{:?}", rule.code());
        rule.examples.iter().for_each(|example| try_out(rule, example));
    }
}

fn try_out(rule: &'static Rule, example: &Example) {
    let code = rule.code();
    let severity = code.default_severity().unwrap_or(Severity::Hint);
    let settings = Settings { severities: [(code, Some(severity))].into(), ..Settings::default() };
    let (vault, at) = fixture::with_settings(example.files, settings);
    let all = found(&vault, at.note);
    let first = all.first().unwrap_or_else(|| panic!("{code:?}: nothing is found"));
    assert!(all.iter().all(|one| one.code == code), "{code:?}: {all:#?}");
    if let Some((title, expected)) = example.fix {
        let fixes = fixes(&vault, at.note, first, &Cancel::new()).unwrap();
        let titles: Vec<&str> = fixes.iter().map(|fix| &*fix.title).collect();
        let fix = fixes.iter().find(|fix| fix.title == title);
        let fix = fix.unwrap_or_else(|| panic!("{code:?}: there is no fix {title:?}, but {titles:?}"));
        let after = fixture::changed(&vault, &fix.change).note(at.note).unwrap().note.text.to_text();
        assert_eq!(after, expected, "{code:?}");
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
